"""One turn of a conversation as the actions see it: what was said, asked and settled before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.talk import Talk
from procedures_db.places import places
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
    "rua ",
    "a con",
    "a ",
    "roi ",
    "khong",
    "nham",
    "y ",
)
# "con" is also a child: in a longer message only these lean for sure on what was said.
_SURE_FOLLOW_UP = ("con neu ", "the neu ", "vay neu ", "con truong hop ", "the con ", "vay con ")
_SHORT, _LONGER = 9, 14  # words
_PLACES = ("province", "commune", "district")
_GO_BACK = ("quay lai", "tro lai", "quay ve", "tro ve", "luc nay", "hoi nay")
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
    province: str  # where the citizen is: named now or before, else the page's; empty if unknown
    commune: str  # likewise
    named_province: str  # in this message, today's name
    named_commune: str  # as written
    named_district: str  # as written; there are none since 1/7/2025
    place_words: frozenset[str]  # folded words of the places named
    talk: Talk

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        message = tracker.latest_message
        intent = message.get("intent") or {}
        province, commune = _where(tracker)
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
            province=province,
            commune=commune,
            named_province=_first(message, "province"),
            named_commune=_first(message, "commune"),
            named_district=_first(message, "district"),
            place_words=_place_words(message),
            talk=Talk.of(tracker),
        )

    @property
    def context(self) -> Context:
        return Context(self.procedure, self.options, leans=self.is_follow_up)

    @property
    def is_button(self) -> bool:
        """Whether a button was pressed: its payload is exact."""
        return self.text.startswith("@")

    @property
    def asks(self) -> bool:
        """Whether it is understood as a question about procedures."""
        return self.intent.startswith("ask_") or self.intent in ("correct_procedure", "life_event")

    @property
    def is_follow_up(self) -> bool:
        """Whether the words lean on what was said before ("thế còn kết hôn?", "ý em là tạm trú")."""
        words = fold(self.text)
        length = len(words.split())
        leans = words.startswith(_FOLLOW_UP) or words.endswith(_FOLLOW_UP_END)
        return (
            self.intent == "correct_procedure"
            or (length <= _SHORT and leans)
            or (length <= _LONGER and words.startswith(_SURE_FOLLOW_UP))
        )

    @property
    def goes_back(self) -> bool:
        """Whether it says in words that it returns to something ("quay lại hộ kinh doanh đi")."""
        return any(f" {words} " in f" {fold(self.text)} " for words in _GO_BACK)

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


def _where(tracker: Tracker) -> tuple[str, str]:
    """(province, commune): what the citizen says, now or before, else what the page states of itself."""
    message = tracker.latest_message
    province = _first(message, "province") or tracker.get_slot("province") or ""
    commune = _first(message, "commune") or tracker.get_slot("commune") or ""
    page = message.get("metadata") or {}
    pages_commune, _, behind = (page.get("commune") or "").partition(",")  # "Xã Bình An, tỉnh …"
    pages_province = places().province_named(page.get("province") or behind)
    if not commune and province in ("", pages_province):
        commune = pages_commune
    return province or pages_province, commune


def _first(message: dict, entity: str) -> str:
    return next(iter(_values(message, entity)), "")


def _place_words(message: dict) -> frozenset[str]:
    places = (
        message["text"][e["start"] : e["end"]]
        for e in message.get("entities") or ()
        if e["entity"] in _PLACES
    )
    return frozenset(word for place in places for word in fold(place).split())


def _values(message: dict, entity: str) -> tuple[str, ...]:
    found = (e["value"] for e in message.get("entities") or () if e["entity"] == entity)
    return tuple(dict.fromkeys(found))
