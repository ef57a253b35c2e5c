"""Tables of the learning loop: real questions by meaning, wordings taught, cases kept, classifiers learned."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Text

from procedures_db.models.base import Base, UtcDateTime, now


class TopicRow(Base):
    """Real questions that mean the same; see ``learning_loop.topics.Topic``."""

    __tablename__ = "topic"
    __table_args__ = (Index("ix_topic_state_badness", "state", "badness"),)

    id = Column(Integer, primary_key=True)
    words = Column(String(300), nullable=False, unique=True)  # folded content words, sorted
    sample = Column(Text, nullable=False)
    questions = Column(Integer, nullable=False, default=0)
    wrong = Column(Integer, nullable=False, default=0)
    asked_twice = Column(Integer, nullable=False, default=0)
    nothing_fits = Column(Integer, nullable=False, default=0)
    handed_over = Column(Integer, nullable=False, default=0)
    badness = Column(Integer, nullable=False, default=0)
    last_at = Column(UtcDateTime)
    state = Column(String(10), nullable=False, default="open")
    code = Column(String(40), nullable=False, default="")
    settled_by = Column(String(120), nullable=False, default="")
    settled_at = Column(UtcDateTime)
    bad_then = Column(Integer, nullable=False, default=0)  # badness when it was settled


class TopicWordRow(Base):
    """Which topics have a word: how the topic nearest to a question is found."""

    __tablename__ = "topic_word"
    __table_args__ = (Index("ix_topic_word_topic", "topic_id"),)

    word = Column(String(40), primary_key=True)
    topic_id = Column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)


class TaughtWordingRow(Base):
    """A way citizens say a procedure, proposed by staff; see ``learning_loop.wordings.Wording``."""

    __tablename__ = "taught_wording"

    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False, default="paraphrase", server_default="paraphrase")
    code = Column(String(40), nullable=False, index=True)
    text = Column(Text, nullable=False)
    terms = Column(JSON, nullable=False, default=list, server_default="[]")  # of a citizen word
    state = Column(String(10), nullable=False, default="proposed", index=True)
    origin = Column(String(40), nullable=False, default="")
    proposed_by = Column(String(120), nullable=False)
    proposed_at = Column(UtcDateTime, nullable=False, default=now)
    decided_by = Column(String(120), nullable=False, default="")
    decided_at = Column(UtcDateTime)
    effect = Column(JSON(none_as_null=True))
    topic_id = Column(ForeignKey("topic.id", ondelete="SET NULL"))


class SayingRow(Base):
    """A citizen word or a paraphrase that the search knows, for searching the list; see ``sayings.Saying``."""

    __tablename__ = "saying"
    __table_args__ = (Index("ix_saying_listed", "kind", "retired_by", "folded"),)

    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False)
    text = Column(Text, nullable=False)
    folded = Column(Text, nullable=False)
    target = Column(Text, nullable=False)  # a code, or terms
    taught_id = Column(ForeignKey("taught_wording.id", ondelete="CASCADE"), index=True)
    retired_by = Column(String(120), nullable=False, default="")
    retired_at = Column(UtcDateTime)


class EvaluationCaseRow(Base):
    """A real question with its right answer; see ``learning_loop.cases``."""

    __tablename__ = "evaluation_case"

    id = Column(Integer, primary_key=True)
    question = Column(Text, nullable=False)
    behaviour = Column(String(12), nullable=False)
    codes = Column(JSON, nullable=False, default=list)
    aspects = Column(JSON, nullable=False, default=list)
    accepted = Column(Boolean, nullable=False, default=False, index=True)
    wording_id = Column(ForeignKey("taught_wording.id", ondelete="SET NULL"), index=True)
    added_by = Column(String(120), nullable=False)
    added_at = Column(UtcDateTime, nullable=False, default=now)


class LearningJobRow(Base):
    """Work in the background: the effect of wordings measured, a classifier learned."""

    __tablename__ = "learning_job"

    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False)
    wording_id = Column(ForeignKey("taught_wording.id", ondelete="CASCADE"))
    state = Column(String(10), nullable=False, default="waiting", index=True)
    asked_by = Column(String(120), nullable=False)
    asked_at = Column(UtcDateTime, nullable=False, default=now)
    beat_at = Column(UtcDateTime)  # when whoever does it was last known to live
    ended_at = Column(UtcDateTime)
    result = Column(JSON(none_as_null=True))
    error = Column(Text, nullable=False, default="")


class LearnedClassifierRow(Base):
    """A classifier learned from wordings too; its weights are a file beside the model."""

    __tablename__ = "learned_classifier"

    id = Column(Integer, primary_key=True)
    file = Column(String(80), nullable=False)
    wordings = Column(JSON, nullable=False)  # [[code, text], …] learned from beside nlu_data
    made_by = Column(String(120), nullable=False)
    made_at = Column(UtcDateTime, nullable=False, default=now)
    figures = Column(JSON, nullable=False)
    in_use = Column(Boolean, nullable=False, default=False)
    used_by = Column(String(120), nullable=False, default="")
    used_at = Column(UtcDateTime)
