"""Report files that every spreadsheet program opens and none runs."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest

from procedures_db.reports.table import Table, grouped, to_csv
from procedures_db.reports.workbook import to_xlsx

TABLE = Table(
    title="Báo cáo", subtitle="Ngày 22/11/2026", headers=("STT", "Tên", "Số", "Tỷ lệ (%)"),
    rows=((1, "=cmd|' /C calc'!A0", 5, Decimal("92.99")), (2, "Đất đai, nhà ở\nvà khác", -5, None)),
    total=("", "Tổng cộng", 10, Decimal("94.88")), notes=("=ghi chú",),
)  # fmt: skip


def rows(content: str):
    return list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


def sheet(table: Table):
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(table))).active


def test_a_csv_holds_headings_rows_and_total_and_begins_so_that_excel_reads_vietnamese():
    content = to_csv(TABLE)
    assert content.startswith("\ufeffSTT,Tên")
    assert rows(content)[2] == ["2", "Đất đai, nhà ở\nvà khác", "-5", ""]
    assert rows(content)[3] == ["", "Tổng cộng", "10", "94.88"]


def test_formulas_are_texts_and_numbers_stay_numbers_in_csv():
    assert rows(to_csv(TABLE))[1] == ["1", "'=cmd|' /C calc'!A0", "5", "92.99"]
    assert rows(to_csv(TABLE))[2][2] == "-5"


def test_formulas_are_texts_and_numbers_stay_numbers_in_a_workbook():
    cells = [[cell.value for cell in row] for row in sheet(TABLE).iter_rows(min_row=4)]
    assert cells[0] == ["STT", "Tên", "Số", "Tỷ lệ (%)"]
    assert cells[1] == [1, "'=cmd|' /C calc'!A0", 5, 92.99]
    assert cells[2] == [2, "Đất đai, nhà ở\nvà khác", -5, None]
    assert cells[3][1:] == ["Tổng cộng", 10, 94.88]
    assert cells[5][0] == "'=ghi chú"
    assert "f" not in {cell.data_type for row in sheet(TABLE).iter_rows() for cell in row}


@pytest.mark.parametrize("text", ["a\x00b", "x" * 40_000, "\x0b"])
def test_a_text_that_a_workbook_cannot_hold_is_made_to_fit(text):
    table = Table("T", "", ("A", "B"), ((1, text),))
    shown = sheet(table).cell(5, 2).value
    assert shown is None or len(shown) <= 32_767


def test_a_table_without_rows_can_be_written():
    empty = Table("T", "", ("A", "B"), ())
    assert rows(to_csv(empty)) == [["A", "B"]]
    assert sheet(empty).cell(4, 1).value == "A"


def test_large_numbers_are_grouped_as_vietnamese_write_them():
    assert [grouped(n) for n in (0, 999, 5664, 1234567)] == ["0", "999", "5.664", "1.234.567"]
