"""The main job: find the procedure, answer what was asked about it, or ask back."""

from __future__ import annotations

import asyncio
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import replies
from actions import turn as turns
from actions.replies import Reply
from actions.service import Service, service
from actions.turn import Turn
from procedures_db.procedures import ProcedureNotFound
from procedures_db.search.resolution import (
    Ambiguous,
    Candidate,
    Found,
    NothingFits,
    Question,
    Reason,
)

_CODE_LIKE = re.compile(r"\d\.\d{6}[\w.]*")
_ELSEWHERE_FROM = -6.0  # measured on the development questions

Said = tuple[list[Reply], list[EventType]]


class ReplyingAction(Action, ABC):
    """An action that decides in a worker thread and sends each reply as text (for `rasa shell`) and whole."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        # SQL and the search would stall every other citizen on the server's event loop.
        said, events = await asyncio.to_thread(self._decide, Turn.of(tracker))
        for reply in said:
            dispatcher.utter_message(text=reply.text, json_message={"reply": reply.as_dict()})
        return events

    def _decide(self, turn: Turn) -> Said:
        return self.decide(turn, service())

    @abstractmethod
    def decide(self, turn: Turn, shared: Service) -> Said:
        """Return the replies to send and the slots to set."""


class ActionAnswer(ReplyingAction):
    """Answers aspects of a procedure named now or before."""

    def name(self) -> str:
        return "action_answer"

    def decide(self, turn: Turn, shared: Service) -> Said:
        return resolve_and_answer(turn, shared)


class ActionChooseOption(ReplyingAction):
    """The citizen picks one of the options shown, or one of the procedures discussed."""

    def name(self) -> str:
        return "action_choose_option"

    def decide(self, turn: Turn, shared: Service) -> Said:
        typed = _CODE_LIKE.search(turn.text)
        if typed:
            return answer_code(typed.group(), turn, shared)
        choices = turn.options or turn.recent
        if not choices:
            return resolve_and_answer(turn, shared)
        position = _position(turn, len(choices))
        if position is None:
            return resolve_and_answer(turn, shared)
        return answer_code(choices[position], turn, shared)


class ActionRejectOptions(ReplyingAction):
    """None of the options shown was right."""

    def name(self) -> str:
        return "action_reject_options"

    def decide(self, turn: Turn, shared: Service) -> Said:
        key = "utter_options_rejected" if turn.options else "utter_no_options"
        reply = Reply(shared.wording.say(key), "clarify")
        return [reply], [SlotSet("options", [])]


class ActionGoBack(ReplyingAction):
    """Back to a procedure discussed before, named or not."""

    def name(self) -> str:
        return "action_go_back"

    def decide(self, turn: Turn, shared: Service) -> Said:
        resolution = shared.finder.resolve(Question(turn.text), turn.context)
        if isinstance(resolution, Found) and not resolution.from_context:
            return answer_code(resolution.candidate.code, turn, shared)
        earlier = [code for code in turn.recent if code != turn.procedure]
        if not earlier:
            text = shared.wording.say("utter_nothing_to_go_back_to")
            return [Reply(text, "clarify")], []
        return answer_code(earlier[-1], turn, shared)


def resolve_and_answer(turn: Turn, shared: Service) -> Said:
    """Question in, replies and slots out: the way of a question, step by step."""
    aspects = turn.wanted_aspects()
    if not turn.text.strip():
        return _ask_topic(shared)
    if turn.names_a_place_in_order and not turn.options and turn.recent:
        position = _position(turn, len(turn.recent))
        if position is not None:
            return answer_code(turn.recent[position], turn, shared)
    resolution = shared.finder.resolve(Question(turn.text), turn.context)
    if isinstance(resolution, NothingFits):
        return _nothing_fits(resolution, turn, shared)
    leans = isinstance(resolution, Found) and resolution.from_context
    if not leans and _is_elsewhere(turn, resolution):
        return [Reply(shared.wording.say("utter_out_of_scope"), "out_of_scope")], []
    if isinstance(resolution, Ambiguous):
        return _ask_which(resolution.candidates, aspects, shared)
    return answer_code(resolution.candidate.code, turn, shared)


def answer_code(code: str, turn: Turn, shared: Service) -> Said:
    """Answer the wanted aspects of one procedure."""
    aspects = turn.wanted_aspects() or (turn.aspects if turn.intent == "choose_option" else ())
    try:
        record = shared.record(code)
    except ProcedureNotFound:
        return [Reply(shared.wording.say("utter_unknown_code", code=code), "clarify")], []
    reply = replies.answer(record, aspects, shared.wording)
    return [reply], turns.answered(turn, [record], aspects)


def _ask_which(candidates: Sequence[Candidate], aspects: Sequence[str], shared: Service) -> Said:
    reply = replies.which(candidates, shared.wording)
    return [reply], turns.asked_back([c.code for c in candidates], aspects)


def _ask_topic(shared: Service) -> Said:
    return [Reply(shared.wording.say("utter_ask_topic"), "clarify")], []


def _nothing_fits(resolution: NothingFits, turn: Turn, shared: Service) -> Said:
    if resolution.reason is Reason.UNKNOWN_CODE:
        code = _CODE_LIKE.search(turn.text)
        text = shared.wording.say("utter_unknown_code", code=code.group() if code else "")
        return [Reply(text, "clarify")], []
    if resolution.reason is Reason.NO_TOPIC:
        return _ask_topic(shared)
    return [Reply(shared.wording.say("utter_nothing_fits"), "out_of_scope")], []


def _is_elsewhere(turn: Turn, resolution: Found | Ambiguous) -> bool:
    """Whether the classifier's suspicion of another topic outweighs what the search found.

    Both are chances; the suspicion counts double, because names of procedures occur in songs, shops
    and films too.
    """
    return 2 * _logit(turn.elsewhere) - _logit(resolution.strength) > _ELSEWHERE_FROM


def _logit(chance: float) -> float:
    clipped = min(max(chance, 0.001), 0.999)
    return math.log(clipped / (1 - clipped))


def _position(turn: Turn, count: int) -> int | None:
    """The 0-based place that an ordinal names among ``count`` choices; None if there is no such."""
    words = turn.ordinals or tuple(re.findall(r"\b[1-9]\b", turn.text))
    if not words:
        return None
    if words[0] == "last":
        return count - 1
    place = int(words[0]) - 1
    return place if 0 <= place < count else None
