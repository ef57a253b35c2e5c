"""Which conversation a member of a chat is in, and which chat a conversation belongs to.

Ids are random: neither the chat nor the person can be found from one, and no secret has to be kept for it. An
earlier conversation keeps its chat, so that a late reply to it still arrives.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine

from procedures_db.connection import transaction
from procedures_db.models import TelegramBlockedRow, TelegramConversationRow
from procedures_db.models.base import now as utc_now
from procedures_db.telegram.inserting import insert_new

PREFIX = "telegram-"


def current(engine: Engine, chat_id: int, user_id: int) -> str:
    """The id of the conversation going on; the first question of a member starts one."""
    row = TelegramConversationRow
    with transaction(engine) as session:
        newest = session.execute(
            select(row.id, row.conversation_id)
            .where(row.chat_id == chat_id, row.user_id == user_id)
            .order_by(row.id.desc())
            .limit(1)
        ).first()
    if newest is None:
        return start(engine, chat_id, user_id)
    with transaction(engine) as session:
        session.execute(update(row).where(row.id == newest.id).values(used_at=utc_now()))
    return newest.conversation_id


def start(engine: Engine, chat_id: int, user_id: int) -> str:
    """Begin a new conversation and return its id."""
    conversation_id, now = PREFIX + uuid.uuid4().hex, utc_now()
    with transaction(engine) as session:
        session.add(
            TelegramConversationRow(
                conversation_id=conversation_id,
                chat_id=chat_id,
                user_id=user_id,
                started_at=now,
                used_at=now,
            )
        )
    return conversation_id


def chat_of(engine: Engine, conversation_id: str) -> int | None:
    """The chat of a conversation, also of an earlier one; None when it is not known (any more)."""
    row = TelegramConversationRow
    with transaction(engine) as session:
        return session.scalar(select(row.chat_id).where(row.conversation_id == conversation_id))


def block(engine: Engine, chat_id: int) -> None:
    """Note that nothing may be sent to a chat any more."""
    with transaction(engine) as session:
        insert_new(session, TelegramBlockedRow, [{"chat_id": chat_id, "blocked_at": utc_now()}])


def unblock(engine: Engine, chat_id: int) -> None:
    """The citizen has come back."""
    with transaction(engine) as session:
        session.execute(delete(TelegramBlockedRow).where(TelegramBlockedRow.chat_id == chat_id))


def is_blocked(engine: Engine, chat_id: int) -> bool:
    with transaction(engine) as session:
        return session.get(TelegramBlockedRow, chat_id) is not None


def forget(engine: Engine, before: datetime) -> int:
    """Delete conversations silent since before a time (UTC); return how many."""
    row = TelegramConversationRow
    with transaction(engine) as session:
        deleted = session.execute(delete(row).where(row.used_at < before)).rowcount
        session.execute(delete(TelegramBlockedRow).where(TelegramBlockedRow.blocked_at < before))
    return deleted
