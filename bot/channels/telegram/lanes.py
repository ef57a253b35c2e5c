"""One lane a chat: its messages are sent and its questions answered one after another, chats side by side."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

import structlog
from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram.answers import Answers
from bot.channels.telegram.delivery import Delivery
from procedures_db.telegram import inbox
from procedures_db.telegram.inbox import Incoming
from procedures_db.telegram.outgoing import Message

logger = structlog.get_logger()

LANES = 16  # chats worked on at a time
_LOOK_SECONDS = 0.5  # other processes put work into the database without telling us
_TYPING_AFTER, _TYPING_EVERY = 0.5, 4.5  # Telegram shows "typing" for five seconds
_TRIES = 3
_STOP_SECONDS = 8


class Lanes:
    """Works on the inbox and the outbox until it is stopped."""

    def __init__(
        self, bot: Bot, bot_id: int, engine: Engine, answers: Answers, delivery: Delivery
    ) -> None:
        self._bot, self._bot_id, self._engine = bot, bot_id, engine
        self._answers, self._delivery = answers, delivery
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._failures: dict[int, int] = {}
        self._work = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There is work: do not wait for the next look."""
        self._work.set()

    async def run(self) -> None:
        """Work until cancelled; then what is being sent is still sent and marked."""
        self._stopping = False
        try:
            while True:
                self._work.clear()
                await self._open()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._work.wait(), _LOOK_SECONDS)
        finally:
            self._stopping = True
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=_STOP_SECONDS)
            for task in self._busy.values():
                task.cancel()

    async def _open(self) -> None:
        """Open a lane for every chat that needs one, as far as there are places."""
        free = LANES - len(self._busy)
        if free <= 0:
            return
        limit = LANES + free  # the busy ones may be among them
        chats = await run_in_threadpool(inbox.chats_with_work, self._engine, self._bot_id, limit)
        for chat_id in [chat for chat in chats if chat not in self._busy][:free]:
            task = asyncio.create_task(self._lane(chat_id))
            self._busy[chat_id] = task
            task.add_done_callback(partial(self._close, chat_id))

    def _close(self, chat_id: int, _task: asyncio.Task[None]) -> None:
        self._busy.pop(chat_id, None)
        self.wake()

    async def _lane(self, chat_id: int) -> None:
        try:
            while not self._stopping:
                sent = await self._delivery.send_next(chat_id)
                if sent is False or (sent is None and not await self._answer_next(chat_id)):
                    return
        except Exception:  # a database that is away: the next look tries again
            logger.exception("telegram_lane_failed")
            await asyncio.sleep(1)

    async def _answer_next(self, chat_id: int) -> bool:
        incoming = await run_in_threadpool(inbox.first_of, self._engine, self._bot_id, chat_id)
        if incoming is None:
            return False
        answer = await self._answer(incoming)
        await run_in_threadpool(inbox.finish, self._engine, self._bot_id, incoming, answer)
        self._failures.pop(incoming.update_id, None)
        return True

    async def _answer(self, incoming: Incoming) -> list[Message]:
        typing = asyncio.create_task(self._type(incoming.chat_id))
        try:
            return await self._answers.to(incoming)
        except Exception:
            # An update that cannot be answered must not stop those behind it for ever.
            failures = self._failures[incoming.update_id] = (
                self._failures.get(incoming.update_id, 0) + 1
            )
            logger.exception("telegram_answer_failed", failures=failures)
            if failures < _TRIES:
                raise
            return self._answers.excuse()
        finally:
            typing.cancel()

    async def _type(self, chat_id: int) -> None:
        """Show that an answer is being written, once it takes longer than a moment."""
        await asyncio.sleep(_TYPING_AFTER)
        with contextlib.suppress(TelegramError):  # nice to have
            while True:
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
                await asyncio.sleep(_TYPING_EVERY)
