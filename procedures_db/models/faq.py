"""Questions often asked (hỏi đáp thường gặp), kept by one-stop staff."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, DateTime, Integer, String, Text

from procedures_db.models.base import Base


class FaqRow(Base):
    """A question with its answer; see ``faqs.Faq`` for the meaning of each field."""

    __tablename__ = "faq"

    id = Column(Integer, primary_key=True)
    question = Column(Text, nullable=False)
    variants = Column(JSON, nullable=False)
    answer = Column(Text, nullable=False)
    source = Column(Text, nullable=False)
    procedures = Column(JSON, nullable=False)
    review_by = Column(Date, index=True)
    state = Column(String(12), nullable=False, index=True)
    author = Column(String(120), nullable=False)
    updated_at = Column(DateTime, nullable=False)  # UTC
