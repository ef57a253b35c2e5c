"""Answers kept for a while, so that a message sent again is not asked again (idempotency).

A process claims a message before it asks, and keeps the replies after. Another process, or the same
one after a restart, finds the claim or the replies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procedures_db.models import DeliveredReplyRow

MOST = 200_000  # rows kept, whatever their age


@dataclass(frozen=True)
class Claim:
    """What was found: ``mine`` to answer now, else ``replies``, or None while another answers it."""

    mine: bool
    replies: list[dict[str, Any]] | None = None


def claim(
    session: Session, conversation_id: str, message_id: str, at: datetime, lease: timedelta
) -> Claim:
    """Claim a message, or find what has become of it.

    A claim older than ``lease`` belongs to a process that died and passes on.
    """
    values = {"conversation_id": conversation_id, "message_id": message_id, "claimed_at": at}
    try:
        with session.begin_nested():
            session.execute(insert(DeliveredReplyRow).values(**values))
        return Claim(mine=True)
    except IntegrityError:  # claimed before: by us, by another process, by one that died
        return _earlier(session, _is(conversation_id, message_id), at, lease)


def _earlier(session: Session, which: Any, at: datetime, lease: timedelta) -> Claim:
    row = session.scalars(select(DeliveredReplyRow).where(which)).one_or_none()
    if row is None:
        return Claim(mine=False)  # released this very moment: whoever asks again will get it
    if row.replies is not None:
        return Claim(mine=False, replies=row.replies)
    abandoned = which & (DeliveredReplyRow.claimed_at < at - lease)
    taken = session.execute(
        update(DeliveredReplyRow)
        .where(abandoned)
        .values(claimed_at=at)
        .execution_options(synchronize_session=False)
    )
    return Claim(mine=taken.rowcount == 1)


def keep(
    session: Session, conversation_id: str, message_id: str, replies: list[dict[str, Any]]
) -> None:
    """Keep the replies to a claimed message."""
    which = _is(conversation_id, message_id)
    session.execute(update(DeliveredReplyRow).where(which).values(replies=replies))


def release(session: Session, conversation_id: str, message_id: str) -> None:
    """Give a claim back: the message was not answered and may be asked again."""
    session.execute(delete(DeliveredReplyRow).where(_is(conversation_id, message_id)))


def purge(session: Session, before: datetime) -> int:
    """Delete what is older than that and what is more than MOST; return how many."""
    newest = session.scalar(select(func.max(DeliveredReplyRow.id))) or 0
    old = (DeliveredReplyRow.claimed_at < before) | (DeliveredReplyRow.id <= newest - MOST)
    return session.execute(delete(DeliveredReplyRow).where(old)).rowcount


def _is(conversation_id: str, message_id: str) -> Any:
    return (DeliveredReplyRow.conversation_id == conversation_id) & (
        DeliveredReplyRow.message_id == message_id
    )
