"""``motcua sync``: pull what changed at a source.

A page is a transaction, with the cursor in it. Every procedure stands for itself, so a page applied
is no half-applied whole; a transaction around all 5,664 would keep every other writer of an SQLite
file waiting for minutes and lose all of it to one broken connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import models, procedures
from procedures_db.changes import State
from procedures_db.checking import InvalidRecord
from procedures_db.connection import transaction
from procedures_db.exchange import applying, conflicts, sources
from procedures_db.exchange.applying import Verdict
from procedures_db.exchange.conflicts import Clashing
from procedures_db.exchange.errors import BadAddress, CursorLost, SyncRunning, WrongSchema
from procedures_db.exchange.fetching import Fetcher
from procedures_db.models.base import now
from procedures_db.opening import stored
from procedures_db.record import BadCode, ProcedureRecord, national_code
from procedures_db.sync.exported import (
    Withdrawn,
    WrongSchemaVersion,
    check_storable,
    is_exported_object,
    read_exported_change,
)
from procedures_db.sync.portal_json import read_portal_object

_LONGEST_URL = 500
_REFUSED = "nguồn gửi nội dung không đọc được"


@dataclass(frozen=True)
class Refusal:
    """A procedure that could not be read, and why."""

    code: str
    reason: str


@dataclass
class Outcome:
    """What a sync did, or would do."""

    verdicts: dict[Verdict, list[str]] = field(default_factory=lambda: {v: [] for v in Verdict})
    refused: list[Refusal] = field(default_factory=list)
    restarted: bool = False  # the source had lost our cursor: everything was compared anew


class _DryRun(Exception):
    """Undoes the transaction of a page that was only tried."""


@dataclass(frozen=True)
class _Run:
    engine: Engine
    url: str
    fetcher: Fetcher
    actor: str
    dry_run: bool
    on_page: Callable[[Outcome], None]


def sync(
    engine: Engine,
    url: str,
    *,
    fetcher: Fetcher,
    actor: str,
    dry_run: bool = False,
    on_page: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Pull what changed since the last time, from where a broken run stopped.

    actor: who does it, for the history. dry_run: each page is tried in a transaction that is then
    undone. Raises SyncError, DatabaseBusy; what was applied until then stays.
    """
    url = sources.data_address(url)
    if len(url) > _LONGEST_URL:
        raise BadAddress(f"địa chỉ dài quá {_LONGEST_URL} ký tự")
    outcome = Outcome()
    run = _Run(engine, url, fetcher, actor, dry_run, on_page)
    try:
        _pull(run, outcome)
    except CursorLost:
        outcome.restarted = True
        _pull(run, outcome, from_start=True)
    return outcome


def _pull(run: _Run, outcome: Outcome, *, from_start: bool = False) -> None:
    cursor, codes = _source(run.engine, run.url, register=not run.dry_run)
    before = cursor
    for page in sources.pages(run.fetcher, run.url, "" if from_start else cursor, codes):
        of_page = _apply_page(run, before, page)
        before = before if run.dry_run else page.cursor
        for verdict, found in of_page.verdicts.items():
            outcome.verdicts[verdict] += found
        outcome.refused += of_page.refused
        run.on_page(outcome)


def _source(engine: Engine, url: str, *, register: bool) -> tuple[str, list[str]]:
    """How far the source was pulled, and the procedures we have."""
    with transaction(engine) as session:
        known = models.SyncSourceRow.url == url
        cursor = session.execute(select(models.SyncSourceRow.cursor).where(known)).scalar()
        if cursor is None and register:
            session.add(models.SyncSourceRow(url=url, cursor=""))
        table = models.ProcedureRow
        statement = (
            select(table.code).where(table.state == procedures.PUBLISHED).order_by(table.code)
        )
        return cursor or "", list(session.execute(statement).scalars())


def _apply_page(run: _Run, before: str, page: sources.Page) -> Outcome:
    outcome = Outcome()
    unreadable: list[Clashing] = []
    readable = list(_readable(page.objects, run.url, outcome, unreadable))
    try:
        with transaction(run.engine, write=True) as session:
            if not run.dry_run:
                _advance(session, run.url, before, page)
            verdicts = applying.apply(session, readable, url=run.url, actor=run.actor)
            for code, verdict in verdicts.items():
                outcome.verdicts[verdict].append(code)
            _keep_unreadable(session, unreadable)
            if run.dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return outcome


def _advance(session: Session, url: str, before: str, page: sources.Page) -> None:
    """Move the cursor, unless another run has moved it."""
    table = models.SyncSourceRow
    values: dict[str, Any] = {"cursor": page.cursor}
    if page.last:
        values["synced_at"] = now()
    statement = update(table).where(table.url == url, table.cursor == before).values(values)
    moved = session.execute(statement.execution_options(synchronize_session=False))
    if not moved.rowcount:
        raise SyncRunning("một lần đồng bộ khác từ cùng nguồn đang chạy")


def _readable(
    objects: Sequence[object], url: str, outcome: Outcome, unreadable: list[Clashing]
) -> Iterator[ProcedureRecord | Withdrawn]:
    """Yield what can be read; the rest is refused, and kept where it names a procedure."""
    for obj in objects:
        try:
            yield _read(obj)
        except WrongSchemaVersion as error:
            raise WrongSchema(str(error)) from error
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            code, reason = _code(obj), f"{_REFUSED}: {_explain(error)}"
            outcome.refused.append(Refusal(code or "?", reason))
            if code and isinstance(obj, dict):
                unreadable.append(Clashing(code, url, reason, None, obj))


def _read(obj: object) -> ProcedureRecord | Withdrawn:
    if is_exported_object(obj):
        return read_exported_change(obj)
    check_storable(obj)
    return read_portal_object(obj)  # type: ignore[arg-type]


def _code(obj: object) -> str:
    try:
        return national_code(str(obj["code"]))  # type: ignore[index]
    except (BadCode, KeyError, TypeError):
        return ""


def _explain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return str(InvalidRecord.of(error))[:300]
    if isinstance(error, KeyError):
        return f"thiếu hoặc lạ: {error}"
    return " ".join(str(error).split())[:300]


def _keep_unreadable(session: Session, unreadable: Sequence[Clashing]) -> None:
    known = stored(session, [clash.code for clash in unreadable])
    for clash in unreadable:
        state, record = known.get(clash.code, (State.ABSENT, None))
        ours = record if state is State.PUBLISHED else None
        conflicts.keep(session, replace(clash, ours=ours))
