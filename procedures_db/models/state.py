"""Small facts about the database itself, such as how often its procedures have changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String

from procedures_db.models.base import Base


class StateRow(Base):
    """A named counter. ``data_version`` rises in every transaction that changes what is searched."""

    __tablename__ = "state"

    name = Column(String(40), primary_key=True)
    value = Column(BigInteger, nullable=False, default=0)
