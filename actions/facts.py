"""What a record states about each aspect, as lines to read and as data for a card.

A function returns no lines when the record states nothing: the caller says so, and never guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from actions import formatting
from procedures_db.record import (
    AgencyRole,
    Document,
    DossierCase,
    Method,
    OnlineLevel,
    ProcedureRecord,
    SubmissionMethod,
)
from procedures_db.wording import Wording

_MAX_DOCUMENTS = 24
_MAX_NOTES = 3  # notes on papers; some records hold a page of them
_MAX_TEXT = 1_400  # characters of a long text shown in a chat; the rest is at the source
_MAX_CASES = 8
_NOTE_LABEL = re.compile(r"^\W*(?:lưu ý\b\W*)?", re.IGNORECASE)  # the wording says "Lưu ý:" itself


@dataclass
class Section:
    """One aspect of an answer. ``lines`` empty: the record does not state it."""

    lines: list[str] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)


def documents(record: ProcedureRecord, wording: Wording) -> Section:
    """Thành phần hồ sơ, per case, with counts and forms; then the record's notes on them."""
    section = Section()
    left = _MAX_DOCUMENTS
    for case in record.dossier:
        papers = [row for row in case.documents if not row.is_note]
        if not papers:
            continue
        if case.name:
            section.lines.append(wording.say("utter_case", case=case.name))
        section.lines += [_document_line(row, wording) for row in papers[:left]]
        left -= len(papers)
        if left <= 0:
            section.lines.append(wording.say("utter_more_at_source"))
            break
    section.lines += _document_notes(record, wording)
    section.card = {"cases": [_case_card(case) for case in record.dossier]}
    return section


def _document_notes(record: ProcedureRecord, wording: Wording) -> list[str]:
    notes = [row for case in record.dossier for row in case.documents if row.is_note]
    lines = [_document_line(row, wording) for row in notes[:_MAX_NOTES]]
    return [*lines, wording.say("utter_more_at_source")] if len(notes) > len(lines) else lines


def _document_line(row: Document, wording: Wording) -> str:
    name, cut = formatting.clip(formatting.one_line(row.name), 600)
    if cut:
        name += " …"
    if row.is_note:
        return wording.say("utter_document_note", note=_NOTE_LABEL.sub("", name))
    details = [
        *([wording.say("utter_originals", count=row.originals)] if row.originals else []),
        *([wording.say("utter_copies", count=row.copies)] if row.copies else []),
        *([wording.say("utter_form", forms=formatting.listed(row.forms))] if row.forms else []),
    ]
    line = wording.say("utter_document", name=name)
    return f"{line} ({'; '.join(details)})" if details else line


def _case_card(case: DossierCase) -> dict[str, Any]:
    return {"name": case.name, "documents": [row.model_dump(mode="json") for row in case.documents]}


def fee(record: ProcedureRecord, wording: Wording) -> Section:
    """Phí, lệ phí per submission method, amount and conditions together."""
    said = {entry: [formatting.fee(fee) for fee in entry.fees] for entry in record.methods}
    lines = [
        wording.say("utter_fee_line", methods=methods, fee=text)
        for text, methods in _by_text((entry, text) for entry in said for text in said[entry])
    ]
    lines += _notes(record, wording, about=("phí", "đồng", "usd"))
    rows = [
        {"method": entry.method.value, **one.model_dump(mode="json")}
        for entry in record.methods
        for one in entry.fees
    ]
    return Section(_clipped(lines, wording), {"fees": rows})


def time(record: ProcedureRecord, wording: Wording) -> Section:
    """Thời hạn giải quyết per submission method, else per case."""
    limits = [(m, formatting.period(m.time_limit)) for m in record.methods if m.time_limit]
    lines = [
        wording.say("utter_time_line", methods=methods, time=text)
        for text, methods in _by_text(limits)
    ]
    if len(record.case_time_limits) > 1 or not lines:
        lines += [
            wording.say(
                "utter_case_time_line",
                case=formatting.clip(entry.case or record.name, 300)[0],
                time=formatting.period(entry.time_limit),
            )
            for entry in record.case_time_limits[:_MAX_CASES]
        ]
    lines += _notes(record, wording, about=("ngày", "giờ", "tháng", "buổi"))
    return Section(_clipped(lines, wording), {"limits": [list(pair) for pair in _pairs(limits)]})


def _pairs(limits: Iterable[tuple[Method, str]]) -> Iterator[tuple[str, str]]:
    return ((method.method.value, text) for method, text in limits)


def place(record: ProcedureRecord, wording: Wording) -> Section:
    """Where to file: agencies, desk address, ways to submit."""
    lines = []
    executing = record.agencies_of(AgencyRole.EXECUTING)
    competent = record.agencies_of(AgencyRole.COMPETENT)
    if executing:
        lines.append(wording.say("utter_executing", agencies=formatting.listed(executing[:8])))
    if competent and competent != executing:
        lines.append(wording.say("utter_competent", agencies=formatting.listed(competent[:8])))
    if record.receiving_address:
        address = formatting.clip(formatting.one_line(record.receiving_address), 500)[0]
        lines.append(wording.say("utter_address", address=address))
    if lines and record.methods:
        methods = formatting.listed(entry.method.value for entry in record.methods)
        lines.append(wording.say("utter_submission_methods", methods=methods))
    return Section(lines, {"agencies": executing, "address": record.receiving_address})


_LEVEL_WORDING = {
    OnlineLevel.FULL: "utter_level_full",
    OnlineLevel.PARTIAL: "utter_level_partial",
    OnlineLevel.INFORMATION_ONLY: "utter_level_information_only",
    OnlineLevel.UNCLEAR: "utter_level_unclear",
}


def online(record: ProcedureRecord, wording: Wording) -> Section:
    """The online service level in today's words and how to file online."""
    lines = [wording.say(_LEVEL_WORDING[record.online_level])]
    if record.methods:
        methods = formatting.listed(entry.method.value for entry in record.methods)
        lines.append(wording.say("utter_submission_methods", methods=methods))
    if record.methods_of(SubmissionMethod.ONLINE):
        lines.append(wording.say("utter_online_how", code=record.code))
    card = {"level": record.online_level.value, "inferred": record.online_level_inferred}
    return Section(lines, card)


def steps(record: ProcedureRecord, wording: Wording) -> Section:
    """Trình tự thực hiện, as published; long ones are cut where a sentence ends."""
    parts = [" ".join(filter(None, (step.name, step.text))) for step in record.steps]
    if len(parts) > 1 and all("\n" not in part for part in parts):
        parts = [f"{number}. {part}" for number, part in enumerate(parts, start=1)]
    return Section(_clipped(parts, wording), {"steps": parts})


def conditions(record: ProcedureRecord, wording: Wording) -> Section:
    """Yêu cầu, điều kiện, and the remarks of the record."""
    parts = [part for part in (record.conditions, *record.remarks) if part]
    return Section(_clipped(parts, wording), {"conditions": parts})


def result(record: ProcedureRecord, wording: Wording) -> Section:
    lines = [f"- {name}" for name in record.results]
    return Section(_clipped(lines, wording), {"results": list(record.results)})


def legal(record: ProcedureRecord, wording: Wording) -> Section:
    """Căn cứ pháp lý."""
    lines = [
        f"- {formatting.clip(formatting.listed(filter(None, (basis.number, basis.title))), 220)[0]}"
        for basis in record.legal_bases
    ]
    card = {"legal_bases": [basis.model_dump(mode="json") for basis in record.legal_bases]}
    return Section(_clipped(lines, wording), card)


def form(record: ProcedureRecord, wording: Wording) -> Section:
    """Papers that have a form, or are one (đơn, tờ khai, mẫu)."""
    rows = [row for case in record.dossier for row in case.documents if _is_form(row)]
    lines = list(dict.fromkeys(_document_line(row, wording) for row in rows))
    return Section(_clipped(lines, wording), {"forms": [row.name for row in rows]})


def _is_form(row: Document) -> bool:
    opening = row.name.lower()[:40]
    return bool(row.forms) or any(word in opening for word in ("tờ khai", "đơn ", "mẫu", "phiếu"))


def overview(record: ProcedureRecord, wording: Wording) -> Section:
    """The few facts a citizen wants first."""
    lines = [record.summary] if record.summary else []
    limits = _by_text((m, formatting.period(m.time_limit)) for m in record.methods if m.time_limit)
    if limits:
        said = "; ".join(f"{text} ({methods})" for text, methods in limits)
        lines.append(wording.say("utter_overview_time", time=said))
    lines.append(_overview_fee(record, wording))
    papers = [row.name for case in record.dossier for row in case.documents if not row.is_note]
    if papers:
        short = [formatting.clip(formatting.one_line(name), 90)[0] for name in papers[:4]]
        more = " …" if len(papers) > len(short) else ""
        lines.append(wording.say("utter_overview_documents", documents="; ".join(short) + more))
    lines += place(record, wording).lines[:1]
    lines += online(record, wording).lines[:1]
    return Section(lines, {})


def _overview_fee(record: ProcedureRecord, wording: Wording) -> str:
    said = _by_text((m, formatting.fee(fee)) for m in record.methods for fee in m.fees)
    if not said:
        return wording.say("utter_overview_fee_unknown")
    text = "; ".join(f"{text} ({methods})" for text, methods in said)
    if len(text) <= 300:
        return wording.say("utter_overview_fee", fee=text)
    amounts = dict.fromkeys(
        formatting.money(fee.amount, fee.currency)
        for m in record.methods for fee in m.fees if fee.amount
    )  # fmt: skip
    short = wording.say(
        "utter_fee_conditions_apply", fee=formatting.listed(amounts) or "theo quy định"
    )
    return wording.say("utter_overview_fee", fee=short)


def _by_text(pairs: Iterable[tuple[Method, str]]) -> list[tuple[str, str]]:
    """Group equal texts: [("7 ngày làm việc", "trực tuyến, trực tiếp")], in first-seen order."""
    grouped: dict[str, list[str]] = {}
    for entry, text in pairs:
        grouped.setdefault(text, []).append(entry.method.value)
    return [(text, formatting.listed(methods)) for text, methods in grouped.items()]


def _notes(record: ProcedureRecord, wording: Wording, *, about: tuple[str, ...]) -> list[str]:
    """Notes of the submission methods that speak of the matter: some records state it only there."""
    pairs = [
        (entry, formatting.one_line(entry.note))
        for entry in record.methods
        if any(word in entry.note.lower() for word in about)
    ]
    return [
        wording.say("utter_note_line", methods=methods, note=text)
        for text, methods in _by_text(pairs)
    ]


def _clipped(lines: list[str], wording: Wording) -> list[str]:
    text, cut = formatting.clip("\n".join(lines), _MAX_TEXT)
    kept = text.split("\n") if text else []
    return [*kept, wording.say("utter_more_at_source")] if cut else kept


ASPECTS: dict[str, Callable[[ProcedureRecord, Wording], Section]] = {
    "documents": documents,
    "fee": fee,
    "time": time,
    "place": place,
    "online": online,
    "steps": steps,
    "conditions": conditions,
    "result": result,
    "legal": legal,
    "form": form,
    "overview": overview,
}
