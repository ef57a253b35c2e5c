"""When the staff answer (giờ làm việc): weekly periods, public holidays, notices of absence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procedures_db.models import AbsenceRow, WorkingPeriodRow

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_LOOK_AHEAD_DAYS = 60  # Tết is the longest closure; nobody waits longer for an honest answer


class BadWorkingHours(ValueError):
    """A period or an absence makes no sense; the message says which, in Vietnamese."""


class ClosureNotFound(LookupError):
    """No absence of the office carries this number."""


@dataclass(frozen=True)
class Period:
    """Part of a weekday (0 = Monday), local time."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Absence:
    """Days off beside public holidays, first and last included."""

    first_day: date
    last_day: date
    reason: str = ""


DEFAULT = tuple(
    Period(weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
)


@dataclass(frozen=True)
class WorkingHours:
    """The staff's calendar."""

    periods: Sequence[Period] = DEFAULT
    absences: Sequence[Absence] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether staff work at this aware moment."""
        local = at.astimezone(LOCAL)
        return any(start <= local < end for start, end in self._spans(local.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """When staff are next there, local time: ``at`` itself if open, None if not within 60 days."""
        local = at.astimezone(LOCAL)
        for days in range(_LOOK_AHEAD_DAYS + 1):
            for start, end in self._spans(local.date() + timedelta(days=days)):
                if local < end:
                    return max(start, local)
        return None

    def absence_on(self, day: date) -> Absence | None:
        return next((a for a in self.absences if a.first_day <= day <= a.last_day), None)

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in _public_holidays(day.year) or self.absence_on(day):
            return
        for period in sorted(self.periods, key=lambda p: p.opens):
            if period.weekday == day.weekday():
                yield (
                    datetime.combine(day, period.opens, LOCAL),
                    datetime.combine(day, period.closes, LOCAL),
                )


def load(session: Session) -> WorkingHours:
    """The calendar as administrators set it; the usual office hours where they set none."""
    periods = session.execute(select(WorkingPeriodRow)).scalars()
    absences = session.execute(select(AbsenceRow)).scalars()
    return WorkingHours(
        tuple(Period(row.weekday, row.opens, row.closes) for row in periods) or DEFAULT,
        tuple(Absence(row.first_day, row.last_day, row.reason) for row in absences),
    )


def set_periods(session: Session, periods: Sequence[Period]) -> None:
    """Replace the weekly periods. Raises BadWorkingHours."""
    for period in periods:
        if not 0 <= period.weekday <= 6 or period.opens >= period.closes:
            raise BadWorkingHours(f"giờ mở phải trước giờ đóng: {period.opens}–{period.closes}")
    session.execute(delete(WorkingPeriodRow))
    session.add_all(
        WorkingPeriodRow(weekday=p.weekday, opens=p.opens, closes=p.closes) for p in periods
    )


def add_absence(session: Session, absence: Absence) -> None:
    """Announce days off. Raises BadWorkingHours."""
    if absence.last_day < absence.first_day:
        raise BadWorkingHours("ngày nghỉ cuối phải từ ngày nghỉ đầu trở đi")
    session.add(
        AbsenceRow(
            first_day=absence.first_day, last_day=absence.last_day, reason=absence.reason.strip()
        )
    )


def closures(session: Session, *, since: date) -> list[tuple[int, Absence]]:
    """The office's absences that have not ended before a day, with their numbers."""
    rows = session.execute(
        select(AbsenceRow).where(AbsenceRow.last_day >= since).order_by(AbsenceRow.first_day)
    ).scalars()
    return [(row.id, Absence(row.first_day, row.last_day, row.reason)) for row in rows]


def remove_absence(session: Session, number: int) -> None:
    """Raises ClosureNotFound."""
    if not session.execute(delete(AbsenceRow).where(AbsenceRow.id == number)).rowcount:
        raise ClosureNotFound(number)


def today() -> date:
    """The day in Viet Nam."""
    return datetime.now(LOCAL).date()


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))
