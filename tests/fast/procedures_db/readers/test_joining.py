"""What a file with a part of a field does to what is stored."""

from datetime import date

import pytest

from procedures_db.record import Agency, Decision
from procedures_db.sync.reading import Place, ReadRecord
from tests.fast.samples import FULL_RECORD


def over(old=FULL_RECORD, values=None, **parts):
    return ReadRecord("1.000002", values or {}, Place("tep"), parts).values_over(old)


def test_a_role_that_a_list_names_is_replaced_and_the_others_stay():
    joined = over(agencies=(Agency(role="cơ quan có thẩm quyền", name="Sở Ong"),))["agencies"]
    assert [(a.role.value, a.name) for a in joined] == [
        ("cơ quan thực hiện", "Ủy ban nhân dân cấp xã"),
        ("cơ quan có thẩm quyền", "Sở Ong"),
        ("cơ quan được ủy quyền", "Chi cục Chăn nuôi"),
        ("cơ quan phối hợp", "Công an cấp xã"),
    ]


@pytest.mark.parametrize(
    ("part", "joined"),
    [
        (Decision(agency="Bộ Ong"), ("77/QĐ-BNN", date(2026, 1, 16), "Bộ Ong")),
        (Decision(number="77/QĐ-BNN"), ("77/QĐ-BNN", date(2026, 1, 16), "Bộ Nông nghiệp")),
        (
            Decision(number="99/QĐ-BO"),
            ("99/QĐ-BO", None, ""),
        ),  # another decision: nothing of the old
    ],
)
def test_a_decision_is_completed_or_replaced(part, joined):
    decision = over(decision=part)["decision"]
    assert (decision.number, decision.issued_on, decision.agency) == joined


def test_a_remark_replaces_the_one_with_its_label():
    old = FULL_RECORD.model_copy(
        update={"remarks": ("Phí, lệ phí: 10.000", "Mang theo áo bảo hộ.")}
    )
    assert over(old, remarks=("Phí, lệ phí: 20.000",))["remarks"] == (
        "Mang theo áo bảo hộ.",
        "Phí, lệ phí: 20.000",
    )


def test_the_day_of_a_list_is_not_the_day_of_the_details_that_it_lacks():
    assert over(as_of=date(2026, 10, 1))["as_of"] == FULL_RECORD.as_of
    assert over(None, as_of=date(2026, 10, 1)) == {"as_of": date(2026, 10, 1)}
    assert over(values={"as_of": date(2026, 10, 1)}) == {"as_of": date(2026, 10, 1)}


def test_a_new_procedure_gets_values_and_parts_as_they_are():
    assert over(None, {"name": "Ong"}, decision=Decision(number="1")) == {
        "name": "Ong",
        "decision": Decision(number="1"),
    }


def test_whole_fields_are_not_joined():
    assert over(values={"results": ()}) == {"results": ()}
