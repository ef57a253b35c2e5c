"""Tables of procedures: headings anywhere, groups, merged cells, columns mapped by officials."""

from datetime import date, datetime

import pytest

from procedures_db.record import Agency, Decision
from procedures_db.sync.readers import BadMapping, MappingNeeded
from tests.fast.procedures_db.readers.files import (
    BEE,
    HEADINGS,
    SILK,
    csv,
    workbook,
)

PLAIN = ("Mã TTHC", "Tên TTHC")


def codes(reading) -> list[str]:
    return [record.code for record in reading.records]


@pytest.fixture
def one(read):
    """Read a table of one procedure; returns its record."""

    def one(headings, cells, **options):
        reading = read(workbook(("Mã TTHC", *headings), ("1.000001", *cells)), **options)
        assert reading.refused == []
        return reading.records[0]

    return one


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_says_the_same_as_the_workbook(read, delimiter):
    from_csv = read(csv(HEADINGS, BEE, SILK, delimiter=delimiter), "a").records
    from_book = read(workbook(HEADINGS, BEE, SILK), "a").records
    assert [(r.code, r.values, r.parts) for r in from_csv] == [
        (r.code, r.values, r.parts) for r in from_book
    ]


def test_a_list_carries_only_what_it_has_columns_for(read):
    (record,) = read(workbook(HEADINGS, BEE)).records
    assert record.values == {"name": "Đăng ký nuôi ong", "field": "Chăn nuôi"}
    assert record.parts == {
        "agencies": (Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân cấp xã"),),
        "decision": Decision(agency="Bộ Ong"),
    }


def test_a_blank_cell_states_nothing(read):
    (record,) = read(workbook(HEADINGS, (*BEE[:2], None, " ", ""))).records
    assert record.values == {"name": "Đăng ký nuôi ong"} and record.parts == {}


def test_every_column_goes_to_its_field(one):
    record = one(
        ("Tên thủ tục", "Lĩnh vực", "Cấp thực hiện", "Mức trực tuyến", "Đối tượng", "Địa điểm thực hiện",
         "Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Thành phần hồ sơ", "Trình tự thực hiện",
         "Yêu cầu, điều kiện", "Kết quả", "Căn cứ pháp lý", "Số quyết định", "Ngày quyết định",
         "Cơ quan ban hành", "Từ khóa", "Tên gọi khác", "Thay bằng", "Hiệu lực đến", "Link truy cập",
         "Cơ quan có thẩm quyền", "Ghi chú", "Tóm tắt"),
        ("Nuôi ong", "Chăn nuôi", "Cấp Tỉnh, Cấp Xã", "Một phần", "Công dân Việt Nam; Hợp tác xã",
         "Trụ sở xã", "Trực tuyến, trực tiếp", "5 ngày làm việc", "20.000 đồng", "- Đơn\n- Ảnh",
         "Nộp rồi nhận.", "Không", "Giấy phép\nThẻ", "Luật 1/2020/QH14 về ong", "77/QĐ-BO", "16/01/2026",
         "Bộ Ong", "ong, mật", "làm giấy ong", "1.000003; 1.000004", "31/12/2026", "https://ong.vn/1",
         "Chủ tịch xã", "Đi buổi sáng.", "Ai nuôi ong thì làm."),
    )  # fmt: skip
    values = record.values
    assert (values["name"], values["field"], values["levels"]) == (
        "Nuôi ong",
        "Chăn nuôi",
        ("tỉnh", "xã"),
    )
    assert (values["online_level"], values["online_level_inferred"]) == ("một phần", False)
    assert values["subjects"] == ("Công dân Việt Nam", "Hợp tác xã")
    assert values["receiving_address"] == "Trụ sở xã"
    assert [(m.method, m.time_limit.amount, m.fees[0].amount) for m in values["methods"]] == [
        ("trực tuyến", 5, 20000),
        ("trực tiếp", 5, 20000),
    ]
    assert [p.name for p in values["dossier"][0].documents] == ["Đơn", "Ảnh"]
    assert values["steps"][0].text == "Nộp rồi nhận."
    assert "conditions" not in values  # "Không": nothing stated
    assert values["results"] == ("Giấy phép", "Thẻ")
    assert [(b.number, b.title) for b in values["legal_bases"]] == [
        ("1/2020/QH14", "Luật 1/2020/QH14 về ong")
    ]
    assert values["keywords"] == ("ong", "mật")
    assert values["aliases"] == ("làm giấy ong",)
    assert values["replaced_by"] == ("1.000003", "1.000004")
    assert values["effective_to"] == date(2026, 12, 31)
    assert values["source_url"] == "https://ong.vn/1"
    assert values["summary"] == "Ai nuôi ong thì làm."
    assert record.parts["decision"] == Decision(
        number="77/QĐ-BO", issued_on=date(2026, 1, 16), agency="Bộ Ong"
    )
    assert record.parts["agencies"] == (Agency(role="cơ quan có thẩm quyền", name="Chủ tịch xã"),)
    assert record.parts["remarks"] == ("Đi buổi sáng.",)


def test_a_fee_without_a_way_to_submit_is_kept_word_for_word_as_a_remark(one):
    record = one(("Tên", "Phí", "Thời hạn"), ("Nuôi ong", "20 nghìn, hộ nghèo miễn", "Trong ngày"))
    assert "methods" not in record.values
    assert record.parts["remarks"] == (
        "Thời hạn giải quyết: Trong ngày",
        "Phí, lệ phí: 20 nghìn, hộ nghèo miễn",
    )


@pytest.mark.parametrize("nothing", [0, "0", "0 đồng", "", None])
def test_a_zero_fee_is_never_stated_as_free(one, nothing):
    record = one(("Tên", "Hình thức nộp", "Phí"), ("Nuôi ong", "Trực tiếp", nothing))
    assert record.values["methods"][0].fees == ()


def test_a_bare_number_in_a_fee_column_stays_text(one):
    """It may be thousands of đồng."""
    record = one(("Tên", "Hình thức nộp", "Phí"), ("Nuôi ong", "Trực tiếp", 20))
    (fee,) = record.values["methods"][0].fees
    assert (fee.amount, fee.text) == (None, "20")


@pytest.mark.parametrize(
    ("given", "level", "inferred"),
    [
        ("Toàn trình", "toàn trình", False), ("DVC trực tuyến một phần", "một phần", False),
        ("Cung cấp thông tin trực tuyến", "cung cấp thông tin", False),
        ("Mức độ 4", "toàn trình", True), (3, "một phần", True), ("2", "cung cấp thông tin", True),
    ],
)  # fmt: skip
def test_online_levels_and_the_numbered_ones_of_before_2022(one, given, level, inferred):
    values = one(("Tên", "Mức trực tuyến"), ("Nuôi ong", given)).values
    assert (values["online_level"], values["online_level_inferred"]) == (level, inferred)


ANNEX = (
    ("PHỤ LỤC DANH MỤC THỦ TỤC HÀNH CHÍNH", None, None, None, None),
    ("(Kèm theo Quyết định số 77/QĐ-BO)",),
    (),
    ("STT", "Mã TTHC", "Tên TTHC", "DVC trực tuyến", None),
    (None, None, None, "Toàn trình", "Một phần"),
    ("(1)", "(2)", "(3)", "(4)", "(5)"),
    ("A. THỦ TỤC HÀNH CHÍNH CẤP TỈNH",),
    ("I", None, "Lĩnh vực Chăn nuôi"),
    (1, "1.000001", "Đăng ký nuôi ong", "x", None),
    ("2", "1.000002", "Cấp giấy nuôi tằm", None, "X"),
    ("II. LĨNH VỰC THÚ Y:",),
    (3, "1.000003", "Tiêm phòng", None, None),
    ("B. THỦ TỤC HÀNH CHÍNH CẤP XÃ",),
    (4, "1.000004", "Đăng ký nuôi cá", "x", None),
    ("Tổng cộng: 4 thủ tục",),
)
ANNEX_MERGES = ("A1:E1", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "A7:E7", "A11:E11", "A13:E13")


def test_an_annex_with_headings_over_two_rows_and_group_rows(read):
    reading = read(workbook(*ANNEX, merges=ANNEX_MERGES))
    assert reading.refused == []
    assert [
        (r.code, r.values.get("field"), r.values["levels"], r.values.get("online_level"))
        for r in reading.records
    ] == [
        ("1.000001", "Chăn nuôi", ("tỉnh",), "toàn trình"),
        ("1.000002", "Chăn nuôi", ("tỉnh",), "một phần"),
        ("1.000003", "THÚ Y", ("tỉnh",), None),
        ("1.000004", None, ("xã",), "toàn trình"),
    ]
    assert [(n.place.row, n.text) for n in reading.notes] == [
        (15, "dòng không phải thủ tục, bỏ qua: Tổng cộng: 4 thủ tục")
    ]


def test_cells_merged_downwards_hold_for_each_of_their_rows(read):
    rows = (("Lĩnh vực", *PLAIN), ("Chăn nuôi", "1.000001", "Ong"), (None, "1.000002", "Tằm"))
    reading = read(workbook(*rows, merges=("A2:A3",)))
    assert [record.values["field"] for record in reading.records] == ["Chăn nuôi", "Chăn nuôi"]


def test_several_sheets_are_read_and_one_without_a_list_is_noted(read):
    reading = read(
        workbook(sheets={
            "Bìa": [["Báo cáo tháng 7"]], "Tỉnh": [HEADINGS, BEE], "Xã": [HEADINGS, SILK],
        })
    )  # fmt: skip
    assert [(r.code, r.place.sheet, r.place.row) for r in reading.records] == [
        ("1.000001", "Tỉnh", 2),
        ("1.000002", "Xã", 2),
    ]
    assert [(n.place.sheet, n.text) for n in reading.notes] == [
        ("Bìa", "trang không có danh sách thủ tục, không đọc")
    ]


def test_columns_that_no_field_is_for_are_noted(read):
    reading = read(workbook(("STT", *PLAIN, "Số lượt nộp"), (1, "1.000001", "Ong", 50)))
    assert [note.text for note in reading.notes] == ["các cột không dùng: Số lượt nộp"]


def test_days_that_excel_knows_as_days_are_read(one):
    headings = ("Tên", "Ngày quyết định", "Hiệu lực đến")
    record = one(headings, ("Ong", datetime(2026, 1, 16), date(2026, 12, 31)))
    assert record.parts["decision"].issued_on == date(2026, 1, 16)
    assert record.values["effective_to"] == date(2026, 12, 31)


@pytest.mark.parametrize(
    "day", ["16/1/2026", "16-01-2026", "16.01.2026", "2026-01-16", "ngày 16 tháng 01 năm 2026"]
)
def test_days_as_officials_write_them(one, day):
    assert one(("Tên", "Ngày quyết định"), ("Ong", day)).parts["decision"].issued_on == date(
        2026, 1, 16
    )


# Mappings

ODD = (("Ký hiệu", "Nội dung công việc", "Bộ phận"), ("1.000001", "Đăng ký nuôi ong", "Sở Ong"))
ODD_MAPPING = {"ký hiệu": "code", "Nội dung công việc": "Tên thủ tục", "BỘ PHẬN": "executing"}


def test_a_table_with_unknown_headings_asks_for_a_mapping_and_names_them(read):
    with pytest.raises(MappingNeeded, match="cột mã thủ tục") as needed:
        read(workbook(("Báo cáo",), *ODD))
    assert needed.value.headers == ODD[0]


def test_a_mapping_given_is_used(read):
    (record,) = read(workbook(("Báo cáo",), *ODD), mapping=ODD_MAPPING).records
    assert record.values["name"] == "Đăng ký nuôi ong"
    assert record.parts["agencies"][0].name == "Sở Ong"
    assert record.place.row == 3


def test_a_column_can_be_left_out_on_purpose(read):
    (record,) = read(workbook(*ODD), mapping={**ODD_MAPPING, "Bộ phận": ""}).records
    assert record.parts == {}


def test_a_mapping_that_names_a_column_the_table_lacks_does_not_fit(read):
    with pytest.raises(MappingNeeded):
        read(workbook(*ODD), mapping={**ODD_MAPPING, "Cột khác": "field"})


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"Ký hiệu": "code", "Bộ phận": "màu sắc"}, "không có trường “màu sắc”"),
        ({"Ký hiệu": "code", "Bộ phận": "code"}, "hai cột cùng ghép"),
        ({"Bộ phận": "executing"}, "Mã thủ tục"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(read, mapping, says):
    with pytest.raises(BadMapping, match=says):
        read(workbook(*ODD), mapping=mapping)


def test_a_list_gives_its_day_to_new_procedures_only_and_a_table_with_fees_to_all(read):
    day, row = date(2026, 10, 1), ("1.000001", "Ong", "20.000 đồng", "Trực tiếp")
    (bare,) = read(workbook(("Mã TTHC", "Tên TTHC"), row[:2]), as_of=day).records
    assert (bare.values.get("as_of"), bare.parts["as_of"]) == (None, day)
    headings = ("Mã TTHC", "Tên TTHC", "Phí, lệ phí", "Hình thức nộp")
    (priced,) = read(workbook(headings, row), as_of=day).records
    assert (priced.values["as_of"], priced.parts) == (day, {})


def test_the_first_day_in_force_is_read(one):
    record = one(("Tên", "Hiệu lực từ"), ("Ong", "18/8/2026"))
    assert record.values["effective_from"] == date(2026, 8, 18)
