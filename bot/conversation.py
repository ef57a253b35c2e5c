"""The channel-neutral core: a question in, replies out. Channels use this and nothing else."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog

from bot.privacy import mask
from bot.rasa_client import RasaClient, RasaUnavailable
from procedures_db.text.folding import fold, normalize
from procedures_db.wording import Wording

logger = structlog.get_logger()


@dataclass(frozen=True)
class Question:
    """What a citizen typed, or the payload of a button pressed."""

    conversation_id: str
    text: str
    channel: str

    @property
    def hashed_id(self) -> str:
        """For logs: tells conversations apart without naming one."""
        return hashlib.sha256(self.conversation_id.encode()).hexdigest()[:12]


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


def new_conversation_id() -> str:
    """An id nobody can guess: whoever knows it can read the conversation's late replies."""
    return uuid.uuid4().hex


class Conversation:
    """Answers questions of all channels."""

    def __init__(self, rasa: RasaClient, wording: Wording, *, max_chars: int) -> None:
        self._rasa = rasa
        self._wording = wording
        self._max_chars = max_chars

    async def answer(self, question: Question) -> list[Reply]:
        """Return the replies, at least one; never raises for anything a citizen can type."""
        started = time.perf_counter()
        replies = await self._replies(question)
        logger.info(
            "answered",
            conversation=question.hashed_id,
            channel=question.channel,
            outcome=replies[0].outcome,
            codes=[p["code"] for reply in replies for p in reply.procedures],
            aspects=[aspect for reply in replies for aspect in reply.aspects],
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return replies

    async def _replies(self, question: Question) -> list[Reply]:
        if len(question.text) > self._max_chars:
            return [self._say("utter_too_long", "clarify", limit=self._max_chars)]
        text = clean(question.text)
        if not fold(text):
            return [self._say("utter_empty", "clarify")]
        try:
            replies = join(await self._rasa.send(question.conversation_id, mask(text)))
        except (RasaUnavailable, AttributeError, TypeError) as error:  # the last two: odd messages
            logger.error("rasa_unavailable", conversation=question.hashed_id, reason=repr(error))
            replies = []
        return replies or [self._say("utter_unavailable", "unavailable")]

    def _say(self, key: str, outcome: str, **facts: object) -> Reply:
        return Reply(self._wording.say(key, **facts), outcome)


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
