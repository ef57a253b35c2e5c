"""The outbox: messages to send, each chat's in order, until they are sent or cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import outbox
from procedures_db.connection import transaction
from procedures_db.models import TelegramConversationRow, TelegramOutgoingRow, TelegramUpdateRow
from procedures_db.models.base import now as utc_now
from procedures_db.telegram.inserting import insert_new

_LATE = "late:"

Keyboard = list[list[dict[str, str]]]  # rows of {"text", "callback_data"}


@dataclass(frozen=True)
class Message:
    """One message of at most 4,096 characters of Telegram HTML."""

    text: str
    keyboard: Keyboard = field(default_factory=list)
    reply_to: int | None = None  # the message of the citizen that it answers, in groups


@dataclass(frozen=True)
class Pending:
    """A message in the outbox. Times are UTC."""

    id: int
    chat_id: int
    message: Message
    attempts: int
    queued_at: datetime
    due_at: datetime


def cause_of_late(message_id: int) -> str:
    """The cause of a message of the common outbox."""
    return f"{_LATE}{message_id}"


def add(session: Session, cause: str, chat_id: int, messages: Sequence[Message]) -> int:
    """Queue the messages of a cause within a transaction; a cause queued before adds nothing."""
    now = utc_now()
    rows = [
        {
            "cause": cause,
            "part": part,
            "chat_id": chat_id,
            "text": message.text,
            "keyboard": message.keyboard,
            "reply_to": message.reply_to,
            "attempts": 0,
            "queued_at": now,
            "due_at": now,
        }
        for part, message in enumerate(messages)
    ]
    return insert_new(session, TelegramOutgoingRow, rows)


def queue(engine: Engine, cause: str, chat_id: int, messages: Sequence[Message]) -> int:
    """``add`` in a transaction of its own; return how many messages were new."""
    with transaction(engine) as session:
        return add(session, cause, chat_id, messages)


def first_of(engine: Engine, chat_id: int) -> Pending | None:
    """The message that a chat gets next, due or not."""
    row = TelegramOutgoingRow
    with transaction(engine) as session:
        found = session.scalar(
            select(row)
            .where(row.chat_id == chat_id, row.ended_at.is_(None))
            .order_by(row.id)
            .limit(1)
        )
        if found is None:
            return None
        message = Message(found.text, found.keyboard, found.reply_to)
        return Pending(found.id, chat_id, message, found.attempts, found.queued_at, found.due_at)


def sent(engine: Engine, message_id: int) -> None:
    """Close a message that Telegram took. With the last part of a late one, that one is delivered."""
    row = TelegramOutgoingRow
    with transaction(engine) as session:
        _close(session, row.id == message_id, "sent")
        cause = session.scalar(select(row.cause).where(row.id == message_id)) or ""
        left = select(row.id).where(row.cause == cause, row.ended_at.is_(None)).limit(1)
        if cause.startswith(_LATE) and session.scalar(left) is None:
            outbox.mark_delivered(session, [int(cause.removeprefix(_LATE))])


def end(engine: Engine, message_id: int, ending: str) -> None:
    """Close a message as refused or expired, and forget what it said."""
    with transaction(engine) as session:
        _close(session, TelegramOutgoingRow.id == message_id, ending)


def end_all(engine: Engine, chat_id: int, ending: str) -> None:
    """Close everything that a chat still waits for."""
    with transaction(engine) as session:
        _close(session, TelegramOutgoingRow.chat_id == chat_id, ending)


def _close(session: Session, condition: object, ending: str) -> None:
    row = TelegramOutgoingRow
    session.execute(
        update(row)
        .where(condition, row.ended_at.is_(None))
        .values(ended_at=utc_now(), ending=ending, text="", keyboard=[])
        .execution_options(synchronize_session=False)
    )


def postpone(engine: Engine, message_id: int, until: datetime, *, failed: bool) -> None:
    """Try a message again at a time (UTC); a failed attempt counts, a wait that was asked for does not."""
    row = TelegramOutgoingRow
    with transaction(engine) as session:
        session.execute(
            update(row)
            .where(row.id == message_id)
            .values(due_at=until, attempts=row.attempts + int(failed))
            .execution_options(synchronize_session=False)
        )


def move_chat(engine: Engine, old: int, new: int) -> None:
    """A group has become a supergroup: everything of it goes on under the new id."""
    with transaction(engine) as session:
        for row in (TelegramOutgoingRow, TelegramUpdateRow, TelegramConversationRow):
            session.execute(
                update(row)
                .where(row.chat_id == old)
                .values(chat_id=new)
                .execution_options(synchronize_session=False)
            )


def forget(engine: Engine, before: datetime) -> int:
    """Delete the rows of messages that ended before a time (UTC); return how many."""
    row = TelegramOutgoingRow
    with transaction(engine) as session:
        return session.execute(delete(row).where(row.ended_at < before)).rowcount
