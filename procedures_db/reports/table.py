"""A report as a table of values; as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from procedures_db.sync.spreadsheet_safety import safe_cell

Value = str | int | Decimal | None

_BOM = "\ufeff"  # without it Excel reads Vietnamese letters as Latin-1


@dataclass(frozen=True)
class Table:
    """What a report shows; None is a value that cannot be told (shown empty)."""

    title: str
    subtitle: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()  # the last row, in bold; empty: none
    notes: tuple[str, ...] = ()

    @property
    def all_rows(self) -> tuple[tuple[Value, ...], ...]:
        return (*self.rows, self.total) if self.total else self.rows


def grouped(number: int) -> str:
    """5664 → "5.664", as Vietnamese write it."""
    return f"{number:,}".replace(",", ".")


def to_csv(table: Table) -> str:
    """Headers and rows only, UTF-8 with a byte order mark, decimal points, for any program."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in (table.headers, *table.all_rows):
        writer.writerow([safe_cell(v) if isinstance(v, str) else v for v in row])
    return _BOM + stream.getvalue()
