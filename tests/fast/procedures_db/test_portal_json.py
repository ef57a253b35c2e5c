"""The national portal's JSON, with all the odd things that stand in it."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures_db.record import AgencyRole, GovernmentLevel, OnlineLevel, ProcedureKind, TimeUnit
from procedures_db.sync.portal_json import read_portal_object
from tests.fast.samples import portal_fee, portal_method, portal_object


def read(**fields):
    return read_portal_object(portal_object(**fields))


def fees(*entries):
    return read(executionMethods=[portal_method(fees=list(entries))]).methods[0].fees


def time_limit(amount, unit):
    method = portal_method(processingTime=amount, processingTimeUnit=unit)
    return read(executionMethods=[method]).methods[0].time_limit


def test_an_object_with_only_code_name_and_update_time_is_enough():
    record = read()
    assert (record.code, record.name, record.as_of) == (
        "1.000001",
        "Đăng ký nuôi ong",
        date(2026, 7, 14),
    )
    assert record.methods == record.dossier == record.steps == record.agencies == ()
    assert record.online_level is OnlineLevel.INFORMATION_ONLY
    assert record.source_url.startswith("https://dichvucong.gov.vn/")
    assert record.source_url.endswith("1.000001")


def test_null_everywhere_means_not_stated():
    nothing = dict.fromkeys(
        ["executionMethods", "executionCases", "executionSteps", "cases", "categoriesDetails",
         "departmentsExecuting", "dossierReceivingAddresses", "requirementsAndConditions",
         "legalBasisesDetails", "resultsDetails", "subjectTypesDetails", "procedureProposal",
         "keywords", "description", "note", "type"]
    )  # fmt: skip
    assert read(**nothing) == read()


@pytest.mark.parametrize("missing", ["code", "name", "updatedAt"])
def test_an_object_without_code_name_or_date_is_refused(missing):
    raw = portal_object()
    del raw[missing]
    with pytest.raises((KeyError, ValueError)):
        read_portal_object(raw)


def test_a_given_date_replaces_the_update_time():
    raw = portal_object()
    del raw["updatedAt"]
    assert read_portal_object(raw, as_of=date(2026, 7, 18)).as_of == date(2026, 7, 18)


@pytest.mark.parametrize("raw", ["chữ", 7, None, [], [{}]])
def test_what_is_no_object_is_refused(raw):
    with pytest.raises(TypeError):
        read_portal_object(raw)


@pytest.mark.parametrize(
    "code", ["1.000001 ", "\t1.000001\n", "1.000001.000.00.00.H17", "1.000001.H21"]
)
def test_stray_spaces_and_province_suffixes_leave_the_national_code(code):
    assert read(code=code).code == "1.000001"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_letter_is_stored_in_one_way_however_many_code_points_it_came_in(form):
    """The portal writes "Cấp" with a circumflexed letter and a separate tone."""
    stored = read(
        name="Ca\u0302\u0301p thẻ",
        note=unicodedata.normalize(form, "Lưu ý\nđủ giấy tờ"),
        categoriesDetails=[{"name": "C\u00e2\u0301p, quản lý căn cước"}],
    )
    assert (stored.name, stored.field) == ("Cấp thẻ", "Cấp, quản lý căn cước")
    assert stored.remarks == ("Lưu ý\nđủ giấy tờ",)


def test_what_nobody_sees_is_not_stored():
    odd = read(name="Đăng \u202eký\u202c nuôi\u200b \x07ong\u00ad", note="Lưu ý\x00\n\ufeffđủ")
    assert odd.name == "Đăng ký nuôi ong"
    assert odd.remarks == ("Lưu ý\nđủ",)


# Phí, lệ phí


@pytest.mark.parametrize("value", [0, 0.0, None])
@pytest.mark.parametrize("text", ["", None, "  \n "])
def test_a_fee_of_zero_without_text_is_not_stated(value, text):
    assert fees(portal_fee(value=value, description=text)) == ()


@pytest.mark.parametrize("value", [0, None])
def test_a_fee_of_zero_with_text_keeps_only_the_text(value):
    (fee,) = fees(portal_fee(value=value, description="Miễn cho hộ nghèo"))
    assert fee.amount is None
    assert fee.text == "Miễn cho hộ nghèo"


def test_an_amount_keeps_its_conditions():
    (fee,) = fees(portal_fee(value=15000, description="mỗi đàn\n\n\n\nngười già được miễn"))
    assert (fee.amount, fee.currency) == (Decimal(15000), "VND")
    assert fee.text == "mỗi đàn\n\nngười già được miễn"


@pytest.mark.parametrize(
    ("kind", "label"), [("FEE", "Phí"), ("SERVICE_FEE", "Lệ phí"), ("PRICE_LEVEL", "Giá")]
)
def test_the_label_of_a_fee_is_repeated(kind, label):
    assert fees(portal_fee(type=kind))[0].kind.value == label


def test_dollars_stay_dollars():
    (fee,) = fees(portal_fee(value=12.5, currencyName="USD"))
    assert (fee.amount, fee.currency) == (Decimal("12.5"), "USD")


def test_several_fees_keep_their_order():
    assert [fee.amount for fee in fees(portal_fee(value=2), portal_fee(value=1))] == [2, 1]


# Thời hạn


@pytest.mark.parametrize(
    ("amount", "unit"), [(5, "OTHER"), (5, None), (5, ""), (0, "DAY"), (None, "DAY"), (None, None)]
)
def test_a_number_without_a_meaning_is_no_time_limit(amount, unit):
    assert time_limit(amount, unit) is None


@pytest.mark.parametrize(
    ("unit", "vietnamese"),
    [
        ("HOUR", "giờ"),
        ("DAY", "ngày"),
        ("WORKING_DAY", "ngày làm việc"),
        ("MONTH", "tháng"),
        ("YEAR", "năm"),
    ],
)
def test_each_unit_has_its_vietnamese_name(unit, vietnamese):
    assert time_limit(3, unit).unit is TimeUnit(vietnamese)


def test_half_a_day_stays_half_a_day():
    assert time_limit(0.5, "WORKING_DAY").amount == Decimal("0.5")


def test_time_limits_of_cases_are_read_and_empty_ones_left_out():
    record = read(
        cases=[
            {"name": " Cấp mới ", "processingDay": {"qty": 7, "type": "DAY"}},
            {"name": "Cấp lại", "processingDay": {"qty": 0, "type": "DAY"}},
            {"name": "Khác", "processingDay": None},
        ]
    )
    assert [(c.case, c.time_limit.amount) for c in record.case_time_limits] == [("Cấp mới", 7)]


# Thành phần hồ sơ


def papers(*rows, name=""):
    cases = [{"name": name, "profileComponents": list(rows)}]
    return read(executionCases=cases).dossier[0].documents


@pytest.mark.parametrize(
    "name", ["*Lưu ý: mang bản chính", "Lưu ý mang bản chính", "- Ghi chú: x", "Giấy tờ phải nộp:"]
)
def test_a_row_without_papers_that_explains_is_a_note(name):
    (row,) = papers({"name": name, "originalQty": 0, "copyQty": 0})
    assert row.is_note


def test_a_row_with_papers_is_a_paper_whatever_it_is_called():
    (row,) = papers({"name": "Lưu ý: tờ khai", "originalQty": 1, "copyQty": 0})
    assert not row.is_note


def test_a_row_without_counts_that_does_not_explain_stays_a_paper():
    (row,) = papers({"name": "Giấy chứng sinh", "originalQty": 0, "copyQty": None})
    assert (row.is_note, row.originals, row.copies) == (False, 0, 0)


def test_forms_are_the_names_of_the_attached_files():
    (row,) = papers(
        {"name": "- Tờ khai", "originalQty": "1", "attachments": [{"fileName": "Mẫu 1.docx"}, {}]}
    )
    assert (row.name, row.originals, row.forms) == ("Tờ khai", 1, ("Mẫu 1.docx",))


def test_rows_without_a_name_and_empty_cases_are_left_out():
    record = read(
        executionCases=[
            {"name": "", "profileComponents": []},
            {
                "name": "* Trường hợp 1:",
                "profileComponents": [{"name": " "}, {"name": "Đơn", "copyQty": 1}],
            },
        ]
    )
    assert [case.name for case in record.dossier] == ["Trường hợp 1"]
    assert [row.name for row in record.dossier[0].documents] == ["Đơn"]


def test_a_negative_number_of_papers_is_refused():
    with pytest.raises(ValueError):
        papers({"name": "Đơn", "originalQty": -1})


# Cơ quan, điều kiện, quyết định và phần còn lại


def test_agencies_come_from_the_lists_each_once():
    record = read(
        departmentsExecuting=[{"name": "Xã A"}, {"name": "Xã A"}],
        unitGroupsExecuting=[{"name": "Xã B"}],
        executingAgencies="chữ tự do",
    )
    assert record.agencies_of(AgencyRole.EXECUTING) == ["Xã A", "Xã B"]


def test_free_text_names_the_agency_only_where_the_lists_are_empty():
    record = read(departmentsExecuting=[], executingAgencies=" Ủy ban\nnhân dân xã ")
    assert record.agencies_of(AgencyRole.EXECUTING) == ["Ủy ban nhân dân xã"]
    assert record.agencies_of(AgencyRole.COMPETENT) == []


@pytest.mark.parametrize(
    "text", ["Không", "không.", "Không có", "KHÔNG CÓ THÔNG TIN", "Không quy định.", "", None, " "]
)
def test_conditions_that_say_no_are_empty(text):
    assert read(requirementsAndConditions=text).conditions == ""


def test_conditions_that_only_begin_with_no_are_kept():
    text = "Không mắc bệnh truyền nhiễm"
    assert read(requirementsAndConditions=text).conditions == text


def test_a_note_becomes_a_remark():
    assert read(note="Làm buổi sáng").remarks == ("Làm buổi sáng",)
    assert read(note="Không có thông tin").remarks == ()


@pytest.mark.parametrize(
    ("milliseconds", "day"),
    [
        (1_768_496_400_000, date(2026, 1, 16)),  # 17:00 UTC on the 15th is midnight in Hà Nội
        (1_768_496_399_000, date(2026, 1, 15)),
    ],
)
def test_the_decision_date_is_the_day_in_viet_nam(milliseconds, day):
    proposal = {"proposalNumber": " 77/QĐ-BNN ", "decisionDate": milliseconds}
    decision = read(procedureProposal=proposal).decision
    assert (decision.number, decision.issued_on, decision.agency) == ("77/QĐ-BNN", day, "")


def test_the_rest_of_the_form_is_read():
    record = read(
        type="SPECIFIC",
        isProvince=True,
        isWard=True,
        isNonTerritorial=True,
        isFullProcess=True,
        executionMethods=[portal_method(submissionMethod="ONLINE", description="Qua mạng")],
        executionSteps=[
            {"name": "Bước 1", "description": "Nộp"},
            {"name": "", "description": None},
        ],
        categoriesDetails=[{"name": "Chăn nuôi"}],
        subjectTypesDetails=[{"name": "Công dân Việt Nam"}],
        resultsDetails=[{"name": "Giấy phép"}, {"name": "Giấy phép"}],
        legalBasisesDetails=[{"code": "1/2026/NĐ-CP", "name": "Về ong"}, {"code": "", "name": ""}],
        procedureProposal={"issuingAgency": {"name": "Bộ Nông nghiệp"}},
        keywords="ong; mật, ong\nhoa",
        dossierReceivingAddresses="Số 5",
    )
    assert record.kind is ProcedureKind.SPECIFIC
    assert record.levels == (GovernmentLevel.PROVINCE, GovernmentLevel.COMMUNE)
    assert record.non_territorial
    assert (record.online_level, record.online_level_inferred) == (OnlineLevel.FULL, False)
    assert [(step.name, step.text) for step in record.steps] == [("Bước 1", "Nộp")]
    assert (record.field, record.receiving_address) == ("Chăn nuôi", "Số 5")
    assert record.results == ("Giấy phép",)
    assert [(basis.number, basis.title) for basis in record.legal_bases] == [
        ("1/2026/NĐ-CP", "Về ong")
    ]
    assert record.decision.agency == "Bộ Nông nghiệp"
    assert record.keywords == ("ong", "mật", "hoa")
    assert record.subjects == ("Công dân Việt Nam",)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "LẠ"},
        {"executionMethods": [portal_method(submissionMethod="FAX")]},
        {"executionMethods": [portal_method(processingTimeUnit="WEEK")]},
        {"executionMethods": [portal_method(fees=[portal_fee(type="LẠ")])]},
        {"executionMethods": [portal_method(fees=[portal_fee(value=-1)])]},
        {"executionMethods": ["chữ"]},
        {"name": "   "},
        {"code": None},
    ],
)
def test_a_value_the_form_does_not_know_is_refused_not_guessed(fields):
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        read(**fields)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = [
    "code", "name", "type", "updatedAt", "executionMethods", "executionCases", "executionSteps", "cases",
    "categoriesDetails", "departmentsExecuting", "legalBasisesDetails", "resultsDetails",
    "procedureProposal", "keywords", "note", "requirementsAndConditions",
]  # fmt: skip


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1, max_size=3))
def test_any_other_json_is_read_or_refused_in_the_ways_an_import_reports(fields):
    try:
        record = read(**fields)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return
    assert record.name
