"""Tables of when the staff work: weekly periods, and days off beside the public holidays."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Text, Time

from procedures_db.models.base import Base


class WorkingPeriodRow(Base):
    """One period of a weekday (0 = Monday), Vietnamese local time."""

    __tablename__ = "working_period"

    id = Column(Integer, primary_key=True)
    weekday = Column(Integer, nullable=False)
    opens = Column(Time, nullable=False)
    closes = Column(Time, nullable=False)


class AbsenceRow(Base):
    """Days on which nobody answers, first and last included, and the reason citizens are told."""

    __tablename__ = "absence"

    id = Column(Integer, primary_key=True)
    first_day = Column(Date, nullable=False)
    last_day = Column(Date, nullable=False)
    reason = Column(Text, nullable=False, default="")
