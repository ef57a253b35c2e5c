"""Dialogue acts that need no procedure: greetings, limits, safety."""

from __future__ import annotations

from dataclasses import replace

from actions import handover, limits, place, safety, terms
from actions.answering import ReplyingAction, Said, answer_code, resolve_and_answer
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.search.resolution import Ambiguous, Found, Question

# Acts in which a citizen may still have named a procedure; the rest keep their reply whatever was named.
_MAY_NAME_A_PROCEDURE = {
    "out_of_scope", "smalltalk", "compare_terms", "complaint", "greet", "thanks", "help", "affirm",
    "deny", "dossier_status", "insult",
}  # fmt: skip
_GRAVE = {"unsafe", *safety.ALARMS}
_SURE = 0.9  # chance of being about a procedure from which the classifier is overruled
_VERY_ACT = 0.85  # … unless it is this confident
# From here on the classifier's word is enough for a crime; the alarms had their say before (safety.alarm).
_SURE_OF_CRIME = 0.9
_LIKELY_CRIME = 0.45  # … and from here on when nothing else fits
# Acts that short questions of a talk are mistaken for ("thủ tục thế nào", "bao nhiêu").
_MAY_LEAN = {"help", "smalltalk", "out_of_scope", "greet", "bot_challenge"}
_HARDLY_AN_ACT = 0.45
_OUTCOMES = {
    "out_of_scope": "out_of_scope",
    "unsafe": "refuse",
    "manipulate": "refuse",
    "insult": "refuse",
    "emergency": "refuse",
    "self_harm": "refuse",
    "complaint": "handover",
}


class ActionAct(ReplyingAction):
    """Says the sentence of the act, unless a procedure is clearly asked for after all."""

    def name(self) -> str:
        return "action_act"

    def decide(self, turn: Turn, shared: Service) -> Said:
        if turn.intent == "manipulate":
            return _facts_all_the_same(turn, shared) or _say(turn, shared)
        if place.is_only_a_place(turn, shared):
            return resolve_and_answer(turn, shared)
        if turn.intent in _GRAVE and turn.confidence < _SURE_OF_CRIME:
            # No expression of safety.yml is in it, or the alarm would have come first: mostly an ordinary message.
            said, events = resolve_and_answer(turn, shared)
            found_nothing = said[0].outcome == "out_of_scope"
            is_crime = turn.intent == "unsafe" and turn.confidence >= _LIKELY_CRIME
            return _say(turn, shared) if is_crime and found_nothing else (said, events)
        if turn.intent in _MAY_LEAN and turn.confidence < _HARDLY_AN_ACT and _has_matter(turn):
            return resolve_and_answer(turn, shared)
        if self._may_be_a_question(turn):
            resolution = shared.finder.resolve(Question(turn.text))
            if isinstance(resolution, Found | Ambiguous) and resolution.strength >= _SURE:
                return resolve_and_answer(turn, shared)
        if turn.intent in _MAY_LEAN and (kept := terms.as_written(turn, shared)):
            return kept
        if turn.intent == "out_of_scope" and (reply := limits.not_told(turn, shared)):
            return [reply], []
        return _say(turn, shared)

    @staticmethod
    def _may_be_a_question(turn: Turn) -> bool:
        return (
            turn.intent in _MAY_NAME_A_PROCEDURE
            and turn.confidence < _VERY_ACT
            and bool(turn.text.strip())
        )


class ActionHuman(ReplyingAction):
    """A person is asked for."""

    def name(self) -> str:
        return "action_human"

    def decide(self, turn: Turn, shared: Service) -> Said:
        return handover.ask_for_person(turn, shared)


def _has_matter(turn: Turn) -> bool:
    """Whether a procedure or a choice of several is under discussion, which a message may lean on."""
    return bool(turn.procedure or turn.options)


def _say(turn: Turn, shared: Service) -> Said:
    text = shared.wording.say(f"utter_{turn.intent}")
    return [Reply(text, _OUTCOMES.get(turn.intent, "smalltalk"))], []


def _facts_all_the_same(turn: Turn, shared: Service) -> Said | None:
    """An order to the bot with a question in it: the question is answered from the record, the order is not obeyed."""
    if not shared.safety.asks(turn.text):
        return None
    resolution = shared.finder.resolve(Question(turn.text))
    if not isinstance(resolution, Found) or resolution.strength < _SURE:
        return None
    asked = tuple(shared.aspect_words.find(turn.text))
    said, events = answer_code(resolution.candidate.code, replace(turn, asked=asked), shared)
    said[0].text = f"{shared.wording.say('utter_facts_only')}\n\n{said[0].text}"
    return said, events
