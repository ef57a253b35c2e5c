"""Whether a channel is switched off, known within a second of the switch."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from procedures_db import channels

logger = structlog.get_logger()

_FRESH_SECONDS = 0.5


class Switches:
    """Reads the switches at most twice a second."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._read_at = float("-inf")
        self._off: dict[str, str] = {}

    async def message_if_off(self, channel: str) -> str | None:
        """None when the channel is on; else what its official wants said, perhaps nothing ("")."""
        if self._clock() - self._read_at > _FRESH_SECONDS:
            self._read_at = self._clock()
            await self._read()
        return self._off.get(channel)

    async def _read(self) -> None:
        try:
            found = await run_in_threadpool(channels.switches, self._engine)
        except (
            SQLAlchemyError
        ) as error:  # what was known last stays: a slow database closes no channel
            logger.error("channel_switches_unreadable", reason=type(error).__name__)
        else:
            self._off = {one.channel: one.message for one in found if not one.is_on}
