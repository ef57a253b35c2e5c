"""Actions that answer from what officials wrote beside the procedures."""

from __future__ import annotations

from actions import terms
from actions.answering import ReplyingAction, Said, answer_code, resolve_and_answer
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.search.resolution import Found, Question

_SURE = 0.9  # chance of being about a procedure from which the classifier is overruled


class ActionLifeEvent(ReplyingAction):
    """A life event is told: the plan, else what a question gets."""

    def name(self) -> str:
        return "action_life_event"

    def decide(self, turn: Turn, shared: Service) -> Said:
        return resolve_and_answer(turn, shared)


class ActionExplain(ReplyingAction):
    """The meaning of a term or the difference of several is asked for."""

    def name(self) -> str:
        return "action_explain"

    def decide(self, turn: Turn, shared: Service) -> Said:
        if not turn.text.strip():
            return resolve_and_answer(turn, shared)
        if said := terms.defined(turn, shared):
            return said
        found = shared.finder.resolve(Question(turn.text))
        if isinstance(found, Found) and found.strength >= _SURE:
            return answer_code(found.candidate.code, turn, shared)
        if said := terms.nearest(turn, shared):
            return said
        if turn.procedure or turn.options:  # "giờ chuyển qua địa chỉ khác": the story goes on
            return resolve_and_answer(turn, shared)
        return [Reply(shared.wording.say("utter_compare_terms"), "smalltalk")], []
