"""One turn of a conversation as the actions see it: what was said, asked and settled before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from procedures_db.record import ProcedureRecord
from procedures_db.search.resolution import Context
from procedures_db.text.folding import fold

RECENT = 6  # procedures remembered for "quay lại" and "cái thứ nhất"

_FOLLOW_UP = (
    "the con",
    "vay con",
    "con ",
    "the ",
    "vay ",
    "a con",
    "a ",
    "roi ",
    "khong",
    "nham",
    "y ",
)
_FOLLOW_UP_END = ("thi sao", "the nao", "con")


@dataclass(frozen=True)
class Turn:
    """The latest message with the conversation's slots."""

    text: str
    intent: str
    confidence: float
    elsewhere: float  # chance that the message is about no procedure
    asked: tuple[str, ...]  # aspects in this message
    ordinals: tuple[str, ...]
    procedure: str | None
    options: tuple[str, ...]
    aspects: tuple[str, ...]  # aspects asked last
    recent: tuple[str, ...]  # codes answered, oldest first

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        message = tracker.latest_message
        intent = message.get("intent") or {}
        return cls(
            text=message.get("text") or "",
            intent=intent.get("name") or "",
            confidence=intent.get("confidence") or 0.0,
            elsewhere=message.get("elsewhere") or 0.0,
            asked=_values(message, "aspect"),
            ordinals=_values(message, "ordinal"),
            procedure=tracker.get_slot("procedure"),
            options=tuple(tracker.get_slot("options") or ()),
            aspects=tuple(tracker.get_slot("aspects") or ()),
            recent=tuple(tracker.get_slot("recent") or ()),
        )

    @property
    def context(self) -> Context:
        return Context(procedure=self.procedure, options=self.options)

    @property
    def is_follow_up(self) -> bool:
        """Whether the words lean on what was said before ("thế còn kết hôn?", "ý em là tạm trú")."""
        words = fold(self.text)
        return self.intent == "correct_procedure" or (
            len(words.split()) <= 9
            and (words.startswith(_FOLLOW_UP) or words.endswith(_FOLLOW_UP_END))
        )

    @property
    def names_a_place_in_order(self) -> bool:
        """Whether it opens with "cái thứ hai …"; "mẫu số 1" and "thứ hai" (Monday) count nothing."""
        return bool(self.ordinals) and fold(self.text).startswith("cai ")

    def wanted_aspects(self) -> tuple[str, ...]:
        """Aspects to answer: those asked now, else those asked before when this leans on it."""
        if self.asked:
            return self.asked
        return self.aspects if self.procedure and self.is_follow_up else ()


def answered(
    turn: Turn, records: Sequence[ProcedureRecord], aspects: Sequence[str]
) -> list[EventType]:
    """Slots after an answer: the last procedure is under discussion."""
    codes = [record.code for record in records]
    recent = [code for code in turn.recent if code not in codes] + codes
    return [
        SlotSet("procedure", codes[-1]),
        SlotSet("aspects", list(aspects)),
        SlotSet("options", []),
        SlotSet("recent", recent[-RECENT:]),
    ]


def asked_back(codes: Sequence[str], aspects: Sequence[str]) -> list[EventType]:
    """Slots after a question back; the aspects wait for the choice."""
    return [SlotSet("options", list(codes)), SlotSet("aspects", list(aspects))]


def _values(message: dict, entity: str) -> tuple[str, ...]:
    found = (e["value"] for e in message.get("entities") or () if e["entity"] == entity)
    return tuple(dict.fromkeys(found))
