"""The channel as a whole: who we are, who of several processes works, what runs meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from telegram import Update
from telegram.error import TelegramError

from bot.channels.telegram import polling, updates, webhook
from bot.channels.telegram.answers import Answers
from bot.channels.telegram.client import make_bot
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.late import LateMessages
from bot.conversation import Conversation
from bot.rate_limits import RateLimits
from bot.settings import Settings
from procedures_db.leases import Lease
from procedures_db.models.base import now as utc_now
from procedures_db.telegram import conversations, inbox, outgoing
from procedures_db.telegram.inbox import Incoming
from procedures_db.wording import Wording

logger = structlog.get_logger()

_LEASE = "telegram"
_LEASE_PATIENCE = 10.0  # a holder silent for so long is dead
_BEAT_SECONDS = 2.0
_LATE_SECONDS = 1.0
_TIDY_SECONDS = 3600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_COMMANDS = [("moi", "utter_telegram_command_new"), ("canbo", "utter_telegram_command_person"), ("help", "utter_telegram_command_help")]  # fmt: skip


class TelegramChannel:
    """Every web process takes webhook calls; the one that holds the lease polls, answers and sends."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        conversation: Conversation,
        wording: Wording,
        rate_limits: RateLimits,
    ) -> None:
        token = settings.telegram_token.get_secret_value()
        self._settings, self._engine, self._wording = settings, engine, wording
        self._late = LateMessages(engine, wording)
        self.bot = make_bot(settings)
        self.bot_id = int(token.split(":")[0])
        self.webhook_secret = webhook.secret_of(token)
        answers = Answers(engine, self.bot_id, conversation, wording, rate_limits)
        self._lanes = Lanes(self.bot, self.bot_id, engine, answers, Delivery(self.bot, engine))
        self._lease = Lease(engine, _LEASE, patience=_LEASE_PATIENCE)
        self._known = asyncio.Event()
        self._presses: set[asyncio.Task[None]] = set()

    @property
    def by_webhook(self) -> bool:
        return bool(self._settings.telegram_webhook_url)

    @property
    def is_known(self) -> bool:
        """Whether Telegram has told us who we are."""
        return self._known.is_set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background while the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await self.bot.shutdown()

    async def accept(self, raw: list[dict[str, Any]]) -> None:
        """Store updates. Raises SQLAlchemyError when the database does not take them."""
        wanted = [incoming for one in raw if (incoming := self._read(one))]
        if not wanted:
            return
        new = await run_in_threadpool(inbox.accept, self._engine, self.bot_id, wanted)
        if new:
            self._lanes.wake()

    def _read(self, raw: dict[str, Any]) -> Incoming | None:
        try:
            update = Update.de_json(raw, self.bot)
            incoming = updates.read(update, self.bot.bot)
        except (
            Exception
        ) as error:  # a form that the library does not know: the others must get through
            logger.error("telegram_update_unreadable", reason=type(error).__name__)
            return None
        if update.callback_query:
            self._answer_press(update.callback_query.id)
        return incoming

    def _answer_press(self, press_id: str) -> None:
        """Stop the button's hourglass; Telegram forgets a press soon, so this is not queued."""

        async def answer() -> None:
            with contextlib.suppress(TelegramError):
                await self.bot.answer_callback_query(press_id)

        task = asyncio.create_task(answer())
        self._presses.add(task)
        task.add_done_callback(self._presses.discard)

    async def _run(self) -> None:
        await self._patiently("telegram_unreachable", self.bot.initialize)
        self._known.set()
        logger.info("telegram_ready", by="webhook" if self.by_webhook else "polling")
        working: asyncio.Task[None] | None = None
        try:
            while True:
                held = await self._holds_lease()
                if held and (working is None or working.done()):
                    working = asyncio.create_task(self._work())
                elif not held and working:
                    await _cancel(working)
                    working = None
                await asyncio.sleep(_BEAT_SECONDS)
        finally:
            if working:
                await _cancel(working)
            await run_in_threadpool(self._lease.release)

    async def _holds_lease(self) -> bool:
        try:
            return await run_in_threadpool(self._lease.hold)
        except SQLAlchemyError as error:  # nobody can know who holds it, so nobody works
            logger.error("telegram_lease_unknown", reason=type(error).__name__)
            return False

    async def _work(self) -> None:
        logger.info("telegram_working")
        parts = [
            asyncio.create_task(part)
            for part in (self._receive(), self._lanes.run(), self._take_late(), self._tidy())
        ]
        try:
            # gather() would cancel the parts too: a second time is once too many for lanes that finish.
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_EXCEPTION)
            for part in done:
                part.result()
        except Exception:
            logger.exception("telegram_stopped_working")  # started again with the next beat
        finally:
            for part in parts:
                await _cancel(part)

    async def _receive(self) -> None:
        if self.by_webhook:
            await self._patiently("telegram_webhook_not_set", self._set_webhook)
            await asyncio.Event().wait()
        await self._patiently("telegram_webhook_not_deleted", self.bot.delete_webhook)
        await polling.poll(self.bot, self.accept)

    async def _set_webhook(self) -> None:
        # One connection: Telegram then sends updates one after another, in the order they were written.
        await self.bot.set_webhook(
            self._settings.telegram_webhook_url,
            secret_token=self.webhook_secret,
            allowed_updates=updates.ALLOWED,
            max_connections=1,
        )

    async def _take_late(self) -> None:
        while True:
            try:
                if await run_in_threadpool(self._late.take):
                    self._lanes.wake()
            except SQLAlchemyError:  # the next look tries again
                logger.exception("telegram_late_failed")
            await asyncio.sleep(_LATE_SECONDS)

    async def _tidy(self) -> None:
        """Tell Telegram our commands once; forget what is old every hour."""
        await self._patiently("telegram_commands_not_set", self._set_commands)
        while True:
            try:
                await run_in_threadpool(self._forget)
            except SQLAlchemyError:
                logger.exception("telegram_tidy_failed")
            await asyncio.sleep(_TIDY_SECONDS)

    async def _set_commands(self) -> None:
        await self.bot.set_my_commands([(name, self._wording.say(key)) for name, key in _COMMANDS])

    def _forget(self) -> None:
        before = utc_now() - timedelta(days=self._settings.telegram_retention_days)
        inbox.forget(self._engine, before)
        outgoing.forget(self._engine, before)
        conversations.forget(self._engine, before)

    async def _patiently(self, event: str, call: Callable[[], Awaitable[Any]]) -> None:
        """Try until it works: Telegram away must not stop the web."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await call()
                return
            except TelegramError as error:
                logger.error(event, reason=type(error).__name__, retry_in_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


@contextlib.asynccontextmanager
async def telegram_running(state: Any) -> AsyncIterator[None]:
    """Work on Telegram while the block runs, if there is a token; ``state`` is the web application's."""
    state.telegram = None
    if not state.settings.telegram_token.get_secret_value():
        yield
        return
    state.telegram = TelegramChannel(
        state.settings, state.engine, state.conversation, state.wording, state.rate_limits
    )
    async with state.telegram.running():
        yield


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
