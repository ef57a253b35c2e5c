"""The main job: find the procedure, answer what was asked about it, or ask back."""

from __future__ import annotations

import asyncio
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import leaning, limits, place, plans, replies, terms
from actions import turn as turns
from actions.replies import Reply
from actions.service import Service, service
from actions.turn import Turn
from procedures_db.procedures import ProcedureNotFound
from procedures_db.search.resolution import (
    Ambiguous,
    Found,
    NothingFits,
    Question,
    Reason,
)
from procedures_db.search.several import Part, several

_CODE_LIKE = re.compile(r"\d\.\d{6}[\w.]*")
_ELSEWHERE_FROM = -3.0  # measured on the questions in benchmarks/questions
_SURELY_HERE = 0.03  # such questions are about some procedure even when none fits well
_SURE = 0.9
_CERTAIN = 0.97  # chance among the candidates from which a twin in a talk needs no more words
_ANSWERED_AT_ONCE, _OPTIONS = 3, 5  # of a list of procedures in one message

Said = tuple[list[Reply], list[EventType]]


class ReplyingAction(Action, ABC):
    """An action that decides in a worker thread and sends each reply as text (for `rasa shell`) and whole."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        # SQL and the search would stall every other citizen on the server's event loop.
        turn = Turn.of(tracker)
        said, events = await asyncio.to_thread(self._decide, turn)
        for reply in said:
            about = limits.about(reply, turn)
            dispatcher.utter_message(
                text=reply.text, json_message={"reply": reply.as_dict(), "about": about}
            )
        return events

    def _decide(self, turn: Turn) -> Said:
        return limits.around(self.decide, turn, service())

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
    """None of the options shown was right; what is said beside ("…, em cần bản sao thôi") may be."""

    def name(self) -> str:
        return "action_reject_options"

    def decide(self, turn: Turn, shared: Service) -> Said:
        if not turn.is_button and leaning.names_more(turn, shared):
            return resolve_and_answer(replace(turn, options=()), shared)
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
        if isinstance(resolution, Ambiguous) and (discussed := leaning.discussed(resolution, turn)):
            return answer_code(discussed, turn, shared)
        earlier = [code for code in turn.recent if code != turn.procedure]
        if not earlier and turn.options and not turn.goes_back:  # "căn cước trước đi": one of them
            return resolve_and_answer(turn, shared)
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
    here = place.option_here(turn, shared) or turn.procedure
    if here and place.is_only_a_place(turn, shared):
        return answer_code(here, turn, shared)
    resolution = shared.finder.resolve(Question(turn.text), turn.context)
    if chosen := leaning.chosen(turn, resolution, shared) or leaning.returned_to(turn, shared):
        return answer_code(chosen, turn, shared)
    if said := plans.told(turn, resolution, shared) or terms.defined(turn, shared):
        return said
    if not turn.is_button and (said := terms.as_written(turn, shared)):
        return said
    if turn.procedure and leaning.asks_further(turn, turn.procedure, resolution, shared):
        return answer_code(leaning.twin_told(turn, shared) or turn.procedure, turn, shared)
    if found := leaning.goes_on(turn, resolution, shared):
        inherits = replace(turn, asked=turn.asked or turn.aspects)
        return answer_code(found.candidate.code, inherits, shared)
    if said := terms.instead(turn, resolution, shared):
        return said
    if isinstance(resolution, NothingFits):
        return _nothing_fits(resolution, turn, shared)
    parts = several(Question(turn.text), resolution, shared.finder.resolve)
    if parts:
        return _answer_parts(parts, turn, shared)
    if _is_elsewhere(turn, resolution, shared):
        if reply := limits.not_told(turn, shared):
            return [reply], []
        return [Reply(shared.wording.say("utter_out_of_scope"), "out_of_scope")], []
    if isinstance(resolution, Ambiguous):
        leans = turn.is_follow_up or turn.goes_back
        if leans and (discussed := leaning.discussed(resolution, turn)):
            return answer_code(discussed, turn, shared)
        return _ask_which(resolution, aspects, turn, shared)
    (reply, *more), events = answer_code(resolution.candidate.code, turn, shared)
    return [plans.beside(reply, turn, shared), *more], events


def answer_code(code: str, turn: Turn, shared: Service) -> Said:
    """Answer the wanted aspects of one procedure."""
    chosen = code in turn.options or turn.intent == "choose_option"
    aspects = turn.wanted_aspects() or (turn.aspects if chosen else ())
    if turn.procedure and turn.is_follow_up and not shared.aspect_words.find(turn.text):
        aspects = turn.aspects or aspects  # "thế gia hạn thì sao": what was asked before
    if place.is_only_a_place(turn, shared):
        aspects = turn.aspects
    by_province = shared.finder.by_province(code)
    if not turn.is_button:
        code = place.local(code, by_province, turn)
        if question := place.must_ask(by_province, turn, shared):
            return [question], turns.asked_back([p["code"] for p in question.procedures], aspects)
    try:
        record = shared.record(code)
    except ProcedureNotFound:
        return [Reply(shared.wording.say("utter_unknown_code", code=code), "clarify")], []
    reply = replies.answer(record, aspects, shared.wording, question=turn.text)
    reply = place.ask_beside(reply, by_province, turn, shared)
    return [reply], turns.answered(turn, [record], aspects)


def _answer_parts(parts: Sequence[Part], turn: Turn, shared: Service) -> Said:
    """One reply a procedure, each with the aspects asked in its part of the message; of a long list the
    first ones, and the rest as options."""
    answered, rest = parts[:_ANSWERED_AT_ONCE], parts[_ANSWERED_AT_ONCE:]
    records = [shared.record(part.found.candidate.code) for part in answered]
    asked = [shared.aspect_words.find(part.text) or turn.wanted_aspects() for part in answered]
    said = [
        replies.answer(record, aspects, shared.wording, question=part.text)
        for record, aspects, part in zip(records, asked, answered, strict=True)
    ]
    events = turns.answered(turn, records, asked[-1])
    if rest:
        candidates = [part.found.candidate for part in rest][:_OPTIONS]
        said.append(
            replies.which(candidates, shared.wording, shared.wording.say("utter_which_next"))
        )
        events += turns.asked_back([c.code for c in candidates], asked[-1])
    return said, events


def _ask_which(resolution: Ambiguous, aspects: Sequence[str], turn: Turn, shared: Service) -> Said:
    codes = [candidate.code for candidate in resolution.candidates]
    question = resolution.question
    if set(codes) == set(turn.options):  # never the same question twice
        question = shared.wording.say("utter_which_again")
    if set(codes) & set(turn.options):  # the story goes on: what was asked first still waits
        aspects = aspects or turn.aspects
    reply = replies.which(resolution.candidates, shared.wording, question)
    return [plans.offer(reply, turn, shared)], turns.asked_back(codes, aspects)


def _ask_again(turn: Turn, shared: Service) -> Said:
    """An aspect is asked before one of the options is chosen: show them again, remember the aspect."""
    candidates = [c for c in map(shared.finder.candidate, turn.options) if c]
    question = shared.wording.say("utter_which_first")
    reply = replies.which(candidates[:_OPTIONS], shared.wording, question)
    codes = [candidate.code for candidate in candidates]
    return [reply], turns.asked_back(codes, turn.asked or turn.aspects)


def _ask_topic(shared: Service) -> Said:
    return [Reply(shared.wording.say("utter_ask_topic"), "clarify")], []


def _nothing_fits(resolution: NothingFits, turn: Turn, shared: Service) -> Said:
    if resolution.reason is Reason.UNKNOWN_CODE:
        code = _CODE_LIKE.search(turn.text)
        text = shared.wording.say("utter_unknown_code", code=code.group() if code else "")
        return [Reply(text, "clarify")], []
    if resolution.reason is Reason.NO_TOPIC:
        return _ask_topic(shared) if not turn.options else _ask_again(turn, shared)
    if turn.elsewhere < _SURELY_HERE and turn.asks and len(resolution.others) > 1:
        question = shared.wording.say("utter_which_perhaps")
        perhaps = Ambiguous(resolution.others[:_OPTIONS], question=question)
        return _ask_which(perhaps, turn.wanted_aspects(), turn, shared)
    reply = limits.not_told(turn, shared) or Reply(
        shared.wording.say("utter_nothing_fits"), "out_of_scope"
    )
    return [plans.offer(reply, turn, shared)], []


def _is_elsewhere(turn: Turn, resolution: Found | Ambiguous, shared: Service) -> bool:
    """Whether the classifier's suspicion of another topic outweighs what the search found.

    Both are chances; the suspicion counts double, because names of procedures occur in songs, shops
    and films too. A topic, an official name or a correction ("nhầm rồi, ý mình là …") leaves no doubt.
    """
    if isinstance(resolution, Found) and (
        resolution.from_context or resolution.candidate.code == turn.procedure
    ):
        return False  # the story of what is under discussion goes on
    code = resolution.likeliest.code
    leans = turn.is_follow_up or resolution.likeliest.score >= _CERTAIN
    if turn.procedure and leans and shared.finder.are_kin(turn.procedure, code):
        return False
    corrects = turn.intent == "correct_procedure" and resolution.strength >= _SURE
    if resolution.strength == 1.0 or corrects or (turn.is_follow_up and resolution.named):
        return False
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
