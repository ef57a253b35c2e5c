"""The changes of published procedures in one order: what others ask for with ``changed_since``.

The order is that of the revisions: writers wait for each other (``connection.lock_for_writing``), so
whoever sees one revision sees all before it. Procedures from before the history have no revision:
they stand in front, by their own id. A procedure has one place, that of its latest public revision.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from procedures_db import contents, models, procedures
from procedures_db.contents import Kept
from procedures_db.models import ChangeSetRow, RevisionRow
from procedures_db.record import ProcedureRecord

_DATASET = "dataset"
_REVISED = 10**12  # places from here on are revisions


@dataclass(frozen=True)
class Position:
    """How far a dataset has come; ``dataset`` tells it from any other, whose places mean something else."""

    dataset: int
    place: int


@dataclass(frozen=True)
class Entry:
    """A procedure at its place. withdrawn_at: since when it is published no more; None: it is."""

    place: int
    record: ProcedureRecord  # as published now, or last
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Changes:
    """Entries in their order; ``up_to`` is where the next question starts."""

    entries: list[Entry]
    up_to: int
    more: bool


def latest(session: Session) -> Position:
    """Where the dataset stands: everything up to this place is visible in the session."""
    dataset = session.get(models.StateRow, _DATASET)
    newest = session.execute(select(func.max(RevisionRow.id))).scalar() or 0
    return Position(dataset.value if dataset else 0, _REVISED + newest)


def renew(session: Session) -> None:
    """Make this another dataset: cursors given out before are unknown from now on."""
    session.merge(models.StateRow(name=_DATASET, value=secrets.randbelow(2**31)))


def changed_at(session: Session) -> datetime | None:
    """When the last public change was made; None for one from before the history."""
    statement = select(ChangeSetRow.at).join(RevisionRow).where(RevisionRow.public)
    return session.execute(statement.order_by(RevisionRow.id.desc()).limit(1)).scalar()


def since(session: Session, place: int, *, limit: int) -> Changes:
    """Return the first ``limit`` entries after a place."""
    # Read before the entries: what is changed meanwhile gets a later place and its turn next time.
    end = latest(session).place
    found = _unrevised(session, place, limit + 1) if place < _REVISED else []
    if len(found) <= limit:
        after = max(place - _REVISED, 0)
        found += _revised(session, after, end - _REVISED, limit + 1 - len(found))
    if len(found) <= limit:
        return Changes(found, end, more=False)
    return Changes(found[:limit], found[limit - 1].place, more=True)


def find(session: Session, code: str) -> Entry | None:
    """Return the entry of a procedure; None if it was never published."""
    statement = _public().where(RevisionRow.code == code).order_by(RevisionRow.id.desc()).limit(1)
    if rows := session.execute(statement).all():
        return next(iter(_entries(session, rows)), None)
    row = procedures.find_row(session, code)
    return Entry(row.id, procedures.to_record(row)) if row else None


def _unrevised(session: Session, place: int, limit: int) -> list[Entry]:
    table = models.ProcedureRow
    revised = select(RevisionRow.id).where(RevisionRow.code == table.code, RevisionRow.public)
    statement = (
        select(table)
        .where(table.id > place, table.state == procedures.PUBLISHED, ~revised.exists())
        .order_by(table.id)
        .limit(limit)
    )
    rows = session.execute(statement).scalars()
    return [Entry(row.id, procedures.to_record(row)) for row in rows]


def _revised(session: Session, after: int, end: int, limit: int) -> list[Entry]:
    later = aliased(RevisionRow)
    superseded = select(later.id).where(
        later.code == RevisionRow.code, later.public, later.id > RevisionRow.id
    )
    statement = (
        _public()
        .where(RevisionRow.id > after, RevisionRow.id <= end, ~superseded.exists())
        .order_by(RevisionRow.id)
        .limit(limit)
    )
    return list(_entries(session, session.execute(statement).all()))


def _public():  # type: ignore[no-untyped-def]
    return select(RevisionRow, ChangeSetRow.at).join(ChangeSetRow).where(RevisionRow.public)


def _entries(session: Session, rows: Iterable) -> Iterable[Entry]:
    kept = {row.RevisionRow.id: _kept(row.RevisionRow) for row in rows}
    records = contents.fetch(session, kept.values())
    for revision, at in rows:
        is_published = revision.state_after == procedures.PUBLISHED
        place, record = _REVISED + revision.id, records[kept[revision.id]]
        yield Entry(place, record, None if is_published else at)


def _kept(row: RevisionRow) -> Kept:
    """What the procedure says, or said last."""
    if row.new_content:
        return Kept(row.new_content, row.new_as_of)
    return Kept(row.old_content, row.old_as_of)
