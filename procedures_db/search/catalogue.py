"""What the search keeps in memory about each published procedure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db import models
from procedures_db.record import GovernmentLevel, ProcedureKind


@dataclass(frozen=True)
class Entry:
    """A procedure as the search sees it."""

    code: str
    name: str
    field: str
    kind: ProcedureKind
    levels: frozenset[GovernmentLevel]
    subjects: tuple[str, ...]
    keywords: tuple[str, ...]
    results: tuple[str, ...]
    aliases: tuple[str, ...]
    replaced_by: tuple[str, ...]
    effective_to: date | None


def load_entries(session: Session) -> list[Entry]:
    """Return all published procedures by code; three queries however many there are."""
    results = _names_by_procedure(session, models.ResultRow)
    aliases = _names_by_procedure(session, models.AliasRow)
    table = models.ProcedureRow
    statement = select(
        table.id, table.code, table.name, table.field, table.kind, table.levels, table.subjects,
        table.keywords, table.replaced_by, table.effective_to,
    ).where(table.state == "published").order_by(table.code)  # fmt: skip
    return [
        Entry(
            code=row.code,
            name=row.name,
            field=row.field,
            kind=ProcedureKind(row.kind),
            levels=frozenset(GovernmentLevel(level) for level in row.levels),
            subjects=tuple(row.subjects),
            keywords=tuple(row.keywords),
            results=tuple(results[row.id]),
            aliases=tuple(aliases[row.id]),
            replaced_by=tuple(row.replaced_by),
            effective_to=row.effective_to,
        )
        for row in session.execute(statement)
    ]


def _names_by_procedure(session: Session, table: Any) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    statement = select(table.procedure_id, table.name).order_by(table.procedure_id, table.position)
    for procedure_id, name in session.execute(statement):
        names[procedure_id].append(name)
    return names
