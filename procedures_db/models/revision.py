"""Tables of the history: what was changed, when and by whom. Rows are only ever added (triggers see to it)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)

from procedures_db.models.base import Base, UtcDateTime


class ChangeSetRow(Base):
    """Changes made together by one person or file: one import, one edit, one undo …"""

    __tablename__ = "change_set"

    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False, index=True)  # changes.ChangeKind
    actor = Column(String(200), nullable=False)
    at = Column(UtcDateTime, nullable=False, index=True)
    source_name = Column(Text, nullable=False, default="")
    source_sha256 = Column(String(64), nullable=False, default="")
    note = Column(Text, nullable=False, default="")
    undoes = Column(Integer, ForeignKey("change_set.id"), index=True)


class ContentRow(Base):
    """What a procedure said at some time, without its ``as_of``; equal contents are kept once.

    ``contents`` packs and unpacks the body: zlib-compressed JSON, 2 kB a procedure on average.
    """

    __tablename__ = "content"

    key = Column(String(64), primary_key=True)  # SHA-256 of the JSON
    body = Column(LargeBinary, nullable=False)


class RevisionRow(Base):
    """A change of one procedure: what it said and in which state it was, before and after."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id = Column(Integer, primary_key=True)
    change_set_id = Column(Integer, ForeignKey("change_set.id"), nullable=False, index=True)
    code = Column(String(40), nullable=False)
    number = Column(Integer, nullable=False)  # 1, 2, 3 … for each code: the version editors see
    public = Column(Boolean, nullable=False)  # it changed what citizens are answered from
    state_before = Column(String(12), nullable=False)  # changes.State
    state_after = Column(String(12), nullable=False)
    old_content = Column(String(64), ForeignKey("content.key"))  # NULL: there was none
    old_as_of = Column(Date)
    new_content = Column(String(64), ForeignKey("content.key"))  # NULL: there is none any more
    new_as_of = Column(Date)


class DraftRow(Base):
    """The next version of a procedure, being written or reviewed beside the one that is answered from."""

    __tablename__ = "draft"

    code = Column(String(40), primary_key=True)
    state = Column(String(12), nullable=False, index=True)  # State.DRAFT or State.IN_REVIEW
    content = Column(String(64), ForeignKey("content.key"), nullable=False)
    as_of = Column(Date, nullable=False)
    base_content = Column(String(64), ForeignKey("content.key"))  # what was published when it began
    base_as_of = Column(Date)
    author = Column(String(200), nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)
