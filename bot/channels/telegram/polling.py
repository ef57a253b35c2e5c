"""Long polling: updates are stored before they are confirmed.

python-telegram-bot's Updater confirms updates that stand only in its memory; a process that is killed then
loses them. Here the next call, which confirms, is made after the updates are in the inbox.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.updates import ALLOWED

logger = structlog.get_logger()

_WAIT_SECONDS = 25  # Telegram holds the call open for so long when nothing comes
_READ_SECONDS = _WAIT_SECONDS + 10
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

Accept = Callable[[list[dict[str, Any]]], Awaitable[None]]


async def poll(bot: Bot, accept: Accept) -> None:
    """Fetch updates and hand them to ``accept`` until cancelled; trouble is waited out."""
    # Bot.get_updates would refuse a whole batch for one update of an unknown form, for ever.
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
    offset: int | None = None
    pause = _FIRST_PAUSE
    while True:
        try:
            updates = await _fetch(bot, offset)
            if updates:
                await accept(updates)
            # Ids begin anew, perhaps lower, after a quiet week: an offset is only used to confirm.
            offset = updates[-1]["update_id"] + 1 if updates else None
            pause = _FIRST_PAUSE
        except (
            Exception
        ) as error:  # network, Telegram, our database: nothing is confirmed, nothing lost
            wait = _seconds(error, pause)
            logger.warning("telegram_poll_failed", reason=type(error).__name__, retry_in_seconds=wait)  # fmt: skip
            await asyncio.sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _fetch(bot: Bot, offset: int | None) -> list[dict[str, Any]]:
    """Raw updates: one that the library cannot read must not hide the others. Raises TelegramError."""
    asked = {"timeout": _WAIT_SECONDS, "allowed_updates": ALLOWED}
    if offset is not None:
        asked["offset"] = offset
    result = await bot.do_api_request("getUpdates", api_kwargs=asked, read_timeout=_READ_SECONDS)
    if not isinstance(result, list):
        raise TelegramError("getUpdates gave no list")
    return result


def _seconds(error: Exception, pause: float) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds()) + 0.5
    return pause
