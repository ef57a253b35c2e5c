"""The audit log: who did what, when, to what, from where. Added to in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from procedures_db.models import AuditEventRow

_BATCH = 1_000  # rows read at a time for an export


@dataclass(frozen=True)
class Event:
    """One deed. actor: a user name, ``cli:`` and the system's user, or "" (nobody logged in yet)."""

    number: int
    at: datetime  # UTC
    actor: str
    action: str
    subject: str
    address: str  # IP address; "" on the command line
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form of the export: one object a line, times in ISO 8601 UTC."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "address": self.address,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Filter:
    """Which events: equal where given; ``since`` and ``until`` in UTC, ``until`` not included."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some events, newest first, and how many there are in all."""

    items: list[Event]
    total: int


def record(
    session: Session, *, actor: str, action: str, subject: str = "", address: str = "", **detail: Any
) -> None:  # fmt: skip
    """Write down a deed. detail: JSON values; never a password, token or citizen's words."""
    session.add(
        AuditEventRow(
            actor=actor[:200],
            action=action,
            subject=subject[:200],
            address=address[:45],
            detail=detail,
        )
    )


def events(
    session: Session, chosen: Filter | None = None, *, page: int = 1, size: int = 50
) -> Page:
    """A page of the log; pages count from 1."""
    wanted = _conditions(chosen or Filter())
    total = session.execute(select(func.count(AuditEventRow.id)).where(*wanted)).scalar_one()
    statement = select(AuditEventRow).where(*wanted).order_by(AuditEventRow.id.desc())
    rows = session.execute(statement.limit(size).offset((page - 1) * size)).scalars()
    return Page([_event(row) for row in rows], total)


def actions(session: Session) -> list[str]:
    """The kinds of deeds that stand in the log, to choose from."""
    statement = select(AuditEventRow.action).distinct().order_by(AuditEventRow.action)
    return list(session.execute(statement).scalars())


def export(session: Session, chosen: Filter | None = None, *, after: int = 0) -> Iterator[Event]:
    """Yield events in their order, those with a number above ``after``, a batch in memory at a time."""
    while some := batch(session, chosen, after=after):
        after = some[-1].number
        yield from some
        session.expunge_all()


def batch(session: Session, chosen: Filter | None = None, *, after: int = 0) -> list[Event]:
    """The next events in their order, those with a number above ``after``; empty at the end."""
    wanted = (AuditEventRow.id > after, *_conditions(chosen or Filter()))
    statement = select(AuditEventRow).where(*wanted).order_by(AuditEventRow.id).limit(_BATCH)
    return [_event(row) for row in session.execute(statement).scalars()]


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    table = AuditEventRow
    equal = {table.actor: chosen.actor, table.action: chosen.action, table.subject: chosen.subject}
    wanted = [column == value for column, value in equal.items() if value]
    if chosen.since:
        wanted.append(table.at >= chosen.since)
    if chosen.until:
        wanted.append(table.at < chosen.until)
    return wanted


def _event(row: AuditEventRow) -> Event:
    return Event(row.id, row.at, row.actor, row.action, row.subject, row.address, row.detail)
