"""A sentence that citizens read above the conversation for a while (thông báo): holidays, moved offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from procedures_db.models import AnnouncementRow
from procedures_db.models.base import now as utc_now

LONGEST = 300


class BadAnnouncement(ValueError):
    """The announcement cannot be made; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Announcement:
    """What is said, from when to when (UTC; ``ends_at`` None: until it is taken down)."""

    id: int
    text: str
    begins_at: datetime
    ends_at: datetime | None
    created_by: str


def announce(
    session: Session, text: str, *, by: str, begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Announcement:  # fmt: skip
    """Say something from now or ``begins_at`` on; it takes the place of what is said. Raises BadAnnouncement."""
    said, begins = " ".join(text.split()), begins_at or utc_now()
    if not 1 <= len(said) <= LONGEST:
        raise BadAnnouncement(f"Thông báo dài từ 1 đến {LONGEST} ký tự.")
    if ends_at is not None and ends_at <= max(begins, utc_now()):
        raise BadAnnouncement("Thời điểm hết phải sau thời điểm bắt đầu và chưa qua.")
    row = AnnouncementRow(text=said, begins_at=begins, ends_at=ends_at, created_by=by)
    session.add(row)
    session.flush()
    return _announcement(row)


def current(session: Session, at: datetime | None = None) -> Announcement | None:
    """What is said now: the one that was made last of those that last."""
    now = at or utc_now()
    table = AnnouncementRow
    lasts = (table.begins_at <= now, or_(table.ends_at.is_(None), table.ends_at > now))
    row = session.execute(select(table).where(*lasts).order_by(table.id.desc()).limit(1))
    found = row.scalar_one_or_none()
    return _announcement(found) if found else None


def coming(session: Session) -> list[Announcement]:
    """Those that last or have not begun, the latest made first."""
    table = AnnouncementRow
    lasts = or_(table.ends_at.is_(None), table.ends_at > utc_now())
    rows = session.execute(select(table).where(lasts).order_by(table.id.desc()).limit(50))
    return [_announcement(row) for row in rows.scalars()]


def take_down(session: Session, announcement_id: int) -> None:
    """End it now; one that has ended stays as it was."""
    table, now = AnnouncementRow, utc_now()
    lasts = or_(table.ends_at.is_(None), table.ends_at > now)
    chosen = update(table).where(table.id == announcement_id, lasts)
    session.execute(chosen.values(ends_at=now).execution_options(synchronize_session=False))


def _announcement(row: AnnouncementRow) -> Announcement:
    return Announcement(row.id, row.text, row.begins_at, row.ends_at, row.created_by)
