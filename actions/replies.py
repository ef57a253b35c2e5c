"""Replies as the chat API knows them (docs/architecture.md, contract "Chat API")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from actions import facts, fees, formatting, online, standing, times
from actions.section import Section
from procedures_db.checking import today as today_in_vietnam
from procedures_db.record import ProcedureRecord
from procedures_db.search.resolution import Candidate
from procedures_db.wording import Wording

_NEXT = ("documents", "fee", "time", "place", "online", "steps", "conditions", "form")
_BUTTONS = 5


@dataclass
class Reply:
    """One reply; ``outcome`` is one of answer, clarify, out_of_scope, refuse, handover, smalltalk."""

    text: str
    outcome: str
    procedures: list[dict[str, str]] = field(default_factory=list)
    aspects: list[str] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, str | None]] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The reply as one JSON object, text included: Rasa's channel splits texts at empty lines."""
        return asdict(self)


def answer(
    record: ProcedureRecord,
    aspects: Sequence[str],
    wording: Wording,
    *,
    question: str = "",
    today: date | None = None,
) -> Reply:
    """Answer the aspects asked from one record, with its source; missing facts are said to be missing.

    ``question``: the citizen's words, for those who ask in old terms. ``today``: decides what is in force
    and from when due dates are estimated; default is the date in Viet Nam.
    """
    asked = list(dict.fromkeys(aspects)) or ["overview"]
    parts = [wording.say("utter_title", name=record.name, code=record.code)]
    card: dict[str, Any] = {}
    now = today or today_in_vietnam()
    for aspect in asked:
        section = facts.ASPECTS[aspect](record, wording)
        if aspect == "time":
            times.add_estimates(section, record, wording, now)
        if aspect == "fee":
            fees.add_expired(section, record, wording, now)
        if aspect == "online":
            online.add_old_levels(section, question, wording)
        if aspect in ("online", "place", "overview"):
            online.add_post(section, record, question, wording)
        title = wording.say(f"utter_title_{aspect}")
        parts.append(_said(title, section, wording))
        card[aspect] = {
            "title": title,
            **section.card,
        }  # channels find the heading in the text by it
    card["feedback"] = {"useful": f"@useful {record.code}", "wrong": f"@wrong {record.code}"}
    parts += standing.lines(record, wording, now)
    parts.append(source_line(record, wording))
    return Reply(
        text="\n\n".join(parts),
        outcome="answer",
        procedures=[{"code": record.code, "name": record.name}],
        aspects=asked,
        buttons=next_buttons(record.code, asked, wording),
        sources=[source(record)],
        card=card,
    )


def _said(title: str, section: Section, wording: Wording) -> str:
    """The direct line behind the title, the rest below; a fact that is missing is said to be missing."""
    if not section.is_stated:
        return wording.say("utter_not_stated", title=title)
    first = f" {section.first}" if section.first else ""
    lines = "".join(f"\n{line}" for line in section.lines)
    return wording.say("utter_section", title=title, first=first, lines=lines)


def which(candidates: Sequence[Candidate], wording: Wording, question: str = "") -> Reply:
    """Ask which of several procedures is meant; ``question`` says what tells them apart, if that is known."""
    options = [
        wording.say("utter_option", number=number, label=candidate.label)
        for number, candidate in enumerate(candidates, start=1)
    ]
    buttons = [
        {"title": candidate.label, "payload": f"@choose {candidate.code}"}
        for candidate in candidates
    ]
    none = {"title": wording.say("utter_none_of_these"), "payload": "@none"}
    return Reply(
        text="\n".join([question or wording.say("utter_which"), *options]),
        outcome="clarify",
        procedures=[{"code": c.code, "name": c.name} for c in candidates],
        buttons=[*buttons, none],
    )


def source(record: ProcedureRecord) -> dict[str, str | None]:
    return {
        "code": record.code,
        "decision": record.decision.number or None,
        "as_of": record.as_of.isoformat(),
        "url": record.source_url,
    }


def source_line(record: ProcedureRecord, wording: Wording) -> str:
    """Code, publishing decision, as-of date and portal link: under every answer."""
    decision = record.decision
    if decision.number:
        said = wording.say(
            "utter_source_decision",
            number=decision.number,
            date=f" ngày {formatting.day(decision.issued_on)}" if decision.issued_on else "",
            agency=f" của {decision.agency}" if decision.agency else "",
        )
    else:
        said = wording.say("utter_source_no_decision")
    return wording.say(
        "utter_source",
        code=record.code,
        decision=said,
        as_of=formatting.day(record.as_of),
        url=record.source_url,
    )


def next_buttons(code: str, asked: Sequence[str], wording: Wording) -> list[dict[str, str]]:
    """What else citizens ask of a procedure, most asked first."""
    following = [aspect for aspect in _NEXT if aspect not in asked][:_BUTTONS]
    return [
        {"title": wording.say(f"utter_button_{aspect}"), "payload": f"@{aspect} {code}"}
        for aspect in following
    ]
