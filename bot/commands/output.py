"""Where a report goes: the screen, a pipe or a file."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from bot.commands.terminal import fail, out
from procedures_db.reports.table import Table, Value, grouped

_NARROWEST = 160  # characters: the coverage table has 15 columns, narrower ones cannot be read


def write(content: str | bytes, target: Path | None) -> None:
    """Write a whole file, to standard output without a target. Ends the command if it cannot."""
    data = content.encode() if isinstance(content, str) else content
    if target is None:
        if isinstance(content, bytes) and sys.stdout.isatty():
            fail("Tệp này không hiện được trên màn hình: thêm --output TÊN_TỆP.")
        sys.stdout.buffer.write(data)
        return
    try:
        target.write_bytes(data)
    except OSError as error:
        fail(f"Không ghi được {target}: {error.strerror}.")
    out.print(f"Đã ghi {target}", markup=False)


def show(tables: Sequence[Table], target: Path | None) -> None:
    """Print tables for reading, or write the same text to a file."""
    width = max(_NARROWEST, out.width)
    if target is None:
        _print(tables, Console(width=width, highlight=False))
        return
    text = io.StringIO()
    _print(tables, Console(file=text, width=width, highlight=False))
    write(text.getvalue(), target)


def _print(tables: Sequence[Table], console: Console) -> None:
    for table in tables:
        console.print(f"{table.title} · {table.subtitle}", style="bold", markup=False)
        console.print(_grid(table))
        for note in table.notes:
            console.print(f"* {note}", markup=False, style="dim")
        console.print()


def _grid(table: Table) -> Grid:
    grid = Grid()
    for header, values in zip(table.headers, zip(*table.all_rows, strict=True), strict=False):
        figures = all(not isinstance(value, str) or not value for value in values)
        grid.add_column(header, justify="right" if figures else "left", overflow="fold")
    if not table.all_rows:
        grid = Grid(*table.headers)
    for row in table.rows:
        grid.add_row(*map(_shown, row))
    if table.total:
        grid.add_section()
        grid.add_row(*map(_shown, table.total), style="bold")
    return grid


def _shown(value: Value) -> str:
    """As Vietnamese print it: 5664 → "5.664", 92.99 → "92,99"; square brackets are no markup."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, int):
        return grouped(value)
    return escape(value)
