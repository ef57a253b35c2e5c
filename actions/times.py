"""Thời hạn giải quyết per method and case, and the day on which a dossier filed today would be due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from actions import clauses, formatting
from actions.section import Section, clipped
from procedures_db import working_days
from procedures_db.record import ProcedureRecord, TimeLimit, TimeUnit
from procedures_db.wording import Wording

_ABOUT = ("ngày", "giờ", "tháng", "buổi")
_MAX_TEXT = 1_800
_MAX_CASES = 8
_NAMED = 3  # more limits than that are said in the lines below
_ESTIMATES = 4

Limit = tuple[TimeLimit, tuple[str, ...]]  # a limit and the methods or cases it holds for


def time(record: ProcedureRecord, wording: Wording) -> Section:
    """The limits in one line, then each case, then what the notes say of time."""
    methods, cases = by_method(record), by_case(record)
    if _are_unnamed(methods, cases, record):
        return _unnamed(cases, record, wording)
    lines = [f"- {_named(entry)}" for entry in methods] if len(methods) > _NAMED else []
    if _cases_say_more(methods, record):
        lines += [_case_line(entry, record, wording) for entry in _each_case(record)[:_MAX_CASES]]
    lines += _notes(record, wording)
    limits = [
        {"method": entry.method.value, **entry.time_limit.model_dump(mode="json")}
        for entry in record.methods
        if entry.time_limit
    ]
    card = {"limits": limits, "cases": [c.model_dump(mode="json") for c in record.case_time_limits]}
    return Section(_first(methods, cases, wording), clipped(lines, wording, limit=_MAX_TEXT), card)


def _are_unnamed(methods: Sequence[Limit], cases: Sequence[Limit], record: ProcedureRecord) -> bool:
    """Whether there are several limits and the record says of none what it is for."""
    names = {name for _, several in cases for name in several} - {"", record.name}
    return len(cases) > 1 and not methods and not names


def _unnamed(cases: Sequence[Limit], record: ProcedureRecord, wording: Wording) -> Section:
    periods = [formatting.period(limit) for limit, _ in cases]
    lines = [wording.say("utter_unnamed_time_line", time=period) for period in periods]
    card = {"limits": [], "cases": [c.model_dump(mode="json") for c in record.case_time_limits]}
    return Section(
        wording.say("utter_time_first_unnamed"),
        clipped([*lines, *_notes(record, wording)], wording, limit=_MAX_TEXT),
        card,
    )


def short(record: ProcedureRecord) -> str:
    """The limits of the methods in one line; empty when the record states none."""
    return "; ".join(map(_named, by_method(record)))


def add_estimates(section: Section, record: ProcedureRecord, wording: Wording, today: date) -> None:
    """Add when a dossier filed today would be due: a computed estimate, no fact of the record.

    The card's ``due`` lists every date that the text says, so that a check can tell them from facts.
    """
    filed = working_days.next_working_day(today)
    limits = by_method(record) or by_case(record)
    known = [(entry, working_days.due_date(entry[0], filed)) for entry in limits]
    found = [(entry, due) for entry, due in known if due is not None][:_ESTIMATES]
    if not found:
        return
    unnamed = not by_method(record) and _are_unnamed((), limits, record)
    dates = "; ".join(
        _due((formatting.period(limit),) if unnamed else names, due, alone=len(found) == 1)
        for (limit, names), due in found
    )
    day = formatting.day(filed)
    estimate = (
        wording.say("utter_due_today", filed=day, dates=dates)
        if filed == today
        else wording.say("utter_due_next_day", filed=day, dates=dates)
    )
    if any(limit.unit is TimeUnit.HOUR for (limit, _), _ in found):
        estimate = f"{estimate} {wording.say('utter_due_hours')}"
    section.lines.insert(0, estimate)
    section.card["due"] = {"filed": filed.isoformat(), "dates": _due_card(found)}


def by_method(record: ProcedureRecord) -> list[Limit]:
    """Equal limits of several methods as one, in published order."""
    return _grouped((m.time_limit, m.method.value) for m in record.methods if m.time_limit)


def by_case(record: ProcedureRecord) -> list[Limit]:
    """Equal limits of several cases as one."""
    return _grouped((c.time_limit, formatting.one_line(c.case)) for c in record.case_time_limits)


def _each_case(record: ProcedureRecord) -> list[Limit]:
    pairs = dict.fromkeys((c.time_limit, (c.case,)) for c in record.case_time_limits)
    return list(pairs)


def _cases_say_more(methods: Sequence[Limit], record: ProcedureRecord) -> bool:
    """Whether the cases tell what the first line does not: several limits, or what a single one is for."""
    names = {formatting.one_line(c.case) for c in record.case_time_limits} - {"", record.name}
    return len(by_case(record)) > 1 or (bool(names) and not methods)


def _case_line(entry: Limit, record: ProcedureRecord, wording: Wording) -> str:
    case = formatting.clip(formatting.one_line(entry[1][0] or record.name), 300)[0]
    return wording.say("utter_case_time_line", case=case, time=formatting.period(entry[0]))


def _grouped(pairs: Iterable[tuple[TimeLimit, str]]) -> list[Limit]:
    found: dict[TimeLimit, list[str]] = {}
    for limit, name in pairs:
        names = found.setdefault(limit, [])
        if name not in names:
            names.append(name)
    return [(limit, tuple(names)) for limit, names in found.items()]


def _first(methods: Sequence[Limit], cases: Sequence[Limit], wording: Wording) -> str:
    if methods and len(methods) <= _NAMED:
        return wording.say("utter_time_first", time="; ".join(map(_named, methods)))
    if methods:
        return wording.say("utter_time_first_methods")
    if len(cases) == 1:
        return wording.say("utter_time_first", time=formatting.period(cases[0][0]))
    return wording.say("utter_time_first_cases") if cases else ""


def _named(entry: Limit) -> str:
    return f"{formatting.period(entry[0])} ({formatting.listed(entry[1])})"


def _due(names: Sequence[str], due: date, *, alone: bool) -> str:
    if alone:
        return formatting.day(due)
    name = formatting.clip(formatting.listed(names), 80)[0]
    return f"{formatting.day(due)} ({name})"


def _due_card(found: Sequence[tuple[Limit, date]]) -> list[dict[str, Any]]:
    return [
        {"date": due.isoformat(), "limit": formatting.period(limit), "for": list(names)}
        for (limit, names), due in found
    ]


def _notes(record: ProcedureRecord, wording: Wording) -> list[str]:
    """Notes of the submission methods that speak of time: some records state it only there."""
    pairs = [
        (entry.method.value, entry.note)
        for entry in record.methods
        if any(word in entry.note.lower() for word in _ABOUT)
    ]
    kept = clauses.about(clauses.grouped(pairs), _ABOUT)
    return [
        wording.say("utter_note_line", methods=formatting.listed(methods), note=text)
        for methods, text in clauses.by_methods(kept)
    ]
