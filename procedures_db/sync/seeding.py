"""Put the built-in procedures into the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Engine

from procedures_db import models, procedures
from procedures_db.connection import transaction
from procedures_db.sync.seed_yaml import read_seed


def seed(engine: Engine) -> int:
    """Add built-in procedures whose code the database lacks; return how many.

    Existing ones are left alone: an import or an official's edit is newer than what we ship.
    """
    with transaction(engine) as session:
        known = set(session.execute(select(models.ProcedureRow.code)).scalars())
        missing = [record for record in read_seed() if record.code not in known]
        for record in missing:
            procedures.save(session, record)
        if missing:
            procedures.bump_data_version(session)
    return len(missing)
