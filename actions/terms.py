"""What a term means, how terms differ, and questions often asked: answers that officials wrote."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions import formatting
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.checking import today
from procedures_db.faqs import Faq
from procedures_db.glossary import NEAR, SAME, Explained
from procedures_db.search.resolution import Ambiguous, Found, Resolution

INTENT = "compare_terms"
OVERVIEW = "ask_overview"
FAQ_SAME = 0.8  # the kept question but for a word: it fits better than any procedure
VERY_SAME = 0.95  # … over what is under discussion
SAME_AS_WRITTEN = 0.9  # a question kept with a term, over a procedure found for certain
FAQ_NEAR = 0.6  # near enough when no procedure was found for certain
_CLEARLY_A_PROCEDURE = 0.9  # … of a message that fits several
_BUTTONS = 5

Said = tuple[list[Reply], list[EventType]]


def defined(turn: Turn, shared: Service) -> Said | None:
    """The explanation, when the message asks for a meaning or a difference and for nothing else."""
    if turn.intent not in (INTENT, OVERVIEW):
        return None
    found = shared.knowledge.glossary.find(turn.text)
    return _explain(found, turn, shared) if found and found.is_definition else None


def as_written(turn: Turn, shared: Service) -> Said | None:
    """The explanation kept with this very question, whatever is under discussion."""
    found = shared.knowledge.glossary.find(turn.text)
    fits = found and found.similarity > VERY_SAME
    return _explain(found, turn, shared) if found and fits else None


def nearest(turn: Turn, shared: Service) -> Said | None:
    """The explanation of what a message that asks for a meaning may be about, however it is put."""
    found = shared.knowledge.glossary.find(turn.text)
    near = found and (found.is_definition or found.similarity >= NEAR)
    return _explain(found, turn, shared) if found and near else None


def instead(turn: Turn, resolution: Resolution, shared: Service) -> Said | None:
    """A kept answer that fits the message better than what the search found."""
    certain = isinstance(resolution, Found) and not resolution.from_context
    certain |= isinstance(resolution, Ambiguous) and resolution.strength >= _CLEARLY_A_PROCEDURE
    asked = shared.knowledge.faqs.find(turn.text)
    if asked and asked[1] >= (FAQ_SAME if certain else FAQ_NEAR):
        return [_faq(asked[0], shared)], []
    found = shared.knowledge.glossary.find(turn.text)
    if found is None:
        return None
    if certain:
        fits = found.similarity > SAME_AS_WRITTEN
    else:
        fits = found.is_definition or found.similarity >= SAME
    return _explain(found, turn, shared) if fits else None


def _explain(found: Explained, turn: Turn, shared: Service) -> Said:
    wording = shared.wording
    parts = [
        wording.say("utter_term", terms=formatting.listed(entry.terms[:4]), text=entry.text)
        for entry in found.entries
    ]
    parts.append(wording.say("utter_term_source"))
    codes = [code for entry in found.entries for code in entry.codes]
    entries = [{"id": e.id, "terms": list(e.terms), "text": e.text} for e in found.entries]
    reply = Reply(
        text="\n\n".join(parts),
        outcome="answer",
        buttons=_buttons(codes, shared),
        card={"kind": "term", "entries": entries},
    )
    return [reply], _taken_up(codes, turn, shared)


def _taken_up(codes: Sequence[str], turn: Turn, shared: Service) -> list[EventType]:
    """Slots for "làm ở đâu" behind an explanation: it is about what was offered with it, unless a procedure
    is under discussion already."""
    known = [code for code in dict.fromkeys(codes) if shared.finder.candidate(code)][:_BUTTONS]
    if turn.procedure or turn.options or not known:
        return []
    if len(known) == 1:
        return [SlotSet("procedure", known[0])]
    return [SlotSet("options", known)]


def _faq(faq: Faq, shared: Service) -> Reply:
    wording = shared.wording
    parts = [faq.answer, wording.say("utter_faq_source", source=faq.source)]
    if faq.is_due(today()):
        parts.append(wording.say("utter_faq_due"))
    return Reply(
        text="\n\n".join(parts),
        outcome="answer",
        buttons=_buttons(faq.procedures, shared),
        card={"kind": "faq", "id": faq.id, "question": faq.question, "source": faq.source},
    )


def _buttons(codes: Sequence[str], shared: Service) -> list[dict[str, str]]:
    """Procedures to go on with; those that are not published here are left out."""
    known = [c for code in dict.fromkeys(codes) if (c := shared.finder.candidate(code))]
    return [{"title": c.label, "payload": f"@overview {c.code}"} for c in known[:_BUTTONS]]
