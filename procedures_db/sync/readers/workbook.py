"""Open an Excel workbook (.xlsx) as grids: values only, formulas never evaluated."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from procedures_db.sync.file_errors import BrokenFile, TooLarge
from procedures_db.sync.file_limits import MAX_CELLS, Limits
from procedures_db.sync.packed import check_office_parts, open_zip
from procedures_db.sync.readers.cells import Unusable, Value
from procedures_db.sync.readers.grid import Grid, Merge, in_unicode

_NO_VALUE = "ô chứa công thức chưa có giá trị: hãy mở bằng Excel, lưu lại, hoặc thay bằng giá trị"


def read_workbook(path: Path, limits: Limits) -> list[Grid]:
    """Return the sheets that hold anything. Raises BrokenFile, Encrypted, TooLarge."""
    with open_zip(path, limits) as archive:
        check_office_parts(archive, limits)
    values = _load(path, data_only=True)
    formulas = _load(path, data_only=False)  # tells a formula without a value from a blank cell
    grids = [_grid(sheet, formulas[sheet.title]) for sheet in values.worksheets]
    return [in_unicode(grid) for grid in grids if grid.rows]


def _load(path: Path, *, data_only: bool) -> openpyxl.Workbook:
    content = BytesIO(path.read_bytes())  # given a path, openpyxl goes by the name's extension
    try:
        return openpyxl.load_workbook(content, data_only=data_only, keep_links=False)
    except Exception as error:  # openpyxl lets through whatever its parsing meets
        raise BrokenFile("tệp Excel bị hỏng, không mở được") from error


def _grid(sheet: Worksheet, formulas: Worksheet) -> Grid:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise TooLarge(
            f"trang “{sheet.title}” rộng {sheet.max_row} dòng × {sheet.max_column} cột: "
            "hãy xóa các dòng, cột trống ở cuối"
        )
    shown = sheet.iter_rows(values_only=True)
    written = formulas.iter_rows()
    rows = [
        [_value(value, cell) for value, cell in zip(*pair, strict=False)]
        for pair in zip(shown, written, strict=False)
    ]
    while rows and all(value in (None, "") for value in rows[-1]):
        rows.pop()
    merges = [Merge(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
    return Grid(
        sheet.title,
        rows,
        merges,
        hidden=sheet.sheet_state != "visible",
        hidden_rows=tuple(
            number
            for number, row in enumerate(rows, start=1)
            if sheet.row_dimensions[number].hidden and any(value not in (None, "") for value in row)
        ),
    )


def _value(value: Any, cell: Any) -> Value:
    if value is None and cell.data_type == "f":
        return Unusable(_NO_VALUE)
    if isinstance(value, str) and value.startswith("#") and cell.data_type in ("e", "f"):
        return Unusable(f"ô có lỗi {value}")
    if isinstance(value, (time, timedelta)):
        return str(value)
    if isinstance(value, datetime):
        return value.date()
    return value
