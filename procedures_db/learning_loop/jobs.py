"""Work of the learning loop that takes seconds to minutes: queued here, done by ``worker``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from procedures_db.models import LearningJobRow
from procedures_db.models.base import now

EFFECT, RETRAIN = "effect", "retrain"
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
SILENT = timedelta(minutes=10)  # longer than any job takes: whoever did it is gone


class JobNotFound(LookupError):
    """No job carries this number."""


@dataclass(frozen=True)
class Job:
    id: int
    kind: str
    wording_id: int | None
    state: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    result: dict[str, Any] | None
    error: str


def ask(session: Session, kind: str, *, by: str, wording: int | None = None) -> int:
    """Queue a job and return its number; the same one that waits or runs already is not doubled."""
    table = LearningJobRow
    same = session.execute(
        select(table.id).where(
            table.kind == kind,
            table.state.in_((WAITING, RUNNING)),
            table.wording_id.is_(None) if wording is None else table.wording_id == wording,
        )
    ).scalar()
    if same is not None:
        return same
    row = LearningJobRow(kind=kind, wording_id=wording, asked_by=by)
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, number: int) -> Job:
    """Raises JobNotFound."""
    row = session.get(LearningJobRow, number)
    if row is None:
        raise JobNotFound(number)
    return _job(row)


def latest(session: Session, kind: str, *, wording: int | None = None) -> Job | None:
    """The last job of a kind, whatever became of it."""
    table = LearningJobRow
    of_wording = [] if wording is None else [table.wording_id == wording]
    row = session.execute(
        select(table).where(table.kind == kind, *of_wording).order_by(table.id.desc()).limit(1)
    ).scalar()
    return _job(row) if row else None


def is_wanted(session: Session) -> bool:
    """Whether a job waits, or one was left by a worker that is gone."""
    return session.execute(select(LearningJobRow.id).where(_free()).limit(1)).scalar() is not None


def claim(session: Session) -> Job | None:
    """Take the oldest job to do; None when there is none. Of two workers one gets it."""
    number = session.execute(
        select(LearningJobRow.id).where(_free()).order_by(LearningJobRow.id).limit(1)
    ).scalar()
    if number is None:
        return None
    won = session.execute(
        update(LearningJobRow)
        .where(LearningJobRow.id == number, _free())
        .values(state=RUNNING, beat_at=now())
        .execution_options(synchronize_session=False)
    ).rowcount
    return get(session, number) if won else None


def finish(session: Session, number: int, result: dict[str, Any]) -> None:
    _end(session, number, DONE, result=result)


def fail(session: Session, number: int, error: str) -> None:
    """``error``: why, in Vietnamese, for whoever asked."""
    _end(session, number, FAILED, error=error)


def _end(session: Session, number: int, state: str, **values: Any) -> None:
    session.execute(
        update(LearningJobRow)
        .where(LearningJobRow.id == number)
        .values(state=state, ended_at=now(), **values)
        .execution_options(synchronize_session=False)
    )


def _free():  # type: ignore[no-untyped-def]
    abandoned = (LearningJobRow.state == RUNNING) & (LearningJobRow.beat_at < now() - SILENT)
    return (LearningJobRow.state == WAITING) | abandoned


def _job(row: LearningJobRow) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})
