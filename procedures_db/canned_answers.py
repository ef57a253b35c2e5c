"""Texts that staff answer with again and again (câu trả lời mẫu), of one office or of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procedures_db.models import CannedAnswerRow
from procedures_db.models.base import now
from procedures_db.text.folding import fold, normalize

LONGEST_TITLE, LONGEST_TEXT, LONGEST_OFFICE = 120, 3_000, 120


class CannedAnswerNotFound(LookupError):
    """No text carries this number."""


class BadCannedAnswer(ValueError):
    """It cannot be kept; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class CannedAnswer:
    """``office``: the commune whose staff use it; empty: every office."""

    id: int
    office: str
    title: str
    text: str
    author: str
    updated_at: datetime


def add(session: Session, title: str, text: str, *, by: str, office: str = "") -> CannedAnswer:
    """Raises BadCannedAnswer."""
    row = CannedAnswerRow()
    _write(session, row, title, text, office, by)
    session.add(row)
    session.flush()
    return _answer(row)


def update(
    session: Session, number: int, title: str, text: str, *, by: str, office: str = ""
) -> CannedAnswer:
    """Raises CannedAnswerNotFound, BadCannedAnswer."""
    row = _row(session, number)
    _write(session, row, title, text, office, by)
    session.flush()
    return _answer(row)


def remove(session: Session, number: int) -> CannedAnswer:
    """Return what is gone. Raises CannedAnswerNotFound."""
    row = _row(session, number)
    gone = _answer(row)
    session.delete(row)
    return gone


def get(session: Session, number: int) -> CannedAnswer:
    """Raises CannedAnswerNotFound."""
    return _answer(_row(session, number))


def every(session: Session, *, office: str | None = None, first: str = "") -> list[CannedAnswer]:
    """By title. ``office``: only those of this office and of all; None: everybody's, those of the office
    ``first`` before the others."""
    table = CannedAnswerRow
    wanted = [] if office is None else [or_(table.office == "", table.office == office)]
    rows = session.execute(select(table).where(*wanted).order_by(table.title, table.id)).scalars()
    answers = [_answer(row) for row in rows]
    return sorted(answers, key=lambda one: not (first and fold(one.office) == fold(first)))


def _write(
    session: Session, row: CannedAnswerRow, title: str, text: str, office: str, by: str
) -> None:
    title, office = normalize(title), normalize(office)
    if not fold(title) or not fold(text):
        raise BadCannedAnswer("cần có tên và nội dung")
    lengths = ((title, LONGEST_TITLE), (text, LONGEST_TEXT), (office, LONGEST_OFFICE))
    if any(len(one) > most for one, most in lengths):
        raise BadCannedAnswer(f"dài quá: tên {LONGEST_TITLE}, nội dung {LONGEST_TEXT} ký tự")
    for other in session.execute(select(CannedAnswerRow)).scalars():
        if other.id != row.id and (fold(other.title), other.office) == (fold(title), office):
            raise BadCannedAnswer(f"đã có câu mẫu tên này (số {other.id})")
    row.title, row.text, row.office = title, text.strip(), office
    row.author, row.updated_at = by, now()


def _row(session: Session, number: int) -> CannedAnswerRow:
    row = session.get(CannedAnswerRow, number)
    if row is None:
        raise CannedAnswerNotFound(number)
    return row


def _answer(row: CannedAnswerRow) -> CannedAnswer:
    return CannedAnswer(**{name: getattr(row, name) for name in CannedAnswer.__dataclass_fields__})
