"""A sheet as numbered rows of cells, whatever file it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from procedures_db.sync import encodings
from procedures_db.sync.readers.cells import Value


@dataclass(frozen=True)
class Merge:
    """A merged range, 1-based, both ends included. Only its first cell holds the value."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """A sheet. rows[0] is row 1; rows may differ in length. ``encoding``: the old one it was in.

    hidden: Excel does not show the sheet; hidden_rows: nor these rows that hold something, 1-based.
    """

    sheet: str
    rows: list[list[Value]]
    merges: list[Merge] = field(default_factory=list)
    encoding: str = ""
    garbled: frozenset[int] = frozenset()  # 1-based rows with letters that could not be read
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()

    def cell(self, row: int, column: int) -> Value:
        """1-based; None outside."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return cells[column - 1] if 0 < column <= len(cells) else None

    def texts(self) -> Iterator[str]:
        for row in self.rows:
            yield from (value for value in row if isinstance(value, str))


def fill_down(grid: Grid, first_row: int) -> Grid:
    """Give every row of a vertical merge, from ``first_row`` on, the value it shows on screen.

    Ranges over several columns are titles and group rows: they stay as they are.
    """
    rows = [list(row) for row in grid.rows]
    for merge in grid.merges:
        if merge.left == merge.right and merge.top >= first_row:
            for number in range(merge.top + 1, min(merge.bottom, len(rows)) + 1):
                row = rows[number - 1]
                row.extend([None] * (merge.left - len(row)))
                row[merge.left - 1] = grid.cell(merge.top, merge.left)
    return replace(grid, rows=rows)


def in_unicode(grid: Grid) -> Grid:
    """Bring a sheet typed in TCVN3 or VNI to Unicode, and mark the rows that cannot be."""
    encoding = encodings.legacy_encoding([_row_text(row) for row in grid.rows])
    if not encoding:
        return grid
    convert = encodings.LEGACY[encoding]
    rows = list(grid.rows)
    garbled = set()
    for index, row in enumerate(rows):
        if not encodings.is_unicode(_row_text(row)):
            rows[index] = [convert(cell) if isinstance(cell, str) else cell for cell in row]
        elif encodings.looks_garbled(_row_text(row)):
            garbled.add(index + 1)  # a row in two encodings: converting would break the good half
    return replace(grid, rows=rows, encoding=encoding, garbled=frozenset(garbled))


def _row_text(row: Sequence[Value]) -> str:
    return " ".join(cell for cell in row if isinstance(cell, str))
