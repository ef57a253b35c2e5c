"""Canned answers and absences of staff."""

from datetime import date

import pytest

from procedures_db import canned_answers, staff_absences
from procedures_db.canned_answers import BadCannedAnswer, CannedAnswerNotFound
from procedures_db.connection import transaction
from procedures_db.staff_absences import AbsenceNotFound, BadAbsence

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def run(engine):
    def run(function, *arguments, **named):
        with transaction(engine) as session:
            return function(session, *arguments, **named)

    return run


def test_an_office_sees_its_own_texts_and_those_of_all(run):
    run(canned_answers.add, "Giờ làm việc", "7 giờ 30 đến 17 giờ.", by="lan")
    run(canned_answers.add, "Địa chỉ", "Thôn 3.", by="lan", office="xã Hoa Nhãn")
    run(canned_answers.add, "Địa chỉ", "Phố 1.", by="lan", office="phường Mai Lĩnh")
    titles = [(c.title, c.text) for c in run(canned_answers.every, office="xã Hoa Nhãn")]
    assert titles == [("Giờ làm việc", "7 giờ 30 đến 17 giờ."), ("Địa chỉ", "Thôn 3.")]
    assert len(run(canned_answers.every)) == 3


def test_a_text_is_changed_and_removed(run):
    made = run(canned_answers.add, "Chào", "Xin chào", by="lan")
    changed = run(canned_answers.update, made.id, "Chào", "Kính chào bác", by="minh")
    assert (changed.text, changed.author) == ("Kính chào bác", "minh")
    assert run(canned_answers.remove, made.id).title == "Chào"
    for call in (canned_answers.get, canned_answers.remove):
        with pytest.raises(CannedAnswerNotFound):
            run(call, made.id)


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [(" ", "a", "cần có"), ("a", " ", "cần có"), ("a" * 121, "b", "dài quá"),
     ("a", "b" * 3_001, "dài quá"), ("CHAO", "b", "đã có")],
)  # fmt: skip
def test_a_text_that_nobody_could_use_is_refused(run, title, text, why):
    run(canned_answers.add, "Chào", "Xin chào", by="lan")
    with pytest.raises(BadCannedAnswer, match=why):
        run(canned_answers.add, title, text, by="lan")
    assert len(run(canned_answers.every)) == 1


def test_who_is_away_on_a_day(run):
    run(staff_absences.add, "lan", MONDAY, FRIDAY, reason="nghỉ phép")
    run(staff_absences.add, "minh", FRIDAY, FRIDAY)
    assert run(staff_absences.away, MONDAY) == {"lan"}
    assert run(staff_absences.away, FRIDAY) == {"lan", "minh"}
    assert run(staff_absences.away, date(2026, 11, 28)) == frozenset()
    assert [a.staff for a in run(staff_absences.since, FRIDAY)] == ["lan", "minh"]


def test_only_ones_own_absence_is_taken_back(run):
    made = run(staff_absences.add, "lan", MONDAY, FRIDAY)
    with pytest.raises(AbsenceNotFound):
        run(staff_absences.remove, made.id, staff="minh")
    run(staff_absences.remove, made.id, staff="lan")
    assert run(staff_absences.since, MONDAY) == []


def test_days_that_end_before_they_begin_are_refused(run):
    with pytest.raises(BadAbsence):
        run(staff_absences.add, "lan", FRIDAY, MONDAY)
