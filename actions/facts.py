"""What a record states about each aspect, as lines to read and as data for a card.

A function returns an empty section when the record states nothing: the caller says so, and never guesses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from actions import fees, formatting, times
from actions.fees import fee
from actions.online import online
from actions.section import Section, clipped
from actions.times import time
from procedures_db.record import AgencyRole, Document, DossierCase, ProcedureRecord
from procedures_db.wording import Wording

_MAX_DOCUMENTS = 24
_MAX_NOTES = 3  # notes on papers; some records hold a page of them
_MAX_TEXT = 1_400  # characters of a long text shown in a chat; the rest is at the source
_MAX_NOTE = 600
_MANY_CASES = 4  # from here on a paper of one case alone says nothing about the procedure
_OPENING = 15  # words
_ONE_LINE = 160  # characters that fit behind the title
_NOTE_LABEL = re.compile(r"^\W*(?:lưu ý\b\W*)?", re.IGNORECASE)  # the wording says "Lưu ý:" itself
_NOTE_CASE = re.compile(r"^\W*(?:lưu ý|ghi chú|chú ý)\b", re.IGNORECASE)
# The portal lists papers in no order of its own: what everybody hands in comes before what some do.
_ONLY_SOME = re.compile(
    r"^\W*(?:\(?\w{1,4}[).]\s*)?(?:(?:trong|đối với)?\s*trường hợp|nếu|ví dụ|(?:văn bản|giấy|hợp đồng) [uủ][yỷ] quyền)\b",
    re.IGNORECASE,
)
_BY_PROXY = re.compile(r"[uủ][yỷ] quyền", re.IGNORECASE)
_DISTRICT = re.compile(r"(?:cấp|UBND|Ủy ban nhân dân) huyện", re.IGNORECASE)


def documents(record: ProcedureRecord, wording: Wording) -> Section:
    """Thành phần hồ sơ: a checklist per case, with counts and forms; then the record's notes on it."""
    dossier = _readable(record.dossier)
    cases = [(case, papers) for case in dossier if (papers := _papers(case))]
    section = Section(card={"cases": [_case_card(case) for case in dossier]})
    if cases:
        key = "utter_documents_first_cases" if len(cases) > 1 else "utter_documents_first"
        section.first = wording.say(key)
    left = _MAX_DOCUMENTS
    for case, papers in cases:
        if case.name:
            section.lines.append(wording.say("utter_case", case=case.name))
        section.lines += [_document_line(row, wording) for row in papers[:left]]
        left -= len(papers)
        if left <= 0:
            section.lines.append(wording.say("utter_more_at_source"))
            break
    section.lines += _document_notes(record, wording)
    return section


def _readable(dossier: Sequence[DossierCase]) -> list[DossierCase]:
    """Cases and their papers, those for everybody first; else as published."""
    cases = sorted(dossier, key=lambda case: bool(_BY_PROXY.search(case.name)))
    return [
        case.model_copy(update={"documents": tuple(sorted(case.documents, key=_is_for_some))})
        for case in cases
    ]


def _is_for_some(row: Document) -> bool:
    return bool(_ONLY_SOME.match(formatting.one_line(row.name)))


def _papers(case: DossierCase) -> list[Document]:
    """The rows that are papers; a case that names itself a note ("Lưu ý") has none."""
    if _NOTE_CASE.match(case.name):
        return []
    return [row for row in case.documents if not row.is_note]


def _document_notes(record: ProcedureRecord, wording: Wording) -> list[str]:
    notes = [row for case in record.dossier for row in case.documents if row not in _papers(case)]
    lines = [_note_line(row, wording) for row in notes[:_MAX_NOTES]]
    return [*lines, wording.say("utter_more_at_source")] if len(notes) > len(lines) else lines


def _note_line(row: Document, wording: Wording) -> str:
    note = _NOTE_LABEL.sub("", _name(row))
    return wording.say("utter_document_note", note=note)


def _name(row: Document) -> str:
    name, cut = formatting.clip(formatting.one_line(row.name), _MAX_NOTE)
    return f"{name} …" if cut else name


def _document_line(row: Document, wording: Wording) -> str:
    details = [
        *([wording.say("utter_originals", count=row.originals)] if row.originals else []),
        *([wording.say("utter_copies", count=row.copies)] if row.copies else []),
        *([wording.say("utter_form", forms=formatting.listed(row.forms))] if row.forms else []),
    ]
    line = wording.say("utter_document", name=_name(row))
    return f"{line} ({'; '.join(details)})" if details else line


def _case_card(case: DossierCase) -> dict[str, Any]:
    return {"name": case.name, "documents": [row.model_dump(mode="json") for row in case.documents]}


def place(record: ProcedureRecord, wording: Wording) -> Section:
    """Where to file: agencies, desk address, ways to submit."""
    executing = record.agencies_of(AgencyRole.EXECUTING)
    competent = record.agencies_of(AgencyRole.COMPETENT)
    card = {
        "agencies": executing,
        "competent": competent,
        "address": record.receiving_address,
        "methods": [entry.method.value for entry in record.methods],
    }
    section = Section(card=card)
    if executing:
        section.first = wording.say("utter_executing", agencies=formatting.listed(executing[:8]))
    if competent and competent != executing:
        agencies = formatting.listed(competent[:8])
        section.lines.append(wording.say("utter_competent", agencies=agencies))
    if record.receiving_address:
        address = formatting.clip(formatting.one_line(record.receiving_address), 500)[0]
        section.lines.append(wording.say("utter_address", address=address))
    if section.is_stated:
        section.lines += _ways(record, wording)
    return section


def _ways(record: ProcedureRecord, wording: Wording) -> list[str]:
    lines = []
    if record.methods:
        methods = formatting.listed(entry.method.value for entry in record.methods)
        lines.append(wording.say("utter_submission_methods", methods=methods))
    names = " ".join(agency.name for agency in record.agencies)
    if _DISTRICT.search(f"{names} {record.receiving_address}"):
        lines.append(wording.say("utter_district_abolished"))
    return lines


def steps(record: ProcedureRecord, wording: Wording) -> Section:
    """Trình tự thực hiện, as published; long ones are cut where a sentence ends."""
    parts = [" ".join(filter(None, (step.name, step.text))) for step in record.steps]
    if len(parts) > 1 and all("\n" not in part for part in parts):
        parts = [f"{number}. {part}" for number, part in enumerate(parts, start=1)]
    return Section(lines=clipped(parts, wording, limit=_MAX_TEXT), card={"steps": parts})


def conditions(record: ProcedureRecord, wording: Wording) -> Section:
    """Yêu cầu, điều kiện, and the remarks of the record."""
    parts = [part for part in (record.conditions, *record.remarks) if part]
    return _list_of(parts, {"conditions": parts}, wording)


def result(record: ProcedureRecord, wording: Wording) -> Section:
    """Kết quả thực hiện."""
    names = list(record.results)
    bullets = names if len(names) == 1 else [f"- {name}" for name in names]
    return _list_of(bullets, {"results": names}, wording)


def legal(record: ProcedureRecord, wording: Wording) -> Section:
    """Căn cứ pháp lý."""
    lines = [
        f"- {formatting.clip(formatting.listed(filter(None, (basis.number, basis.title))), 220)[0]}"
        for basis in record.legal_bases
    ]
    card = {"legal_bases": [basis.model_dump(mode="json") for basis in record.legal_bases]}
    return Section(lines=clipped(lines, wording, limit=_MAX_TEXT), card=card)


def form(record: ProcedureRecord, wording: Wording) -> Section:
    """Papers that have a form, or are one (đơn, tờ khai, mẫu)."""
    rows = [row for case in record.dossier for row in case.documents if _is_form(row)]
    lines = list(dict.fromkeys(_document_line(row, wording) for row in rows))
    card = {"forms": [row.name for row in rows]}
    return Section(lines=clipped(lines, wording, limit=_MAX_TEXT), card=card)


def _is_form(row: Document) -> bool:
    opening = row.name.lower()[:40]
    return bool(row.forms) or any(word in opening for word in ("tờ khai", "đơn ", "mẫu", "phiếu"))


def _list_of(parts: list[str], card: dict[str, Any], wording: Wording) -> Section:
    """A single short part stands on the first line, several below it."""
    if len(parts) == 1 and len(parts[0]) <= _ONE_LINE and "\n" not in parts[0]:
        return Section(first=parts[0], card=card)
    return Section(lines=clipped(parts, wording, limit=_MAX_TEXT), card=card)


def overview(record: ProcedureRecord, wording: Wording) -> Section:
    """The few facts a citizen wants first."""
    lines = []
    if limits := times.short(record):
        lines.append(wording.say("utter_overview_time", time=limits))
    fee_said = fees.short(record, wording)
    lines.append(
        wording.say("utter_overview_fee", fee=fee_said)
        if fee_said
        else wording.say("utter_overview_fee_unknown")
    )
    papers, depends = _main_papers(record)
    if papers:
        lines.append(
            wording.say("utter_overview_documents_cases", documents=papers)
            if depends
            else wording.say("utter_overview_documents", documents=papers)
        )
    if where := place(record, wording).first:
        lines.append(wording.say("utter_overview_place", place=where))
    lines.append(wording.say("utter_overview_online", level=online(record, wording).first))
    return Section(record.summary, lines)


def _main_papers(record: ProcedureRecord) -> tuple[str, bool]:
    """The first papers by name: those for everybody that most cases ask for, and of these those with a
    number of copies, first. Of many cases only what some share; then other papers depend on the case."""
    cases = [papers for case in _readable(record.dossier) if (papers := _papers(case))]
    asked = Counter(opening for papers in cases for opening in set(map(_opening, papers)))
    rows = [row for papers in cases for row in papers]
    rows.sort(
        key=lambda row: (
            _is_for_some(row),
            -asked[_opening(row)],
            not (row.originals or row.copies),
        )
    )
    shared = [row for row in rows if asked[_opening(row)] > 1]
    depends = len(cases) >= _MANY_CASES and bool(shared)
    first: dict[str, Document] = {}
    for row in shared if depends else rows:
        first.setdefault(_opening(row), row)
    names = [formatting.one_line(row.name).rstrip(" .;,") for row in first.values()]
    short = [formatting.clip(name, 90)[0] for name in names[:4]]
    return "; ".join(short) + (" …" if len(names) > len(short) else ""), depends


def _opening(row: Document) -> str:
    """The first words of a paper's name: the same form is named with other words behind in other cases."""
    return " ".join(row.name.lower().partition("(")[0].split()[:_OPENING])


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
