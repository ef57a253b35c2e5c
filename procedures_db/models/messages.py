"""Messages on their way to a citizen: late ones that wait, and replies that may be asked for again."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, UniqueConstraint

from procedures_db.models.base import Base, UtcDateTime, now


class OutgoingMessageRow(Base):
    """A message that no question is waiting for: an official's reply, a late reply, a notice."""

    __tablename__ = "outgoing_message"
    __table_args__ = (
        Index("ix_outgoing_message_conversation", "conversation_id", "id"),
        {"sqlite_autoincrement": True},  # an id is never used twice: clients remember the last one
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(64), nullable=False)
    channel = Column(String(20), nullable=False)
    kind = Column(String(10), nullable=False)  # outbox.Kind
    author = Column(String(120), nullable=False, default="")  # what the citizen reads, no account
    reply = Column(JSON, nullable=False)  # in the chat API's form, at least {"text": …}
    created_at = Column(UtcDateTime, nullable=False, default=now, index=True)
    delivered_at = Column(UtcDateTime)


class DeliveredReplyRow(Base):
    """The answer to one message of a client that may send it again; ``replies`` NULL: being answered."""

    __tablename__ = "delivered_reply"
    __table_args__ = (UniqueConstraint("conversation_id", "message_id"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(64), nullable=False)
    message_id = Column(String(64), nullable=False)
    replies = Column(JSON(none_as_null=True))
    claimed_at = Column(UtcDateTime, nullable=False, index=True)
