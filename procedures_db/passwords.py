"""Passwords (argon2id) and the second factor (TOTP, RFC 6238) of accounts."""

from __future__ import annotations

import secrets
import time
from functools import lru_cache
from hmac import compare_digest
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200  # characters; argon2 reads any length, a request should not
_FEWEST_KINDS = 5  # different characters
_STEP_SECONDS = 30
_ISSUER = "motcua"


class WeakPassword(ValueError):
    """The password is too easy to guess; the message says why, in Vietnamese."""


def checked(password: str, username: str) -> str:
    """Return a password that may be used. Raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"Mật khẩu phải có ít nhất {SHORTEST} ký tự.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Mật khẩu dài nhất {LONGEST} ký tự.")
    if username.lower() in password.lower():
        raise WeakPassword("Mật khẩu không được chứa tên đăng nhập.")
    if len(set(password)) < _FEWEST_KINDS or _is_a_row(password):
        raise WeakPassword("Mật khẩu quá dễ đoán: đừng lặp lại hay đếm ký tự theo thứ tự.")
    return password


def generated() -> str:
    """A password for the first login: 96 bits, typed once."""
    return secrets.token_urlsafe(12)


def hashed(password: str) -> str:
    return _hasher().hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Whether the password is the one hashed; an empty hash takes as long and fits nothing."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(password_hash or _nobodys_hash(), password[:LONGEST]) and bool(
            password_hash
        )
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """A secret for an authenticator app, base32."""
    import pyotp

    return pyotp.random_base32()


def enrolment_address(secret: str, username: str) -> str:
    """The ``otpauth://`` address that authenticator apps read from a QR code."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER)


def step_of(secret: str, code: str, *, after: int, at: float | None = None) -> int | None:
    """The time step that a code is of, now or one beside it; None if wrong or not ``after`` that step.

    Keep the step: a code that was seen over a shoulder is taken once only.
    """
    import pyotp

    totp, now = pyotp.TOTP(secret), int((time.time() if at is None else at) // _STEP_SECONDS)
    given = "".join(code.split())
    for step in (now - 1, now, now + 1):
        right = totp.at(step * _STEP_SECONDS)
        if compare_digest(right.encode(), given.encode()) and step > after:
            return step
    return None


def _is_a_row(password: str) -> bool:
    """Whether it counts through letters or digits: 123456789012, abcdefghijkl."""
    steps = [ord(b) - ord(a) for a, b in pairwise(password)]
    return sum(step in (-1, 0, 1) for step in steps) > 0.7 * len(steps)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """What the password of a user that does not exist is compared with: the answer takes as long."""
    return hashed(secrets.token_urlsafe(16))
