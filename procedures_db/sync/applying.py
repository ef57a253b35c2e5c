"""Apply a preview, or take a change set back: all or nothing, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import changes, history, storing
from procedures_db.changes import Change, ChangeKind, ChangeSet, Source, State
from procedures_db.connection import transaction
from procedures_db.contents import content_hash
from procedures_db.history import Revision
from procedures_db.opening import stored
from procedures_db.record import ProcedureRecord
from procedures_db.sync.previewing import Preview, stored_versions


class PreviewOutdated(RuntimeError):
    """Procedures have changed since the preview was made: nothing was written, preview again."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        few = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
        super().__init__(f"dữ liệu đã thay đổi từ lúc xem trước: {few}")


@dataclass(frozen=True)
class Conflict:
    """A procedure that has changed since; by, at (UTC): its latest change, a draft's aside."""

    code: str
    name: str
    by: str
    at: datetime


class UndoConflict(RuntimeError):
    """Procedures of the change set were changed since: nothing was undone; ``leaving`` spares them."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        self.conflicts = conflicts
        few = "; ".join(f"{one.code} {one.name} ({one.by})" for one in conflicts[:5])
        super().__init__(f"đã có người sửa sau đó: {few}{' …' if len(conflicts) > 5 else ''}")


class NothingToUndo(RuntimeError):
    """The change set changed nothing that is answered from (a draft), or all of it is to be left."""


def apply(
    engine: Engine,
    preview: Preview,
    *,
    actor: str,
    source: Source = Source(),
    kind: ChangeKind = ChangeKind.IMPORT,
    note: str = "",
) -> ChangeSet | None:
    """Write what the preview plans and return its change set; None if there is nothing to write.

    A column mapping that the preview was made with is kept either way. Raises PreviewOutdated if any procedure that was compared has changed since, DatabaseBusy.
    """
    steps = [one.as_change() for one in preview.planned]
    if not (steps or preview.mapping):
        return None
    _prepare(steps)
    with transaction(engine, write=True) as session:
        if preview.mapping:
            preview.mapping.keep(session)
        if not steps:
            return None
        now = stored_versions(session, preview.compared)
        outdated = [code for code, was in preview.compared.items() if now.get(code, "") != was]
        if outdated:
            raise PreviewOutdated(outdated)
        return changes.record(session, steps, kind=kind, actor=actor, source=source, note=note)


def undo(
    engine: Engine,
    change_set_id: int,
    *,
    actor: str,
    leaving: Collection[str] = (),
    note: str = "",
) -> ChangeSet:
    """Put back what was answered from before a change set; the undoing is a change set itself.

    leaving: codes that stay as they are now. Raises ChangeSetNotFound, UndoConflict if a procedure is
    no longer as the change set left it, NothingToUndo, DatabaseBusy.
    """
    with transaction(engine) as session:  # the history never changes: read it before others wait
        history.change_set(session, change_set_id)
        steps = [
            _reversed(one)
            for one in history.revisions_of(session, change_set_id)
            if one.public and one.code not in leaving
        ]
    if not steps:
        raise NothingToUndo(f"lần thay đổi {change_set_id} không có gì để hoàn tác")
    _prepare(steps)
    with transaction(engine, write=True) as session:
        if conflicts := list(_conflicts(session, steps)):
            raise UndoConflict(conflicts)
        return changes.record(
            session, steps, kind=ChangeKind.UNDO, actor=actor, note=note, undoes=change_set_id
        )


def _prepare(steps: Iterable[Change]) -> None:
    """Pack the contents now: the others wait only for what has to be done while they wait."""
    for step in steps:
        _ = step.packed_old, step.packed_new


def _reversed(revision: Revision) -> Change:
    return Change(
        code=revision.code,
        old=revision.new,
        new=revision.old,
        before=revision.after,
        after=revision.before,
    )


def _conflicts(session: Session, steps: list[Change]) -> Iterator[Conflict]:
    now = stored_versions(session, [step.code for step in steps])
    for batch in storing.batches(step for step in steps if now.get(step.code, "") != _left(step)):
        found = stored(session, [step.code for step in batch])
        for step in batch:
            state, record = found.get(step.code, (State.ABSENT, None))
            if (state, record) != (step.before, step.old):
                yield _conflict(session, step, record)


def _left(step: Change) -> str:
    """What ``stored_versions`` says as long as nobody has changed what the change set left."""
    return f"{step.before.value} {content_hash(step.old)}" if step.old else ""


def _conflict(session: Session, step: Change, record: ProcedureRecord | None) -> Conflict:
    named = record or step.old or step.new
    last = next(one for one in history.revisions(session, step.code) if one.public)
    name = named.name if named else ""
    return Conflict(step.code, name, last.change_set.actor, last.change_set.at)
