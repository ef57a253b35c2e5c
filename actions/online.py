"""Filing online: the record's level in today's words, and the portal's own way, step by step."""

from __future__ import annotations

import re

from actions import clauses, fees, formatting, times
from actions.section import Section
from procedures_db.record import OnlineLevel, ProcedureRecord, SubmissionMethod
from procedures_db.text.folding import fold
from procedures_db.wording import Wording

_LEVEL_WORDING = {
    OnlineLevel.FULL: "utter_level_full",
    OnlineLevel.PARTIAL: "utter_level_partial",
    OnlineLevel.INFORMATION_ONLY: "utter_level_information_only",
    OnlineLevel.UNCLEAR: "utter_level_unclear",
}
# The levels of before 2022, as people still say them (Nghị định 42/2022/NĐ-CP has three, by name).
_OLD_LEVEL = re.compile(r"\b(?:muc|cap) (?:do )?(?:3|4|ba|bon|iii|iv)\b")
_POST = re.compile(r"\b(?:buu dien|buu chinh|chuyen phat|gui thu)\b")
_MAX_NOTE = 500


def online(record: ProcedureRecord, wording: Wording) -> Section:
    """The level, what else can be done than filing online, and how to file where one can."""
    card = {
        "level": record.online_level.value,
        "inferred": record.online_level_inferred,
        "methods": [entry.method.value for entry in record.methods],
        "steps": [],
    }
    section = Section(_level(record, wording), _facts(record, wording), card)
    if record.methods_of(SubmissionMethod.ONLINE):
        steps = _portal_steps(record, wording)
        numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
        section.lines += [wording.say("utter_online_steps"), *numbered]
        section.lines.append(wording.say(_visit(record)))
        section.card["steps"] = steps
    return section


def _level(record: ProcedureRecord, wording: Wording) -> str:
    if record.online_level_not_stated:
        return wording.say("utter_level_not_stated")
    said = wording.say(_LEVEL_WORDING[record.online_level])
    if record.online_level_inferred and record.online_level is OnlineLevel.PARTIAL:
        return wording.say("utter_level_inferred", level=said)
    return said


def add_old_levels(section: Section, question: str, wording: Wording) -> None:
    """Explain the level to those who ask for "mức 3" or "mức 4": they have no legal equivalent."""
    if _OLD_LEVEL.search(fold(question)):
        section.lines.insert(0, wording.say("utter_old_levels"))


def add_post(section: Section, record: ProcedureRecord, question: str, wording: Wording) -> None:
    """Say whether papers may be sent by post, to those who ask for it ("gửi bưu điện được không")."""
    if not _POST.search(fold(question)):
        return
    known = record.methods_of(SubmissionMethod.POSTAL)
    section.lines.insert(0, wording.say("utter_by_post" if known else "utter_not_by_post"))


def _facts(record: ProcedureRecord, wording: Wording) -> list[str]:
    """What the record itself says of filing online: fee, time, the notes of the method."""
    lines = []
    ways = formatting.listed(entry.method.value for entry in record.methods)
    if ways:
        lines.append(wording.say("utter_submission_methods", methods=ways))
    only = record.model_copy(update={"methods": tuple(record.methods_of(SubmissionMethod.ONLINE))})
    if not only.methods:
        return lines
    if fee := fees.short(only, wording):
        lines.append(wording.say("utter_overview_fee", fee=fee))
    if time := times.short(only):
        lines.append(wording.say("utter_overview_time", time=time))
    for entry in only.methods:
        note = formatting.clip(" ".join(clauses.split(entry.note)), _MAX_NOTE)[0]
        if note:
            lines.append(wording.say("utter_note_line", methods=entry.method.value, note=note))
    return lines


def _portal_steps(record: ProcedureRecord, wording: Wording) -> list[str]:
    """The portal's way, the same for every procedure: wording, no fact of the record but its code."""
    steps = [
        wording.say("utter_online_step_login"),
        wording.say("utter_online_step_find", code=record.code),
        wording.say("utter_online_step_fill"),
        wording.say("utter_online_step_pay"),
        wording.say("utter_online_step_track"),
    ]
    return steps


def _visit(record: ProcedureRecord) -> str:
    full = record.online_level is OnlineLevel.FULL
    return "utter_online_no_visit" if full else "utter_online_visit"
