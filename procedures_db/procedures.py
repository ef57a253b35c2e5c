"""Procedures in and out of the database, as ``ProcedureRecord`` values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db import models
from procedures_db.record import (
    Agency,
    CaseTimeLimit,
    Decision,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    ProcedureRecord,
    Step,
    TimeLimit,
    as_json,
)

DATA_VERSION = "data_version"


class ProcedureNotFound(LookupError):
    """No published procedure carries this code."""


def get(session: Session, code: str) -> ProcedureRecord:
    """Return the procedure with a national code. Raises ProcedureNotFound."""
    row = find_row(session, code)
    if row is None:
        raise ProcedureNotFound(code)
    return to_record(row)


def find_row(session: Session, code: str) -> models.ProcedureRow | None:
    statement = select(models.ProcedureRow).where(models.ProcedureRow.code == code)
    return session.execute(statement).scalar_one_or_none()


def every(session: Session, *, batch: int = 500) -> Iterator[ProcedureRecord]:
    """Yield all procedures by code, reading ``batch`` at a time so that memory stays flat."""
    after = ""
    while True:
        statement = (
            select(models.ProcedureRow)
            .where(models.ProcedureRow.code > after)
            .order_by(models.ProcedureRow.code)
            .limit(batch)
        )
        rows = session.execute(statement).scalars().all()
        if not rows:
            return
        for row in rows:
            yield to_record(row)
        after = rows[-1].code
        session.expunge_all()


def hashes(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return code → content hash of those that exist."""
    statement = select(models.ProcedureRow.code, models.ProcedureRow.content_hash).where(
        models.ProcedureRow.code.in_(list(codes))
    )
    return {row.code: row.content_hash for row in session.execute(statement)}


def save(session: Session, record: ProcedureRecord) -> None:
    """Insert the record or replace all of the stored one; the caller bumps the data version."""
    row = find_row(session, record.code)
    if row is None:
        row = models.ProcedureRow(code=record.code)
        session.add(row)
    _fill(row, record)


def content_hash(record: ProcedureRecord) -> str:
    """SHA-256 of the record's JSON: equal for equal content."""
    text = json.dumps(as_json(record), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def data_version(session: Session) -> int:
    """A number that rises whenever procedures change: searchers reload when it does."""
    row = session.get(models.StateRow, DATA_VERSION)
    return row.value if row else 0


def bump_data_version(session: Session) -> None:
    row = session.get(models.StateRow, DATA_VERSION)
    if row is None:
        session.add(models.StateRow(name=DATA_VERSION, value=1))
    else:
        row.value = models.StateRow.value + 1


def _fill(row: models.ProcedureRow, record: ProcedureRecord) -> None:
    row.name, row.field, row.summary = record.name, record.field, record.summary
    row.kind = record.kind.value
    row.levels = [level.value for level in record.levels]
    row.online_level = record.online_level.value
    row.online_level_inferred = record.online_level_inferred
    row.non_territorial = record.non_territorial
    row.subjects, row.keywords = list(record.subjects), list(record.keywords)
    row.receiving_address, row.conditions = record.receiving_address, record.conditions
    row.remarks, row.replaced_by = list(record.remarks), list(record.replaced_by)
    row.effective_to, row.as_of = record.effective_to, record.as_of
    row.decision_number = record.decision.number
    row.decision_date = record.decision.issued_on
    row.decision_agency = record.decision.agency
    row.source_url = record.source_url
    row.content_hash = content_hash(record)
    _fill_parts(row, record)


def _fill_parts(row: models.ProcedureRow, record: ProcedureRecord) -> None:
    row.agencies = [
        models.AgencyRow(position=i, role=part.role.value, name=part.name)
        for i, part in enumerate(record.agencies)
    ]
    row.methods = [_method_row(i, part) for i, part in enumerate(record.methods)]
    row.case_time_limits = [
        models.CaseTimeLimitRow(
            position=i,
            case_name=part.case,
            time_amount=part.time_limit.amount,
            time_unit=part.time_limit.unit.value,
        )
        for i, part in enumerate(record.case_time_limits)
    ]
    row.dossier = [_dossier_row(i, part) for i, part in enumerate(record.dossier)]
    row.steps = [
        models.StepRow(position=i, name=part.name, text=part.text)
        for i, part in enumerate(record.steps)
    ]
    row.results = [models.ResultRow(position=i, name=name) for i, name in enumerate(record.results)]
    row.legal_bases = [
        models.LegalBasisRow(position=i, **part.model_dump())
        for i, part in enumerate(record.legal_bases)
    ]
    row.aliases = [models.AliasRow(position=i, name=name) for i, name in enumerate(record.aliases)]


def _method_row(position: int, part: Method) -> models.MethodRow:
    limit = part.time_limit
    return models.MethodRow(
        position=position,
        method=part.method.value,
        time_amount=limit and limit.amount,
        time_unit=limit and limit.unit.value,
        note=part.note,
        fees=[
            models.FeeRow(
                position=i,
                kind=fee.kind.value,
                amount=fee.amount,
                currency=fee.currency,
                text=fee.text,
            )
            for i, fee in enumerate(part.fees)
        ],
    )


def _dossier_row(position: int, part: DossierCase) -> models.DossierCaseRow:
    documents = [
        models.DocumentRow(position=i, **{**document.model_dump(), "forms": list(document.forms)})
        for i, document in enumerate(part.documents)
    ]
    return models.DossierCaseRow(position=position, name=part.name, documents=documents)


def to_record(row: models.ProcedureRow) -> ProcedureRecord:
    """Build the value from a stored row."""
    return ProcedureRecord(
        code=row.code,
        name=row.name,
        field=row.field,
        summary=row.summary,
        kind=row.kind,
        levels=row.levels,
        online_level=row.online_level,
        online_level_inferred=row.online_level_inferred,
        non_territorial=row.non_territorial,
        subjects=row.subjects,
        agencies=tuple(Agency(role=part.role, name=part.name) for part in row.agencies),
        receiving_address=row.receiving_address,
        methods=tuple(_method(part) for part in row.methods),
        case_time_limits=tuple(
            CaseTimeLimit(
                case=part.case_name, time_limit=_time_limit(part.time_amount, part.time_unit)
            )
            for part in row.case_time_limits
        ),
        dossier=tuple(_dossier_case(part) for part in row.dossier),
        steps=tuple(Step(name=part.name, text=part.text) for part in row.steps),
        conditions=row.conditions,
        remarks=row.remarks,
        results=tuple(part.name for part in row.results),
        legal_bases=tuple(
            LegalBasis(
                number=part.number, title=part.title, issued_on=part.issued_on, issuer=part.issuer
            )
            for part in row.legal_bases
        ),
        decision=Decision(
            number=row.decision_number, issued_on=row.decision_date, agency=row.decision_agency
        ),
        keywords=row.keywords,
        aliases=tuple(part.name for part in row.aliases),
        replaced_by=row.replaced_by,
        effective_to=row.effective_to,
        as_of=row.as_of,
        source_url=row.source_url,
    )


def _method(row: models.MethodRow) -> Method:
    return Method(
        method=row.method,
        time_limit=row.time_unit and _time_limit(row.time_amount, row.time_unit),
        note=row.note,
        fees=tuple(
            Fee(kind=fee.kind, amount=fee.amount, currency=fee.currency, text=fee.text)
            for fee in row.fees
        ),
    )


def _time_limit(amount: Decimal, unit: str) -> TimeLimit:
    return TimeLimit(amount=amount, unit=unit)  # type: ignore[arg-type]


def _dossier_case(row: models.DossierCaseRow) -> DossierCase:
    documents = tuple(
        Document(
            name=part.name,
            originals=part.originals,
            copies=part.copies,
            forms=part.forms,
            is_note=part.is_note,
        )
        for part in row.documents
    )
    return DossierCase(name=row.name, documents=documents)
