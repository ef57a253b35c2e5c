"""The list of procedures for officials: looked for by words, filtered and paged in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, case, cast, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from procedures_db.changes import State
from procedures_db.checking import today
from procedures_db.models import DraftRow, ProcedureRow
from procedures_db.record import GovernmentLevel, OnlineLevel
from procedures_db.text.folding import fold

ABOLISHED = "abolished"  # no state of its own: its last day is over
STATES = (State.PUBLISHED.value, State.WITHDRAWN.value, ABOLISHED, State.DRAFT.value, State.IN_REVIEW.value)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What is wanted; empty: all. ``words`` and ``agency`` may be without diacritics, in any order."""

    words: str = ""
    field: str = ""
    agency: str = ""
    level: GovernmentLevel | None = None
    online_level: OnlineLevel | None = None
    state: str = ""  # one of STATES


@dataclass(frozen=True)
class Listed:
    """A row of the list. draft: State.DRAFT or IN_REVIEW where a next version is being written."""

    code: str
    name: str
    field: str
    levels: tuple[str, ...]
    online_level: str
    state: State
    draft: State | None
    effective_to: date | None
    as_of: date

    @property
    def is_abolished(self) -> bool:
        return self.effective_to is not None and self.effective_to < today()


@dataclass(frozen=True)
class Page:
    """Some of the list by name, and how many there are in all."""

    items: list[Listed]
    total: int


def procedures(session: Session, chosen: Filter | None = None, *, page: int = 1, size: int = 50) -> Page:  # fmt: skip
    """A page of the procedures that are stored, withdrawn ones too; pages count from 1."""
    wanted = _conditions(chosen or Filter())
    joined = ProcedureRow.__table__.outerjoin(
        DraftRow.__table__, DraftRow.code == ProcedureRow.code
    )
    counting = select(func.count(ProcedureRow.id)).select_from(joined).where(*wanted)
    columns = (
        ProcedureRow.code, ProcedureRow.name, ProcedureRow.field, ProcedureRow.levels,
        ProcedureRow.online_level, ProcedureRow.state, ProcedureRow.effective_to, ProcedureRow.as_of,
    )  # fmt: skip
    statement = select(*columns, DraftRow.state.label("draft")).select_from(joined).where(*wanted)
    ordered = statement.order_by(*_order((chosen or Filter()).words))
    rows = session.execute(ordered.limit(size).offset((page - 1) * size))
    return Page([_listed(row) for row in rows], session.execute(counting).scalar_one())


def fields(session: Session) -> list[str]:
    """The fields (lĩnh vực) that procedures are in, by name."""
    found = session.execute(select(ProcedureRow.field).where(ProcedureRow.field != "").distinct())
    return sorted(found.scalars(), key=fold)


def new_drafts(session: Session) -> int:
    """How many drafts are of procedures that do not exist yet: the list cannot show them."""
    stored = select(ProcedureRow.id).where(ProcedureRow.code == DraftRow.code).exists()
    return session.execute(select(func.count(DraftRow.code)).where(~stored)).scalar_one()


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    table = ProcedureRow
    wanted = [*has_words(table.folded, chosen.words), *has_words(table.folded_agencies, chosen.agency)]  # fmt: skip
    if chosen.field:
        wanted.append(table.field == chosen.field)
    if chosen.level:  # a JSON list, kept as the text that json writes on both databases
        written = json.dumps(chosen.level.value)
        wanted.append(cast(table.levels, Text).contains(written, autoescape=True))
    if chosen.online_level:
        wanted.append(table.online_level == chosen.online_level.value)
    if chosen.state == ABOLISHED:
        wanted.append(table.effective_to < today())
    elif chosen.state in (State.DRAFT.value, State.IN_REVIEW.value):
        wanted.append(DraftRow.state == chosen.state)
    elif chosen.state:
        wanted.append(table.state == chosen.state)
    return wanted


def has_words(column: ColumnElement[str], text: str) -> list[ColumnElement[bool]]:
    """All words are in the column; the last one may still be being typed."""
    *whole, last = [f" {word} " for word in fold(text).split()[:20]] or [" "]
    return [column.contains(word, autoescape=True) for word in (*whole, last.rstrip() or " ")]


def _order(words: str) -> list[Any]:
    """By name, first those that hold the words as they stand."""
    phrase = fold(words)
    if not phrase:
        return [ProcedureRow.folded, ProcedureRow.id]
    together = ProcedureRow.folded.contains(f" {phrase}", autoescape=True)
    return [case((together, 0), else_=1), ProcedureRow.folded, ProcedureRow.id]


def _listed(row) -> Listed:  # type: ignore[no-untyped-def]
    return Listed(
        code=row.code,
        name=row.name,
        field=row.field,
        levels=tuple(row.levels),
        online_level=row.online_level,
        state=State(row.state),
        draft=State(row.draft) if row.draft else None,
        effective_to=row.effective_to,
        as_of=row.as_of,
    )
