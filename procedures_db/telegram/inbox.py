"""The inbox: updates accepted from Telegram, each answered exactly once, each chat's in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, union, update
from sqlalchemy.engine import Engine

from procedures_db.connection import transaction
from procedures_db.models import TelegramOutgoingRow, TelegramUpdateRow
from procedures_db.models.base import now as utc_now
from procedures_db.telegram import outgoing
from procedures_db.telegram.inserting import insert_new
from procedures_db.telegram.outgoing import Message


@dataclass(frozen=True)
class Incoming:
    """An update that wants an answer. ``text`` is masked; for a button it is the button's key."""

    update_id: int
    chat_id: int
    user_id: int
    kind: str
    text: str = ""
    message_id: int | None = None
    in_group: bool = False
    album: str | None = None
    told_secret: bool = False


def accept(engine: Engine, bot_id: int, updates: Sequence[Incoming]) -> int:
    """Store updates before they are confirmed to Telegram; repeats are dropped. Return how many were new."""
    now = utc_now()
    rows = [
        {"bot_id": bot_id, "received_at": now, "done_at": None, **asdict(one)} for one in updates
    ]
    with transaction(engine) as session:
        return insert_new(session, TelegramUpdateRow, rows)


def chats_with_work(engine: Engine, bot_id: int, limit: int) -> list[int]:
    """Chats with an update to answer or a message to send, without those that Telegram has told to wait."""
    waiting, sending = TelegramUpdateRow, TelegramOutgoingRow
    unsent = select(sending.chat_id).where(sending.ended_at.is_(None))
    chats = union(
        select(waiting.chat_id).where(waiting.done_at.is_(None), waiting.bot_id == bot_id), unsent
    ).subquery()
    paused = unsent.where(sending.due_at > utc_now())
    with transaction(engine) as session:
        return list(
            session.scalars(
                select(chats.c.chat_id).where(chats.c.chat_id.not_in(paused)).limit(limit)
            )
        )


def first_of(engine: Engine, bot_id: int, chat_id: int) -> Incoming | None:
    """The update of a chat to answer next. Telegram's ids restore the order in which they were written."""
    row = TelegramUpdateRow
    with transaction(engine) as session:
        found = session.scalar(
            select(row)
            .where(row.chat_id == chat_id, row.done_at.is_(None), row.bot_id == bot_id)
            .order_by(row.update_id)
            .limit(1)
        )
        if found is None:
            return None
        return Incoming(
            found.update_id, found.chat_id, found.user_id, found.kind, found.text,
            found.message_id, found.in_group, found.album, found.told_secret,
        )  # fmt: skip


def finish(engine: Engine, bot_id: int, incoming: Incoming, answer: Sequence[Message]) -> bool:
    """Mark an update done and queue its answer, in one transaction; False when another had done so."""
    row = TelegramUpdateRow
    with transaction(engine) as session:
        marked = session.execute(
            update(row)
            .where(
                row.bot_id == bot_id,
                row.update_id == incoming.update_id,
                row.done_at.is_(None),
            )
            .values(done_at=utc_now(), text="")
            .execution_options(synchronize_session=False)
        )
        if marked.rowcount != 1:
            return False
        outgoing.add(session, f"update:{bot_id}:{incoming.update_id}", incoming.chat_id, answer)
        return True


def opens_album(engine: Engine, bot_id: int, incoming: Incoming) -> bool:
    """Whether no earlier update belongs to the same album: one word about ten photos is enough."""
    if incoming.album is None:
        return True
    row = TelegramUpdateRow
    with transaction(engine) as session:
        earlier = session.scalar(
            select(row.update_id)
            .where(
                row.bot_id == bot_id,
                row.chat_id == incoming.chat_id,
                row.album == incoming.album,
                row.update_id < incoming.update_id,
            )
            .limit(1)
        )
    return earlier is None


def forget(engine: Engine, before: datetime) -> int:
    """Delete updates answered before a time (UTC); return how many. Telegram repeats none after a day."""
    row = TelegramUpdateRow
    with transaction(engine) as session:
        return session.execute(delete(row).where(row.done_at < before)).rowcount
