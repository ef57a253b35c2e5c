"""Buttons: a short key for what each does, so that a button works as long as its message stands."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.engine import Engine

from procedures_db.connection import transaction
from procedures_db.models import TelegramButtonRow
from procedures_db.telegram.inserting import insert_new


def key_of(payload: str) -> str:
    """16 characters, the same for the same payload: Telegram carries 64 bytes, and "đ" takes two."""
    return base64.urlsafe_b64encode(hashlib.sha256(payload.encode()).digest()[:12]).decode()


def remember(engine: Engine, payloads: Iterable[str]) -> None:
    """Keep payloads by their keys; known ones are left."""
    rows = [{"key": key_of(payload), "payload": payload} for payload in dict.fromkeys(payloads)]
    if rows:
        with transaction(engine) as session:
            insert_new(session, TelegramButtonRow, rows)


def payload_of(engine: Engine, key: str) -> str | None:
    """What a button does; None when the key is none of ours."""
    with transaction(engine) as session:
        return session.scalar(select(TelegramButtonRow.payload).where(TelegramButtonRow.key == key))
