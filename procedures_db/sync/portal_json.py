"""Read the national portal's procedure detail JSON (one object a procedure).

Format seen on dichvucong.gov.vn in 7/2026; the fields used are those of ``ProcedureRecord``, the rest
(internal ids, attachments' paths) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from procedures_db.record import (
    Agency,
    AgencyRole,
    CaseTimeLimit,
    Decision,
    Document,
    DossierCase,
    Fee,
    FeeKind,
    GovernmentLevel,
    LegalBasis,
    Method,
    ProcedureKind,
    ProcedureRecord,
    Step,
    SubmissionMethod,
    TimeLimit,
    TimeUnit,
    infer_online_level,
    national_code,
    portal_url,
)

VIETNAM = timezone(timedelta(hours=7))

_LEVEL_FLAGS = {
    "isMinistry": GovernmentLevel.MINISTRY,
    "isProvince": GovernmentLevel.PROVINCE,
    "isWard": GovernmentLevel.COMMUNE,
    "isVertical": GovernmentLevel.VERTICAL,
    "isOtherAgency": GovernmentLevel.OTHER,
}

# Role → the lists that name agencies, then the free text used only where the lists are empty.
_AGENCY_FIELDS = {
    AgencyRole.EXECUTING: ("departmentsExecuting", "unitGroupsExecuting", "executingAgencies"),
    AgencyRole.COMPETENT: ("departmentsAuthority", "unitGroupsAuthority", "delegatedAgencies"),
    AgencyRole.AUTHORIZED: ("departmentsAuthorized", "unitGroupsAuthorized", "authorizedAgencies"),
    AgencyRole.COORDINATING: (
        "departmentsCoordinating",
        "unitGroupsCoordinating",
        "coordinatingAgencies",
    ),
}

_NOT_STATED = re.compile(
    r"^(không|không có|không quy định|không có thông tin)[.\s]*$", re.IGNORECASE
)
_NOTE_ROW = re.compile(r"^\W*(lưu ý|ghi chú|chú ý)\b|:\s*$", re.IGNORECASE)


def read_portal_object(raw: dict[str, Any], *, as_of: date | None = None) -> ProcedureRecord:
    """Return the record of one portal object; ``as_of`` defaults to the day it was last updated.

    Raises ValueError (BadCode, pydantic.ValidationError) or KeyError/TypeError for a malformed object.
    """
    if not isinstance(raw, dict):
        raise TypeError("không phải một đối tượng JSON")
    code = national_code(str(raw["code"]))
    day = as_of or _local_date(raw["updatedAt"])
    if day is None:
        raise ValueError("thiếu ngày cập nhật (updatedAt)")
    methods = tuple(_method(entry) for entry in raw.get("executionMethods") or ())
    level, inferred = infer_online_level(
        full_process=bool(raw.get("isFullProcess")),
        has_online_method=any(entry.method is SubmissionMethod.ONLINE for entry in methods),
    )
    return ProcedureRecord(
        code=code,
        name=_line(raw["name"]),
        field=_line(next(iter(_names(raw.get("categoriesDetails"))), "")),
        kind=ProcedureKind(raw.get("type") or "STANDARD"),
        levels=tuple(value for flag, value in _LEVEL_FLAGS.items() if raw.get(flag)),
        online_level=level,
        online_level_inferred=inferred,
        non_territorial=bool(raw.get("isNonTerritorial")),
        subjects=tuple(_names(raw.get("subjectTypesDetails"))),
        agencies=tuple(_agencies(raw)),
        receiving_address=_text(raw.get("dossierReceivingAddresses")),
        methods=methods,
        case_time_limits=tuple(_case_time_limits(raw)),
        dossier=tuple(_dossier(raw.get("executionCases") or ())),
        steps=tuple(_steps(raw.get("executionSteps") or ())),
        conditions=_stated(raw.get("requirementsAndConditions") or raw.get("description")),
        remarks=tuple(filter(None, [_stated(raw.get("note"))])),
        results=tuple(_names(raw.get("resultsDetails"))),
        legal_bases=tuple(_legal_bases(raw.get("legalBasisesDetails") or ())),
        decision=_decision(raw.get("procedureProposal") or {}),
        keywords=tuple(_split(raw.get("keywords"))),
        as_of=day,
        source_url=portal_url(code),
    )


def _line(value: object) -> str:
    """One line of text: stray line breaks, doubled and no-break spaces tidied."""
    return " ".join(str(value or "").replace("\x00", " ").split())  # PostgreSQL keeps no NUL


def _text(value: object) -> str:
    """Text with its line breaks, each line trimmed, runs of empty lines made one."""
    lines = [" ".join(line.split()) for line in str(value or "").replace("\x00", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _stated(value: object) -> str:
    text = _text(value)
    return "" if _NOT_STATED.match(text) else text


def _names(entries: Iterable[Any] | None) -> list[str]:
    names = (_line((entry or {}).get("name")) for entry in entries or ())
    return list(dict.fromkeys(filter(None, names)))


def _split(value: object) -> list[str]:
    parts = (_line(part) for part in re.split(r"[;,\n]", str(value or "")))
    return list(dict.fromkeys(filter(None, parts)))


def _local_date(milliseconds: int | None) -> date | None:
    if not milliseconds:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, VIETNAM).date()


def _method(entry: dict[str, Any]) -> Method:
    return Method(
        method=SubmissionMethod[entry["submissionMethod"]],
        time_limit=_time_limit(entry.get("processingTime"), entry.get("processingTimeUnit")),
        note=_text(entry.get("description")),
        fees=tuple(filter(None, (_fee(fee) for fee in entry.get("fees") or ()))),
    )


def _time_limit(amount: object, unit: str | None) -> TimeLimit | None:
    # With unit OTHER the number means nothing, and 0 days is a form left blank.
    if unit in (None, "", "OTHER") or not amount:
        return None
    return TimeLimit(amount=Decimal(str(amount)), unit=TimeUnit[unit])


def _fee(entry: dict[str, Any]) -> Fee | None:
    # 0 without a description is "not stated", not free (6,778 of 10,595 zero fees in the 7/2026 data).
    text = _text(entry.get("description"))
    value = entry.get("value")
    if not value and not text:
        return None
    currency = "USD" if entry.get("currencyName") == "USD" else "VND"
    amount = Decimal(str(value)) if value else None
    return Fee(kind=FeeKind[entry["type"]], amount=amount, currency=currency, text=text)


def _agencies(raw: dict[str, Any]) -> Iterable[Agency]:
    for role, (departments, groups, free_text) in _AGENCY_FIELDS.items():
        names = _names([*(raw.get(departments) or ()), *(raw.get(groups) or ())])
        if not names and raw.get(free_text):
            names = [_line(raw[free_text])]
        yield from (Agency(role=role, name=name) for name in dict.fromkeys(names))


def _case_time_limits(raw: dict[str, Any]) -> Iterable[CaseTimeLimit]:
    for case in raw.get("cases") or ():
        day = case.get("processingDay") or {}
        limit = _time_limit(day.get("qty"), day.get("type"))
        if limit:
            yield CaseTimeLimit(case=_line(case.get("name")), time_limit=limit)


def _dossier(cases: Iterable[dict[str, Any]]) -> Iterable[DossierCase]:
    for case in cases:
        documents = tuple(
            _document(entry)
            for entry in case.get("profileComponents") or ()
            if _line(entry.get("name"))
        )
        name = _line(case.get("name")).lstrip("*-+• ").rstrip(": ")
        if name or documents:
            yield DossierCase(name=name, documents=documents)


def _document(entry: dict[str, Any]) -> Document:
    name = _text(entry["name"]).lstrip("-+• ")
    originals, copies = int(entry.get("originalQty") or 0), int(entry.get("copyQty") or 0)
    forms = tuple(_names([{"name": a.get("fileName")} for a in entry.get("attachments") or ()]))
    is_note = not (originals or copies or forms) and bool(_NOTE_ROW.search(name))
    return Document(name=name, originals=originals, copies=copies, forms=forms, is_note=is_note)


def _steps(entries: Iterable[dict[str, Any]]) -> Iterable[Step]:
    for entry in entries:
        step = Step(name=_line(entry.get("name")), text=_text(entry.get("description")))
        if step.name or step.text:
            yield step


def _legal_bases(entries: Iterable[dict[str, Any]]) -> Iterable[LegalBasis]:
    for entry in entries:
        number, title = _line(entry.get("code")), _line(entry.get("name"))
        if number or title:
            yield LegalBasis(number=number, title=title)


def _decision(proposal: dict[str, Any]) -> Decision:
    return Decision(
        number=_line(proposal.get("proposalNumber")),
        issued_on=_local_date(proposal.get("decisionDate")),
        agency=_line((proposal.get("issuingAgency") or {}).get("name")),
    )
