"""Where the citizen is: provinces with rules of their own, and names of places that no longer exist."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import EventType, SlotSet

from actions import formatting, replies
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.places import places

NATIONAL = ""
NOTED = "noted"  # in the card of a reply that only keeps the place in mind
_SHOWN = 5
# Without a name after it, or one in small letters. "quan" alone is unaccented for a dozen words.
_DISTRICT = re.compile(
    r"\b(?:huyện|quận|thị xã|(?:ubnd|lên|ra|trên|ở|tới|công an|ca) (?:huyen|quan|thi xa)|huyen)\b"
    r"(?! ủy| uy\b| đội| doi\b)",
    re.IGNORECASE,
)


def remembered(turn: Turn) -> list[EventType]:
    """Slots for the places that this message names."""
    named = {"province": turn.named_province, "commune": turn.named_commune}
    return [SlotSet(slot, value) for slot, value in named.items() if value]


def with_notes(reply: Reply, turn: Turn, shared: Service) -> Reply:
    """The reply, and what applies now where the message names a merged province or a former district."""
    if turn.is_button or reply.outcome not in ("answer", "clarify"):
        return reply
    notes = []
    if merged := places().merged(turn.text):
        old, today = merged
        notes.append(shared.wording.say("utter_province_merged", old=old, today=today))
    if turn.named_district:
        district = formatting.one_line(turn.named_district)
        notes.append(shared.wording.say("utter_district_gone", district=district))
    elif _DISTRICT.search(turn.text):
        notes.append(shared.wording.say("utter_no_districts"))
    return replace(reply, text="\n\n".join([reply.text, *notes])) if notes else reply


def local(code: str, known: dict[str, str], turn: Turn) -> str:
    """The code that holds where the citizen is: the province's own procedure, else the nation's.

    ``known``, here and below: the procedure's codes by province (``Finder.by_province``).
    """
    return known.get(turn.province) or known.get(NATIONAL) or code


def must_ask(known: dict[str, str], turn: Turn, shared: Service) -> Reply | None:
    """A question for the province, when only provinces have this procedure, each its own."""
    if NATIONAL in known or len(known) < 2 or turn.province in known:
        return None
    provinces = sorted(known)
    listed = formatting.listed(provinces)
    if turn.province:
        text = shared.wording.say("utter_not_in_province", provinces=listed, province=turn.province)
    else:
        text = shared.wording.say("utter_ask_province_first", provinces=listed)
    shown = [(province, known[province]) for province in provinces[:_SHOWN]]
    return Reply(
        text,
        "clarify",
        procedures=[{"code": code, "name": shared.record(code).name} for _, code in shown],
        buttons=[{"title": province, "payload": f"@overview {code}"} for province, code in shown],
    )


def ask_beside(reply: Reply, known: dict[str, str], turn: Turn, shared: Service) -> Reply:
    """An answer for the whole country, with the question for the province where some have their own."""
    if turn.province or turn.is_button or NATIONAL not in known or len(known) < 2:
        return reply
    provinces = formatting.listed(sorted(set(known) - {NATIONAL})[:_SHOWN])
    note = shared.wording.say("utter_ask_province", provinces=provinces)
    return replace(reply, text=f"{reply.text}\n\n{note}")


def noted(turn: Turn, shared: Service) -> Reply:
    """The place is kept in mind; what is it about? Options that wait are shown again."""
    waiting = [c for c in map(shared.finder.candidate, turn.options) if c]
    if not 0 < len(waiting) <= _SHOWN:
        text = shared.wording.say("utter_place_noted", province=turn.named_province)
        return Reply(text, "clarify", card={NOTED: turn.named_province})
    question = shared.wording.say("utter_place_noted_which", province=turn.named_province)
    reply = replies.which(waiting, shared.wording, question)
    return replace(reply, card={NOTED: turn.named_province})


def option_here(turn: Turn, shared: Service) -> str | None:
    """Of the options that wait, the one that the province has of its own where the citizen says to be."""
    here = {shared.finder.by_province(code).get(turn.named_province) for code in turn.options}
    fitting = [code for code in turn.options if code in here]
    return fitting[0] if len(fitting) == 1 else None


def is_only_a_place(turn: Turn, shared: Service) -> bool:
    """Whether the message says where the citizen is and nothing else ("dạ ở Bắc Ninh ạ")."""
    if not turn.named_province or set(turn.asked) - {"place"}:
        return False
    if turn.asked and shared.aspect_words.find(turn.text):  # "nộp ở đâu": not only "ở Đồng Nai"
        return False
    beside = set(shared.finder.content_words(turn.text)) - turn.place_words
    return not beside - {"tinh", "thanh", "pho", "tp", "o", "tai", "nha"}
