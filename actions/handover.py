"""Hand-over: a person answers when the citizen asks for one, or when the bot has failed twice."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

import yaml
from rasa_sdk.events import EventType, SlotSet
from sqlalchemy.exc import SQLAlchemyError

from actions.expressions import Expressions, words_of
from actions.replies import Reply
from actions.service import Service
from actions.talk import MATTER, await_
from actions.turn import Turn
from procedures_db.connection import DatabaseBusy
from procedures_db.enquiry import Message, NewEnquiry
from procedures_db.search.resolution import Ambiguous, Found, Question
from procedures_db.text.folding import fold
from procedures_db.wording import Wording
from procedures_db.working_hours import WorkingHours

logger = logging.getLogger(__name__)

CALLS = Path(__file__).parents[1] / "nlu_data" / "handover.yml"
FAILED_TURNS = 2  # after so many in a row a person is offered
_MATTER_WORDS = 2  # so many beside the call for a person tell what it is about
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

Said = tuple[list[Reply], list[EventType]]


def ask_for_person(turn: Turn, shared: Service) -> Said:
    """The citizen wants a person: hand over what was asked, or ask what the matter is, once."""
    matter = _matter(turn)
    if matter is None and turn.talk.awaiting != MATTER:
        return [Reply(shared.wording.say("utter_ask_matter"), "handover")], [await_(MATTER)]
    return hand_over(turn, shared, matter or turn.text)


def is_awaited(text: str) -> bool:
    """Whether the citizen asks when a person will answer ("bao giờ cán bộ trả lời")."""
    return _waiting().in_words(words_of(text))


def hand_over(turn: Turn, shared: Service, matter: str) -> Said:
    """Open an enquiry (or add to the open one) and say what happens next."""
    wording = shared.wording
    try:
        number, hours = shared.open_enquiry(_enquiry(turn, shared, matter))
    except (SQLAlchemyError, DatabaseBusy):
        logger.exception("enquiry_not_opened")
        return [Reply(wording.say("utter_enquiry_failed"), "handover")], []
    when = _when(hours, datetime.now(timezone.utc), wording)
    reply = Reply(
        wording.say("utter_enquiry_opened", number=number, when=when),
        "handover",
        card={"enquiry": {"number": number}},
    )
    return [reply], [await_(None), SlotSet("failures", 0)]


def offer(reply: Reply, wording: Wording, *, first: bool) -> Reply:
    """Offer a person under a reply that did not help: in words the first time, then by button only."""
    button = {"title": wording.say("utter_button_human"), "payload": "@human"}
    if button not in reply.buttons:
        reply.buttons.append(button)
    if first:
        reply.text = f"{reply.text}\n\n{wording.say('utter_offer_person')}"
    return reply


def _enquiry(turn: Turn, shared: Service, matter: str) -> NewEnquiry:
    codes = [*([turn.procedure] if turn.procedure else []), *turn.options]
    codes = codes or _guessed(matter, shared)
    return NewEnquiry(
        conversation_id=turn.talk.conversation_id,
        channel=turn.talk.channel,
        question=matter,
        conversation=[Message(author, text) for author, text in turn.talk.so_far()],
        codes=list(dict.fromkeys(codes)),
        province=turn.province,
        commune=turn.commune,
    )


def _guessed(matter: str, shared: Service) -> list[str]:
    """What the staff see as likely meant when nothing was discussed before: the likeliest first."""
    found = shared.finder.resolve(Question(matter))
    if isinstance(found, Found):
        return [found.candidate.code]
    return [one.code for one in found.candidates] if isinstance(found, Ambiguous) else []


def _matter(turn: Turn) -> str | None:
    """The question that goes to the staff: said with the call for a person, or asked before."""
    if not turn.is_button:
        beside = [word for word in fold(words_of(turn.text)).split() if word not in _calls()]
        if len(beside) >= _MATTER_WORDS:
            return turn.text
    return turn.talk.lately[-1] if turn.talk.lately else None


@lru_cache(maxsize=1)
def _calls() -> frozenset[str]:
    """Folded words of which a call for a person is made."""
    content = yaml.safe_load(CALLS.read_text(encoding="utf-8"))
    return frozenset(fold(content["chữ"]).split())


@lru_cache(maxsize=1)
def _waiting() -> Expressions:
    content = yaml.safe_load(CALLS.read_text(encoding="utf-8"))
    return Expressions(content["hỏi bao giờ"])


def _when(hours: WorkingHours, now: datetime, wording: Wording) -> str:
    opening = hours.next_opening(now)
    if opening is None:
        return wording.say("utter_enquiry_unknown_when")
    if hours.is_open(now):
        return wording.say("utter_enquiry_now")
    absence = hours.absence_on(now.astimezone(opening.tzinfo).date())
    moment = f"{opening.hour} giờ {opening.minute:02d}, {_WEEKDAYS[opening.weekday()]} {opening.day}/{opening.month}/{opening.year}"
    if absence and absence.reason:
        return wording.say("utter_enquiry_absence", reason=absence.reason, moment=moment)
    return wording.say("utter_enquiry_later", moment=moment)
