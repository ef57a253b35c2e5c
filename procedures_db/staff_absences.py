"""When each member of staff is away: what they own meanwhile may be taken by a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db.models import StaffAbsenceRow


class AbsenceNotFound(LookupError):
    """No absence carries this number."""


class BadAbsence(ValueError):
    """The days make no sense; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class StaffAbsence:
    """First and last day included; ``staff`` is a user name."""

    id: int
    staff: str
    first_day: date
    last_day: date
    reason: str


def add(
    session: Session, staff: str, first_day: date, last_day: date, *, reason: str = ""
) -> StaffAbsence:
    """Raises BadAbsence."""
    if last_day < first_day:
        raise BadAbsence("ngày vắng cuối phải từ ngày vắng đầu trở đi")
    row = StaffAbsenceRow(
        staff=staff, first_day=first_day, last_day=last_day, reason=reason.strip()[:500]
    )
    session.add(row)
    session.flush()
    return _absence(row)


def remove(session: Session, number: int, *, staff: str) -> None:
    """End one's own absence, or take its notice back. Raises AbsenceNotFound."""
    row = session.get(StaffAbsenceRow, number)
    if row is None or row.staff != staff:
        raise AbsenceNotFound(number)
    session.delete(row)


def since(session: Session, day: date) -> list[StaffAbsence]:
    """Those that have not ended before ``day``, the earliest first."""
    rows = session.execute(
        select(StaffAbsenceRow)
        .where(StaffAbsenceRow.last_day >= day)
        .order_by(StaffAbsenceRow.first_day, StaffAbsenceRow.id)
    ).scalars()
    return [_absence(row) for row in rows]


def away(session: Session, day: date) -> frozenset[str]:
    """User names of everybody who is away on that day."""
    rows = session.execute(
        select(StaffAbsenceRow.staff).where(
            StaffAbsenceRow.first_day <= day, StaffAbsenceRow.last_day >= day
        )
    )
    return frozenset(rows.scalars())


def _absence(row: StaffAbsenceRow) -> StaffAbsence:
    return StaffAbsence(**{name: getattr(row, name) for name in StaffAbsence.__dataclass_fields__})
