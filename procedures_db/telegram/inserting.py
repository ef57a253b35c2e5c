"""Insert rows that may be there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_new(session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose keys are not taken; return how many were new."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing()
    return sum(session.execute(statement, row).rowcount for row in rows)
