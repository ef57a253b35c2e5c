"""Browsers that are logged in: begun at login, ended by logout, silence, age, or a new password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from procedures_db.account import Account, to_account
from procedures_db.connection import transaction
from procedures_db.models import AccountRow, AccountSessionRow
from procedures_db.models.base import now as utc_now

CODE_WITHIN = timedelta(minutes=5)  # after the password, for the second factor
_TOUCH_AFTER = timedelta(seconds=60)  # a write per minute and browser, not per click
_TOUCH_WAIT_MS = 100  # rather than wait for an import, count the click a minute later


@dataclass(frozen=True)
class Begun:
    """A new session: ``token`` for the cookie, ``csrf`` for the forms."""

    token: str
    csrf: str


@dataclass(frozen=True)
class Found:
    """A session that is alive, and whose it is."""

    token: str
    csrf: str
    awaits_code: bool
    account: Account


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: without a click, and in all."""

    idle: timedelta
    longest: timedelta


def begin(
    session: Session, account_id: int, *, address: str = "", awaits_code: bool = False
) -> Begun:
    """Begin a session with a token of its own, never one that a browser brought along."""
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    session.add(
        AccountSessionRow(
            token_hash=_hash(begun.token),
            account_id=account_id,
            csrf=begun.csrf,
            awaits_code=awaits_code,
            address=address[:45],
        )
    )
    if not awaits_code:
        chosen = update(AccountRow).where(AccountRow.id == account_id)
        session.execute(chosen.values(logged_in_at=utc_now()))
    session.flush()
    return begun


def find(
    engine: Engine, token: str, limits: Limits, *, counts: bool = True, at: datetime | None = None
) -> Found | None:
    """Return the session of a token if it is alive and its account is not disabled.

    counts: whether this request is a click of a person; what a page asks by itself keeps nobody logged in.
    """
    now = at or utc_now()
    statement = (
        select(AccountSessionRow, AccountRow)
        .join(AccountRow, AccountRow.id == AccountSessionRow.account_id)
        .where(AccountSessionRow.token_hash == _hash(token), AccountRow.disabled_at.is_(None))
    )
    with transaction(engine) as session:
        row = session.execute(statement).first()
        account = to_account(row.AccountRow) if row else None
        session.expunge_all()
    if row is None or account is None or not _is_alive(row.AccountSessionRow, limits, now):
        return None
    kept = row.AccountSessionRow
    if counts and now - kept.used_at > _TOUCH_AFTER:
        _touch(engine, kept.token_hash, now)
    return Found(token, kept.csrf, kept.awaits_code, account)


def end(session: Session, token: str) -> None:
    """Log one browser out."""
    session.execute(delete(AccountSessionRow).where(AccountSessionRow.token_hash == _hash(token)))


def end_all(session: Session, account_id: int, *, but: str = "") -> None:
    """Log out everywhere; the session with the token ``but`` stays."""
    chosen = delete(AccountSessionRow).where(AccountSessionRow.account_id == account_id)
    if but:
        chosen = chosen.where(AccountSessionRow.token_hash != _hash(but))
    session.execute(chosen.execution_options(synchronize_session=False))


def purge(session: Session, limits: Limits, *, at: datetime | None = None) -> int:
    """Delete what is no longer alive; return how many."""
    table, now = AccountSessionRow, at or utc_now()
    dead = or_(table.used_at < now - limits.idle, table.created_at < now - limits.longest)
    return session.execute(
        delete(table).where(dead).execution_options(synchronize_session=False)
    ).rowcount


def _is_alive(row: AccountSessionRow, limits: Limits, now: datetime) -> bool:
    if row.awaits_code and now - row.created_at > CODE_WITHIN:
        return False
    return now - row.used_at <= limits.idle and now - row.created_at <= limits.longest


def _touch(engine: Engine, token_hash: str, now: datetime) -> None:
    chosen = update(AccountSessionRow).where(AccountSessionRow.token_hash == token_hash)
    try:
        with transaction(engine) as session:
            if engine.dialect.name == "sqlite":
                session.execute(text(f"PRAGMA busy_timeout={_TOUCH_WAIT_MS}"))
            session.execute(chosen.values(used_at=now))
    except OperationalError:  # somebody writes for long: the next click counts
        return


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
