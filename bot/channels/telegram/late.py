"""Late messages: replies of staff to a Telegram conversation, hours or days after the question."""

from __future__ import annotations

import structlog
from sqlalchemy.engine import Engine

from bot.channels.telegram import rendering
from bot.conversation import Reply
from procedures_db import outbox
from procedures_db.connection import transaction
from procedures_db.outbox import Kind, OutgoingMessage
from procedures_db.telegram import buttons, conversations, outgoing
from procedures_db.wording import Wording

CHANNEL = "telegram"
logger = structlog.get_logger()


class UnknownConversation(LookupError):
    """No Telegram chat belongs to this conversation (any more), or its citizen has blocked the bot."""


class LateMessages:
    """Moves what is put into the common outbox for Telegram into Telegram's own."""

    def __init__(self, engine: Engine, wording: Wording) -> None:
        self._engine, self._wording = engine, wording
        self._undeliverable: set[int] = set()  # told once, not every second until they are purged

    def take(self) -> int:
        """Queue what is new and return how many messages that became. A message is queued once."""
        with transaction(self._engine) as session:
            waiting = outbox.undelivered(session, CHANNEL)
        self._undeliverable &= {message.id for message in waiting}
        return sum(self._queue(m) for m in waiting if m.id not in self._undeliverable)

    def _queue(self, message: OutgoingMessage) -> int:
        try:
            return deliver_late(
                self._engine, message.conversation_id, self._reply(message), message_id=message.id
            )
        except UnknownConversation:
            logger.warning("telegram_late_undeliverable", message=message.id)
            self._undeliverable.add(message.id)
            return 0

    def _reply(self, message: OutgoingMessage) -> Reply:
        text = message.text
        if message.kind is Kind.STAFF and message.author:
            text = self._wording.say("utter_telegram_staff", author=message.author, text=text)
        return Reply(text, "handover", buttons=message.reply.get("buttons") or [])


def deliver_late(engine: Engine, conversation_id: str, reply: Reply, *, message_id: int) -> int:
    """Queue a late reply and return how many messages it became, 0 when it was queued before.

    ``message_id`` is that of the common outbox, where the last part sent is noted as delivered.
    Raises UnknownConversation.
    """
    chat_id = conversations.chat_of(engine, conversation_id)
    if chat_id is None or conversations.is_blocked(engine, chat_id):
        raise UnknownConversation(conversation_id)
    buttons.remember(engine, [button["payload"] for button in reply.buttons])
    messages = rendering.messages(reply)
    return outgoing.queue(engine, outgoing.cause_of_late(message_id), chat_id, messages)
