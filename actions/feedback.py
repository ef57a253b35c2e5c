"""Feedback: "hữu ích" or "chưa đúng", by button or typed."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

import yaml
from rasa_sdk.events import SlotSet
from sqlalchemy.exc import SQLAlchemyError

from actions import handover
from actions.acts import ActionAct
from actions.answering import ReplyingAction, Said, resolve_and_answer
from actions.expressions import Expressions, words_of
from actions.replies import Reply
from actions.service import Service
from actions.talk import OFFER, await_
from actions.turn import Turn
from procedures_db.connection import DatabaseBusy
from procedures_db.conversation_ids import hashed
from procedures_db.feedback import Feedback
from procedures_db.search.resolution import Found, Question

logger = logging.getLogger(__name__)
_CODE = re.compile(r"^@\w+ (\S+)$")
_SURE = 0.9  # strength from which "sai rồi, …" names the procedure that was meant


class ActionFeedback(ReplyingAction):
    """Stores the verdict on the answer; after "chưa đúng" offers a restatement or a person, once."""

    def name(self) -> str:
        return "action_feedback"

    def decide(self, turn: Turn, shared: Service) -> Said:
        pressed = _CODE.match(turn.text)
        code = pressed.group(1) if pressed else turn.procedure
        useful = turn.intent == "useful"
        if code:
            _store("useful" if useful else "wrong", code, turn, shared)
        if useful:
            return [Reply(shared.wording.say("utter_useful"), "smalltalk")], []
        if not turn.is_button and _names_another(turn, shared):
            return resolve_and_answer(turn, shared)
        reply = Reply(shared.wording.say("utter_wrong"), "smalltalk")
        events = [await_(OFFER), SlotSet("failures", 1), SlotSet("options", [])]
        return [handover.offer(reply, shared.wording, first=False)], events


class ActionDeny(ReplyingAction):
    """A no: to the answer just given, or to what the bot had understood."""

    def name(self) -> str:
        return "action_deny"

    def decide(self, turn: Turn, shared: Service) -> Said:
        answered = turn.procedure and not turn.options
        if answered and _blame().in_words(words_of(turn.text)):
            return ActionFeedback().decide(turn, shared)
        return ActionAct().decide(turn, shared)


@lru_cache(maxsize=1)
def _blame() -> Expressions:
    content = yaml.safe_load(handover.CALLS.read_text(encoding="utf-8"))
    return Expressions(content["chê"])


def _names_another(turn: Turn, shared: Service) -> bool:
    resolution = shared.finder.resolve(Question(turn.text))
    return (
        isinstance(resolution, Found)
        and resolution.strength >= _SURE
        and resolution.candidate.code != turn.procedure
    )


def _store(verdict: str, code: str, turn: Turn, shared: Service) -> None:
    talk = turn.talk
    given = Feedback(
        verdict=verdict,
        code=code,
        conversation=hashed(talk.conversation_id),
        channel=talk.channel,
        question=talk.lately[-1] if talk.lately else "",
        aspects=turn.aspects,
    )
    try:
        shared.remember(given)
    except (SQLAlchemyError, DatabaseBusy):  # a lost verdict must not cost the citizen the reply
        logger.exception("feedback_not_stored")
