"""Tables for the staff: texts they answer with again and again, and when each of them is away."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String, Text

from procedures_db.models.base import Base, UtcDateTime, now


class CannedAnswerRow(Base):
    """A text that staff insert into answers; see ``canned_answers.CannedAnswer``."""

    __tablename__ = "canned_answer"

    id = Column(Integer, primary_key=True)
    office = Column(String(120), nullable=False, default="", index=True)  # "": every office
    title = Column(String(120), nullable=False)
    text = Column(Text, nullable=False)
    author = Column(String(120), nullable=False)
    updated_at = Column(UtcDateTime, nullable=False, default=now)


class StaffAbsenceRow(Base):
    """Days on which one member of staff is away, first and last included."""

    __tablename__ = "staff_absence"

    id = Column(Integer, primary_key=True)
    staff = Column(String(80), nullable=False, index=True)
    first_day = Column(Date, nullable=False)
    last_day = Column(Date, nullable=False)
    reason = Column(Text, nullable=False, default="")
