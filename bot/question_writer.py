"""Writes the question log beside the answering: never slows an answer down, never fails one."""

from __future__ import annotations

import contextlib
import queue
import threading

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from procedures_db import question_log
from procedures_db.connection import DatabaseBusy, reserve_writing, transaction
from procedures_db.question_log import LoggedQuestion

logger = structlog.get_logger()

_WAITING = 2_000  # questions kept while the database is slow; then new ones are dropped
_BATCH = 200
_POLL_SECONDS = 0.5


class QuestionWriter:
    """One thread and a bounded queue; ``close`` writes what is left."""

    def __init__(self, engine: Engine, *, waiting: int = _WAITING) -> None:
        self._engine = engine
        self._queue: queue.Queue[LoggedQuestion] = queue.Queue(waiting)
        self._full = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="question_log", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, question: LoggedQuestion) -> None:
        """Take a question to write; drops it, and says so once, when too many wait."""
        try:
            self._queue.put_nowait(question)
        except queue.Full:
            if not self._full:
                logger.error("question_log_full", waiting=self._queue.qsize())
            self._full = True

    def close(self) -> None:
        """Write what waits, for five seconds at most."""
        self._closing.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not (self._closing.is_set() and self._queue.empty()):
            if batch := self._next():
                self._write(batch)

    def _next(self) -> list[LoggedQuestion]:
        batch: list[LoggedQuestion] = []
        with contextlib.suppress(queue.Empty):
            batch.append(self._queue.get(timeout=_POLL_SECONDS))
            while len(batch) < _BATCH:
                batch.append(self._queue.get_nowait())
        return batch

    def _write(self, batch: list[LoggedQuestion]) -> None:
        try:
            with transaction(self._engine) as session:
                reserve_writing(session)  # what a question met depends on the one before
                question_log.add(session, batch)
            self._full = False
        except (SQLAlchemyError, DatabaseBusy) as error:
            logger.error("question_log_failed", lost=len(batch), reason=repr(error))
