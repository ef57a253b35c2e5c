"""Tables of questions that went to a person: the enquiry, what was said, what was done with it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import relationship

from procedures_db.models.base import Base, UtcDateTime, now


class EnquiryRow(Base):
    """A citizen's question for the staff; see ``enquiries.Enquiry`` for the meaning of each field."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index("ix_enquiry_queue", "status", "created_at", "id"),
        Index("ix_enquiry_owner", "assigned_to", "status", "created_at"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(64), nullable=False, index=True)
    channel = Column(String(20), nullable=False, default="")
    created_at = Column(UtcDateTime, nullable=False, default=now, index=True)
    status = Column(String(10), nullable=False, default="new")
    question = Column(Text, nullable=False)
    codes = Column(JSON, nullable=False, default=list)
    province = Column(String(80), nullable=False, default="")
    commune = Column(String(120), nullable=False, default="")
    assigned_to = Column(String(80))
    taken_over_by = Column(String(80))
    answered_at = Column(UtcDateTime)
    answer = Column(Text)

    messages = relationship(
        "EnquiryMessageRow", cascade="all, delete-orphan", order_by="EnquiryMessageRow.id"
    )
    history = relationship(
        "EnquiryEventRow", cascade="all, delete-orphan", order_by="EnquiryEventRow.id"
    )


class _OfEnquiry:
    """A row that belongs to an enquiry, at a moment."""

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, default=now)


class EnquiryMessageRow(_OfEnquiry, Base):
    """One thing said: by the citizen, the bot or a member of staff. Personal numbers are masked."""

    __tablename__ = "enquiry_message"

    enquiry_id = Column(ForeignKey("enquiry.id", ondelete="CASCADE"), nullable=False, index=True)
    author = Column(String(10), nullable=False)
    text = Column(Text, nullable=False)


class EnquiryEventRow(_OfEnquiry, Base):
    """One change of state: opened, taken, released …, and who did it (None: the citizen or the bot)."""

    __tablename__ = "enquiry_event"

    enquiry_id = Column(ForeignKey("enquiry.id", ondelete="CASCADE"), nullable=False, index=True)
    kind = Column(String(20), nullable=False)
    staff = Column(String(80))
