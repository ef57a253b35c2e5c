"""How officials said that the columns of a table are to be read."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, String

from procedures_db.models.base import Base


class ColumnMappingRow(Base):
    """A mapping heading → field for all tables whose headings have this signature."""

    __tablename__ = "column_mapping"

    signature = Column(String(64), primary_key=True)
    headings = Column(JSON, nullable=False)
    mapping = Column(JSON, nullable=False)
    saved_at = Column(DateTime, nullable=False)  # UTC
