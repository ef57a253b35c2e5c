"""Tables of the administrator console: files on their way in, announcements, wording, edited texts."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Index, Integer, LargeBinary, String, Text

from procedures_db.models.base import Base, UtcDateTime, now


class PendingImportRow(Base):
    """A file somebody uploaded and has seen the preview of, but has not applied; deleted after a day."""

    __tablename__ = "pending_import"

    id = Column(Integer, primary_key=True)
    filename = Column(String(255), nullable=False)
    content = Column(LargeBinary, nullable=False)
    as_of = Column(Date)  # the day of the data, as the official said
    fingerprint = Column(String(64), nullable=False)  # Preview.fingerprint of what was shown
    overview = Column(JSON, nullable=False)  # what was shown
    uploaded_by = Column(String(80), nullable=False)
    uploaded_at = Column(UtcDateTime, nullable=False, default=now, index=True)


class AnnouncementRow(Base):
    """A sentence that citizens read above the conversation while it lasts; the latest one counts."""

    __tablename__ = "announcement"

    id = Column(Integer, primary_key=True)
    text = Column(Text, nullable=False)
    begins_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime)  # NULL: until it is taken down
    created_by = Column(String(200), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, default=now)


class WordingRow(Base):
    """A sentence that an official has put in the place of the one in domain.yml."""

    __tablename__ = "wording"

    key = Column(String(80), primary_key=True)  # utter_greet
    text = Column(Text, nullable=False)
    author = Column(String(200), nullable=False)
    updated_at = Column(UtcDateTime, nullable=False, default=now)


class KeptTextRow(Base):
    """One save of an entry of the officials' files; see ``kept_texts.Version``. Rows are only added."""

    __tablename__ = "kept_text"
    __table_args__ = (Index("ix_kept_text_entry", "kind", "key", "id"),)

    id = Column(Integer, primary_key=True)
    kind = Column(String(20), nullable=False)
    key = Column(String(120), nullable=False)
    deed = Column(String(20), nullable=False)
    content = Column(JSON(none_as_null=True))
    author = Column(String(200), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, default=now)
