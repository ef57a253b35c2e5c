"""Differences kept for a person: what the source says and what we say, until one is chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import changes, models, storing
from procedures_db.changes import Change, ChangeKind, Source, State
from procedures_db.connection import transaction
from procedures_db.exchange import merging
from procedures_db.exchange.edits import edited, note_said
from procedures_db.models.base import now
from procedures_db.opening import stored
from procedures_db.record import BadCode, ProcedureRecord, as_json, national_code


class Side(str, Enum):
    """Whose value is to hold."""

    OURS = "ours"
    THEIRS = "theirs"


class NoConflict(LookupError):
    """No conflict of this code is kept."""


class OursMoved(RuntimeError):
    """Our value was edited after the conflict was kept: it must be looked at once more."""


class Unusable(ValueError):
    """The source's value could not be read: it cannot be taken."""


@dataclass(frozen=True)
class Conflict:
    """One difference; a side is None where the procedure is withdrawn."""

    code: str
    url: str
    reason: str
    ours: dict[str, Any] | None
    theirs: dict[str, Any] | None
    seen_at: datetime

    @property
    def name(self) -> str:
        return str((self.ours or self.theirs or {}).get("name", ""))

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """(field, ours, theirs) of each field that differs; None: not stated."""
        ours, theirs = self.ours or {}, self.theirs or {}
        names = dict.fromkeys([*ours, *theirs])
        pairs = [(name, ours.get(name), theirs.get(name)) for name in names]
        return [(name, mine, others) for name, mine, others in pairs if mine != others]


@dataclass(frozen=True)
class Clashing:
    """A difference to keep. theirs: as sent, which need not be readable; None on a side: withdrawn."""

    code: str
    url: str
    reason: str
    ours: ProcedureRecord | None
    theirs: dict[str, Any] | None


def every(engine: Engine) -> list[Conflict]:
    """Return all conflicts by code."""
    with transaction(engine) as session:
        statement = select(models.SyncConflictRow).order_by(models.SyncConflictRow.code)
        return [_conflict(row) for row in session.execute(statement).scalars()]


def keep(session: Session, clash: Clashing) -> None:
    """Keep a difference; it replaces an older one of the same procedure."""
    row = models.SyncConflictRow(
        code=clash.code,
        url=clash.url,
        reason=clash.reason,
        ours=as_json(clash.ours) if clash.ours else None,
        theirs=clash.theirs,
        seen_at=now(),
    )
    session.merge(row)


def drop(session: Session, codes: Collection[str]) -> None:
    """The sides agree again: nothing is left to decide."""
    table = models.SyncConflictRow
    for some in storing.batches(codes):
        statement = delete(table).where(table.code.in_(some))
        session.execute(statement.execution_options(synchronize_session=False))


def resolve(engine: Engine, code: str, side: Side, *, actor: str) -> None:
    """Let one side hold and forget the conflict. Raises NoConflict, OursMoved, Unusable, DatabaseBusy.

    After ``OURS`` the source's value counts as seen: only what it changes later comes up again.
    """
    code, moved = _national(code), False
    with transaction(engine, write=True) as session:
        ours = _published(session, code)
        row = session.get(models.SyncConflictRow, code)
        if row is None:
            raise NoConflict(code)
        if side is Side.OURS:
            _keep_ours(session, row)
        elif row.ours == ours:
            _take_theirs(session, row, actor)
        else:
            row.ours, moved = ours, True
        if not moved:
            drop(session, [code])
    if moved:  # after the transaction, which keeps our newest value for whoever looks again
        raise OursMoved(code)


def _keep_ours(session: Session, row: models.SyncConflictRow) -> None:
    try:
        note_said(session, row.code, _readable(row))
    except Unusable:
        return  # what could not be read was never received


def _take_theirs(session: Session, row: models.SyncConflictRow, actor: str) -> None:
    code, url, theirs = row.code, row.url, _readable(row)
    state, old = stored(session, [code]).get(code, (State.ABSENT, None))
    new, said = _taken(session, old if state is State.PUBLISHED else None, theirs)
    if theirs is None:
        change = Change(code, old, old, state, State.WITHDRAWN)
    else:
        change = Change(code, old, new, state, State.PUBLISHED)
    if (change.old, change.before) != (change.new, change.after):
        changes.record(session, [change], kind=ChangeKind.SYNC, actor=actor, source=Source(url))
    if said:
        note_said(session, code, theirs)


def _taken(
    session: Session, ours: ProcedureRecord | None, theirs: ProcedureRecord | None
) -> tuple[ProcedureRecord | None, bool]:
    """What is written, and whether that still differs from what the source says: edits made here
    that do not clash stay, and stay edits."""
    if ours is None or theirs is None:
        return theirs, False
    was = edited(session, ours.code)
    merged = merging.merge_preferring_theirs(was.base if was else None, ours, theirs)
    return merged, merged != merging.keep_local_fields(merged, theirs)


def _readable(row: models.SyncConflictRow) -> ProcedureRecord | None:
    try:
        return None if row.theirs is None else ProcedureRecord.model_validate(row.theirs)
    except ValidationError as error:
        raise Unusable(row.code) from error


def _published(session: Session, code: str) -> dict[str, Any] | None:
    """What is published here."""
    state, record = stored(session, [code]).get(code, (State.ABSENT, None))
    return as_json(record) if record and state is State.PUBLISHED else None


def _national(code: str) -> str:
    try:
        return national_code(code)
    except BadCode as error:
        raise NoConflict(code) from error


def _conflict(row: models.SyncConflictRow) -> Conflict:
    return Conflict(row.code, row.url, row.reason, row.ours, row.theirs, row.seen_at)
