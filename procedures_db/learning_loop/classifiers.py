"""Classifiers learned from the accepted wordings too: kept, put into use, rolled back.

The weights are files beside the model (``models/``), which every machine with an action server needs;
one that lacks a file goes on with the classifier of ``nlu_data`` and the wordings as neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db.learning_loop import wordings
from procedures_db.models import LearnedClassifierRow
from procedures_db.models.base import now

KEPT = 5  # files: the one in use, and those to go back to


class ClassifierNotFound(LookupError):
    """No classifier carries this number, or its file was deleted."""


@dataclass(frozen=True)
class LearnedClassifier:
    """``figures``: what ``retraining`` measured with it, before it was put into use."""

    id: int
    file: str
    wordings: tuple[tuple[str, str], ...]
    made_by: str
    made_at: datetime
    figures: dict[str, Any]
    in_use: bool
    used_by: str
    used_at: datetime | None


def add(
    session: Session, file: str, learned_from: Sequence[tuple[str, str]], figures: dict[str, Any],
    *, by: str,
) -> int:  # fmt: skip
    """Keep one; it is not in use yet."""
    row = LearnedClassifierRow(
        file=file, wordings=[list(one) for one in learned_from], figures=figures, made_by=by
    )
    session.add(row)
    session.flush()
    return row.id


def every(session: Session) -> list[LearnedClassifier]:
    """The latest first."""
    rows = session.execute(select(LearnedClassifierRow).order_by(LearnedClassifierRow.id.desc()))
    return [_classifier(row) for row in rows.scalars()]


def in_use(session: Session) -> LearnedClassifier | None:
    """None: the classifier of ``nlu_data`` alone."""
    row = session.execute(select(LearnedClassifierRow).where(LearnedClassifierRow.in_use)).scalar()
    return _classifier(row) if row else None


def use(session: Session, number: int | None, *, by: str) -> None:
    """Put one into use (None: that of ``nlu_data``); searchers change over as a whole. Raises
    ClassifierNotFound."""
    rows = session.execute(select(LearnedClassifierRow).with_for_update()).scalars().all()
    if number is not None and number not in {row.id for row in rows}:
        raise ClassifierNotFound(number)
    for row in rows:
        row.in_use = row.id == number
        if row.in_use:
            row.used_by, row.used_at = by, now()
    wordings.bump(session)


def forget_old(session: Session) -> list[str]:
    """Drop all but the latest ones and the one in use; return the files to delete."""
    rows = session.execute(
        select(LearnedClassifierRow).order_by(LearnedClassifierRow.id.desc())
    ).scalars()
    old = [row for row in list(rows)[KEPT:] if not row.in_use]
    for row in old:
        session.delete(row)
    return [row.file for row in old]


def _classifier(row: LearnedClassifierRow) -> LearnedClassifier:
    plain = {
        name: getattr(row, name)
        for name in LearnedClassifier.__dataclass_fields__
        if name != "wordings"
    }
    return LearnedClassifier(**plain, wordings=tuple((c, t) for c, t in row.wordings))
