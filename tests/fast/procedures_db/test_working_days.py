"""When a dossier would be due, across weekends, Tết, moved working days and month ends."""

from datetime import date
from decimal import Decimal

import pytest

from procedures_db.record import TimeLimit
from procedures_db.working_days import due_date, is_working_day, next_working_day


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 2, 17),  # mùng một Tết
        date(2026, 2, 16),  # giao thừa
        date(2026, 4, 27),  # giỗ Tổ falls on a Sunday: the Monday is off instead
        date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 2), date(2027, 1, 1),
        date(2026, 8, 31),  # off in exchange for Saturday the 22nd
        date(2026, 7, 18), date(2026, 7, 19),  # a weekend
    ],
)  # fmt: skip
def test_days_off(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 7, 20), date(2026, 2, 23), date(2026, 8, 22)])
def test_days_worked_with_the_saturday_given_for_a_monday_off(day):
    assert is_working_day(day)


def test_the_next_working_day_after_tet():
    assert next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)
    assert next_working_day(date(2026, 7, 20)) == date(2026, 7, 20)


@pytest.mark.parametrize(
    ("amount", "unit", "filed", "due"),
    [
        ("5", "ngày làm việc", date(2026, 7, 20), date(2026, 7, 27)),
        ("1", "ngày làm việc", date(2026, 7, 24), date(2026, 7, 27)),
        ("0.5", "ngày làm việc", date(2026, 7, 20), date(2026, 7, 21)),
        ("3.5", "ngày làm việc", date(2026, 7, 20), date(2026, 7, 24)),
        ("3", "ngày làm việc", date(2026, 2, 13), date(2026, 2, 25)),  # over Tết
        ("5", "ngày", date(2026, 7, 20), date(2026, 7, 27)),  # the 25th is a Saturday
        ("4", "ngày", date(2026, 7, 20), date(2026, 7, 24)),
        ("15", "ngày", date(2026, 2, 5), date(2026, 2, 23)),  # would end in Tết
        ("1", "tháng", date(2027, 1, 29), date(2027, 3, 1)),  # 28/2/2027 is a Sunday
        ("3", "tháng", date(2026, 7, 20), date(2026, 10, 20)),
        ("1", "năm", date(2026, 7, 20), date(2027, 7, 20)),
        ("8", "giờ", date(2026, 7, 20), date(2026, 7, 21)),
        ("2", "giờ", date(2026, 7, 24), date(2026, 7, 27)),
        ("24", "giờ", date(2026, 7, 20), date(2026, 7, 23)),
        ("1", "ngày làm việc", date(2026, 7, 19), date(2026, 7, 21)),  # filed on a Sunday
    ],
)
def test_due_dates(amount, unit, filed, due):
    assert due_date(TimeLimit(amount=Decimal(amount), unit=unit), filed) == due


@pytest.mark.parametrize("unit", ["ngày làm việc", "ngày", "tháng", "năm", "giờ"])
def test_terms_of_many_years_have_no_date(unit):
    assert due_date(TimeLimit(amount=Decimal(10_000), unit=unit), date(2026, 7, 20)) is None
