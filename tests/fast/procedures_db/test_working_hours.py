"""When the staff answer: office hours, public holidays, notices of absence."""

from datetime import date, datetime, time, timezone

import pytest

from procedures_db import working_hours
from procedures_db.connection import transaction
from procedures_db.working_hours import LOCAL, Absence, BadWorkingHours, Period, WorkingHours


def local(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 07:29", False),
        ("2026-11-23 07:30", True),
        ("2026-11-23 11:30", False),
        ("2026-11-23 13:30", True),
        ("2026-11-23 17:00", False),
        ("2026-11-21 09:00", False),  # Saturday
        ("2026-09-02 09:00", False),  # National Day
        ("2027-02-08 09:00", False),  # Tết
    ],
)
def test_the_usual_office_hours(moment, is_open):
    assert WorkingHours().is_open(local(moment)) is is_open


def test_hours_are_vietnamese_whatever_clock_the_server_has():
    assert WorkingHours().is_open(datetime(2026, 11, 23, 1, 0, tzinfo=timezone.utc))
    assert not WorkingHours().is_open(datetime(2026, 11, 23, 11, 0, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 12:00", "2026-11-23 13:30"),
        ("2026-11-20 18:00", "2026-11-23 07:30"),  # Friday evening → Monday
        ("2026-09-01 10:00", "2026-09-03 07:30"),
        ("2027-02-05 10:00", "2027-02-11 07:30"),  # over Tết
    ],
)
def test_the_next_opening_skips_nights_weekends_and_holidays(asked, answered):
    assert WorkingHours().next_opening(local(asked)) == local(answered)


def test_an_absence_is_skipped_and_its_reason_known():
    hours = WorkingHours(absences=(Absence(date(2026, 11, 23), date(2026, 11, 23), "Bão số 12"),))
    assert not hours.is_open(local("2026-11-23 09:00"))
    assert hours.next_opening(local("2026-11-23 09:00")) == local(
        "2026-11-25 07:30"
    )  # 24th: a holiday
    assert hours.absence_on(date(2026, 11, 23)).reason == "Bão số 12"


def test_an_office_that_never_opens_promises_nothing():
    far = Absence(date(2026, 1, 1), date(2027, 12, 31))
    assert WorkingHours(absences=(far,)).next_opening(local("2026-11-23 09:00")) is None


def test_hours_set_by_an_administrator_replace_the_usual_ones(engine):
    with transaction(engine) as session:
        assert working_hours.load(session) == WorkingHours()
        working_hours.set_periods(session, [Period(5, time(8), time(12))])
        working_hours.add_absence(
            session, Absence(date(2026, 12, 5), date(2026, 12, 6), " Tập huấn ")
        )
    with transaction(engine) as session:
        hours = working_hours.load(session)
    assert hours.is_open(local("2026-11-28 09:00"))  # a Saturday
    assert not hours.is_open(local("2026-11-27 09:00"))
    assert not hours.is_open(local("2026-12-05 09:00"))
    assert hours.absences[0].reason == "Tập huấn"


def test_hours_and_absences_that_make_no_sense_are_refused(engine):
    with transaction(engine) as session:
        with pytest.raises(BadWorkingHours):
            working_hours.set_periods(session, [Period(0, time(12), time(8))])
        with pytest.raises(BadWorkingHours):
            working_hours.set_periods(session, [Period(7, time(8), time(12))])
        with pytest.raises(BadWorkingHours):
            working_hours.add_absence(session, Absence(date(2026, 12, 6), date(2026, 12, 5)))
        assert working_hours.load(session) == WorkingHours()
