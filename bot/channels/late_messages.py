"""One look at the outbox a second for the whole process, handed on to every open stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import in_transaction
from procedures_db import outbox
from procedures_db.outbox import OutgoingMessage

logger = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
MOST_STREAMS = 5_000  # open at once in one process


class LateMessages:
    """Wakes the streams that have something to fetch; one instance per web process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listening: dict[str, set[asyncio.Event]] = {}
        self._last_id: int | None = None  # None: nobody listened, so nobody looked
        self._reachable = True

    @property
    def is_full(self) -> bool:
        return sum(map(len, self._listening.values())) >= MOST_STREAMS

    async def of(self, conversation_id: str, last_id: int) -> AsyncIterator[OutgoingMessage]:
        """Yield a conversation's messages after ``last_id``, then each as it comes, for ever."""
        with self._listener(conversation_id) as something_new:
            while True:
                something_new.clear()
                for message in await self._after(conversation_id, last_id):
                    last_id = message.id
                    yield message
                    await in_transaction(self._engine, outbox.mark_delivered, [message.id])
                await something_new.wait()

    async def _after(self, conversation_id: str, last_id: int) -> list[OutgoingMessage]:
        return await in_transaction(self._engine, outbox.after, conversation_id, last_id)

    @contextmanager
    def _listener(self, conversation_id: str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._listening.setdefault(conversation_id, set()).add(event)
        try:
            yield event
        finally:
            self._listening[conversation_id].discard(event)
            if not self._listening[conversation_id]:
                del self._listening[conversation_id]

    async def watch(self) -> None:
        """Look for new messages until cancelled; a database that is away is asked again."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self._look()
            except SQLAlchemyError:
                if self._reachable:  # once per outage, not once a second
                    logger.exception("outbox_unavailable")
                self._reachable = False
            else:
                self._reachable = True

    async def _look(self) -> None:
        if not self._listening:
            self._last_id = None
        elif self._last_id is None:
            self._last_id = await in_transaction(self._engine, outbox.latest_id)
            self._wake(list(self._listening))  # something may have come before this first look
        else:
            new = await in_transaction(self._engine, outbox.since, self._last_id)
            self._last_id = new[-1].id if new else self._last_id
            self._wake([message.conversation_id for message in new])

    def _wake(self, conversation_ids: list[str]) -> None:
        for conversation_id in conversation_ids:
            for event in self._listening.get(conversation_id, ()):
                event.set()
