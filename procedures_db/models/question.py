"""Tables of what was asked and what citizens thought of the answer. Texts are masked."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, Index, Integer, String, Text

from procedures_db.models.base import Base, UtcDateTime, now


class QuestionRow(Base):
    """One question and what came of it; see ``question_log.LoggedQuestion``."""

    __tablename__ = "question_log"
    __table_args__ = (
        # All that the dashboard counts: it reads this index and no row.
        Index("ix_question_log_counted", "day", "outcome", "trouble", "feedback", "channel", "code",
              "commune", "topic_id", "ms"),
        Index("ix_question_log_talk", "conversation", "id"),
        Index("ix_question_log_topic", "topic_id", "trouble", "feedback", "at"),
    )  # fmt: skip

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, default=now, index=True)
    day = Column(Date, nullable=False)  # of ``at`` in Viet Nam
    channel = Column(String(20), nullable=False)
    conversation = Column(String(12), nullable=False)
    text = Column(Text, nullable=False)
    outcome = Column(String(20), nullable=False)
    intent = Column(String(40), nullable=False, default="")
    codes = Column(JSON, nullable=False, default=list)
    aspects = Column(JSON, nullable=False, default=list)
    ms = Column(Float, nullable=False)
    failed = Column(Boolean, nullable=False, default=False, index=True)
    feedback = Column(String(10))
    code = Column(
        String(40), nullable=False, default=""
    )  # the procedure answered, or the likeliest one
    commune = Column(String(120), nullable=False, default="")
    trouble = Column(String(12), nullable=False, default="")  # question_log.TROUBLES
    topic_id = Column(Integer)  # None: not grouped yet; 0: nothing to group


class FeedbackRow(Base):
    """A citizen's verdict on one answer; see ``feedback.Feedback``."""

    __tablename__ = "feedback"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, default=now, index=True)
    channel = Column(String(20), nullable=False, default="")
    conversation = Column(String(12), nullable=False, index=True)
    verdict = Column(String(10), nullable=False)
    question = Column(Text, nullable=False, default="")
    code = Column(String(40), nullable=False, index=True)
    aspects = Column(JSON, nullable=False, default=list)
