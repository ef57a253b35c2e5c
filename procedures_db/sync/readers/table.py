"""Find the headings of a table: not always in the first row, sometimes over several, often merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from procedures_db.sync.official_text import one_line
from procedures_db.sync.readers.cells import Unusable, Value
from procedures_db.sync.readers.grid import Grid, fill_down

_SEARCHED_ROWS = 30
_TALLEST = 3
_ONLY_NUMBERING = re.compile(r"\(?\d{1,2}\)?(?:\s*=.*)?")

Choose = Callable[[Sequence[str]], dict[int, str] | None]


@dataclass(frozen=True)
class Row:
    """A row below the headings: its number in the sheet and its cells by field."""

    number: int
    cells: dict[str, Value]
    everything: tuple[Value, ...]

    def __getitem__(self, field: str) -> Value:
        return self.cells.get(field)


@dataclass(frozen=True)
class Table:
    """A sheet whose headings are known. ``columns``: 0-based column → field."""

    grid: Grid
    header_row: int  # the last row of the headings
    headings: tuple[str, ...]
    columns: dict[int, str]

    @property
    def fields(self) -> set[str]:
        return set(self.columns.values())

    @property
    def unused(self) -> list[str]:
        """Headings that no field was found for, numbering columns left out."""
        return [
            heading
            for column, heading in enumerate(self.headings)
            if heading and column not in self.columns and not is_numbering(heading)
        ]

    def rows(self) -> Iterator[Row]:
        """Rows with anything in them; a row that numbers the columns, (1) (2) (3), is left out."""
        for number, cells in enumerate(self.grid.rows, start=1):
            if number <= self.header_row or all(is_blank(cell) for cell in cells):
                continue
            if number == self.header_row + 1 and _numbers_columns(cells):
                continue
            padded = [*cells, *[None] * (len(self.headings) - len(cells))]
            fields = {field: padded[column] for column, field in self.columns.items()}
            yield Row(number, fields, tuple(cells))


def find_table(grid: Grid, choose: Choose, needed: str = "code") -> Table | None:
    """Take the row among the first 30 in which ``choose`` knows most headings, ``needed`` among them."""
    best: Table | None = None
    for row in range(1, min(_SEARCHED_ROWS, len(grid.rows)) + 1):
        bottom, headings = _headings(grid, row)
        columns = choose(headings) or {}
        known = len(columns) if needed in columns.values() else 0
        if known > (len(best.columns) if best else 1):
            best = Table(grid, bottom, tuple(headings), columns)
    if best is None:
        return None
    return Table(fill_down(grid, best.header_row + 1), best.header_row, best.headings, best.columns)


def likely_headings(grid: Grid) -> list[str]:
    """The first row with most texts in it: what to show when no heading is known."""
    rows = range(1, min(_SEARCHED_ROWS, len(grid.rows)) + 1)
    candidates = [_headings(grid, row)[1] for row in rows]
    return max(candidates, key=lambda headings: len(set(filter(None, headings))), default=[])


def is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def is_numbering(heading: str) -> bool:
    return one_line(heading).lower().strip(". ") in ("stt", "tt", "số tt", "số thứ tự")


def _numbers_columns(cells: Sequence[Value]) -> bool:
    filled = [str(cell).strip() for cell in cells if not is_blank(cell)]
    return len(filled) > 1 and all(_ONLY_NUMBERING.fullmatch(cell) for cell in filled)


def _headings(grid: Grid, row: int) -> tuple[int, list[str]]:
    """Return (last row, headings) of a heading that begins at ``row``; sub-headings as "a › b"."""
    tall = [m.bottom for m in grid.merges if m.top == row and m.left == m.right]
    bottom = min(max(tall, default=row), row + _TALLEST - 1)
    width = max(
        len(grid.rows[number - 1]) for number in range(row, min(bottom, len(grid.rows)) + 1)
    )
    return bottom, [_heading(grid, row, bottom, column) for column in range(1, width + 1)]


def _heading(grid: Grid, top: int, bottom: int, column: int) -> str:
    parts = (_shown(grid, row, column) for row in range(top, bottom + 1))
    return " › ".join(dict.fromkeys(filter(None, parts)))


def _shown(grid: Grid, row: int, column: int) -> str:
    """What a cell of the headings shows: a merged one the value of its first cell."""
    value = grid.cell(row, column)
    for merge in grid.merges:
        if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right:
            value = grid.cell(merge.top, merge.left)
    return "" if isinstance(value, Unusable) else one_line(value)
