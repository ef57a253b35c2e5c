"""A secret in every form, so that no other site can send one in somebody's name."""

from __future__ import annotations

import base64
import binascii
import secrets
from hmac import compare_digest

FIELD, HEADER = "csrf", "x-csrf-token"
_BYTES = 43  # of a token


def masked(token: str) -> str:
    """The token as it stands in a page: other characters each time.

    Pages are sent compressed; a secret that repeats could be guessed from their lengths (BREACH).
    """
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + _xor(pad, plain)).decode()


def is_right(token: str, given: str) -> bool:
    """Whether a form brought the token. Empty ones are never right: they would equal each other."""
    try:
        raw = base64.urlsafe_b64decode(given.encode())
    except (binascii.Error, ValueError):
        return False
    half = len(raw) // 2
    plain = _xor(raw[:half], raw[half:])
    return len(plain) == _BYTES and compare_digest(plain, token.encode())


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
