"""Dialogue acts that need no procedure: greetings, limits, safety."""

from __future__ import annotations

from actions.answering import ReplyingAction, Said, resolve_and_answer
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.search.resolution import Ambiguous, Found, Question

# Acts in which a citizen may still have named a procedure; the rest keep their reply whatever was named.
_MAY_NAME_A_PROCEDURE = {
    "out_of_scope", "smalltalk", "compare_terms", "complaint", "greet", "thanks", "help", "affirm",
    "deny", "dossier_status", "insult",
}  # fmt: skip
_SURE = 0.9  # chance of being about a procedure from which the classifier is overruled
_VERY_ACT = 0.85  # … unless it is this confident
_OUTCOMES = {
    "out_of_scope": "out_of_scope",
    "unsafe": "refuse",
    "manipulate": "refuse",
    "insult": "refuse",
    "emergency": "refuse",
    "self_harm": "refuse",
    "human": "handover",
    "complaint": "handover",
}


class ActionAct(ReplyingAction):
    """Says the sentence of the act, unless a procedure is clearly asked for after all."""

    def name(self) -> str:
        return "action_act"

    def decide(self, turn: Turn, shared: Service) -> Said:
        if self._may_be_a_question(turn):
            resolution = shared.finder.resolve(Question(turn.text))
            if isinstance(resolution, Found | Ambiguous) and resolution.strength >= _SURE:
                return resolve_and_answer(turn, shared)
        text = shared.wording.say(f"utter_{turn.intent}")
        return [Reply(text, _OUTCOMES.get(turn.intent, "smalltalk"))], []

    @staticmethod
    def _may_be_a_question(turn: Turn) -> bool:
        return (
            turn.intent in _MAY_NAME_A_PROCEDURE
            and turn.confidence < _VERY_ACT
            and bool(turn.text.strip())
        )
