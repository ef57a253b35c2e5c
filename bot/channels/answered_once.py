"""A message that a client sends again gets the answer it had, also after a restart or elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import in_transaction
from procedures_db import delivered
from procedures_db.models.base import now

Replies = list[dict[str, Any]]
Ask = Callable[[], Awaitable[Replies]]

logger = structlog.get_logger()

_LOOK_EVERY_SECONDS = 0.25
_SETTLE_SECONDS = 5  # what keeping an answer may take on top of getting it


class StillAnswering(RuntimeError):
    """The same message is being answered by someone else, for longer than we wait."""


class AnsweredOnce:
    """Asks for each message of a conversation once; one instance per web process.

    ``wait_seconds``: how long an answer may take; whoever has not answered by then has died.
    """

    def __init__(self, engine: Engine, *, wait_seconds: float) -> None:
        self._engine = engine
        self._wait_seconds = wait_seconds
        self._lease = timedelta(seconds=wait_seconds + _SETTLE_SECONDS)

    async def replies(self, conversation_id: str, message_id: str, ask: Ask) -> Replies:
        """Return what ``ask`` says, or what it said before. Raises StillAnswering."""
        deadline = time.monotonic() + self._wait_seconds
        while True:
            claim = await self._claim(conversation_id, message_id)
            if claim.mine:
                # A client that hangs up must not cut the work short: its next try wants the replies.
                return await asyncio.shield(
                    asyncio.create_task(self._ask(conversation_id, message_id, ask))
                )
            if claim.replies is not None:
                return claim.replies
            if time.monotonic() > deadline:
                raise StillAnswering(message_id)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def _claim(self, conversation_id: str, message_id: str) -> delivered.Claim:
        try:
            return await in_transaction(
                self._engine, delivered.claim, conversation_id, message_id, now(), self._lease
            )
        except SQLAlchemyError:
            # An answer that may be given twice is better than none.
            logger.exception("claim_failed")
            return delivered.Claim(mine=True)

    async def _ask(self, conversation_id: str, message_id: str, ask: Ask) -> Replies:
        replies: Replies | None = None
        try:
            replies = await ask()
        finally:
            await self._settle(conversation_id, message_id, replies)
        return replies

    async def _settle(self, conversation_id: str, message_id: str, replies: Replies | None) -> None:
        try:
            if replies is None or any(reply["outcome"] == "unavailable" for reply in replies):
                await in_transaction(self._engine, delivered.release, conversation_id, message_id)
            else:
                await in_transaction(
                    self._engine, delivered.keep, conversation_id, message_id, replies
                )
        except SQLAlchemyError:
            logger.exception("replies_not_kept")
