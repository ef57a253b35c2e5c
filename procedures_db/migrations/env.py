"""Alembic environment: migrates the database at MOTCUA_DATABASE_URL, or the connection handed in."""

import os

from alembic import context

from procedures_db.connection import connect
from procedures_db.models import Base


def _run(connection) -> None:  # type: ignore[no-untyped-def]
    # SQLite cannot alter most things in place: batch mode copies the table.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with connect(os.environ["MOTCUA_DATABASE_URL"]).begin() as opened:
        _run(opened)
