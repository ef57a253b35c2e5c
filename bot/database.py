"""The database from asynchronous code: a transaction in a worker thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool

from procedures_db.connection import transaction

T = TypeVar("T")


async def in_transaction(engine: Engine, work: Callable[..., T], *arguments: Any) -> T:
    """Return ``work(session, *arguments)``; other citizens are served meanwhile."""

    def run() -> T:
        with transaction(engine) as session:
            return work(session, *arguments)

    return await run_in_threadpool(run)
