"""Send what the outbox holds for a chat, in order, until Telegram has taken it or never will."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.rendering import plain
from procedures_db.models.base import now as utc_now
from procedures_db.telegram import conversations, outgoing
from procedures_db.telegram.outgoing import Pending

logger = structlog.get_logger()

GIVE_UP_AFTER = timedelta(hours=24)  # an answer of yesterday helps nobody
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=5)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Delivery:
    """Delivers at least once: a message whose sending was cut off before its mark is sent again."""

    def __init__(self, bot: Bot, engine: Engine, *, now: Callable[[], datetime] = utc_now) -> None:
        self._bot, self._engine, self._now = bot, engine, now

    async def send_next(self, chat_id: int) -> bool | None:
        """Send a chat's next message. True: something was done; None: nothing waits; False: not yet due."""
        pending = await run_in_threadpool(outgoing.first_of, self._engine, chat_id)
        if pending is None:
            return None
        if pending.due_at > self._now():
            return False
        if self._now() - pending.queued_at > GIVE_UP_AFTER:
            await self._end(pending, "expired")
        elif await run_in_threadpool(conversations.is_blocked, self._engine, chat_id):
            await run_in_threadpool(outgoing.end_all, self._engine, chat_id, "blocked")
        else:
            await self._send(pending)
        return True

    async def _send(self, pending: Pending) -> None:
        try:
            await self._call(pending)
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            await self._postpone(pending, timedelta(seconds=seconds + 0.1), failed=False)
        except ChatMigrated as error:
            await run_in_threadpool(
                outgoing.move_chat, self._engine, pending.chat_id, error.new_chat_id
            )
        except Forbidden:  # blocked, thrown out, account deleted: permanent until they write again
            logger.info("telegram_chat_blocked")
            await run_in_threadpool(conversations.block, self._engine, pending.chat_id)
            await run_in_threadpool(outgoing.end_all, self._engine, pending.chat_id, "blocked")
        except BadRequest as error:  # no chat, or a fault of ours: trying again changes nothing
            logger.error("telegram_refused", reason=str(error))
            await self._end(pending, "refused")
        except TelegramError as error:  # network, time-out, Telegram's own trouble
            pause = min(_FIRST_PAUSE * 2 ** min(pending.attempts, 20), _LONGEST_PAUSE)
            logger.warning(
                "telegram_send_failed",
                reason=type(error).__name__,
                retry_in_seconds=pause.total_seconds(),
            )
            await self._postpone(pending, pause, failed=True)
        else:
            await run_in_threadpool(outgoing.sent, self._engine, pending.id)

    async def _call(self, pending: Pending) -> None:
        """Send as HTML; should Telegram not read it after all, send the words alone."""
        try:
            await self._message(pending, pending.message.text, ParseMode.HTML)
        except BadRequest as error:
            if "parse entities" not in str(error).lower():
                raise
            logger.error("telegram_html_refused", reason=str(error))
            await self._message(pending, plain(pending.message.text), None)

    async def _message(self, pending: Pending, text: str, mode: str | None) -> None:
        message = pending.message
        quoted = (
            ReplyParameters(message.reply_to, allow_sending_without_reply=True)
            if message.reply_to
            else None
        )
        markup = (
            InlineKeyboardMarkup.de_json({"inline_keyboard": message.keyboard}, self._bot)
            if message.keyboard
            else None
        )
        await self._bot.send_message(
            pending.chat_id,
            text,
            parse_mode=mode,
            reply_markup=markup,
            reply_parameters=quoted,
            link_preview_options=_NO_PREVIEW,
        )

    async def _end(self, pending: Pending, ending: str) -> None:
        await run_in_threadpool(outgoing.end, self._engine, pending.id, ending)

    async def _postpone(self, pending: Pending, pause: timedelta, *, failed: bool) -> None:
        until = self._now() + pause
        await run_in_threadpool(outgoing.postpone, self._engine, pending.id, until, failed=failed)
