"""Rasa's own record of conversations (its SQL tracker store): nothing there is deleted by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import NullPool

# The columns of Rasa 3.6 that matter here: rasa/core/tracker_store.py, SQLTrackerStore.SQLEvent.
_EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("timestamp", Float),
)
_BATCH = 100  # conversations a transaction: Rasa waits for a SQLite file while we delete


def connect(url: str) -> Engine:
    """An engine that leaves a SQLite file's settings as Rasa made them."""
    wait = {"timeout": 15} if make_url(url).get_backend_name() == "sqlite" else {}
    return create_engine(url, future=True, connect_args=wait, poolclass=NullPool)


def purge(engine: Engine, *, before: datetime) -> int:
    """Delete conversations silent since ``before``; return how many. No table yet: none."""
    if not inspect(engine).has_table(_EVENTS.name):
        return 0
    deleted = 0
    while batch := _silent(engine, before):
        with engine.begin() as connection:
            connection.execute(delete(_EVENTS).where(_EVENTS.c.sender_id.in_(batch)))
        deleted += len(batch)
    return deleted


def _silent(engine: Engine, before: datetime) -> list[str]:
    last = func.max(_EVENTS.c.timestamp)
    silent = select(_EVENTS.c.sender_id).group_by(_EVENTS.c.sender_id)
    with engine.connect() as connection:
        return list(
            connection.execute(silent.having(last < before.timestamp()).limit(_BATCH)).scalars()
        )
