"""Change procedures as officials and imports do: through the history."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from procedures_db import changes, editing
from procedures_db.changes import Change, ChangeKind, State
from procedures_db.connection import transaction
from procedures_db.opening import stored
from procedures_db.record import ProcedureRecord

ACTOR = "Lan"


def edit(engine: Engine, *records: ProcedureRecord, received: bool = False) -> None:
    """Publish the records: edited by an official, or received from a file."""
    with transaction(engine, write=True) as session:
        known = stored(session, [record.code for record in records])
        steps = []
        for record in records:
            state, old = known.get(record.code, (State.ABSENT, None))
            steps.append(Change(record.code, old, record, state, State.PUBLISHED))
        kind = ChangeKind.IMPORT if received else ChangeKind.EDIT
        changes.record(session, steps, kind=kind, actor=ACTOR)


def withdraw(engine: Engine, code: str) -> None:
    """Take a procedure out of the answers."""
    with transaction(engine, write=True) as session:
        version = editing.open_procedure(session, code).version
        editing.withdraw(session, code, expected_version=version, actor=ACTOR)
