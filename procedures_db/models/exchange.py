"""Tables for pulling procedures from other installations."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Text

from procedures_db.models.base import Base, UtcDateTime


class SourceSaidRow(Base):
    """What a source said last of a procedure that stays different here, as officials want it."""

    __tablename__ = "source_said"

    code = Column(String(40), primary_key=True)
    record = Column(JSON(none_as_null=True))  # NULL: that it is withdrawn
    revision = Column(Integer, nullable=False)  # id of the procedure's latest one at that time


class SyncSourceRow(Base):
    """Where procedures are pulled from, and how far that has come."""

    __tablename__ = "sync_source"

    id = Column(Integer, primary_key=True)
    url = Column(String(500), nullable=False, unique=True)
    cursor = Column(Text, nullable=False, default="")  # "": from the beginning
    synced_at = Column(UtcDateTime)  # NULL: never to the end


class SyncConflictRow(Base):
    """A difference that a person must decide: kept until then, both values with it."""

    __tablename__ = "sync_conflict"

    code = Column(String(40), primary_key=True)
    url = Column(String(500), nullable=False)  # the source
    reason = Column(Text, nullable=False)
    ours = Column(JSON(none_as_null=True))  # NULL: withdrawn here
    theirs = Column(JSON(none_as_null=True))  # NULL: withdrawn there; as sent, when unreadable
    seen_at = Column(UtcDateTime, nullable=False)
