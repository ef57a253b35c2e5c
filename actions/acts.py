"""Dialogue acts that need no procedure: greetings, limits, safety."""

from __future__ import annotations

from actions.answering import ReplyingAction, Said, answer_code
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.search.resolution import Found, Question

# Acts in which a citizen may still have named a procedure; the rest keep their reply whatever was named.
_MAY_NAME_A_PROCEDURE = {
    "out_of_scope", "smalltalk", "compare_terms", "complaint", "greet", "thanks", "help", "affirm",
    "deny", "dossier_status", "insult",
}  # fmt: skip
_SURE = 0.9
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
        if turn.intent in _MAY_NAME_A_PROCEDURE and turn.text.strip():
            resolution = shared.finder.resolve(Question(turn.text))
            if isinstance(resolution, Found) and resolution.strength >= _SURE:
                return answer_code(resolution.candidate.code, turn, shared)
        text = shared.wording.say(f"utter_{turn.intent}")
        return [Reply(text, _OUTCOMES.get(turn.intent, "smalltalk"))], []
