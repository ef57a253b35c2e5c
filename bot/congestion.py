"""A gate before Rasa: so many questions at once, so many more may wait, and none waits for ever."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import anyio


class Busy(RuntimeError):
    """Too many questions are waiting already, or this one has waited too long."""


class Gate:
    """At most ``width`` at a time pass; ``queue`` more wait, each up to ``patience`` seconds."""

    def __init__(self, width: int, *, queue: int, patience: float) -> None:
        self._free = anyio.Semaphore(width)
        self._queue, self._patience = queue, patience
        self._waiting = 0

    @contextlib.asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Hold a place while the block runs. Raises Busy."""
        await self._enter()
        try:
            yield
        finally:
            self._free.release()

    async def _enter(self) -> None:
        with contextlib.suppress(anyio.WouldBlock):
            self._free.acquire_nowait()
            return
        if self._waiting >= self._queue:
            raise Busy
        self._waiting += 1
        try:
            with anyio.fail_after(self._patience):
                await self._free.acquire()
        except TimeoutError as error:
            raise Busy from error
        finally:
            self._waiting -= 1
