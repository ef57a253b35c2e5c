"""The conversation around a turn: who talks where, what was said, what the bot waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

LATELY = 5  # questions remembered: they outlive Rasa's session, which is cut short
_SAID = 20  # messages handed to the staff
_LONGEST = 500  # characters of one of them

OFFER, MATTER = "offer", "matter"  # a yes to "shall a person answer?"; the matter, in one sentence


@dataclass(frozen=True)
class Talk:
    """What the tracker knows beyond the latest message and the slots of ``Turn``."""

    conversation_id: str
    channel: str
    lately: tuple[str, ...]  # questions asked so far, oldest first, masked
    failures: int  # turns in a row in which nothing fitted or the citizen was asked back
    awaiting: str | None  # OFFER, MATTER or nothing
    said: tuple[tuple[str, str], ...]  # (author, text) of this session: "citizen" or "bot"
    turns: int  # messages of the citizen in this session

    @classmethod
    def of(cls, tracker: Tracker) -> Talk:
        said = _said(tracker.events)
        metadata = tracker.latest_message.get("metadata") or {}
        return cls(
            conversation_id=tracker.sender_id,
            channel=metadata.get("channel") or "",
            lately=tuple(tracker.get_slot("lately") or ()),
            failures=int(tracker.get_slot("failures") or 0),
            awaiting=tracker.get_slot("awaiting"),
            said=tuple(said[-_SAID:]),
            turns=sum(author == "citizen" for author, _ in said),
        )

    def remember(self, text: str) -> EventType:
        return SlotSet("lately", [*self.lately, text[:_LONGEST]][-LATELY:])

    def so_far(self) -> list[tuple[str, str]]:
        """What the staff should read: this session, or the remembered questions if it has just begun."""
        if self.turns > 1:
            return list(self.said)
        return [*(("citizen", text) for text in self.lately), *self.said]


def await_(what: str | None) -> EventType:
    """Set what the next message may be a reply to."""
    return SlotSet("awaiting", what)


def _said(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    said = []
    for event in events:
        if event.get("event") == "user" and event.get("text"):
            said.append(("citizen", event["text"][:_LONGEST]))
        elif event.get("event") == "bot":
            whole = ((event.get("data") or {}).get("custom") or {}).get("reply")
            if whole:  # its text is the whole one: what came before it is split at empty lines
                said.append(("bot", whole["text"][:_LONGEST]))
    return said
