"""An account as a value: who may log in and what for, and how accounts can fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from procedures_db.models import AccountRow


class Role(str, Enum):
    """What somebody is there for; an account may have several. What each may do: bot/consoles/permissions."""

    STAFF = "staff"  # cán bộ một cửa
    EDITOR = "editor"  # biên tập
    APPROVER = "approver"  # người duyệt
    ADMINISTRATOR = "administrator"  # quản trị
    AUDITOR = "auditor"  # kiểm tra


class AccountNotFound(LookupError):
    """No account has this user name or number."""


class BadAccount(ValueError):
    """The account cannot be kept like this; the message says why, in Vietnamese."""


class LastAdministrator(RuntimeError):
    """Nobody would be left who may administer accounts."""


class LoginRefused(RuntimeError):
    """Unknown user, wrong password, disabled: the visitor is not told which; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LockedOut(LoginRefused):
    """Too many wrong passwords: no password is looked at before ``until`` (UTC)."""

    def __init__(self, until: datetime) -> None:
        super().__init__("locked")
        self.until = until


@dataclass(frozen=True)
class Account:
    """Somebody who may log in. ``name`` is what colleagues and citizens read."""

    id: int
    username: str
    name: str
    roles: frozenset[Role]
    must_change_password: bool
    has_second_factor: bool
    is_disabled: bool
    locked_until: datetime | None  # UTC; None or past: not locked
    created_at: datetime
    logged_in_at: datetime | None


def to_account(row: AccountRow) -> Account:
    """Build the value from a stored row."""
    return Account(
        id=row.id,
        username=row.username,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        must_change_password=row.must_change_password,
        has_second_factor=bool(row.totp_secret),
        is_disabled=row.disabled_at is not None,
        locked_until=row.locked_until,
        created_at=row.created_at,
        logged_in_at=row.logged_in_at,
    )
