"""Questions often asked: kept by staff, published after a look, due for another look on a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timezone
from enum import Enum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db.connection import reserve_writing
from procedures_db.models import FaqRow, StateRow
from procedures_db.record import Code
from procedures_db.search.language import Language
from procedures_db.search.question_index import QuestionIndex
from procedures_db.text.folding import fold, normalize

FAQ_VERSION = "faq_version"


class FaqNotFound(LookupError):
    """No question carries this number."""


class BadFaq(ValueError):
    """The question cannot be kept; the message says why, in Vietnamese."""


class FaqState(str, Enum):
    """Only published questions are answered."""

    DRAFT = "nháp"
    PUBLISHED = "công bố"
    RETIRED = "ngừng dùng"


def _said(text: str) -> str:
    if not fold(text):
        raise ValueError("không được để trống")
    return text.strip()


_Said = Annotated[str, AfterValidator(_said)]


class FaqText(BaseModel):
    """What staff write. ``source``: the legal basis or document that the answer rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: _Said = Field(max_length=500)
    variants: tuple[_Said, ...] = Field(default=(), max_length=50)  # other ways to ask the same
    answer: _Said = Field(max_length=3_000)
    source: _Said = Field(max_length=500)
    procedures: tuple[Code, ...] = Field(default=(), max_length=5)  # to go on with
    review_by: date | None = None  # from this day on the answer must be looked at again


class Faq(FaqText):
    """A kept question."""

    id: int
    state: FaqState
    author: str
    updated_at: datetime  # UTC

    def is_due(self, today: date) -> bool:
        """Whether the answer must be looked at again before it is relied on."""
        return self.review_by is not None and self.review_by <= today


def checked(**fields: object) -> FaqText:
    """The text of a question from a form or file. Raises BadFaq that names every wrong field."""
    try:
        return FaqText(**fields)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadFaq("; ".join(wrong)) from error


def add(session: Session, text: FaqText, *, author: str) -> Faq:
    """Keep a new question as a draft. Raises BadFaq when the same question is kept already."""
    reserve_writing(session)
    _refuse_twin(session, text, but=None)
    row = FaqRow(state=FaqState.DRAFT.value)
    session.add(row)
    return _write(session, row, text, author)


def update(session: Session, faq_id: int, text: FaqText, *, author: str) -> Faq:
    """Replace a question's text; its state stays. Raises FaqNotFound or BadFaq."""
    reserve_writing(session)
    row = _row(session, faq_id)
    _refuse_twin(session, text, but=faq_id)
    return _write(session, row, text, author)


def set_state(session: Session, faq_id: int, state: FaqState, *, author: str) -> Faq:
    """Publish, retire or take back to draft. Raises FaqNotFound."""
    reserve_writing(session)
    row = _row(session, faq_id)
    row.state = state.value
    return _touch(session, row, author)


def get(session: Session, faq_id: int) -> Faq:
    """Raises FaqNotFound."""
    return _faq(_row(session, faq_id))


def every(session: Session, *, state: FaqState | None = None) -> list[Faq]:
    """All questions, the latest edited first; of one state if given."""
    statement = select(FaqRow).order_by(FaqRow.updated_at.desc(), FaqRow.id.desc())
    if state:
        statement = statement.where(FaqRow.state == state.value)
    return [_faq(row) for row in session.execute(statement).scalars()]


def due_for_review(session: Session, today: date) -> list[Faq]:
    """Published questions whose day has come, the longest overdue first."""
    statement = (
        select(FaqRow)
        .where(FaqRow.state == FaqState.PUBLISHED.value, FaqRow.review_by <= today)
        .order_by(FaqRow.review_by, FaqRow.id)
    )
    return [_faq(row) for row in session.execute(statement).scalars()]


def version(session: Session) -> int:
    """A number that rises with every edit: who answers from the questions reloads when it does."""
    row = session.get(StateRow, FAQ_VERSION)
    return row.value if row else 0


class FaqIndex:
    """The published questions, found by meaning."""

    def __init__(self, faqs: Sequence[Faq], language: Language) -> None:
        self._faqs = list(faqs)
        questions = [(faq.question, *faq.variants) for faq in self._faqs]
        self._index = QuestionIndex(questions, language)

    def find(self, text: str) -> tuple[Faq, float] | None:
        """The question nearest in meaning and how near it is, 0.0–1.0; None when none is near at all."""
        near = self._index.nearest(text)
        return (self._faqs[near.number], near.similarity) if near else None

    def get(self, faq_id: int) -> Faq | None:
        return next((faq for faq in self._faqs if faq.id == faq_id), None)


def _row(session: Session, faq_id: int) -> FaqRow:
    row = session.get(FaqRow, faq_id)
    if row is None:
        raise FaqNotFound(faq_id)
    return row


def _refuse_twin(session: Session, text: FaqText, *, but: int | None) -> None:
    for row in session.execute(select(FaqRow)).scalars():
        if row.id != but and fold(row.question) == fold(text.question):
            raise BadFaq(f"câu hỏi này đã có (số {row.id})")


def _write(session: Session, row: FaqRow, text: FaqText, author: str) -> Faq:
    row.question, row.answer, row.source = normalize(text.question), text.answer, text.source
    row.variants = [normalize(variant) for variant in text.variants]
    row.procedures = list(text.procedures)
    row.review_by = text.review_by
    return _touch(session, row, author)


def _touch(session: Session, row: FaqRow, author: str) -> Faq:
    row.author = author
    row.updated_at = datetime.now(timezone.utc).replace(tzinfo=None)
    _bump(session)
    session.flush()
    return _faq(row)


def _bump(session: Session) -> None:
    row = session.get(StateRow, FAQ_VERSION)
    if row is None:
        session.add(StateRow(name=FAQ_VERSION, value=1))
    else:
        row.value = StateRow.value + 1


def _faq(row: FaqRow) -> Faq:
    return Faq(
        id=row.id,
        question=row.question,
        variants=row.variants,
        answer=row.answer,
        source=row.source,
        procedures=row.procedures,
        review_by=row.review_by,
        state=row.state,
        author=row.author,
        updated_at=row.updated_at,
    )
