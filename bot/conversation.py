"""The channel-neutral core: a question in, replies out. Channels use this and nothing else."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import structlog

from bot.congestion import Busy, Gate
from bot.privacy import mask, tells_a_secret
from bot.question_writer import QuestionWriter
from bot.rasa_client import RasaClient, RasaUnavailable
from bot.staff_desk import StaffDesk, Taken
from bot.switches import Switches
from procedures_db.conversation_ids import hashed
from procedures_db.question_log import LoggedQuestion
from procedures_db.text.folding import fold, normalize
from procedures_db.wording import Wording

logger = structlog.get_logger()

# Questions that wait for a place before Rasa; what comes on top hears at once that we are busy.
QUEUE = 256
QUEUE_SECONDS = 5.0
SESSION_TURNS = 20  # Rasa's session is cut after so many: it gets slower with each turn


@dataclass(frozen=True)
class Question:
    """What a citizen typed, or the payload of a button pressed."""

    conversation_id: str
    text: str
    channel: str
    told_secret: bool = False  # the channel has masked one already, before it stored the text
    commune: str = ""  # of the page it is asked on, if that page says so
    province: str = ""  # likewise
    site: str = ""  # host of the page: the dashboard counts by it where no commune is stated

    @property
    def hashed_id(self) -> str:
        """For logs: tells conversations apart without naming one."""
        return hashed(self.conversation_id)

    @property
    def page(self) -> dict[str, str]:
        """What its page says of the place; a citizen who names another is believed."""
        stated = {"commune": self.commune, "province": self.province}
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True)
class Reply:
    """One reply; the fields are those of the chat API."""

    text: str
    outcome: str
    procedures: list[dict[str, str]] = field(default_factory=list)
    aspects: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Said:
    """The replies to one question, what Rasa's actions tell about them, and the masked question.

    to_staff: it went to the person who has taken over, and was no question to the assistant.
    """

    replies: list[Reply]
    about: dict[str, Any]
    text: str = ""
    to_staff: bool = False


def new_conversation_id() -> str:
    """An id nobody can guess: whoever knows it can read the conversation's late replies."""
    return uuid.uuid4().hex


class Conversation:
    """Answers questions of all channels, unless a channel is switched off or too many ask at once."""

    def __init__(
        self,
        rasa: RasaClient,
        wording: Wording,
        *,
        max_chars: int,
        at_once: int = 48,
        switches: Switches | None = None,
        desk: StaffDesk | None = None,
        questions: QuestionWriter | None = None,
    ) -> None:
        self._rasa = rasa
        self._wording = wording
        self._max_chars = max_chars
        self._gate = Gate(at_once, queue=QUEUE, patience=QUEUE_SECONDS)
        self._switches = switches
        self._desk = desk
        self._questions = questions
        self._sessions: set[asyncio.Task[None]] = set()  # asyncio itself keeps no reference

    async def answer(self, question: Question) -> list[Reply]:
        """Return the replies, at least one; never raises for anything a citizen can type."""
        started = time.perf_counter()
        said = await self._answer(question)
        ms = round((time.perf_counter() - started) * 1000, 1)
        self._note(question, said, ms)
        return said.replies

    async def closed(self, channel: str) -> Reply | None:
        """What a channel that is switched off says; None when it is on."""
        message = await self._switches.message_if_off(channel) if self._switches else None
        if message is None:
            return None
        text = message or self._wording.say("utter_channel_off")
        return Reply(text, "unavailable", card={"kind": "channel_off"})  # not worth asking again

    async def _answer(self, question: Question) -> _Said:
        if closed := await self.closed(question.channel):
            return _Said([closed], {})
        if len(question.text) > self._max_chars:
            return self._say("utter_too_long", "clarify", limit=self._max_chars)
        text = clean(question.text)
        if not fold(text):
            return self._say("utter_empty", "clarify")
        masked = mask(text)
        if self._desk and (taken := await self._desk.take_message(question, masked)):
            said = replace(self._passed_on(taken), to_staff=True)
        else:
            said = await self._ask_rasa(question, masked)
        if question.told_secret or tells_a_secret(text, masked):
            said.replies[0] = self._with_warning(said.replies[0])
        return replace(said, text=masked)

    async def _ask_rasa(self, question: Question, masked: str) -> _Said:
        try:
            async with self._gate.passing():
                messages = await self._rasa.send(
                    question.conversation_id, masked, channel=question.channel, page=question.page
                )
            said = _Said(join(messages), about(messages))
        except Busy:
            logger.error("too_busy", conversation=question.hashed_id)
            said = _Said([], {})
        except (RasaUnavailable, AttributeError, TypeError) as error:  # the last two: odd messages
            logger.error("rasa_unavailable", conversation=question.hashed_id, reason=repr(error))
            said = _Said([], {})
        if not said.replies:
            return self._say("utter_unavailable", "unavailable")
        if said.about.get("turns", 0) >= SESSION_TURNS:
            task = asyncio.create_task(self._start_session(question))
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        return said

    async def _start_session(self, question: Question) -> None:
        try:
            await self._rasa.start_session(question.conversation_id)
        except RasaUnavailable as error:  # the session only goes on a turn longer
            logger.warning(
                "session_not_started", conversation=question.hashed_id, reason=repr(error)
            )

    def _passed_on(self, taken: Taken) -> _Said:
        """Told in full once; then a receipt that a channel may show beside the message instead."""
        if taken.is_first:
            return self._say("utter_taken_over", "handover", number=taken.number)
        text = self._wording.say("utter_passed_on")
        return _Said([Reply(text, "handover", card={"kind": "receipt"})], {})

    def _with_warning(self, reply: Reply) -> Reply:
        """A warning has to be read: what carries one is no mere receipt."""
        card = {} if reply.card.get("kind") == "receipt" else reply.card
        warning = self._wording.say("utter_masked")
        return replace(reply, text=f"{reply.text}\n\n{warning}", card=card)

    def _say(self, key: str, outcome: str, **facts: object) -> _Said:
        return _Said([Reply(self._wording.say(key, **facts), outcome)], {})

    def _note(self, question: Question, said: _Said, ms: float) -> None:
        """One log event without the text, one row of the question log with the masked one.

        What is told to a person is in the enquiry: counted as questions, a talk of twenty messages would
        be twenty questions handed over, and its thanks a topic to learn from.
        """
        outcome = said.replies[0].outcome
        codes = [p["code"] for reply in said.replies for p in reply.procedures]
        aspects = [aspect for reply in said.replies for aspect in reply.aspects]
        logger.info(
            "answered",
            conversation=question.hashed_id,
            channel=question.channel,
            outcome=outcome,
            codes=codes,
            aspects=aspects,
            ms=ms,
        )
        if self._questions and not said.to_staff:
            self._questions.put(
                LoggedQuestion(
                    channel=question.channel,
                    conversation=question.hashed_id,
                    text=said.text,
                    outcome=outcome,
                    ms=ms,
                    intent=said.about.get("intent") or "",
                    codes=codes,
                    aspects=aspects,
                    failed=outcome == "unavailable" or bool(said.about.get("failed")),
                    commune=question.commune or question.site,
                )
            )


def clean(text: str) -> str:
    """One line of normal text. A leading slash would make Rasa obey an intent: it is dropped."""
    return normalize(text).lstrip("/ ")


def join(messages: Sequence[dict[str, Any]]) -> list[Reply]:
    """Make replies of Rasa's messages: whole ones from our actions, bare texts from anything else.

    A whole reply stands after its own text, which the channel may have split at empty lines.
    """
    replies: list[Reply] = []
    texts: list[str] = []
    for message in messages:
        whole = (message.get("custom") or {}).get("reply")
        if whole:
            texts = []
            replies.append(Reply(**whole))
        elif "text" in message:
            texts.append(message["text"])
    if texts:
        replies.append(Reply("\n\n".join(texts), "smalltalk"))
    return replies


def about(messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the actions tell of the last whole reply: intent, turns of the session, whether it failed."""
    told = [(message.get("custom") or {}).get("about") for message in messages]
    return next((one for one in reversed(told) if one), {})
