"""Read the history: the revisions of a procedure, what it said at a moment, who changed what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from procedures_db import contents, procedures
from procedures_db.changes import ChangeKind, ChangeSet, Source, State
from procedures_db.contents import Kept
from procedures_db.differences import FieldChange as FieldChange
from procedures_db.differences import differences as differences
from procedures_db.models import ChangeSetRow, RevisionRow
from procedures_db.record import ProcedureRecord


class ChangeSetNotFound(LookupError):
    """No change set has this id."""


class RevisionNotFound(LookupError):
    """The procedure has no revision of this number."""


@dataclass(frozen=True)
class Revision:
    """One change of one procedure.

    number: 1, 2, 3 … for each code; the latest is the version that editors must name.
    old, new: what it said before and after; None: it did not exist. A draft's revisions hold the
    draft; publishing one holds what was answered from before and since.
    public: it changed what citizens are answered from.
    """

    code: str
    number: int
    change_set: ChangeSet
    before: State
    after: State
    public: bool
    old: ProcedureRecord | None
    new: ProcedureRecord | None

    @property
    def field_changes(self) -> list[FieldChange]:
        return differences(self.old, self.new)


@dataclass(frozen=True)
class ChangeSetSummary:
    """A change set and how many procedures it concerns; drafts count as ``drafts`` only."""

    change_set: ChangeSet
    added: int
    changed: int
    removed: int
    drafts: int


@dataclass(frozen=True)
class Page:
    """Some of a long list, newest first, and how long it is."""

    items: list[ChangeSetSummary]
    total: int


def revisions(session: Session, code: str, *, limit: int | None = None) -> list[Revision]:
    """Return the revisions of a procedure, newest first; none for a code nobody has changed."""
    statement = _joined().where(RevisionRow.code == code).order_by(RevisionRow.number.desc())
    return _revisions(session, session.execute(statement.limit(limit)).all())


def revision(session: Session, code: str, number: int) -> Revision:
    """Return one revision. Raises RevisionNotFound."""
    chosen = _joined().where(RevisionRow.code == code, RevisionRow.number == number)
    found = _revisions(session, session.execute(chosen).all())
    if not found:
        raise RevisionNotFound(f"{code}, {number}")
    return found[0]


def as_of(session: Session, code: str, moment: datetime) -> ProcedureRecord | None:
    """Return what citizens were answered from at a moment (with its time zone); None: nothing.

    A procedure older than the history is taken to have been as the history found it.
    """
    public = _joined().where(RevisionRow.code == code, RevisionRow.public.is_(True))
    before = public.where(ChangeSetRow.at <= moment).order_by(RevisionRow.number.desc()).limit(1)
    if row := session.execute(before).first():
        last = row.RevisionRow
        return _answered(session, last.state_after, last.new_content, last.new_as_of)
    if row := session.execute(public.order_by(RevisionRow.number).limit(1)).first():
        first = row.RevisionRow
        return _answered(session, first.state_before, first.old_content, first.old_as_of)
    try:
        return procedures.get(session, code)
    except procedures.ProcedureNotFound:
        return None


def change_set(session: Session, change_set_id: int) -> ChangeSetSummary:
    """Return one change set. Raises ChangeSetNotFound."""
    row = session.get(ChangeSetRow, change_set_id)
    if row is None:
        raise ChangeSetNotFound(str(change_set_id))
    return _summaries(session, [row])[0]


def change_sets(
    session: Session, *, page: int = 1, size: int = 20, kind: ChangeKind | None = None
) -> Page:
    """Return a page of change sets, newest first; pages count from 1."""
    wanted = [ChangeSetRow.kind == kind.value] if kind else []
    total = session.execute(select(func.count(ChangeSetRow.id)).where(*wanted)).scalar_one()
    statement = select(ChangeSetRow).where(*wanted).order_by(ChangeSetRow.id.desc())
    rows = session.execute(statement.limit(size).offset((page - 1) * size)).scalars().all()
    return Page(_summaries(session, rows), total)


def revisions_of(session: Session, change_set_id: int, *, batch: int = 500) -> Iterator[Revision]:
    """Yield the revisions of a change set in the order they were made, reading ``batch`` at a time."""
    after = 0
    statement = _joined().where(RevisionRow.change_set_id == change_set_id)
    while True:
        some = statement.where(RevisionRow.id > after).order_by(RevisionRow.id).limit(batch)
        rows = session.execute(some).all()
        if not rows:
            return
        after = rows[-1].RevisionRow.id
        yield from _revisions(session, rows)


def page_of(
    session: Session, change_set_id: int, *, page: int = 1, size: int = 20
) -> tuple[list[Revision], int]:
    """Return a page of the revisions of a change set, and how many it has; pages count from 1."""
    mine = RevisionRow.change_set_id == change_set_id
    total = session.execute(select(func.count(RevisionRow.id)).where(mine)).scalar_one()
    some = _joined().where(mine).order_by(RevisionRow.id).limit(size).offset((page - 1) * size)
    return _revisions(session, session.execute(some).all()), total


def _joined():  # type: ignore[no-untyped-def]
    return select(RevisionRow, ChangeSetRow).join(
        ChangeSetRow, ChangeSetRow.id == RevisionRow.change_set_id
    )


def _kept(key: str | None, day: date | None) -> Kept | None:
    return None if key is None or day is None else Kept(key, day)


def _answered(
    session: Session, state: str, key: str | None, day: date | None
) -> ProcedureRecord | None:
    kept = _kept(key, day)
    if kept is None or state != State.PUBLISHED:
        return None
    return contents.fetch(session, [kept])[kept]


def _revisions(session: Session, rows: Iterable) -> list[Revision]:
    rows = list(rows)
    pairs = [
        (_kept(r.old_content, r.old_as_of), _kept(r.new_content, r.new_as_of)) for r, _ in rows
    ]
    records = contents.fetch(session, [kept for pair in pairs for kept in pair if kept])
    return [
        Revision(
            code=row.code,
            number=row.number,
            change_set=_change_set(change_set_row),
            before=State(row.state_before),
            after=State(row.state_after),
            public=row.public,
            old=records[old] if old else None,
            new=records[new] if new else None,
        )
        for (row, change_set_row), (old, new) in zip(rows, pairs, strict=True)
    ]


def _change_set(row: ChangeSetRow) -> ChangeSet:
    return ChangeSet(
        id=row.id,
        kind=ChangeKind(row.kind),
        actor=row.actor,
        at=row.at,
        source=Source(row.source_name, row.source_sha256),
        note=row.note,
        undoes=row.undoes,
    )


def _summaries(session: Session, rows: list[ChangeSetRow]) -> list[ChangeSetSummary]:
    kind = case(
        (RevisionRow.public.is_(False), "drafts"),
        (RevisionRow.old_content.is_(None), "added"),
        (RevisionRow.new_content.is_(None), "removed"),
        else_="changed",
    ).label("kind")
    statement = (
        select(RevisionRow.change_set_id, kind, func.count(RevisionRow.id).label("count"))
        .where(RevisionRow.change_set_id.in_([row.id for row in rows]))
        .group_by(RevisionRow.change_set_id, kind)
    )
    counts: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    for found in session.execute(statement):
        counts[found.change_set_id][found.kind] = found.count
    names = ("added", "changed", "removed", "drafts")
    return [
        ChangeSetSummary(_change_set(row), *(counts[row.id].get(name, 0) for name in names))
        for row in rows
    ]
