"""What stands around every action: safety and doors before it, failures and hand-over after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import handover, leaning, place, safety
from actions.doors import Door
from actions.replies import Reply, next_buttons
from actions.service import Service
from actions.talk import MATTER, OFFER, await_
from actions.turn import Turn

Said = tuple[list[Reply], list[EventType]]
# Beside what asks for a procedure: messages that the staff may have to answer.
_QUESTIONS = ("correct_procedure", "complaint", "dossier_status", "compare_terms", "life_event")
# No matter to hand over, though the bot has just asked for one.
_CANCELS = ("deny", "goodbye", "thanks", "reject_options", "unsafe")
_SURELY_ELSEWHERE = 0.95  # in a talk about a procedure; short questions look elsewhere too
_SUSPECTED = 0.5  # a door comes before a question back from this chance of "no procedure" on


def around(decide: Callable[[Turn, Service], Said], turn: Turn, shared: Service) -> Said:
    """Let ``decide`` reply unless something else must; then count failures and remember the question."""
    if turn.is_button:
        said, events = decide(turn, shared)
    else:
        said, events = _before(turn, shared) or _with_door(*decide(turn, shared), turn, shared)
    after = [*_after(said, turn, shared), *place.remembered(turn)]
    said = [place.with_notes(said[0], turn, shared), *said[1:]]
    return said, [*_unless_set(after, events), *events]


def has_failed(reply: Reply, turn: Turn) -> bool:
    """Whether a question stays open: nothing fitted, or the citizen was asked back."""
    if reply.outcome == "clarify":
        return place.NOTED not in reply.card
    return reply.outcome == "out_of_scope" and is_question(turn) and "door" not in reply.card


def about(reply: Reply, turn: Turn) -> dict[str, Any]:
    """What the web application logs and heeds beside a reply; citizens never see it."""
    return {"intent": turn.intent, "failed": has_failed(reply, turn), "turns": turn.talk.turns}


def is_question(turn: Turn) -> bool:
    return turn.intent.startswith("ask_") or turn.intent == "correct_procedure"


def _before(turn: Turn, shared: Service) -> Said | None:
    """What comes before any procedure: danger and crime, what the bot waits for, the certain door."""
    if alarm := safety.alarm(turn, shared.safety, shared.wording):
        return [alarm], [await_(None)]
    if turn.talk.awaiting == MATTER and turn.intent not in _CANCELS:
        return handover.hand_over(turn, shared, turn.text)
    if turn.talk.awaiting == OFFER and turn.intent == "affirm":
        return handover.ask_for_person(turn, shared)
    if handover.is_awaited(turn.text) and not turn.options:
        return handover.ask_for_person(turn, shared)
    if door := shared.doors.certain(turn.text):
        return [_door(door)], []
    if (door := shared.doors.unless_clear(turn.text)) and not leaning.is_clear(turn, shared):
        return [_door(door)], []
    if _only_notes_a_place(turn, shared):
        return [place.noted(turn, shared)], []
    return None


def _only_notes_a_place(turn: Turn, shared: Service) -> bool:
    """Whether the citizen says where they are while no procedure is settled that the place could bear on."""
    if not place.is_only_a_place(turn, shared) or place.option_here(turn, shared):
        return False
    return bool(turn.options) or not turn.procedure


def not_told(turn: Turn, shared: Service) -> Reply | None:
    """In a talk about a procedure: the record does not tell what is asked, here is what it does tell.

    None where nothing is under discussion, or where the message is surely about something else.
    """
    candidate = shared.finder.candidate(turn.procedure) if turn.procedure else None
    if candidate is None or turn.options or turn.elsewhere >= _SURELY_ELSEWHERE:
        return None
    buttons = next_buttons(candidate.code, (), shared.wording)
    text = shared.wording.say("utter_not_told", label=candidate.label)
    return Reply(text, "out_of_scope", buttons=buttons)


def _with_door(said: list[Reply], events: list[EventType], turn: Turn, shared: Service) -> Said:
    """Name the right door where no procedure fits, or where one hardly does."""
    (first, *_) = said
    hardly = first.outcome == "clarify" and turn.elsewhere >= _SUSPECTED
    if first.outcome == "out_of_scope" or hardly:
        door = shared.doors.likely(turn.text)
        if door:
            return [_door(door)], []
    return said, events


def _door(door: Door) -> Reply:
    return Reply(door.text, "out_of_scope", card={"door": {"name": door.name}})


def _after(said: list[Reply], turn: Turn, shared: Service) -> list[EventType]:
    """Remember the question, count failures, offer a person after two in a row."""
    events: list[EventType] = []
    if _is_worth_remembering(turn, shared):
        events.append(turn.talk.remember(turn.text))
    if any(has_failed(reply, turn) for reply in said):
        failures = turn.talk.failures + 1
        if failures >= handover.FAILED_TURNS:
            handover.offer(said[-1], shared.wording, first=failures == handover.FAILED_TURNS)
            events.append(await_(OFFER))
        events.append(SlotSet("failures", failures))
    elif any(reply.outcome in ("answer", "handover") or "door" in reply.card for reply in said):
        events.append(SlotSet("failures", 0))
    if turn.talk.awaiting and "awaiting" not in {event.get("name") for event in events}:
        events.append(await_(None))
    return events


def _is_worth_remembering(turn: Turn, shared: Service) -> bool:
    """Whether a later message may add to this one; a bare place is kept in its own slot."""
    asks = turn.intent.startswith("ask_") or turn.intent in _QUESTIONS
    return asks and not turn.is_button and not place.is_only_a_place(turn, shared)


def _unless_set(defaults: list[EventType], events: list[EventType]) -> list[EventType]:
    """Slots that the action did not set itself."""
    chosen = {event.get("name") for event in events}
    return [event for event in defaults if event.get("name") not in chosen]
