"""Open a CSV file as a grid: encoding and delimiter found out."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from procedures_db.sync.encodings import decode
from procedures_db.sync.file_errors import BrokenFile
from procedures_db.sync.readers.grid import Grid, in_unicode

_DELIMITERS = (",", ";", "\t", "|")
_UNICODE = ("UTF-8", "UTF-16")


def read_csv(path: Path) -> Grid:
    """Return the only sheet; its name is empty, which no sheet of Excel's is. Raises BrokenFile."""
    decoded = decode(path.read_bytes())
    if "\0" in decoded.text:
        raise BrokenFile("tệp văn bản có ký tự NUL: không phải CSV")
    rows = _rows(decoded.text)
    if not any(cell.strip() for row in rows for cell in row):
        raise BrokenFile("bảng không có dòng nào")
    grid = in_unicode(Grid("", rows))  # type: ignore[arg-type]
    if decoded.encoding not in _UNICODE:
        return Grid("", grid.rows, encoding=decoded.encoding)
    return grid


def _rows(text: str) -> list[list[str]]:
    """One list a record. A field over several lines counts as one row, as Excel shows it."""
    lines = StringIO(text, newline="")
    try:
        # strict: a quotation mark that is never closed is the sign of a truncated file.
        return list(csv.reader(lines, delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise BrokenFile("tệp CSV sai dạng: dấu nháy không khép kín, hoặc bị cắt cụt") from error


def _delimiter(text: str) -> str:
    """The one that most of the first lines have, and most often."""
    head = [line for line in text.splitlines()[:30] if line.strip()]
    return max(
        _DELIMITERS, key=lambda mark: (sum(mark in line for line in head), text[:8000].count(mark))
    )
