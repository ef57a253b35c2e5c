"""Read the national portal's procedure detail JSON (one object a procedure).

Format seen on dichvucong.gov.vn in 7/2026; the fields used are those of ``ProcedureRecord``, the rest
(internal ids, attachments' paths) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from procedures_db.describing import LABELS
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
from procedures_db.sync.official_text import case_name, is_note, lines, one_line, paper_name, stated

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


class UnreadablePart(ValueError):
    """A part of the object is not as the portal writes it; the message names it in Vietnamese."""


def read_portal_object(raw: dict[str, Any], *, as_of: date | None = None) -> ProcedureRecord:
    """Return the record of one portal object; ``as_of`` defaults to the day it was last updated.

    Raises ValueError (BadCode, UnreadablePart, pydantic.ValidationError), or TypeError for what is no object.
    """
    if not isinstance(raw, dict):
        raise TypeError("không phải một đối tượng JSON")
    code = _code(raw.get("code"))
    day = as_of or _part(lambda raw: _local_date(raw.get("updatedAt")), "as_of", raw)
    if day is None:
        raise ValueError("thiếu ngày cập nhật (updatedAt)")
    values = {field: _part(read, field, raw) for field, read in _READ.items()}
    level, inferred = infer_online_level(
        full_process=bool(raw.get("isFullProcess")),
        has_online_method=any(one.method is SubmissionMethod.ONLINE for one in values["methods"]),
    )
    return ProcedureRecord(
        code=code,
        online_level=level,
        online_level_inferred=inferred,
        as_of=day,
        source_url=portal_url(code),
        **values,
    )


def _code(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("thiếu mã thủ tục")
    return national_code(value)


def _part(read: Callable[[dict[str, Any]], Any], field: str, raw: dict[str, Any]) -> Any:
    """Read one field; what Python says of a wrong type or number is no message for an official."""
    try:
        return read(raw)
    except ValidationError:  # names field and reason itself
        raise
    except KeyError as error:
        wrong = f"thiếu hoặc lạ: {error}"
    except ArithmeticError:
        wrong = "không phải số"
    except (ValueError, TypeError, AttributeError):
        wrong = "giá trị sai dạng"
    raise UnreadablePart(f"{LABELS[field].lower()}: {wrong}")


def _names(entries: Iterable[Any] | None) -> list[str]:
    names = (one_line((entry or {}).get("name")) for entry in entries or ())
    return list(dict.fromkeys(filter(None, names)))


def _split(value: object) -> list[str]:
    parts = (one_line(part) for part in re.split(r"[;,\n]", str(value or "")))
    return list(dict.fromkeys(filter(None, parts)))


def _local_date(milliseconds: int | None) -> date | None:
    if not milliseconds:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, VIETNAM).date()
    except OSError as error:  # beyond what the C library can tell: errno 75, no trouble with a file
        raise OverflowError(milliseconds) from error


def _kind(value: str | None) -> ProcedureKind:
    try:
        return ProcedureKind(value or "STANDARD")
    except ValueError as error:
        raise KeyError(value) from error


def _method(entry: dict[str, Any]) -> Method:
    return Method(
        method=SubmissionMethod[entry["submissionMethod"]],
        time_limit=_time_limit(entry.get("processingTime"), entry.get("processingTimeUnit")),
        note=lines(entry.get("description")),
        fees=tuple(filter(None, (_fee(fee) for fee in entry.get("fees") or ()))),
    )


def _time_limit(amount: object, unit: str | None) -> TimeLimit | None:
    # With unit OTHER the number means nothing, and 0 days is a form left blank.
    if unit in (None, "", "OTHER") or not amount:
        return None
    return TimeLimit(amount=Decimal(str(amount)), unit=TimeUnit[unit])


def _fee(entry: dict[str, Any]) -> Fee | None:
    # 0 without a description is "not stated", not free (6,778 of 10,595 zero fees in the 7/2026 data).
    text = lines(entry.get("description"))
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
            names = [one_line(raw[free_text])]
        yield from (Agency(role=role, name=name) for name in dict.fromkeys(names))


def _case_time_limits(raw: dict[str, Any]) -> Iterable[CaseTimeLimit]:
    for case in raw.get("cases") or ():
        day = case.get("processingDay") or {}
        limit = _time_limit(day.get("qty"), day.get("type"))
        if limit:
            yield CaseTimeLimit(case=one_line(case.get("name")), time_limit=limit)


def _dossier(cases: Iterable[dict[str, Any]]) -> Iterable[DossierCase]:
    for case in cases:
        documents = tuple(
            _document(entry)
            for entry in case.get("profileComponents") or ()
            if one_line(entry.get("name"))
        )
        name = case_name(case.get("name"))
        if name or documents:
            yield DossierCase(name=name, documents=documents)


def _document(entry: dict[str, Any]) -> Document:
    name = paper_name(entry["name"])
    originals, copies = int(entry.get("originalQty") or 0), int(entry.get("copyQty") or 0)
    forms = tuple(_names([{"name": a.get("fileName")} for a in entry.get("attachments") or ()]))
    explains = not (originals or copies or forms) and is_note(name)
    return Document(name=name, originals=originals, copies=copies, forms=forms, is_note=explains)


def _steps(entries: Iterable[dict[str, Any]]) -> Iterable[Step]:
    for entry in entries:
        step = Step(name=one_line(entry.get("name")), text=lines(entry.get("description")))
        if step.name or step.text:
            yield step


def _legal_bases(entries: Iterable[dict[str, Any]]) -> Iterable[LegalBasis]:
    for entry in entries:
        number, title = one_line(entry.get("code")), one_line(entry.get("name"))
        if number or title:
            yield LegalBasis(number=number, title=title)


def _decision(proposal: dict[str, Any]) -> Decision:
    return Decision(
        number=one_line(proposal.get("proposalNumber")),
        issued_on=_local_date(proposal.get("decisionDate")),
        agency=one_line((proposal.get("issuingAgency") or {}).get("name")),
    )


_READ: dict[str, Callable[[dict[str, Any]], Any]] = {
    "name": lambda raw: one_line(raw["name"]),
    "field": lambda raw: one_line(next(iter(_names(raw.get("categoriesDetails"))), "")),
    "kind": lambda raw: _kind(raw.get("type")),
    "levels": lambda raw: tuple(level for flag, level in _LEVEL_FLAGS.items() if raw.get(flag)),
    "non_territorial": lambda raw: bool(raw.get("isNonTerritorial")),
    "subjects": lambda raw: tuple(_names(raw.get("subjectTypesDetails"))),
    "agencies": lambda raw: tuple(_agencies(raw)),
    "receiving_address": lambda raw: lines(raw.get("dossierReceivingAddresses")),
    "methods": lambda raw: tuple(map(_method, raw.get("executionMethods") or ())),
    "case_time_limits": lambda raw: tuple(_case_time_limits(raw)),
    "dossier": lambda raw: tuple(_dossier(raw.get("executionCases") or ())),
    "steps": lambda raw: tuple(_steps(raw.get("executionSteps") or ())),
    "conditions": lambda raw: stated(
        raw.get("requirementsAndConditions") or raw.get("description")
    ),
    "remarks": lambda raw: tuple(filter(None, [stated(raw.get("note"))])),
    "results": lambda raw: tuple(_names(raw.get("resultsDetails"))),
    "legal_bases": lambda raw: tuple(_legal_bases(raw.get("legalBasisesDetails") or ())),
    "decision": lambda raw: _decision(raw.get("procedureProposal") or {}),
    "keywords": lambda raw: tuple(_split(raw.get("keywords"))),
}

# Field of the record → keys of the portal object that state it. The portal's own export has them all;
# a field of which an object has no key is not carried, and what is stored of it stays.
_STATED_BY = {
    "field": ("categoriesDetails",),
    "kind": ("type",),
    "levels": tuple(_LEVEL_FLAGS),
    "online_level": ("isFullProcess", "executionMethods"),
    "online_level_inferred": ("isFullProcess", "executionMethods"),
    "non_territorial": ("isNonTerritorial",),
    "subjects": ("subjectTypesDetails",),
    "agencies": tuple(key for keys in _AGENCY_FIELDS.values() for key in keys),
    "receiving_address": ("dossierReceivingAddresses",),
    "methods": ("executionMethods",),
    "case_time_limits": ("cases",),
    "dossier": ("executionCases",),
    "steps": ("executionSteps",),
    "conditions": ("requirementsAndConditions", "description"),
    "remarks": ("note",),
    "results": ("resultsDetails",),
    "legal_bases": ("legalBasisesDetails",),
    "decision": ("procedureProposal",),
    "keywords": ("keywords",),
}


def carried_values(raw: dict[str, Any], record: ProcedureRecord) -> dict[str, Any]:
    """The fields of ``read_portal_object(raw)`` that the object states, with their values."""
    stated = [name for name, keys in _STATED_BY.items() if any(key in raw for key in keys)]
    return {name: getattr(record, name) for name in ("name", *stated, "as_of", "source_url")}
