"""Tables for running several processes and for switching channels."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, String, Text

from procedures_db.models.base import Base, UtcDateTime


class LeaseRow(Base):
    """Work that exactly one process may do; ``beats`` rises while the holder lives."""

    __tablename__ = "lease"

    name = Column(String(40), primary_key=True)
    holder = Column(String(40), nullable=False)
    beats = Column(BigInteger, nullable=False)


class ChannelSwitchRow(Base):
    """Whether a channel answers. A channel without a row is on; ``message`` is what citizens read when it is off."""

    __tablename__ = "channel_switch"

    channel = Column(String(40), primary_key=True)
    is_on = Column("on", Boolean, nullable=False)
    message = Column(Text, nullable=False, default="")
    changed_by = Column(String(200), nullable=False, default="")
    changed_at = Column(UtcDateTime, nullable=False)
