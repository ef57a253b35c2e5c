"""Messages for a citizen that no question is waiting for: put here by whoever has one, fetched by channels.

The ids rise in the order of commits, so "everything after id" misses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from procedures_db.models import OutgoingMessageRow
from procedures_db.models.base import now

MOST = 500  # messages fetched at once
# PostgreSQL hands out ids when rows are written, not when they are committed: writers take turns.
_ADVISORY_LOCK = 7_302_118_056


class Kind(str, Enum):
    """Who speaks."""

    STAFF = "staff"  # an official
    BOT = "bot"  # the assistant, later than its question
    NOTICE = "notice"  # about the conversation itself; reply["event"] may be one of EVENTS


JOINED, LEFT = "staff_joined", "staff_left"
EVENTS = (JOINED, LEFT)  # an official takes the conversation over, or gives it back


@dataclass(frozen=True)
class OutgoingMessage:
    """One message; ``reply`` has the chat API's form, of which only "text" is sure to be there."""

    id: int
    conversation_id: str
    channel: str
    kind: Kind
    author: str  # "Cán bộ Lan"; empty for the assistant
    reply: dict[str, Any]
    created_at: datetime
    delivered_at: datetime | None

    @property
    def text(self) -> str:
        return self.reply["text"]


def put(
    session: Session,
    conversation_id: str,
    channel: str,
    reply: Mapping[str, Any],
    *,
    kind: Kind = Kind.STAFF,
    author: str = "",
) -> int:
    """Add a message and return its id. Raises ValueError if the reply has no text.

    Other writers wait until this transaction ends: keep it short.
    """
    if not str(reply.get("text") or "").strip():
        raise ValueError("an outgoing message needs a text")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    row = OutgoingMessageRow(
        conversation_id=conversation_id,
        channel=channel,
        kind=kind.value,
        author=author,
        reply=dict(reply),
    )
    session.add(row)
    session.flush()
    return row.id


def after(session: Session, conversation_id: str, last_id: int) -> list[OutgoingMessage]:
    """Return a conversation's messages with an id above ``last_id``, oldest first."""
    return _fetch(session, OutgoingMessageRow.conversation_id == conversation_id, last_id)


def since(session: Session, last_id: int) -> list[OutgoingMessage]:
    """Return the messages of all conversations with an id above ``last_id``, oldest first."""
    return _fetch(session, None, last_id)


def undelivered(session: Session, channel: str) -> list[OutgoingMessage]:
    """Return what a channel that pushes has still to send, oldest first."""
    mine = (OutgoingMessageRow.channel == channel) & OutgoingMessageRow.delivered_at.is_(None)
    return _fetch(session, mine, 0)


def _fetch(session: Session, which: Any, last_id: int) -> list[OutgoingMessage]:
    query = select(OutgoingMessageRow).where(OutgoingMessageRow.id > last_id)
    if which is not None:
        query = query.where(which)
    rows = session.scalars(query.order_by(OutgoingMessageRow.id).limit(MOST))
    return [_message(row) for row in rows]


def latest_id(session: Session) -> int:
    """Return the highest id, 0 when there is none."""
    return session.scalar(select(func.max(OutgoingMessageRow.id))) or 0


def mark_delivered(session: Session, ids: Sequence[int]) -> None:
    """Note when messages first reached the citizen."""
    first_time = OutgoingMessageRow.id.in_(ids) & OutgoingMessageRow.delivered_at.is_(None)
    session.execute(update(OutgoingMessageRow).where(first_time).values(delivered_at=now()))


def purge(session: Session, before: datetime) -> int:
    """Delete messages older than that, delivered or not; return how many."""
    old = OutgoingMessageRow.created_at < before
    return session.execute(delete(OutgoingMessageRow).where(old)).rowcount


def _message(row: OutgoingMessageRow) -> OutgoingMessage:
    return OutgoingMessage(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        kind=Kind(row.kind),
        author=row.author,
        reply=row.reply,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )
