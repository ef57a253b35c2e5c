"""What citizens think of an answer: "hữu ích" or "chưa đúng"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from procedures_db.learning_loop.topics import recount
from procedures_db.models import FeedbackRow, QuestionRow

VERDICTS = ("useful", "wrong")


@dataclass(frozen=True)
class Feedback:
    """A verdict on the answer about one procedure; ``question`` is masked, ``conversation`` hashed."""

    verdict: str  # one of VERDICTS
    code: str
    conversation: str
    channel: str = ""
    question: str = ""
    aspects: tuple[str, ...] = ()


def add(session: Session, given: Feedback) -> None:
    """Store a verdict; the same citizen's earlier one on the same answer is replaced.

    Raises ValueError for a verdict that is none of VERDICTS.
    """
    if given.verdict not in VERDICTS:
        raise ValueError(given.verdict)
    earlier = (FeedbackRow.conversation == given.conversation, FeedbackRow.code == given.code,
               FeedbackRow.question == given.question)  # fmt: skip
    session.execute(delete(FeedbackRow).where(*earlier))
    session.add(
        FeedbackRow(
            verdict=given.verdict,
            code=given.code,
            conversation=given.conversation,
            channel=given.channel,
            question=given.question,
            aspects=list(given.aspects),
        )
    )
    _mark_question(session, given)


def purge(session: Session, *, before: datetime) -> int:
    """Delete what is older; return how many rows."""
    return session.execute(delete(FeedbackRow).where(FeedbackRow.at < before)).rowcount


def _mark_question(session: Session, given: Feedback) -> None:
    """Note the verdict beside the answer it is about in the question log, if that was written already."""
    rows = session.execute(
        select(QuestionRow.id, QuestionRow.codes, QuestionRow.topic_id)
        .where(QuestionRow.conversation == given.conversation, QuestionRow.outcome == "answer")
        .order_by(QuestionRow.id.desc())
        .limit(20)
    )
    for number, codes, topic in rows:
        if given.code in codes:
            marked = update(QuestionRow).where(QuestionRow.id == number)
            session.execute(marked.values(feedback=given.verdict))
            recount(session, [topic] if topic else [])
            return
