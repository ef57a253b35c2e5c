"""What the search keeps in memory about each published procedure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db import models
from procedures_db.places import places
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
    province: str = ""  # whose own procedure it is (SPECIFIC); empty: the nation's


@dataclass(frozen=True)
class Change:
    """What happened to the entry at a position of the search's list; positions are never reused."""

    position: int
    old: Entry | None  # None: new in the list
    new: Entry | None  # None: no longer published


def changes(known: Sequence[Entry | None], entries: Sequence[Entry]) -> list[Change]:
    """What turns the list ``known`` into one that holds ``entries``; new ones go to its end."""
    now = {entry.code: entry for entry in entries}
    found = [
        Change(position, old, now.get(old.code))
        for position, old in enumerate(known)
        if old is not None and now.get(old.code) != old
    ]
    before = {entry.code for entry in known if entry is not None}
    added = [entry for entry in entries if entry.code not in before]
    return found + [Change(at, None, entry) for at, entry in enumerate(added, start=len(known))]


def load_entries(session: Session) -> list[Entry]:
    """Return all published procedures by code; three queries however many there are."""
    results = _names_by_procedure(session, models.ResultRow)
    aliases = _names_by_procedure(session, models.AliasRow)
    table = models.ProcedureRow
    statement = select(
        table.id, table.code, table.name, table.field, table.kind, table.levels, table.subjects,
        table.keywords, table.replaced_by, table.effective_to, table.decision_agency,
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
            province=_province(row),
        )
        for row in session.execute(statement)
    ]


def _province(row: Any) -> str:
    if row.kind != ProcedureKind.SPECIFIC.value:
        return ""
    return places().province_of(row.decision_agency or "")


def _names_by_procedure(session: Session, table: Any) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    statement = select(table.procedure_id, table.name).order_by(table.procedure_id, table.position)
    for procedure_id, name in session.execute(statement):
        names[procedure_id].append(name)
    return names
