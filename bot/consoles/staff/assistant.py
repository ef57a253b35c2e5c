"""The assistant asked by staff: the same answers that citizens get, counted apart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.consoles.visit import Visit
from bot.conversation import Conversation, Question, Reply, new_conversation_id

CHANNEL = "counter"  # question_log.NOT_CITIZENS
LONGEST = 300


async def ask(visit: Visit, text: str) -> Reply:
    """What the assistant replies first to a question of no conversation."""
    conversation: Conversation = visit.request.app.state.conversation
    question = Question(new_conversation_id(), text[:LONGEST], channel=CHANNEL)
    return (await conversation.answer(question))[0]


async def facts(visit: Visit, code: str, aspects: Sequence[str]) -> list[Reply]:
    """The answers on several aspects of a procedure, in their order."""
    asked = (ask(visit, f"@{aspect} {code}") for aspect in aspects)
    return list(await asyncio.gather(*asked))
