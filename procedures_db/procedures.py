"""Procedures in and out of the database, as ``ProcedureRecord`` values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db import models, storing
from procedures_db.contents import content_hash as content_hash
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
)

DATA_VERSION = "data_version"
PUBLISHED = "published"


class ProcedureNotFound(LookupError):
    """No published procedure carries this code."""


def get(session: Session, code: str) -> ProcedureRecord:
    """Return the published procedure with a national code. Raises ProcedureNotFound."""
    row = find_row(session, code)
    if row is None or row.state != PUBLISHED:
        raise ProcedureNotFound(code)
    return to_record(row)


def find_row(session: Session, code: str) -> models.ProcedureRow | None:
    """The stored row, published or withdrawn."""
    statement = select(models.ProcedureRow).where(models.ProcedureRow.code == code)
    return session.execute(statement).scalar_one_or_none()


def every(session: Session, *, batch: int = 500) -> Iterator[ProcedureRecord]:
    """Yield all published procedures by code, reading ``batch`` at a time so that memory stays flat."""
    after = ""
    while True:
        statement = (
            select(models.ProcedureRow)
            .where(models.ProcedureRow.code > after, models.ProcedureRow.state == PUBLISHED)
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


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of the published ones among these codes."""
    table = models.ProcedureRow
    wanted = set(codes)
    if not wanted:
        return {}
    rows = session.execute(
        select(table.code, table.name).where(table.code.in_(wanted), table.state == "published")
    )
    return {row.code: row.name for row in rows}


def hashes(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return code → content hash of those that are published."""
    statement = select(models.ProcedureRow.code, models.ProcedureRow.content_hash).where(
        models.ProcedureRow.code.in_(list(codes)), models.ProcedureRow.state == PUBLISHED
    )
    return {row.code: row.content_hash for row in session.execute(statement)}


def save(session: Session, record: ProcedureRecord) -> None:
    """Publish the record, replacing all of the stored one, **without a trace in the history**.

    For tests and tools that make databases; ``editing`` and ``sync`` change procedures.
    """
    storing.store(session, [record], state=PUBLISHED)


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
        effective_from=row.effective_from,
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
