"""The declarative base and the column types that several tables share."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from sqlalchemy import DateTime, MetaData, String
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import TypeDecorator

# Named constraints: Alembic can alter them on both SQLite and PostgreSQL.
_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Base = declarative_base(metadata=MetaData(naming_convention=_NAMING))


class ExactDecimal(TypeDecorator):
    """A Decimal kept as text: SQLite has no exact numbers, and an amount must come back as it went in."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value, dialect):  # type: ignore[no-untyped-def]
        return None if value is None else str(value)

    def process_result_value(self, value, dialect):  # type: ignore[no-untyped-def]
        return None if value is None else Decimal(value)


class UtcDateTime(TypeDecorator):
    """A moment kept as UTC: goes in and comes out with its time zone, on SQLite too. Refuses a naive one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value, dialect):  # type: ignore[no-untyped-def]
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect):  # type: ignore[no-untyped-def]
        return None if value is None else value.replace(tzinfo=timezone.utc)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(timezone.utc)
