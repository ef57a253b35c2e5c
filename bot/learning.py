"""The learning loop beside the web application: questions are grouped, jobs get a worker of their own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.database import in_transaction
from bot.settings import PREFIX, Settings
from procedures_db.connection import DatabaseBusy, reserve_writing
from procedures_db.learning_loop import jobs, topics
from procedures_db.learning_loop.words import TopicWords, topic_words

logger = structlog.get_logger()

_GROUP_SECONDS, _JOB_SECONDS = 5.0, 0.5
_BATCH = 200  # questions grouped in one transaction: SQLite has one writer at a time


async def group_questions(engine: Engine) -> None:
    """Give new questions their topic, a batch after the other, until cancelled."""
    words = await asyncio.to_thread(topic_words)
    logger.info("grouping_started")
    while True:
        try:
            has_new = await in_transaction(engine, topics.has_new)
            grouped = await in_transaction(engine, _group, words) if has_new else 0
        except (SQLAlchemyError, DatabaseBusy) as error:  # another process was quicker: next round
            logger.warning("grouping_failed", reason=repr(error)[:300])
            grouped = 0
        except Exception:  # a question that cannot be read must not end the grouping for good
            logger.exception("grouping_broken")
            grouped = 0
        await asyncio.sleep(0.2 if grouped == _BATCH else _GROUP_SECONDS)


def _group(session: Session, words: TopicWords) -> int:
    reserve_writing(session)
    return topics.group_new(session, words, limit=_BATCH)


async def run_jobs(engine: Engine, settings: Settings) -> None:
    """Start a worker when a job waits and this process has none, until cancelled."""
    worker: subprocess.Popen | None = None
    try:
        while True:
            await asyncio.sleep(_JOB_SECONDS)
            if worker is not None and worker.poll() is None:
                continue
            try:
                wanted = await in_transaction(engine, jobs.is_wanted)
            except (SQLAlchemyError, DatabaseBusy):
                logger.exception("jobs_not_read")
                continue
            if wanted:
                worker = await asyncio.to_thread(_start, settings)
    finally:
        if worker is not None and worker.poll() is None:
            worker.terminate()
            await asyncio.to_thread(worker.wait, 10)


def _start(settings: Settings) -> subprocess.Popen:
    command = [sys.executable, "-m", "procedures_db.learning_loop.worker"]
    environment = {**os.environ, f"{PREFIX}DATABASE_URL": settings.database_url}
    environment.pop(
        "OPENBLAS_NUM_THREADS", None
    )  # learning's products are large: all processors help
    logger.info("learning_worker_started")
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
