"""Where and whether a procedure is in force: one province's own, replaced, abolished (bãi bỏ), ending, or yet to begin."""

from __future__ import annotations

from datetime import date

from actions import formatting
from procedures_db.places import places
from procedures_db.record import ProcedureKind, ProcedureRecord
from procedures_db.wording import Wording


def lines(record: ProcedureRecord, wording: Wording, today: date) -> list[str]:
    """What a citizen must know before relying on the rest of the answer; usually nothing."""
    return [
        *_where(record, wording),
        *_end(record, wording, today),
        *_beginning(record, wording, today),
    ]


def _where(record: ProcedureRecord, wording: Wording) -> list[str]:
    if record.kind is not ProcedureKind.SPECIFIC:
        return []
    province = places().province_of(record.decision.agency)
    return [wording.say("utter_one_province", province=province)] if province else []


def _end(record: ProcedureRecord, wording: Wording, today: date) -> list[str]:
    code, ended = record.code, record.is_abolished(today)
    day = formatting.day(record.effective_to) if record.effective_to else ""
    successors = formatting.listed(record.replaced_by)
    if successors and (ended or not day):
        return [wording.say("utter_replaced", code=code, successors=successors)]
    if successors:
        return [wording.say("utter_will_be_replaced", code=code, day=day, successors=successors)]
    if ended:
        return [wording.say("utter_abolished", code=code, day=day)]
    return [wording.say("utter_will_end", code=code, day=day)] if day else []


def _beginning(record: ProcedureRecord, wording: Wording, today: date) -> list[str]:
    begins = record.effective_from
    if begins is None or begins <= today:
        return []
    return [wording.say("utter_not_yet_in_force", code=record.code, day=formatting.day(begins))]
