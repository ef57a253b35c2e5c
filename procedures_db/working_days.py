"""When a dossier filed on a day would be due: working days, Tết and the other public holidays of Viet Nam.

Terms are counted as the Civil Code says (Bộ luật Dân sự 2015, Điều 147–148): the day of filing does not
count; a month or year ends on the corresponding day, or on the month's last; a term that would end on a
day off ends with the next working day. Holidays, moved working days and compensatory days off come from
the ``holidays`` package, which follows the government's yearly announcements.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.relativedelta import relativedelta

from procedures_db.record import TimeLimit, TimeUnit

HOURS_A_DAY = 8  # a working day; records count longer terms in multiples of it (176 giờ = 22 days)
_LONGEST = 400  # working days counted one by one; nobody is helped by a date further off


def is_working_day(day: date) -> bool:
    """Monday to Friday, without public holidays, with the Saturdays worked in exchange for a day off."""
    return bool(_calendar().is_working_day(day))


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def due_date(limit: TimeLimit, filed: date) -> date | None:
    """The last day of the term for a complete dossier filed on ``filed``; None when too far to tell.

    A dossier that arrives on a day off counts as filed on the next working day. Hours are working hours.
    """
    filed = next_working_day(filed)
    if limit.unit is TimeUnit.WORKING_DAY:
        return _after_working_days(filed, math.ceil(limit.amount))
    if limit.unit is TimeUnit.HOUR:
        return _after_working_days(filed, math.ceil(limit.amount / HOURS_A_DAY))
    whole = math.ceil(limit.amount)
    if whole > _LONGEST:
        return None
    return next_working_day(filed + _span(limit.unit, whole))


def _span(unit: TimeUnit, amount: int) -> relativedelta:
    if unit is TimeUnit.DAY:
        return relativedelta(days=amount)
    return relativedelta(months=amount if unit is TimeUnit.MONTH else 12 * amount)


def _after_working_days(filed: date, count: int) -> date | None:
    return None if count > _LONGEST else _calendar().get_nth_working_day(filed, count)


@lru_cache(maxsize=1)
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("VN")
