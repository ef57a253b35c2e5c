"""Every question with what came of it: for learning from failures and for the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procedures_db.models import QuestionRow
from procedures_db.models.base import now
from procedures_db.working_hours import LOCAL

# What went wrong with a question; empty: nothing. A verdict "wrong" stands in ``feedback``.
ASKED_BACK, ASKED_TWICE, NOTHING_FITS, HANDED_OVER = (
    "asked_back",
    "asked_twice",
    "nothing_fits",
    "handed_over",
)
NOT_CITIZENS = ("link", "counter")  # channels: opened links, questions typed by staff
NO_TOPIC = 0
TROUBLES = (ASKED_BACK, ASKED_TWICE, NOTHING_FITS, HANDED_OVER)


@dataclass(frozen=True)
class LoggedQuestion:
    """One question; ``text`` is masked, ``conversation`` hashed."""

    channel: str
    conversation: str
    text: str
    outcome: str
    ms: float  # from question to reply
    intent: str = ""
    codes: list[str] = field(default_factory=list)
    aspects: list[str] = field(default_factory=list)
    failed: bool = False  # nothing fitted, or the citizen had to be asked back
    at: datetime = field(default_factory=now)
    feedback: str | None = None  # "useful" or "wrong"
    commune: str = ""  # on whose page it was asked, as that page says


def add(session: Session, questions: Sequence[LoggedQuestion]) -> None:
    """Store questions in the order they were asked; each is told what trouble it met."""
    for question in questions:
        session.add(
            QuestionRow(
                **asdict(question),
                day=question.at.astimezone(LOCAL).date(),
                code=question.codes[0] if question.codes else "",
                topic_id=None if _has_topic(question) else NO_TOPIC,
                trouble=_trouble(session, question),
            )
        )


def _has_topic(question: LoggedQuestion) -> bool:
    """Whether it is a citizen's wording at all, and no button, opened link or question of the staff."""
    typed = question.text.strip() and not question.text.startswith("@")
    return bool(typed) and question.channel not in NOT_CITIZENS


def _trouble(session: Session, question: LoggedQuestion) -> str:
    if question.outcome == "handover":
        return HANDED_OVER
    if not question.failed or question.outcome not in ("clarify", "out_of_scope"):
        return ""  # a stopped Rasa ("unavailable") teaches nothing
    if question.outcome == "out_of_scope":
        return NOTHING_FITS
    before = session.execute(
        select(QuestionRow.trouble)
        .where(QuestionRow.conversation == question.conversation)
        .order_by(QuestionRow.id.desc())
        .limit(1)
    ).scalar()
    return ASKED_TWICE if before in (ASKED_BACK, ASKED_TWICE) else ASKED_BACK


def failed(session: Session, *, since: datetime, limit: int = 200) -> list[LoggedQuestion]:
    """Questions that failed or were called wrong, newest first."""
    rows = session.execute(
        select(QuestionRow)
        .where(QuestionRow.at >= since, QuestionRow.failed | (QuestionRow.feedback == "wrong"))
        .order_by(QuestionRow.id.desc())
        .limit(limit)
    ).scalars()
    names = LoggedQuestion.__dataclass_fields__
    return [LoggedQuestion(**{name: getattr(row, name) for name in names}) for row in rows]


def purge(session: Session, *, before: datetime) -> int:
    """Delete what is older; return how many rows."""
    return session.execute(delete(QuestionRow).where(QuestionRow.at < before)).rowcount
