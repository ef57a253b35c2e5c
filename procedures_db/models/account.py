"""Tables of the people who work in the consoles: accounts, their sessions, and the log of what was done."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String

from procedures_db.models.base import Base, UtcDateTime, now


class AccountRow(Base):
    """Somebody who may log in; see ``accounts.Account`` for the meaning of each field. Never deleted."""

    __tablename__ = "account"

    id = Column(Integer, primary_key=True)
    username = Column(String(80), nullable=False, unique=True)
    name = Column(String(120), nullable=False)
    roles = Column(JSON, nullable=False)
    password_hash = Column(String(200), nullable=False)
    must_change_password = Column(Boolean, nullable=False)
    totp_secret = Column(String(64), nullable=False, default="")  # empty: no second factor
    totp_step = Column(
        BigInteger, nullable=False, default=0
    )  # of the last code: none is taken twice
    failures = Column(Integer, nullable=False, default=0)  # since the last login
    locked_until = Column(UtcDateTime)
    disabled_at = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False, default=now)
    logged_in_at = Column(UtcDateTime)


class AccountSessionRow(Base):
    """A browser that logged in. The token itself is in its cookie only."""

    __tablename__ = "account_session"

    token_hash = Column(String(64), primary_key=True)  # SHA-256
    account_id = Column(ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True)
    csrf = Column(String(43), nullable=False)
    awaits_code = Column(
        Boolean, nullable=False
    )  # the password was right, the second factor is due
    address = Column(String(45), nullable=False, default="")
    created_at = Column(UtcDateTime, nullable=False, default=now)
    used_at = Column(UtcDateTime, nullable=False, default=now, index=True)


class AuditEventRow(Base):
    """Something done by somebody. Rows are only ever added (triggers see to it)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_actor", "actor", "id"),
        Index("ix_audit_event_action", "action", "id"),
        {"sqlite_autoincrement": True},  # a number is never used twice: gaps would show
    )

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, default=now, index=True)
    actor = Column(
        String(200), nullable=False
    )  # user name; "cli:" + system user; "" before a login
    action = Column(String(60), nullable=False)
    subject = Column(String(200), nullable=False, default="")  # a procedure's code, a user name …
    address = Column(String(45), nullable=False, default="")
    detail = Column(JSON, nullable=False, default=dict)
