"""From an incoming update to the messages that answer it."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool

from bot.channels.telegram import rendering
from bot.conversation import Conversation, Question, Reply
from bot.rate_limits import RateLimits, TooManyQuestions
from procedures_db.telegram import buttons, conversations, inbox
from procedures_db.telegram.inbox import Incoming
from procedures_db.telegram.outgoing import Message
from procedures_db.wording import Wording

# What is said about things that are no question. None of them is downloaded or kept.
NOTICES = {
    "file": "utter_telegram_file",
    "voice": "utter_telegram_voice",
    "sticker": "utter_telegram_sticker",
    "place": "utter_telegram_place",
    "contact": "utter_telegram_contact",
    "poll": "utter_telegram_poll",
    "other": "utter_telegram_other",
}
CHANNEL = "telegram"
_SMALLTALK, _UNAVAILABLE = "smalltalk", "unavailable"


class Answers:
    """Answers updates through the conversation core."""

    def __init__(
        self,
        engine: Engine,
        bot_id: int,
        conversation: Conversation,
        wording: Wording,
        rate_limits: RateLimits,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._bot_id = engine, bot_id
        self._conversation, self._wording, self._rate_limits = conversation, wording, rate_limits
        self._clock = clock
        self._told_until: dict[
            tuple[int, int], float
        ] = {}  # member of a chat → when the "not so fast" runs out

    async def to(self, incoming: Incoming) -> list[Message]:
        """The messages that answer an update, none where nothing is to be said."""
        replies = await self._replies(incoming)
        if any(reply.buttons for reply in replies):
            payloads = [button["payload"] for reply in replies for button in reply.buttons]
            await run_in_threadpool(buttons.remember, self._engine, payloads)
        quoted = incoming.message_id if incoming.in_group and incoming.kind != "button" else None
        return [m for reply in replies for m in rendering.messages(reply, reply_to=quoted)]

    def excuse(self) -> list[Message]:
        """What is said when answering failed again and again."""
        return rendering.messages(Reply(self._wording.say("utter_unavailable"), _UNAVAILABLE))

    async def _replies(self, incoming: Incoming) -> list[Reply]:
        if incoming.kind in ("blocked", "unblocked"):
            remember = conversations.block if incoming.kind == "blocked" else conversations.unblock
            await run_in_threadpool(remember, self._engine, incoming.chat_id)
            return []
        if await run_in_threadpool(conversations.is_blocked, self._engine, incoming.chat_id):
            await run_in_threadpool(conversations.unblock, self._engine, incoming.chat_id)
        opens = await run_in_threadpool(inbox.opens_album, self._engine, self._bot_id, incoming)
        if not opens and not incoming.text:
            return []
        try:
            await self._rate_limits.admit(f"telegram:{incoming.chat_id}:{incoming.user_id}")
        except TooManyQuestions as refused:
            return self._not_so_fast(incoming, refused.retry_after)
        if closed := await self._conversation.closed(CHANNEL):
            return [closed]
        return await self._by_kind(incoming)

    async def _by_kind(self, incoming: Incoming) -> list[Reply]:
        if incoming.kind == "button":
            payload = await run_in_threadpool(buttons.payload_of, self._engine, incoming.text)
            if payload is None:
                return [Reply(self._wording.say("utter_telegram_unknown_button"), "clarify")]
            return await self._ask(incoming, payload)
        if incoming.kind == "start":
            return [self._opening("utter_telegram_start")]
        if incoming.kind == "new":
            await run_in_threadpool(
                conversations.start, self._engine, incoming.chat_id, incoming.user_id
            )
            if incoming.text:
                return await self._ask(incoming, incoming.text)
            return [self._opening("utter_telegram_new")]
        if incoming.kind == "help":
            commands = Reply(self._wording.say("utter_telegram_commands"), _SMALLTALK)
            return [*await self._ask(incoming, "@help"), commands]
        if incoming.kind == "person":
            return await self._ask(incoming, "@human")
        notice = NOTICES.get(incoming.kind)
        said = [Reply(self._wording.say(notice), "refuse")] if notice else []
        # A photo may carry a question below it: that one is answered.
        asked = await self._ask(incoming, incoming.text) if incoming.text or not notice else []
        return [*said, *asked]

    def _opening(self, key: str) -> Reply:
        """A beginning, with everyday questions to press: an empty chat tells nobody what can be asked."""
        questions = self._wording.say("utter_telegram_questions").split("|")
        buttons = [{"title": one, "payload": one} for one in map(str.strip, questions) if one]
        return Reply(self._wording.say(key), _SMALLTALK, buttons=buttons)

    async def _ask(self, incoming: Incoming, text: str) -> list[Reply]:
        conversation_id = await run_in_threadpool(
            conversations.current, self._engine, incoming.chat_id, incoming.user_id
        )
        question = Question(conversation_id, text, CHANNEL, told_secret=incoming.told_secret)
        return await self._conversation.answer(question)

    def _not_so_fast(self, incoming: Incoming, seconds: int) -> list[Reply]:
        """One notice covers, and says so, all that comes before it runs out: a flood is not echoed."""
        now, member = self._clock(), (incoming.chat_id, incoming.user_id)
        self._told_until = {m: until for m, until in self._told_until.items() if until > now}
        if member in self._told_until:
            return []
        self._told_until[member] = now + seconds
        return [Reply(self._wording.say("utter_telegram_too_many", seconds=seconds), _UNAVAILABLE)]
