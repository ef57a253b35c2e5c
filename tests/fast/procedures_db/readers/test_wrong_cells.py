"""Wrong cells: the row is refused with its place, nothing of it is taken, the other rows are."""

import openpyxl
import pytest

from tests.fast.procedures_db.readers.files import BEE, HEADINGS, SILK, changed, csv, workbook

PLAIN = ("Mã TTHC", "Tên TTHC")


def codes(reading) -> list[str]:
    return [record.code for record in reading.records]


def refusals(reading) -> list[tuple[str, int, str, str]]:
    return [(r.place.sheet, r.place.row, r.code, r.reason) for r in reading.refused]


WRONG = {
    "a missing code": ((None, "Ong", "16/01/2026"), "", "thiếu mã thủ tục"),
    "no code": (("ong-1", "Ong", "16/01/2026"), "", "không phải mã thủ tục: “ong-1”"),
    "a code that lost its zeros": (("1.0012", "Ong", None), "", "thiếu chữ số"),
    "a missing name": (("1.000009", None, "16/01/2026"), "1.000009", "thiếu tên thủ tục"),
    "a code for a name": (("1.000009", "1.000010", None), "1.000009", "cột Tên thủ tục: chứa mã"),
    "31 February": (("1.000009", "Ong", "31/02/2025"), "1.000009", "không có thật: “31/02/2025”"),
    "a year of long ago": (("1.000009", "Ong", "01/01/0202"), "1.000009", "năm không hợp lý"),
    "a month before the day": (("1.000009", "Ong", "02/31/2025"), "1.000009", "không có thật"),
    "words for a day": (
        ("1.000009", "Ong", "hôm qua"),
        "1.000009",
        "cột Ngày quyết định: không phải",
    ),
    "a bare number for a day": (("1.000009", "Ong", 45000), "1.000009", "không phải ngày: “45000”"),
}


@pytest.mark.parametrize("given", [-5000, "-5000", "-5.000 đồng", "Phí: -5.000 đồng (mỗi tờ)"])
def test_a_negative_fee_refuses_its_row(read, given):
    rows = [
        (*PLAIN, "Phí, lệ phí"),
        ("1.000001", "Ong", given),
        ("1.000002", "Tằm", "- 5.000 đồng"),
    ]
    reading = read(workbook(*rows))
    assert codes(reading) == ["1.000002"]
    ((_, row, code, reason),) = refusals(reading)
    assert (row, code) == (2, "1.000001")
    assert "cột Phí, lệ phí: mức phí âm: “-5" in reason


@pytest.mark.parametrize(("cells", "code", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_cell_refuses_its_row_only(read, cells, code, says):
    rows = [
        (*PLAIN, "Ngày quyết định"),
        ("1.000001", "Ong", "16/01/2026"),
        cells,
        ("1.000002", "Tằm"),
    ]
    numbered = [("STT" if i == 0 else i, *row) for i, row in enumerate(rows)]
    reading = read(workbook(*numbered, sheet="Tỉnh"), "bang.xlsx")
    assert codes(reading) == ["1.000001", "1.000002"]
    ((sheet, row, refused_code, reason),) = refusals(reading)
    assert (sheet, row, refused_code) == ("Tỉnh", 3, code)
    assert says in reason


def test_other_cells_that_cannot_be_read(read):
    headings = (
        *PLAIN,
        "Mức độ",
        "Toàn trình",
        "Link",
        "Cấp thực hiện",
        "Hình thức nộp",
        "Trạng thái",
    )
    rows = [
        ("1.000001", "a", "rất cao", None, None, None, None, None),
        ("1.000002", "b", None, "có lẽ", None, None, None, None),
        ("1.000003", "c", None, None, "javascript:alert(1)", None, None, None),
        ("1.000004", "d", None, None, None, "Cấp thôn", None, None),
        ("1.000005", "đ", None, None, None, None, "Qua fax", None),
        ("1.000006", "e", None, None, None, None, None, "Đã bãi bỏ"),
    ]
    reading = read(workbook(headings, *rows))
    assert codes(reading) == []
    assert [reason.split(":")[0] for *_, reason in refusals(reading)] == [
        "cột Mức trực tuyến", "cột Toàn trình", "cột Link truy cập", "cột Cấp thực hiện",
        "cột Cách thức thực hiện", "trạng thái là “Đã bãi bỏ”",
    ]  # fmt: skip


def test_a_code_twice_is_taken_once(read):
    reading = read(workbook(HEADINGS, BEE, SILK, ("1.000001.000.00.00.H17", *SILK[1:])))
    assert codes(reading) == ["1.000001", "1.000002"]
    assert refusals(reading) == [
        ("Danh sách", 4, "1.000001", "mã 1.000001 đã có ở trang Danh sách, dòng 2")
    ]


def test_codes_that_excel_took_for_numbers_get_their_zeros_back(read):
    assert codes(read(workbook(PLAIN, (1.0012, "Ong"), (2.00098, "Tằm")))) == [
        "1.001200",
        "2.000980",
    ]


def test_swapped_columns_are_told_and_nothing_is_taken(read):
    rows = [("Đăng ký nuôi ong", "1.000001"), ("Nuôi tằm", "1.000002"), ("Nuôi cá", "1.000003")]
    reading = read(workbook(PLAIN, *rows))
    assert codes(reading) == []
    ((_, row, _, reason),) = refusals(reading)
    assert row == 1
    assert reason == (
        "cột “Mã TTHC” không chứa mã thủ tục, cột “Tên TTHC” lại chứa mã: có thể đã đổi chỗ"
    )


def test_a_code_column_without_codes_is_one_refusal_not_hundreds(read):
    reading = read(workbook(PLAIN, *[(f"TT-{n}", f"Thủ tục {n}") for n in range(300)]))
    assert [reason for *_, reason in refusals(reading)] == [
        "cột “Mã TTHC” không chứa mã thủ tục (300/300 dòng)"
    ]


# Formulas

FORMULA = workbook((*PLAIN, "Lĩnh vực"), ("1.000001", "Ong", '=HYPERLINK("http://x","Chăn nuôi")'))


def test_a_formula_without_a_kept_value_refuses_its_row(read):
    ((_, row, _, reason),) = refusals(read(FORMULA))
    assert row == 2 and "cột Lĩnh vực" in reason and "công thức" in reason


def test_a_formula_counts_as_the_value_that_excel_kept(read):
    kept = changed(
        FORMULA,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</f><v></v>", b"</f><v>Nuoi ong</v>").replace(
            b"</f><v />", b"</f><v>Nuoi ong</v>"
        ).replace(b'<c r="C2">', b'<c r="C2" t="str">'),
    )  # fmt: skip
    assert read(kept).records[0].values["field"] == "Nuoi ong"


def test_an_error_of_excel_refuses_its_row(read):
    def put(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["C2"] = "#REF!"

    ((*_, reason),) = refusals(
        read(workbook((*PLAIN, "Lĩnh vực"), ("1.000001", "Ong", 1), change=put))
    )
    assert "ô có lỗi #REF!" in reason


def test_a_formula_in_a_column_that_is_not_read_harms_nothing(read):
    assert codes(read(workbook(("STT", *PLAIN), ("=ROW()-1", "1.000001", "Ong")))) == ["1.000001"]


def test_text_that_looks_like_a_formula_stays_text(read):
    (record,) = read(csv((*PLAIN, "Ghi chú"), ("1.000001", "Ong", "=cmd|'/c calc'!A1"))).records
    assert record.parts["remarks"] == ("=cmd|'/c calc'!A1",)


def test_a_row_torn_by_a_delimiter_within_a_text_is_refused(read):
    """Without quotation marks the rest of the name would be taken for the field."""
    table = (
        "Mã TTHC;Tên thủ tục;Lĩnh vực\n1.000001;Đăng ký; nuôi ong;Chăn nuôi\n1.000002;Tằm;Tơ;;\n"
    )
    reading = read(table, "bang.csv")
    assert codes(reading) == ["1.000002"]
    ((_, row, code, reason),) = refusals(reading)
    assert (row, code) == (2, "1.000001")
    assert "4 ô" in reason and "tiêu đề có 3" in reason


def test_cells_beside_the_headings_of_a_workbook_harm_nothing(read):
    reading = read(workbook(PLAIN, ("1.000001", "Ong", None, "ghi chú của ai đó")))
    assert codes(reading) == ["1.000001"]


def test_fees_without_an_amount_are_told_by_row(read):
    fees = ("hai mươi nghìn đồng", "20.000 đồng", "", "Miễn phí", "20000", "Không thu phí", "0")
    rows = [(f"1.00000{n}", "Ong", fee) for n, fee in enumerate(fees, start=1)]
    reading = read(workbook((*PLAIN, "Phí, lệ phí"), *rows, sheet="Tỉnh"))
    assert len(reading.records) == len(fees)
    ((sheet, text),) = [(note.place.sheet, note.text) for note in reading.notes]
    assert (sheet, text) == ("Tỉnh", "phí, lệ phí không rõ số tiền, giữ nguyên văn: dòng 2, 6")


def test_a_sheet_that_excel_hides_is_not_read_and_that_is_told(read):
    def hide(book):
        book["Cũ"].sheet_state = "hidden"

    sheets = {"Mới": [PLAIN, ("1.000001", "Ong")], "Cũ": [PLAIN, ("1.000002", "Tằm")]}
    reading = read(workbook(sheets=sheets, change=hide))
    assert codes(reading) == ["1.000001"]
    ((sheet, text),) = [(note.place.sheet, note.text) for note in reading.notes]
    assert sheet == "Cũ" and "đang ẩn, không đọc" in text


def test_hidden_rows_are_read_and_told(read):
    def hide(book):
        book.active.row_dimensions[3].hidden = True
        book.active.row_dimensions[9].hidden = True  # holds nothing

    reading = read(workbook(PLAIN, ("1.000001", "Ong"), ("1.000002", "Tằm"), change=hide))
    assert codes(reading) == ["1.000001", "1.000002"]
    assert [note.text for note in reading.notes] == ["các dòng đang ẩn cũng được đọc: 3"]
