"""What the citizen is told when a person takes the conversation over, and when the bot speaks again."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy.orm import Session

from procedures_db import outbox
from procedures_db.wording import Wording


def joined(session: Session, conversation_id: str, channel: str, *, author: str) -> None:
    """Tell who answers from now on; ``author`` as the citizen reads it, empty for "an official"."""
    shown = author.strip() or _wording().say("utter_staff_unnamed")
    text = _wording().say("utter_staff_joined", author=shown)
    _put(session, conversation_id, channel, outbox.JOINED, text, author=shown)


def left(session: Session, conversation_id: str, channel: str) -> None:
    """Tell that the bot answers again."""
    text = _wording().say("utter_staff_left")
    _put(session, conversation_id, channel, outbox.LEFT, text)


def _put(
    session: Session, conversation_id: str, channel: str, event: str, text: str, author: str = ""
) -> None:
    reply = {"text": text, "event": event}
    outbox.put(session, conversation_id, channel, reply, kind=outbox.Kind.NOTICE, author=author)


@lru_cache(maxsize=1)
def _wording() -> Wording:
    return Wording.load()
