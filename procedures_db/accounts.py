"""Accounts of staff and administrators: roles, passwords, lock-out. Sessions are in ``account_sessions``."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import account_sessions, passwords
from procedures_db.account import (
    Account,
    AccountNotFound,
    BadAccount,
    LastAdministrator,
    LockedOut,
    LoginRefused,
    Role,
    to_account,
)
from procedures_db.connection import transaction
from procedures_db.models import AccountRow
from procedures_db.models.base import now as utc_now
from procedures_db.passwords import WeakPassword as WeakPassword

_USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{1,78}[a-z0-9]$", re.ASCII)
FREE_FAILURES = 5  # wrong passwords before the first lock
_FIRST_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)


def add(
    session: Session, username: str, *, name: str, roles: Collection[Role], password: str
) -> Account:
    """Make an account; the first login forces a new password. Raises BadAccount, WeakPassword."""
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise BadAccount("Tên đăng nhập: 3–80 ký tự, chữ thường không dấu, số, dấu . _ -")
    taken = select(AccountRow.id).where(AccountRow.username == username)
    if session.execute(taken).first():
        raise BadAccount(f"Đã có tài khoản “{username}”.")
    row = AccountRow(
        username=username,
        name=_checked_name(name),
        roles=_checked_roles(roles),
        password_hash=passwords.hashed(passwords.checked(password, username)),
        must_change_password=True,
    )
    session.add(row)
    session.flush()
    return to_account(row)


def change(session: Session, username: str, *, name: str, roles: Collection[Role]) -> Account:
    """Rename, give other roles; takes effect with the next click. Raises AccountNotFound, BadAccount,
    LastAdministrator."""
    row = _row(session, username)
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(session, row)
    row.name, row.roles = _checked_name(name), _checked_roles(roles)
    session.flush()
    return to_account(row)


def disable(session: Session, username: str) -> Account:
    """Log out everywhere and refuse logins from now on. Raises AccountNotFound, LastAdministrator."""
    row = _row(session, username)
    _keep_an_administrator(session, row)
    row.disabled_at = row.disabled_at or utc_now()
    account_sessions.end_all(session, row.id)
    return to_account(row)


def enable(session: Session, username: str) -> Account:
    """Let a disabled or locked account log in again. Raises AccountNotFound."""
    row = _row(session, username)
    row.disabled_at, row.locked_until, row.failures = None, None, 0
    return to_account(row)


def reset_password(session: Session, username: str, password: str) -> Account:
    """Give a password for one login, take the second factor off, unlock, log out everywhere.

    Raises AccountNotFound, WeakPassword.
    """
    row = _row(session, username)
    row.password_hash = passwords.hashed(passwords.checked(password, row.username))
    row.must_change_password = True
    row.totp_secret, row.failures, row.locked_until = "", 0, None
    account_sessions.end_all(session, row.id)
    return to_account(row)


def change_password(session: Session, account_id: int, new: str, *, keep_token: str = "") -> None:
    """Set one's own new password; all sessions but ``keep_token`` end. Raises WeakPassword."""
    row = _by_id(session, account_id)
    if passwords.is_right(row.password_hash, new):
        raise WeakPassword("Mật khẩu mới phải khác mật khẩu đang dùng.")
    row.password_hash = passwords.hashed(passwords.checked(new, row.username))
    row.must_change_password = False
    account_sessions.end_all(session, row.id, but=keep_token)


def set_second_factor(session: Session, account_id: int, secret: str, *, step: int = 0) -> None:
    """Ask for codes of this secret from the next login on; "" asks for none any more."""
    row = _by_id(session, account_id)
    row.totp_secret, row.totp_step = secret, step


def get(session: Session, username: str) -> Account:
    """Raises AccountNotFound."""
    return to_account(_row(session, username))


def every(session: Session) -> list[Account]:
    """All accounts by user name, the disabled ones too."""
    rows = session.execute(select(AccountRow).order_by(AccountRow.username)).scalars()
    return [to_account(row) for row in rows]


def names(session: Session) -> dict[str, str]:
    """User name → name, of everybody, disabled ones too."""
    return {
        row.username: row.name
        for row in session.execute(select(AccountRow.username, AccountRow.name))
    }


def check_password(engine: Engine, username: str, password: str) -> Account:
    """Return the account if the password is right.

    Every try counts before it is looked at, so that many at once are no way around the lock. Raises
    LoginRefused, LockedOut.
    """
    row = _count_try(engine, username.strip().lower())
    right = passwords.is_right(row.password_hash if row else "", password)
    if row is None:
        raise LoginRefused("unknown user")
    if not right:
        raise LoginRefused("wrong password")
    if row.disabled_at:
        raise LoginRefused("disabled")
    _forget_tries(engine, row.id)
    return to_account(row)


def check_code(engine: Engine, account_id: int, code: str) -> None:
    """Take a code of the second factor, once. Wrong ones count like wrong passwords. Raises LoginRefused,
    LockedOut."""
    with transaction(engine) as session:
        username = _by_id(session, account_id).username
    row = _count_try(engine, username)
    step = row and passwords.step_of(row.totp_secret, code, after=row.totp_step)
    if not row or row.disabled_at or not step:
        raise LoginRefused("wrong code")
    table = AccountRow
    with transaction(engine) as session:  # of two requests with one code, one finds the step used
        fresh = update(table).where(table.id == account_id, table.totp_step < step)
        taken = session.execute(
            fresh.values(totp_step=step).execution_options(synchronize_session=False)
        )
    if taken.rowcount == 0:
        raise LoginRefused("code used before")
    _forget_tries(engine, account_id)


def is_own_password(engine: Engine, account_id: int, password: str) -> bool:
    """Whether somebody who is logged in knows the password; counts like a login. Raises LockedOut."""
    with transaction(engine) as session:
        username = _by_id(session, account_id).username
    try:
        check_password(engine, username, password)
    except LockedOut:
        raise
    except LoginRefused:
        return False
    return True


def _count_try(engine: Engine, username: str) -> AccountRow | None:
    """Count a try and lock when there were too many. Raises LockedOut while locked."""
    table, now = AccountRow, utc_now()
    free = or_(table.locked_until.is_(None), table.locked_until <= now)
    with transaction(engine) as session:
        # A write first: SQLite cannot turn a transaction that has read into one that writes.
        counting = update(table).where(table.username == username, free)
        session.execute(
            counting.values(failures=table.failures + 1).execution_options(
                synchronize_session=False
            )
        )
        row = session.execute(select(table).where(table.username == username)).scalar_one_or_none()
        locked = row.locked_until if row and row.locked_until and row.locked_until > now else None
        if row and not locked and row.failures >= FREE_FAILURES:
            row.locked_until = now + _lock(row.failures)
        session.flush()
        session.expunge_all()
    if locked:
        raise LockedOut(locked)
    return row


def _lock(failures: int) -> timedelta:
    """1 minute after the fifth wrong password, twice as long after each further one, an hour at most."""
    doublings = min(failures - FREE_FAILURES, 10)
    return min(_FIRST_LOCK * 2**doublings, _LONGEST_LOCK)


def _forget_tries(engine: Engine, account_id: int) -> None:
    with transaction(engine) as session:
        chosen = update(AccountRow).where(AccountRow.id == account_id)
        session.execute(chosen.values(failures=0, locked_until=None))


def _keep_an_administrator(session: Session, leaving: AccountRow) -> None:
    others = select(AccountRow).where(AccountRow.disabled_at.is_(None), AccountRow.id != leaving.id)
    left = [r for r in session.execute(others).scalars() if Role.ADMINISTRATOR.value in r.roles]
    if Role.ADMINISTRATOR.value in leaving.roles and not leaving.disabled_at and not left:
        raise LastAdministrator(leaving.username)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120:
        raise BadAccount("Họ tên: từ 1 đến 120 ký tự.")
    return name


def _checked_roles(roles: Collection[Role]) -> list[str]:
    if not roles:
        raise BadAccount("Chọn ít nhất một vai trò.")
    return sorted(role.value for role in set(roles))


def _row(session: Session, username: str) -> AccountRow:
    statement = select(AccountRow).where(AccountRow.username == username.strip().lower())
    row = session.execute(statement).scalar_one_or_none()
    if row is None:
        raise AccountNotFound(username)
    return row


def _by_id(session: Session, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise AccountNotFound(str(account_id))
    return row
