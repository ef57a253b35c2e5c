"""The detail form: what may stand in it besides what the sample shows."""

from datetime import date
from decimal import Decimal

import pytest

from procedures_db.record import Decision, Fee, TimeLimit
from tests.fast.procedures_db.readers.files import FORM, form, word

METHOD_HEADINGS = FORM["Cách thức thực hiện"][0][0]
PAPER_HEADINGS = FORM["Thành phần hồ sơ"][1][0]


@pytest.fixture
def values(read):
    def values(**replaced):
        reading = read(form(**replaced), "ChiTietTTHC_1.000001.doc")
        assert reading.refused == []
        return reading.records[0].values

    return values


def refusal(reading) -> str:
    assert reading.records == []
    (refused,) = reading.refused
    return refused.reason


def methods(*rows):
    return {"Cách_thức_thực_hiện": [[METHOD_HEADINGS, *rows]]}


def test_a_section_that_says_nothing_is_empty_and_one_that_is_missing_is_not_carried(values):
    assert values(Từ_khóa="Không có thông tin")["keywords"] == ()
    assert "keywords" not in values(Từ_khóa=None)
    assert "steps" not in values(Trình_tự_thực_hiện=None)


def test_the_day_given_counts_before_the_day_of_the_file(read):
    reading = read(form(), as_of=date(2026, 10, 1))
    assert reading.records[0].values["as_of"] == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("period", "limit", "note"),
    [
        ("03 Ngày làm việc", (3, "ngày làm việc"), ""),
        ("0,5 Ngày làm việc", (Decimal("0.5"), "ngày làm việc"), ""),
        ("24 Giờ", (24, "giờ"), ""),
        ("2 Tháng", (2, "tháng"), ""),
        ("30 Ngày", (30, "ngày"), ""),
        ("8 giờ làm việc", None, "8 giờ làm việc"),  # no such unit: kept in words
        ("Trong ngày làm việc", None, "Trong ngày làm việc"),
        ("Không quá 05 ngày làm việc kể từ ngày nhận đủ hồ sơ", None,
         "Không quá 05 ngày làm việc kể từ ngày nhận đủ hồ sơ"),
        ("5 Khác", None, ""),  # the number of the unit "other" means nothing
        ("0 Ngày", None, ""),
        ("", None, ""),
    ],
)  # fmt: skip
def test_periods_are_numbers_only_where_number_and_unit_are_all(values, period, limit, note):
    (method,) = values(**methods(("Trực tuyến", period, "", "")))["methods"]
    assert method.time_limit == (TimeLimit(amount=limit[0], unit=limit[1]) if limit else None)
    assert method.note == note


FEES = {
    "Phí : 10.000 Đồng (mỗi (một) bản)": [Fee(kind="Phí", amount=10000, text="mỗi (một) bản")],
    "Lệ phí : 50 USD": [Fee(kind="Lệ phí", amount=50, currency="USD")],
    "Phí : 1,500,000 Đồng": [Fee(kind="Phí", amount=1500000)],
    "Phí : 0 Đồng": [],  # not stated: never free
    "Phí : 0 Đồng (người có công)": [Fee(kind="Phí", text="người có công")],
    "Phí : Miễn phí Đồng (trẻ em)": [Fee(kind="Phí", text="Miễn phí (trẻ em)")],
    "Phí : 2% giá trị Đồng": [Fee(kind="Phí", text="2% giá trị Đồng")],
    "Lệ phí : 30.000 đồng/bản": [Fee(kind="Lệ phí", text="30.000 đồng/bản")],
    "Phí : 10.000 Đồng (a)\nLệ phí : 20.000 Đồng (b\nc)": [
        Fee(kind="Phí", amount=10000, text="a"),
        Fee(kind="Lệ phí", amount=20000, text="b\nc"),
    ],
    "Theo nghị quyết của Hội đồng nhân dân tỉnh": [
        Fee(kind="Phí", text="Theo nghị quyết của Hội đồng nhân dân tỉnh")
    ],
    "Không": [],
}


@pytest.mark.parametrize(("text", "fees"), FEES.items(), ids=FEES.keys())
def test_fees_are_amounts_only_where_the_text_says_nothing_else(values, text, fees):
    (method,) = values(**methods(("Trực tiếp", "", text, "")))["methods"]
    assert list(method.fees) == fees


def test_names_with_commas_are_not_cut(values):
    found = values(
        Cơ_quan_thực_hiện="Sở Văn hóa, Thể thao và Du lịch, Ủy ban nhân dân cấp xã, Sở Tư pháp",
        Đối_tượng_thực_hiện="Cán bộ, công chức, viên chức, Tổ chức (không bao gồm doanh nghiệp, HTX)",
    )
    assert [a.name for a in found["agencies"] if a.role == "cơ quan thực hiện"] == [
        "Sở Văn hóa, Thể thao và Du lịch", "Ủy ban nhân dân cấp xã", "Sở Tư pháp",
    ]  # fmt: skip
    assert found["subjects"] == (
        "Cán bộ, công chức, viên chức",
        "Tổ chức (không bao gồm doanh nghiệp, HTX)",
    )


def test_the_abolished_district_level_is_left_out(values):
    assert values(Cấp_thực_hiện="Cấp Tỉnh, Cấp Huyện, Cấp Xã")["levels"] == ("tỉnh", "xã")
    assert values(Cấp_thực_hiện="Cấp Bộ, Cơ quan khác")["levels"] == ("bộ", "cơ quan khác")


def test_steps_with_names_keep_them(values):
    found = values(Trình_tự_thực_hiện=["", "Nộp hồ sơ.", "Bước 2", "Nhận kết quả."])["steps"]
    assert [(step.name, step.text) for step in found] == [
        ("", "Nộp hồ sơ."),
        ("Bước 2", "Nhận kết quả."),
    ]


def test_steps_in_plain_paragraphs_are_all_texts(values):
    found = values(Trình_tự_thực_hiện=["Nộp hồ sơ.", "Thẩm định.", "Nhận kết quả."])["steps"]
    assert [step.text for step in found] == ["Nộp hồ sơ.", "Thẩm định.", "Nhận kết quả."]


def test_a_step_that_begins_like_a_label_is_still_a_step(values):
    steps = [
        "",
        "Cơ quan thực hiện: kiểm tra hồ sơ.",
        "",
        "Mô tả: ghi vào sổ.",
        "",
        "Từ khóa: xong.",
    ]
    found = values(Trình_tự_thực_hiện=steps)
    assert [step.text for step in found["steps"]] == steps[1::2]
    assert [a.name for a in found["agencies"]] == ["Ủy ban nhân dân xã"]


def test_a_bold_label_out_of_its_order_is_no_label(read):
    sections = dict(FORM)
    sections["Trình tự thực hiện"] = ""
    content = {}
    for label, value in sections.items():
        content[label] = value
        if label == "Trình tự thực hiện":
            content["Cơ quan phối hợp "] = "gửi ý kiến"  # bold, but five labels too early
    (record,) = read(word(content)).records
    assert [a.role.value for a in record.values["agencies"]] == ["cơ quan thực hiện"]
    assert "gửi ý kiến" in record.values["steps"][-1].text


def test_what_the_description_says_becomes_a_remark(read):
    (record,) = read(form(Mô_tả="Chỉ áp dụng cho ong mật")).records
    assert record.parts["remarks"] == ("Mô tả: Chỉ áp dụng cho ong mật",)
    assert record.parts["decision"] == Decision(number="77/QĐ-BO")


def test_papers_in_plain_words_are_papers_without_copies(values):
    (case,) = values(Thành_phần_hồ_sơ="Đơn đề nghị\n- Ảnh đàn ong")["dossier"]
    assert [(p.name, p.originals, p.copies) for p in case.documents] == [
        ("Đơn đề nghị", 0, 0),
        ("Ảnh đàn ong", 0, 0),
    ]


BAD = {
    "ngày không có thật: “31-02-2025”": {
        "Căn_cứ_pháp_lý": [[FORM["Căn cứ pháp lý"][0][0], ("1/2025/TT-BO", "x", "31-02-2025", "")]]
    },
    "không phải ngày: “tháng trước”": {
        "Căn_cứ_pháp_lý": [[FORM["Căn cứ pháp lý"][0][0], ("1/2025/TT-BO", "x", "tháng trước", "")]]
    },
    "số bản âm: “-1”": {
        "Thành_phần_hồ_sơ": [[PAPER_HEADINGS, ("Đơn", "", "Bản chính: -1\nBản sao: 0")]]
    },
    "không phải số bản: “hai”": {"Thành_phần_hồ_sơ": [[PAPER_HEADINGS, ("Đơn", "", "Bản chính: hai")]]},
    "bảng thiếu cột Số lượng": {"Thành_phần_hồ_sơ": [[("Tên giấy tờ", "Mẫu đơn, tờ khai"), ("Đơn", "")]]},
    "không rõ hình thức nộp: “Qua fax”": methods(("Qua fax", "", "", "")),
    "không phải mã thủ tục: “một”": {"Mã_thủ_tục": "một"},
    "mã thủ tục thiếu chữ số: “1.0012”": {"Mã_thủ_tục": "1.0012"},
    "không rõ cấp thực hiện: “Cấp Ấp”": {"Cấp_thực_hiện": "Cấp Ấp"},
    "tên thủ tục: để trống": {"Tên_thủ_tục": ""},
    "lĩnh vực: dài quá 300 ký tự": {"Lĩnh_vực": "Nuôi ong " * 50},
}  # fmt: skip


@pytest.mark.parametrize(("says", "replaced"), BAD.items(), ids=BAD.keys())
def test_a_value_that_cannot_be_read_refuses_the_form_and_says_which(read, says, replaced):
    reading = read(form(**replaced), "phieu.doc")
    assert says in refusal(reading)
    assert reading.refused[0].code == ("" if "Mã_thủ_tục" in replaced else "1.000001")


def test_a_code_with_a_provincial_suffix_is_the_national_one(read):
    assert read(form(Mã_thủ_tục=" 1.000001.000.00.00.H17 ")).records[0].code == "1.000001"
