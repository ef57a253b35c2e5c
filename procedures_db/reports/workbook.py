"""A table as an XLSX workbook, in the form that offices send around."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from procedures_db.reports.table import Table, Value
from procedures_db.sync.spreadsheet_safety import safe_cell

_WIDEST, _NARROWEST = 60, 8  # characters
_LONGEST_CELL = 32_767  # characters, Excel's limit
_RULE = Side(style="thin", color="999999")


def to_xlsx(table: Table) -> bytes:
    """Title, headings, rows, total and notes, on one sheet."""
    book = Workbook()
    for style in _styles():
        book.add_named_style(style)
    sheet = book.active
    sheet.title = "Báo cáo"
    width = len(table.headers)
    _heading(sheet, 1, table.title, width, Font(bold=True, size=14))
    _heading(sheet, 2, table.subtitle, width, Font(italic=True))
    _row(sheet, 4, table.headers, prefix="head-")
    for number, row in enumerate(table.rows, start=5):
        _row(sheet, number, row)
    after = 5 + len(table.rows)
    if table.total:
        _row(sheet, after, table.total, prefix="total-")
        after += 1
    for number, note in enumerate(table.notes, start=after + 1):
        sheet.cell(number, 1, _excel(note)).font = Font(italic=True)
    _set_widths(sheet, table)
    sheet.freeze_panes = sheet.cell(5, 3 if width > 2 else 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _heading(sheet: Worksheet, row: int, text: str, width: int, font: Font) -> None:
    cell = sheet.cell(row, 1, _excel(text))
    cell.font, cell.alignment = font, Alignment(horizontal="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def _row(sheet: Worksheet, number: int, values: Sequence[Value], *, prefix: str = "") -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column, _excel(value))
        cell.style = prefix + ("rate" if isinstance(value, Decimal) else "plain")


def _styles() -> Iterator[NamedStyle]:
    """Styles by name: one made for each cell would take ten times as long."""
    for prefix, bold, fill in (("", False, ""), ("total-", True, ""), ("head-", True, "DDE7F3")):
        for name, number_format in (("plain", "General"), ("rate", "0.00")):
            style = NamedStyle(prefix + name, number_format=number_format, font=Font(bold=bold))
            style.border = Border(top=_RULE, bottom=_RULE, left=_RULE, right=_RULE)
            style.alignment = Alignment(wrap_text=True, vertical="top")
            if fill:
                style.fill = PatternFill("solid", start_color=fill)
            yield style


def _excel(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return safe_cell(ILLEGAL_CHARACTERS_RE.sub(" ", value)[: _LONGEST_CELL - 1])


def _set_widths(sheet: Worksheet, table: Table) -> None:
    for column, values in enumerate(_columns(table), start=1):
        longest = max((len(str(value)) for value in values if value is not None), default=0)
        width = min(max(longest + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width


def _columns(table: Table) -> Iterable[tuple[Value, ...]]:
    # Headings wrap: the longest word of one decides, not its length.
    words = [max(header.split(), key=len, default="") for header in table.headers]
    return zip(words, *table.all_rows, strict=True)
