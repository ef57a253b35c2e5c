"""Plans for life events: every procedure that a story asks for, in order, on one page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import formatting, replies
from actions.replies import Reply
from actions.service import Service
from actions.turn import Turn
from procedures_db.life_events import LifeEvent, PlannedStep, Told
from procedures_db.procedures import ProcedureNotFound
from procedures_db.record import AgencyRole, ProcedureRecord
from procedures_db.search.resolution import Found, Resolution
from procedures_db.shared_papers import shared_papers
from procedures_db.wording import Wording

INTENT = "life_event"
_EVENT_BUTTON = re.compile(r"^@event ([\w\-]+)$")
_ELSEWHERE = 0.5  # chance of being about no procedure from which no event is offered
_CERTAIN = 0.75  # chance of one procedure from which the story is about that one
_PAPER = 160  # characters of the name of a paper

_SAID = ("documents", "place")  # what a plan tells of each step: what is to be got, and where
_AGENCIES, _PLACE = 2, 120  # named for a step; characters

Said = tuple[list[Reply], list[EventType]]


@dataclass(frozen=True)
class _Step:
    """A step whose procedure is published."""

    planned: PlannedStep
    record: ProcedureRecord
    label: str


def told(turn: Turn, resolution: Resolution, shared: Service) -> Said | None:
    """The plan, when the citizen tells of an event and no procedure fits for certain, or asks for all of it."""
    pressed = _EVENT_BUTTON.match(turn.text)
    if pressed:
        event = shared.knowledge.events.get(pressed.group(1))
        return _plan(event, shared) if event else None
    found = shared.knowledge.events.find(turn.text)
    if found is None or not _is_wanted(found, turn, resolution):
        return None
    return _plan(found.event, shared, turn.asked)


def _is_wanted(found: Told, turn: Turn, resolution: Resolution) -> bool:
    if found.in_words and found.asks_for_all:
        return True
    if found.names_procedure:
        return False
    certain = isinstance(resolution, Found) and resolution.candidate.score >= _CERTAIN
    asks = turn.intent == INTENT and not certain
    return asks or (found.in_words and found.asks_what_to_do)


def offer(reply: Reply, turn: Turn, shared: Service) -> Reply:
    """A reply that answers nothing for certain, with the event that the message may be about."""
    found = shared.knowledge.events.find(turn.text)
    if found is None or found.names_procedure or turn.elsewhere > _ELSEWHERE:
        return reply
    if not reply.procedures and not found.in_words:
        return reply
    name = found.event.name
    title = shared.wording.say("utter_event_button", event=name)
    button = {"title": title, "payload": f"@event {found.event.id}"}
    if not reply.procedures:
        return Reply(shared.wording.say("utter_event_ask", event=name), "clarify", buttons=[button])
    *options, none = reply.buttons  # "none of these" closes the list
    text = f"{reply.text}\n{shared.wording.say('utter_event_offer', event=name)}"
    return replace(reply, text=text, buttons=[*options, button, none])


def beside(reply: Reply, turn: Turn, shared: Service) -> Reply:
    """An answer about one procedure, with a button for the whole event that the citizen tells of."""
    found = shared.knowledge.events.find(turn.text)
    if reply.outcome != "answer" or found is None or found.names_procedure or not found.in_words:
        return reply
    title = shared.wording.say("utter_event_button", event=found.event.name)
    button = {"title": title, "payload": f"@event {found.event.id}"}
    return replace(reply, buttons=[*reply.buttons, button])


def _plan(event: LifeEvent, shared: Service, asked: Sequence[str] = ()) -> Said | None:
    """None when no procedure of the event is published here."""
    steps = [step for planned in event.steps if (step := _step(planned, shared))]
    if not steps:
        return None
    codes = [step.record.code for step in steps]
    slots: list[EventType] = [
        SlotSet("procedure", None), SlotSet("aspects", []), SlotSet("options", codes),
    ]  # fmt: skip
    reply = _reply(event, steps, shared.wording)
    said = [aspect for aspect in _SAID if aspect in asked]
    return [replace(reply, aspects=[*reply.aspects, *said])], slots


def _step(planned: PlannedStep, shared: Service) -> _Step | None:
    try:
        record = shared.record(planned.code)
    except ProcedureNotFound:
        return None
    candidate = shared.finder.candidate(planned.code)
    return _Step(planned, record, candidate.label if candidate else record.name)


def _reply(event: LifeEvent, steps: Sequence[_Step], wording: Wording) -> Reply:
    papers = _shared_papers(steps)
    as_of = min(step.record.as_of for step in steps)
    parts = [
        wording.say("utter_plan_title", event=event.name, opening=event.opening),
        *(_step_text(number, step, steps, wording) for number, step in enumerate(steps, start=1)),
        *([_papers_text(papers, wording)] if papers else []),
        wording.say("utter_plan_source", as_of=formatting.day(as_of)),
    ]
    return Reply(
        text="\n\n".join(parts),
        outcome="answer",
        procedures=[{"code": s.record.code, "name": s.record.name} for s in steps],
        aspects=["overview"],
        buttons=[{"title": s.label, "payload": f"@overview {s.record.code}"} for s in steps],
        sources=[replies.source(step.record) for step in steps],
        card=_card(event, steps, papers),
    )


def _step_text(number: int, step: _Step, steps: Sequence[_Step], wording: Wording) -> str:
    planned = step.planned
    lines = [wording.say("utter_plan_step", number=number, label=step.label, code=planned.code)]
    lines.append(wording.say("utter_plan_why", why=planned.why))
    if planned.only_if:
        lines.append(wording.say("utter_plan_only_if", condition=planned.only_if))
    if agencies := step.record.agencies_of(AgencyRole.EXECUTING):
        place = formatting.clip(formatting.listed(agencies[:_AGENCIES]), _PLACE)[0]
        lines.append(wording.say("utter_plan_place", agencies=place))
    if planned.deadline:
        lines.append(wording.say("utter_plan_deadline", deadline=planned.deadline))
    replaced = [one.label for one in steps if one.record.code in planned.replaces]
    if replaced:
        lines.append(wording.say("utter_plan_replaces", steps="; ".join(replaced)))
    return "\n".join(lines)


def _papers_text(papers: dict[str, list[str]], wording: Wording) -> str:
    lines = [wording.say("utter_plan_papers")]
    for name, labels in papers.items():
        lines.append(wording.say("utter_plan_paper", name=name, steps="; ".join(labels)))
    return "\n".join(lines)


def _shared_papers(steps: Sequence[_Step]) -> dict[str, list[str]]:
    """Papers to hand in that several steps ask for, by name, with the labels of these steps."""
    shared = shared_papers((step.label, step.record) for step in steps)
    return {formatting.clip(name, _PAPER)[0]: labels for name, labels in shared.items()}


def _card(event: LifeEvent, steps: Sequence[_Step], papers: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "kind": "plan",
        "event": event.id,
        "title": event.name,
        "opening": event.opening,
        "steps": [
            {
                "number": number,
                "code": step.record.code,
                "name": step.record.name,
                "label": step.label,
                "why": step.planned.why,
                "only_if": step.planned.only_if,
                "deadline": step.planned.deadline,
                "replaces": list(step.planned.replaces),
            }
            for number, step in enumerate(steps, start=1)
        ],
        "papers": [{"name": name, "steps": labels} for name, labels in papers.items()],
    }
