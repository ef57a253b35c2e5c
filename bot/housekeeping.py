"""What is kept only for a while is deleted in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from bot.database import in_transaction
from bot.settings import Settings
from procedures_db import account_sessions, delivered, enquiries, outbox
from procedures_db.account_sessions import Limits
from procedures_db.connection import DatabaseBusy, reserve_writing
from procedures_db.enquiries import IDLE_TAKE_OVER
from procedures_db.kept_wording import KeptWording
from procedures_db.models.base import now
from procedures_db.sync import pending

logger = structlog.get_logger()

KEEP_REPLIES = timedelta(days=1)  # a client tries again for minutes; a phone may sleep overnight
KEEP_MESSAGES = timedelta(days=7)  # an official's reply waits for the citizen to come back
KEEP_UPLOADS = timedelta(days=1)  # a file whose preview was seen and that nobody applied
_EVERY_SECONDS = 600
_DESK_SECONDS = 30


async def keep_house(engine: Engine, settings: Settings) -> None:
    """Delete what is too old, now and every ten minutes, until cancelled."""
    limits = Limits(
        timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    )
    while True:
        try:
            await in_transaction(engine, _writing, delivered.purge, now() - KEEP_REPLIES)
            await in_transaction(engine, _writing, outbox.purge, now() - KEEP_MESSAGES)
            await in_transaction(engine, _writing, account_sessions.purge, limits)
            await in_transaction(engine, _writing, pending.purge, now() - KEEP_UPLOADS)
        except (SQLAlchemyError, DatabaseBusy):  # the next round tries again; nothing grows fast
            logger.exception("purge_failed")
        await asyncio.sleep(_EVERY_SECONDS)


async def keep_wording(wording: KeptWording) -> None:
    """Say what officials wrote last, a second after they saved it, until cancelled."""
    while True:
        await asyncio.sleep(1)
        try:
            await run_in_threadpool(wording.refresh)
        except Exception:  # a broken file, a database away: the sentences known last go on
            logger.exception("wording_unreadable")


def _writing(session: Session, work: Callable[..., object], *arguments: object) -> None:
    """Do work that reads before it deletes, so that SQLite lets it do both."""
    reserve_writing(session)
    work(session, *arguments)


async def keep_desk(engine: Engine) -> None:
    """Let the bot speak again in conversations that were taken over and forgotten, every half minute."""
    while True:
        try:
            busy = await in_transaction(engine, enquiries.any_taken_over)
            ended = await in_transaction(engine, _end_idle) if busy else []
            if ended:
                logger.info("take_over_idle", enquiries=ended)
        except (SQLAlchemyError, DatabaseBusy):
            logger.exception("keep_desk_failed")
        await asyncio.sleep(_DESK_SECONDS)


def _end_idle(session: Session) -> list[int]:
    reserve_writing(session)
    return enquiries.end_idle(session, before=now() - IDLE_TAKE_OVER)
