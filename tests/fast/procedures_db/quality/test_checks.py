"""Each check finds its fault and leaves what is right alone."""

from datetime import date
from decimal import Decimal

import pytest

from procedures_db.quality.finding import Part, excerpt
from procedures_db.quality.report import CHECKS, find_check
from procedures_db.record import (
    Agency,
    CaseTimeLimit,
    Decision,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    Step,
    TimeLimit,
)

TODAY = date(2026, 11, 22)
COMMUNE = (Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân cấp xã"),)
DAYS = TimeLimit(amount=Decimal(3), unit="ngày")


def direct(*fees, **fields):
    return Method(method="trực tiếp", fees=fees, **fields)


def online(*fees):
    return Method(method="trực tuyến", fees=fees)


def fee(text="", amount=None):
    return Fee(kind="Lệ phí", text=text, amount=amount)


def findings(name, *records):
    check = find_check(name)(TODAY)
    found = [finding for record in records for finding in check.look(record)]
    return [*found, *check.conclude()]


def only(name, record):
    found = findings(name, record)
    assert len(found) == 1, found
    return found[0]


def test_no_fee_at_all_is_found_and_a_fee_in_words_is_not(record):
    assert only("fee-not-stated", record(methods=(direct(),))).field is Part.FEES
    assert not findings("fee-not-stated", record(methods=(direct(fee("Theo nghị quyết")),)))


def test_a_method_without_fees_beside_one_with_fees_is_found(record):
    found = only("fee-not-stated", record(methods=(online(), direct(fee("20.000 đồng")))))
    assert found.what == "Hình thức trực tuyến không ghi phí, hình thức khác có ghi."


@pytest.mark.parametrize(
    "text", ["0", " 0 ", "0 đồng", "Phí: 0 Đồng/hồ sơ", "trực tuyến là 0đ.", "00 VNĐ"]
)
def test_a_fee_of_zero_is_found(record, text):
    assert "0" in only("fee-zero", record(methods=(direct(fee(text)),))).what


@pytest.mark.parametrize(
    "text", ["10.000 đồng", "100 đồng", "1,0 đồng", "0,5 %", "Số 0 đường A", "70 VNĐ"]
)
def test_other_amounts_are_not_zero(record, text):
    assert not findings("fee-zero", record(methods=(direct(fee(text)),)))


@pytest.mark.parametrize(
    "text", ["Không", "Không quy định.", "Theo quy định tại Thông tư 64/2025/TT-BTC"]
)
def test_a_fee_that_tells_no_amount_is_vague(record, text):
    assert text.rstrip(".") in only("fee-vague", record(methods=(direct(fee(text)),))).what


@pytest.mark.parametrize(
    "text", ["20.000 đồng/lần", "Miễn phí", "Không thu lệ phí", "2% giá tính", "50 USD"]
)
def test_an_amount_or_an_exemption_is_not_vague(record, text):
    assert not findings("fee-vague", record(methods=(direct(fee("Không"), fee(text)),)))
    assert not findings("fee-vague", record(methods=(direct(fee("", 20000)),)))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Giảm 50% đến hết ngày 31/12/2026.", "Áp dụng đến ngày 31/12/2026"),
        ("Giảm 50% đến hết ngày 31 tháng 12 năm 2026.", "Áp dụng đến ngày 31/12/2026"),
        ("Miễn từ ngày 07/4/2026 đến 30/6/2026", "Đã hết áp dụng từ sau ngày 30/06/2026"),
        ("áp dụng tới hết 22-11-2026", "Áp dụng đến ngày 22/11/2026"),
        ("đến hết ngày 31/11/2026", "Ngày không có thật"),
    ],
)
def test_a_fee_that_ended_or_ends_soon_is_found(record, text, begins):
    assert only("fee-expiring", record(methods=(direct(fee(text)),))).what.startswith(begins)


@pytest.mark.parametrize(
    "text", ["đến hết ngày 31/12/2027", "từ ngày 01/7/2025", "ngày 30/6/2025", ""]
)
def test_a_fee_that_ends_late_or_never_is_not(record, text):
    assert not findings("fee-expiring", record(methods=(direct(fee(text)),)))


def test_an_end_told_in_a_remark_counts_when_it_speaks_of_fees_and_once_only(record):
    said = "Mức thu phí bằng 50% đến hết ngày 31/12/2026"
    notes = (direct(fee(said), note=said), online(fee(said)))
    assert len(findings("fee-expiring", record(methods=notes, remarks=(said,)))) == 1
    assert not findings("fee-expiring", record(remarks=("Nhận hồ sơ đến hết ngày 31/12/2026",)))


@pytest.mark.parametrize(
    ("level", "methods"),
    [
        ("không rõ", (direct(),)),
        ("cung cấp thông tin", (online(),)),
        ("toàn trình", (direct(),)),
        ("một phần", ()),
    ],
)
def test_a_contradictory_online_level_is_found(record, level, methods):
    unclear = record(online_level=level, methods=methods, online_level_inferred=level == "không rõ")
    found = only("online-contradiction", unclear)
    assert found.field is Part.ONLINE


def test_a_level_that_no_source_states_is_missing_not_contradictory(record):
    assert only("online-not-stated", record(methods=(direct(),))).field is Part.ONLINE
    assert not findings("online-contradiction", record(methods=(direct(),)))
    assert not findings("online-not-stated", record(online_level_inferred=True))


@pytest.mark.parametrize(
    ("level", "methods"),
    [("toàn trình", (online(),)), ("một phần", (online(), direct())), ("cung cấp thông tin", ())],
)
def test_an_online_level_that_the_methods_bear_out_is_not(record, level, methods):
    assert not findings("online-contradiction", record(online_level=level, methods=methods))


def test_an_inferred_level_is_found_and_an_unclear_one_left_to_the_other_check(record):
    assert only("online-inferred", record(online_level="một phần", online_level_inferred=True))
    assert not findings("online-inferred", record(online_level_inferred=True))
    assert not findings("online-inferred", record(online_level="toàn trình"))


@pytest.mark.parametrize(
    "text",
    [
        "Nộp tại UBND cấp huyện.", "Ủy ban nhân dân huyện", "đến Công an quận", "Thị xã Nghi Sơn",
        "Bảo hiểm xã hội cấp huyện", "gửi Phòng Tư pháp", "Phòng Tài chính - Kế hoạch",
        "HUYỆN", "thành phố thuộc tỉnh",
    ],
)  # fmt: skip
def test_the_district_level_is_found_wherever_it_stands(record, text):
    assert only("district-level", record(steps=(Step(text=text),))).field is Part.STEPS
    assert only("district-level", record(conditions=text)).field is Part.CONDITIONS


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân cấp xã", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "phòng y tế của trường",
        "Giấy do UBND cấp huyện cấp trước ngày 01/7/2025", "cấp huyện trước ngày 01 tháng 7 năm 2025",
        "người chuyên quyền", "Sở Tư pháp",
    ],
)  # fmt: skip
def test_what_is_of_today_or_of_before_the_reform_is_not(record, text):
    assert not findings("district-level", record(steps=(Step(text=text),)))


def test_titles_of_laws_may_name_the_district_and_mentions_are_counted_by_part(record):
    bases = (LegalBasis(number="1", title="Về Ủy ban nhân dân huyện"),)
    assert not findings("district-level", record(legal_bases=bases))
    steps = (Step(text="Nộp ở huyện. Nhận ở huyện."), Step(text="Huyện trả kết quả."))
    assert "(và 2 chỗ khác)" in only("district-level", record(steps=steps)).what


def test_a_sentence_cut_by_a_line_break_is_found(record):
    text = "- Nộp hồ sơ, hoàn tất việc sinh tại Trung\nnộp hồ sơ.\n- Nhận kết quả."
    assert "Trung ⏎ nộp hồ sơ" in only("steps-broken", record(steps=(Step(text=text),))).what


@pytest.mark.parametrize(
    "text",
    [
        "Nộp hồ sơ.\nnhận kết quả",
        "Gồm:\na) Đơn\nb) Ảnh",
        "Bước 1\nBước 2",
        "Nộp;\nii. nhận",
        "",
        "\n\n",
    ],
)
def test_lines_that_end_well_or_begin_a_list_are_not(record, text):
    assert not findings("steps-broken", record(steps=(Step(text=text),)))


@pytest.mark.parametrize("character", ["\u0421", "\uf0fc", "\ufffd", "\x07"])
def test_a_strange_character_is_named(record, character):
    found = only("strange-characters", record(conditions=f"Đủ {character} điều kiện"))
    assert f"U+{ord(character):04X}" in found.what
    assert not findings("strange-characters", record(conditions="Đủ điều kiện – “½ m²” …"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tại http://dichvucong.gov.vn.", "http://dichvucong.gov.vn"),
        ("https://csdl.dichvucong.gov.vn/x", "csdl.dichvucong.gov.vn"),
        ("https://dichvucong.thanhhoa.gov.vn", "dichvucong.thanhhoa.gov.vn"),
        ("cổng dvc.bacninh.gov.vn", "dvc.bacninh.gov.vn"),
        ("https://motcua.hatinh.gov.vn", "motcua.hatinh.gov.vn"),
        ("dichvucong..gov.vn", "dichvucong..gov.vn"),
        ("HTTP://WWW.VIECLAM.GOV.VN", "HTTP://WWW.VIECLAM.GOV.VN"),
    ],
)
def test_an_old_or_broken_link_is_found(record, text, shown):
    assert shown in only("old-link", record(conditions=text)).what


@pytest.mark.parametrize(
    "text",
    [
        "https://dichvucong.gov.vn/p/x",
        "dichvucong.gov.vn",
        "thư hcc@bacgiang.gov.vn",
        "https://moh.gov.vn",
    ],
)
def test_the_national_portal_and_mail_addresses_are_not(record, text):
    assert not findings("old-link", record(conditions=text))


def test_the_same_link_is_told_once_a_part_and_the_source_is_looked_at(record):
    link = "http://a.vn http://a.vn"
    assert len(findings("old-link", record(conditions=link))) == 1
    assert only("old-link", record(source_url="http://a.vn")).field is Part.SOURCE


def national(record, code, **fields):
    return record(code=code, agencies=COMMUNE, decision=Decision(agency="Bộ Tư pháp"), **fields)


def test_one_name_and_agency_under_two_codes_is_a_duplicate_told_at_both(record):
    found = findings("duplicate", national(record, "1.000001"), national(record, "1.000002"))
    assert [(f.code, "1.000002" in f.what) for f in found] == [
        ("1.000001", True),
        ("1.000002", False),
    ]


def test_two_provinces_may_each_have_a_procedure_of_one_name(record):
    provinces = [
        record(
            code=f"1.00000{i}", kind="SPECIFIC", agencies=COMMUNE, decision=Decision(agency=name)
        )
        for i, name in enumerate(("UBND tỉnh Lào Cai", "UBND tỉnh Đồng Tháp"))
    ]
    assert not findings("duplicate", *provinces)
    assert not findings("twin", *provinces)


def test_one_that_was_replaced_is_no_duplicate_any_more(record):
    old = national(record, "1.000001", replaced_by=("1.000002",))
    assert not findings("duplicate", old, national(record, "1.000002"))


def test_one_name_at_two_agencies_is_a_twin(record):
    other = record(code="1.000002", agencies=(Agency(role="cơ quan thực hiện", name="Sở Tư pháp"),))
    assert {f.code for f in findings("twin", national(record, "1.000001"), other)} == {
        "1.000001", "1.000002",
    }  # fmt: skip
    assert not findings("duplicate", national(record, "1.000001"), other)
    assert not findings("twin", national(record, "1.000001"), national(record, "1.000002"))


def test_a_dossier_of_notes_only_holds_no_papers(record):
    notes = (DossierCase(documents=(Document(name="Lưu ý: …", is_note=True),)),)
    assert only("no-papers", record(dossier=notes)).field is Part.DOSSIER
    papers = (DossierCase(documents=(Document(name="Tờ khai"),)),)
    assert not findings("no-papers", record(dossier=papers))


def test_a_missing_time_limit_is_found_and_words_alone_are_told_apart(record):
    assert "Không ghi thời hạn" in only("no-time-limit", record(methods=(direct(),))).what
    assert "bằng lời" in only("no-time-limit", record(methods=(direct(note="Trong ngày"),))).what
    assert not findings("no-time-limit", record(methods=(direct(time_limit=DAYS),)))
    cases = (CaseTimeLimit(case="Cấp mới", time_limit=DAYS),)
    assert not findings("no-time-limit", record(case_time_limits=cases))


def test_a_missing_or_future_decision_is_found(record):
    assert only("no-decision", record()).what == "Thiếu số quyết định và ngày quyết định."
    undated = record(decision=Decision(number="1/QĐ"))
    assert only("no-decision", undated).what == "Thiếu ngày quyết định."
    future = record(decision=Decision(number="1/QĐ", issued_on=date(2030, 1, 1)))
    assert "tương lai" in only("no-decision", future).what
    assert not findings("no-decision", record(decision=Decision(number="1/QĐ", issued_on=TODAY)))


def test_missing_steps_and_agencies_are_found(record):
    assert only("no-steps", record()).what == "Không có bước nào."
    assert only("no-steps", record(steps=(Step(text="nộp"),))).what == "Chỉ ghi “nộp”."
    assert only("no-agency", record()).field is Part.AGENCIES
    whole = record(steps=(Step(text="Nộp hồ sơ tại Ủy ban nhân dân cấp xã."),), agencies=COMMUNE)
    assert not findings("no-steps", whole) and not findings("no-agency", whole)


def test_a_trial_record_is_found_and_a_medical_test_is_not(record):
    assert only("test-record", record(decision=Decision(number="QĐ000001SNNTEST")))
    assert only("test-record", record(steps=(Step(text="test"),)))
    assert only("test-record", record(code="1.014955-Xoa"))
    medical = record(
        steps=(Step(text="Làm test nhanh tại trạm y tế."),), name="Đăng ký attestation"
    )
    assert not findings("test-record", medical)


def test_a_successor_that_is_not_there_is_found(record):
    old = record(replaced_by=("1.000002", "1.000003"))
    there = record(code="1.000002", replaced_by=("1.000002",))
    assert [(f.code, f.what) for f in findings("missing-successor", old, there)] == [
        ("1.000001", "Thay thế bằng 1.000003, mã này không có trong dữ liệu."),
        ("1.000002", "Thay thế bằng chính nó."),
    ]


def test_what_ended_without_a_successor_is_found(record):
    assert "31/12/2025" in only("ended", record(effective_to=date(2025, 12, 31))).what
    assert not findings("ended", record(effective_to=TODAY))
    assert not findings("ended", record(effective_to=date(2025, 1, 1), replaced_by=("1.000002",)))


def test_an_excerpt_is_made_of_whole_words_on_one_line():
    text = "một hai ba " * 20 + "ĐÂY\n" + "bốn năm sáu " * 20
    start = text.index("ĐÂY")
    shown = excerpt(text, start, start + 3)
    assert "ba ĐÂY bốn" in shown and shown[0] == shown[-1] == "…"
    assert set(shown.strip("…").split()) == {"một", "hai", "ba", "ĐÂY", "bốn", "năm", "sáu"}
    assert excerpt("ngắn", 0, 4) == "ngắn"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_has_a_name_a_title_and_an_explanation_of_its_own(check):
    assert check.name == check.name.lower() and " " not in check.name
    assert check.title and check.explanation.endswith(".")
    assert [other.name for other in CHECKS].count(check.name) == 1
