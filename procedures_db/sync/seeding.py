"""Put the built-in procedures into the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import changes, models
from procedures_db.changes import Change, ChangeKind, Source, State
from procedures_db.connection import transaction
from procedures_db.record import ProcedureRecord
from procedures_db.sync.seed_yaml import read_seed

ACTOR = "motcua"
_SOURCE = Source("dữ liệu có sẵn")


def seed(engine: Engine) -> int:
    """Add built-in procedures whose code the database lacks; return how many.

    Existing ones, also withdrawn, are left alone: an import or an official's edit is newer than what
    we ship. Raises DatabaseBusy.
    """
    records = read_seed()
    with transaction(engine) as session:
        if not _missing(session, records):
            return 0
    with transaction(engine, write=True) as session:  # another server may have been faster
        missing = _missing(session, records)
        if missing:
            steps = [
                Change(record.code, None, record, State.ABSENT, State.PUBLISHED)
                for record in missing
            ]
            changes.record(session, steps, kind=ChangeKind.SEED, actor=ACTOR, source=_SOURCE)
    return len(missing)


def _missing(session: Session, records: Sequence[ProcedureRecord]) -> list[ProcedureRecord]:
    known = set(session.execute(select(models.ProcedureRow.code)).scalars())
    return [record for record in records if record.code not in known]
