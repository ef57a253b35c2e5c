"""The workbook of a commune's one-stop centre."""

from datetime import date

import pytest

from procedures_db.record import Decision
from procedures_db.sync.readers import BrokenFile, MappingNeeded
from tests.fast.procedures_db.readers.files import workbook

LIST = "TTHC2-CAPXA"
SHEETS = {
    LIST: [
        ("DANH MỤC THỦ TỤC",),
        ("STT", "Mã TTHC", "Tên TTHC", "Link truy cập", "Số quyết định", "Ngày quyết định",
         "Cơ quan ban hành", "Lĩnh vực", "Cấp thực hiện", "Đối tượng thực hiện", "Loại TTHC", "Từ khoá",
         "Địa chỉ tiếp nhận", "Cơ quan thực hiện", "Trạng thái"),
        (1, "1.000001", "Đăng ký nuôi ong", "https://ong.vn/1", "77/QĐ-BO", "16/01/2026", "Bộ Ong",
         "Chăn nuôi", "Cấp Xã", "Công dân Việt Nam, Hợp tác xã", "TTHC được luật giao", "ong, mật",
         "Trụ sở xã", "Ủy ban nhân dân cấp xã", "Công khai"),
        (2, "1.000002", "Cấp giấy nuôi tằm", None, "78/QĐ-BO", None, None, "Chăn nuôi", "Cấp Xã", None,
         None, None, None, None, "Công khai"),
    ],
    "Cách thức thực hiện": [
        ("Mã TTHC", "Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả"),
        ("1.000001", "Trực tiếp", "3 Ngày làm việc", "Lệ phí : 20.000 Đồng (mỗi đàn)", "Tại xã"),
        ("1.000001", "Trực tuyến", "Trong ngày", "0", None),
    ],
    "Trình tự thực hiện": [
        ("Mã TTHC", "Tên bước", "Nội dung"),
        ("1.000001", "Bước 1", "Nộp hồ sơ."),
        (None, "Bước 2", "Nhận kết quả."),
    ],
    "TPHS": [
        ("Mã", "Trường hợp", "Tên giấy tờ", "Bản chính", "Bản sao", "BM điện tử"),
        ("1.000001", "Cấp mới:", "Tờ khai", 1, 0, "Mau01.docx"),
        ("1.000001", "Cấp mới:", "Ảnh đàn ong", "0", "2", "x"),
        ("1.000001", "Cấp lại:", "Đơn", "1 bản", None, None),
        ("1.000001", "Cấp lại:", "Lưu ý: chụp ban ngày", 0, 0, None),
    ],
    "KQTH": [("Mã TTHC", "Tên kết quả"), ("1.000001", "Giấy chứng nhận"), ("1.000001", "Thẻ")],
    "CCPL": [
        ("Mã TTHC", "Số ký hiệu", "Trích yếu", "Ngày ban hành", "Cơ quan ban hành"),
        ("1.000001", "1/2025/TT-BO", "Thông tư về ong", "16-01-2025", "Bộ Ong"),
    ],
}  # fmt: skip


def book(**changes):
    """The workbook with some sheets replaced (``_`` for a blank in the name)."""
    sheets = {**SHEETS, **{name.replace("_", " "): rows for name, rows in changes.items()}}

    def merge(made):  # the code stands once for both steps
        if len(sheets["Trình tự thực hiện"]) == 3:
            made["Trình tự thực hiện"].merge_cells("A2:A3")

    return workbook(sheets=sheets, change=merge)


@pytest.fixture
def ong(read):
    reading = read(book())
    assert reading.refused == []
    return reading.records[0]


def test_the_list_gives_the_short_fields(ong):
    values = ong.values
    assert (ong.code, ong.place.sheet, ong.place.row) == ("1.000001", LIST, 3)
    assert (values["name"], values["field"]) == ("Đăng ký nuôi ong", "Chăn nuôi")
    assert values["source_url"] == "https://ong.vn/1"
    assert (values["levels"], values["subjects"]) == (("xã",), ("Công dân Việt Nam", "Hợp tác xã"))
    assert (values["keywords"], values["receiving_address"]) == (("ong", "mật"), "Trụ sở xã")
    assert ong.parts["decision"] == Decision(
        number="77/QĐ-BO", issued_on=date(2026, 1, 16), agency="Bộ Ong"
    )
    assert ong.parts["agencies"][0].name == "Ủy ban nhân dân cấp xã"


def test_the_day_given_is_that_of_the_details_where_there_are_any(read):
    reading = read(book(), as_of=date(2026, 10, 1))
    first, second = reading.records
    assert (first.values["as_of"], "as_of" in first.parts) == (date(2026, 10, 1), False)
    assert (second.parts["as_of"], "as_of" in second.values) == (date(2026, 10, 1), False)


def test_the_detail_sheets_give_the_rest(ong):
    desk, online = ong.values["methods"]
    assert (desk.method, desk.time_limit.amount, desk.note) == ("trực tiếp", 3, "Tại xã")
    assert [(f.kind, f.amount, f.text) for f in desk.fees] == [("Lệ phí", 20000, "mỗi đàn")]
    assert (online.method, online.time_limit, online.note) == ("trực tuyến", None, "Trong ngày")
    assert online.fees == ()
    assert [(s.name, s.text) for s in ong.values["steps"]] == [
        ("Bước 1", "Nộp hồ sơ."),
        ("Bước 2", "Nhận kết quả."),
    ]
    assert [
        (case.name, [(p.name, p.originals, p.copies, p.forms, p.is_note) for p in case.documents])
        for case in ong.values["dossier"]
    ] == [
        ("Cấp mới", [("Tờ khai", 1, 0, ("Mau01.docx",), False), ("Ảnh đàn ong", 0, 2, (), False)]),
        ("Cấp lại", [("Đơn", 1, 0, (), False), ("Lưu ý: chụp ban ngày", 0, 0, (), True)]),
    ]
    assert ong.values["results"] == ("Giấy chứng nhận", "Thẻ")
    (basis,) = ong.values["legal_bases"]
    assert (basis.number, basis.title, basis.issued_on, basis.issuer) == (
        "1/2025/TT-BO", "Thông tư về ong", date(2025, 1, 16), "Bộ Ong",
    )  # fmt: skip


def test_a_procedure_without_detail_rows_wipes_no_details(read):
    record = read(book()).records[1]
    assert record.code == "1.000002"
    assert not {"methods", "steps", "dossier", "results", "legal_bases"} & set(record.values)


def rows(sheet: str, *more):
    return {sheet.replace(" ", "_"): [*SHEETS[sheet], *more]}


BAD = {
    "negative copies": (rows("TPHS", ("1.000001", "", "Đơn", -1, 0, None)), "TPHS", 6, "số bản âm"),
    "copies in words": (
        rows("TPHS", ("1.000001", "", "Đơn", "hai", 0, None)), "TPHS", 6, "không phải số bản",
    ),
    "a paper without a name": (
        rows("TPHS", ("1.000001", "", None, 1, 0, None)), "TPHS", 6, "thiếu tên giấy tờ",
    ),
    "a paper of nobody": (
        rows("TPHS", (None, "", "Ảnh", 1, 0, None)), "TPHS", 6, "thiếu mã thủ tục",
    ),
    "a day that is none": (
        rows("CCPL", ("1.000001", "2/2025/TT-BO", "x", "31/02/2025", "")), "CCPL", 3, "không có thật",
    ),
    "a way that is none": (
        rows("Cách thức thực hiện", ("1.000001", "Qua fax", "", "", "")), "Cách thức thực hiện", 4,
        "không rõ hình thức nộp",
    ),
    "no way at all": (
        rows("Cách thức thực hiện", ("1.000001", "", "3 Ngày", "", "")), "Cách thức thực hiện", 4,
        "thiếu hình thức nộp",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "sheet", "row", "says"), BAD.values(), ids=BAD.keys())
def test_a_bad_detail_refuses_the_whole_procedure_and_names_its_row(
    read, changes, sheet, row, says
):
    reading = read(book(**changes))
    assert [record.code for record in reading.records] == ["1.000002"]
    (refused,) = reading.refused
    assert (refused.code, refused.place.sheet, refused.place.row) == ("1.000001", sheet, row)
    assert says in refused.reason


def test_details_of_a_procedure_that_is_not_listed_are_told(read):
    reading = read(book(**rows("KQTH", ("1.000009", "Giấy lạ"))))
    assert [(r.code, r.place.sheet, r.place.row) for r in reading.refused] == [
        ("1.000009", "KQTH", 4)
    ]
    assert len(reading.records) == 2


def test_a_detail_sheet_without_headings_refuses_the_workbook(read):
    with pytest.raises(BrokenFile, match="TPHS"):
        read(book(TPHS=[("Tờ khai", "1"), ("Đơn", "2")]))


def test_a_list_with_unknown_headings_asks_for_a_mapping(read):
    renamed = [("Ký hiệu", "Việc"), ("1.000001", "Đăng ký nuôi ong")]
    with pytest.raises(MappingNeeded) as needed:
        read(book(**{LIST: renamed}))
    assert needed.value.headers == ("Ký hiệu", "Việc")
    mapping = {"Ký hiệu": "code", "Việc": "name"}
    reading = read(book(**{LIST: renamed}), mapping=mapping)
    assert reading.records[0].values["results"] == ("Giấy chứng nhận", "Thẻ")


def test_a_paper_code_column_is_not_taken_for_the_procedure(read):
    papers = [
        ("Mã", "Mã TTHC", "Tên giấy tờ", "Bản chính", "Bản sao"),
        ("KQ003632", "1.000001", "Tờ khai", 1, 0),
    ]
    (case,) = read(book(TPHS=papers)).records[0].values["dossier"]
    assert case.documents[0].name == "Tờ khai"


def test_one_detail_sheet_beside_the_list_of_that_name_is_read_too(read):
    """Not taken for a list without its headings, and passed over."""
    papers = {LIST: SHEETS[LIST], "TPHS": SHEETS["TPHS"]}
    (first, _) = read(workbook(sheets=papers)).records
    assert [case.name for case in first.values["dossier"]] == ["Cấp mới", "Cấp lại"]


def test_fees_without_an_amount_are_told_by_row(read):
    methods = [
        *SHEETS["Cách thức thực hiện"],
        ("1.000002", "Trực tiếp", "Trong ngày", "theo quy định", ""),
    ]
    reading = read(book(Cách_thức_thực_hiện=methods))
    notes = [(note.place.sheet, note.text) for note in reading.notes if "phí" in note.text]
    assert notes == [
        ("Cách thức thực hiện", "phí, lệ phí không rõ số tiền, giữ nguyên văn: dòng 4")
    ]
