"""Delete once a day what has been kept long enough: questions, feedback, enquiries, conversations."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import structlog
import yaml
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from bot.tracker_store import tracker_url
from procedures_db import enquiries, feedback, question_log, rasa_conversations
from procedures_db.connection import transaction
from procedures_db.learning_loop import topics

logger = structlog.get_logger()

_FIRST_SECONDS = 60  # not while the installation starts
_DAY_SECONDS = 24 * 3600


async def purge_daily(engine: Engine, settings: Settings) -> None:
    """Purge soon after the start and then every day, until cancelled."""
    await asyncio.sleep(_FIRST_SECONDS)
    while True:
        await asyncio.to_thread(purge, engine, settings)
        await asyncio.sleep(_DAY_SECONDS)


def purge(engine: Engine, settings: Settings) -> None:
    """Delete what is older than the settings say; what fails today is tried again tomorrow."""
    now = datetime.now(timezone.utc)
    try:
        before = now - timedelta(days=settings.keep_questions_days)
        with transaction(engine) as session:
            deleted = {
                "questions": question_log.purge(session, before=before),
                "feedback": feedback.purge(session, before=before),
                "enquiries": enquiries.purge(session, before=before),
                "topics": topics.forget_empty(session),
            }
        before = now - timedelta(days=settings.keep_conversations_days)
        deleted["conversations"] = _purge_conversations(settings, before)
        logger.info("purged", **deleted)
    except (SQLAlchemyError, OSError, yaml.YAMLError) as error:
        logger.error("retention_failed", reason=repr(error))


def _purge_conversations(settings: Settings, before: datetime) -> int:
    url = tracker_url(Path(settings.endpoints))
    if url is None:
        return 0
    engine = rasa_conversations.connect(url)
    try:
        return rasa_conversations.purge(engine, before=before)
    finally:
        engine.dispose()
