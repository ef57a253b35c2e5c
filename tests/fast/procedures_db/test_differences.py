"""What differs between two versions, told so that an official understands it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures_db.differences import changed_fields, differences
from procedures_db.record import (
    Agency,
    Decision,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    ProcedureRecord,
    Step,
    TimeLimit,
)
from tests.fast.samples import FULL_RECORD

BARE = ProcedureRecord(code="1.000001", name="Đăng ký nuôi ong", as_of=date(2026, 7, 18))


def told(old: dict, new: dict) -> list[tuple[str, str, str]]:
    found = differences(BARE.model_copy(update=old), BARE.model_copy(update=new))
    return [(change.label, change.old, change.new) for change in found]


def method(amount=None, kind="trực tiếp", text="", days=None) -> Method:
    return Method(
        method=kind,
        time_limit=days and TimeLimit(amount=days, unit="ngày làm việc"),
        fees=(Fee(kind="Lệ phí", amount=amount, text=text),) if amount else (),
    )


def papers(*names, **fields) -> dict:
    documents = tuple(Document(name=name, **fields) for name in names)
    return {"dossier": (DossierCase(documents=documents),)}


def test_equal_versions_differ_in_nothing():
    assert differences(FULL_RECORD, FULL_RECORD.model_copy(deep=True)) == []


def test_a_new_fee_is_told_with_both_amounts():
    assert told({"methods": (method(20000),)}, {"methods": (method(1234567),)}) == [
        ("Cách thức thực hiện › trực tiếp › phí, lệ phí › Lệ phí › mức", "20.000", "1.234.567")
    ]


def test_an_added_method_does_not_make_the_others_differ():
    online = method(10000, "trực tuyến", days=Decimal("0.5"))
    assert told({"methods": (method(20000),)}, {"methods": (online, method(20000))}) == [
        ("Cách thức thực hiện", "", "trực tuyến: 0,5 ngày làm việc; Lệ phí: 10.000 đồng")
    ]


def test_a_shorter_time_limit_is_told_in_words():
    assert told({"methods": (method(days=5),)}, {"methods": (method(days=3),)}) == [
        ("Cách thức thực hiện › trực tiếp › thời hạn", "5 ngày làm việc", "3 ngày làm việc")
    ]


def test_a_paper_put_in_front_is_one_change_not_one_for_each_that_moved():
    names = [f"Giấy tờ số {n} theo quy định về {n * 'x'}" for n in range(9)]
    assert told(papers(*names), papers("Ảnh đàn ong", *names)) == [
        ("Thành phần hồ sơ › giấy tờ", "", "Ảnh đàn ong (bản chính: 0, bản sao: 0)")
    ]


def test_a_reworded_paper_is_one_change_of_its_name():
    assert told(papers("Tờ khai đăng ký nuôi ong"), papers("Tờ khai đăng ký nuôi ong mật")) == [
        (
            "Thành phần hồ sơ › giấy tờ › Tờ khai đăng ký nuôi ong mật › tên",
            "Tờ khai đăng ký nuôi ong",
            "Tờ khai đăng ký nuôi ong mật",
        )
    ]


def test_another_number_of_copies_is_told_under_the_name_of_the_paper():
    assert told(papers("Tờ khai", copies=1), papers("Tờ khai", copies=2)) == [
        ("Thành phần hồ sơ › giấy tờ › Tờ khai › bản sao", "1", "2")
    ]


def test_a_removed_step_and_a_changed_one_are_told_apart():
    old = {"steps": (Step(name="Bước 1", text="Nộp hồ sơ."), Step(name="Bước 2", text="Chờ."))}
    new = {"steps": (Step(name="Bước 1", text="Nộp hồ sơ tại xã."),)}
    assert told(old, new) == [
        ("Trình tự thực hiện › Bước 1 › nội dung", "Nộp hồ sơ.", "Nộp hồ sơ tại xã."),
        ("Trình tự thực hiện", "Bước 2: Chờ.", ""),
    ]


def test_an_agency_or_a_legal_basis_replaced_is_one_removed_and_one_added():
    old = {"agencies": (Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân cấp huyện"),)}
    new = {"agencies": (Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân cấp xã"),)}
    assert told(old, new) == [
        ("Cơ quan", "", "Ủy ban nhân dân cấp xã (cơ quan thực hiện)"),
        ("Cơ quan", "Ủy ban nhân dân cấp huyện (cơ quan thực hiện)", ""),
    ]
    old = {"legal_bases": (LegalBasis(number="1/2020/NĐ-CP", title="Về ong"),)}
    new = {"legal_bases": (LegalBasis(number="1/2020/NĐ-CP", title="Về nuôi ong"),)}
    assert told(old, new) == [
        ("Căn cứ pháp lý › 1/2020/NĐ-CP › trích yếu", "Về ong", "Về nuôi ong")
    ]


def test_a_changed_order_is_told_as_such():
    assert told({"keywords": ("ong", "mật")}, {"keywords": ("mật", "ong")}) == [
        ("Từ khóa (thứ tự)", "ong; mật", "mật; ong")
    ]


def test_dates_decisions_and_yes_or_no_read_as_people_write_them():
    decision = Decision(number="7/QĐ", issued_on=date(2026, 1, 6), agency="Bộ X")
    new = {"decision": decision, "non_territorial": True, "effective_to": date(2026, 12, 31)}
    assert told({}, new) == [
        ("Phi địa giới", "không", "có"),
        ("Quyết định công bố", "", "7/QĐ, ngày 6/1/2026, Bộ X"),
        ("Hiệu lực đến ngày", "", "31/12/2026"),
    ]


def test_amounts_that_read_the_same_but_are_kept_differently_count_as_equal():
    assert (
        told({"methods": (method(Decimal("12.50")),)}, {"methods": (method(Decimal("12.5")),)})
        == []
    )


def test_a_new_and_a_removed_procedure_are_told_in_full():
    added = differences(None, FULL_RECORD)
    assert {change.path for change in added} == set(ProcedureRecord.model_fields)
    assert all(change.new and not change.old for change in added)
    assert all(change.old and not change.new for change in differences(FULL_RECORD, None))
    assert differences(None, None) == []
    assert changed_fields(None, BARE) == {"code", "name", "as_of"}


def test_long_texts_are_cut_around_what_differs():
    text = "điều kiện nuôi ong " * 100
    (change,) = differences(
        BARE.model_copy(update={"conditions": text + "cũ" + text}),
        BARE.model_copy(update={"conditions": text + "mới" + text}),
    )
    old, new = change.brief(80)
    assert "cũ" in old and "mới" in new
    assert len(old) < 90 and old.startswith("…") and old.endswith("…")


def test_what_is_added_is_cut_at_its_start():
    (change,) = differences(BARE, BARE.model_copy(update={"conditions": "a" * 500}))
    assert change.brief(50) == ("", "a" * 50 + " …")


NAMES = st.sampled_from(["Tờ khai", "Tờ khai mẫu 1", "Ảnh", "Đơn", "Giấy khai sinh"])
DOCUMENTS = st.builds(Document, name=NAMES, copies=st.integers(0, 2), forms=st.tuples())
CASES = st.builds(
    DossierCase, name=st.sampled_from(["", "Cấp mới", "Cấp lại"]),
    documents=st.lists(DOCUMENTS, max_size=4).map(tuple),
)  # fmt: skip
FEES = st.builds(
    Fee, kind=st.sampled_from(["Phí", "Lệ phí"]), amount=st.sampled_from([None, 1000, 2000]),
    text=st.sampled_from(["", "mỗi đàn"]),
)  # fmt: skip
METHODS = st.builds(
    Method, method=st.sampled_from(["trực tiếp", "trực tuyến"]),
    fees=st.lists(FEES, max_size=3).map(tuple),
)  # fmt: skip
STEPS = st.builds(Step, name=st.sampled_from(["", "Bước 1"]), text=NAMES)
RECORDS = st.builds(
    lambda **fields: BARE.model_copy(update=fields),
    dossier=st.lists(CASES, max_size=3).map(tuple),
    methods=st.lists(METHODS, max_size=3).map(tuple),
    steps=st.lists(STEPS, max_size=4).map(tuple),
    results=st.lists(NAMES, max_size=3).map(tuple),
)


@given(RECORDS, RECORDS)
def test_no_difference_is_ever_missed_or_made_up(old, new):
    found = differences(old, new)
    assert (found == []) == (old == new)
    assert all(change.old != change.new for change in found)


@pytest.mark.parametrize("field", ProcedureRecord.model_fields)
def test_every_field_has_a_label_and_a_text(field):
    blank = BARE.model_copy(update={field: getattr(FULL_RECORD, field)})
    for change in differences(BARE, blank):
        assert change.path.startswith(field)
        assert change.label[0].isupper()
        assert "(" not in change.new or "Enum" not in change.new
