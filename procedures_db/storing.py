"""Write procedures into their tables, many at once.

Nothing here is recorded in the history: everybody but ``changes`` and tests changes procedures
through ``changes.record``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from procedures_db import models
from procedures_db.contents import content_hash
from procedures_db.record import DossierCase, Method, ProcedureRecord
from procedures_db.text.folding import fold

BATCH = 500  # procedures a round: bounds memory and the number of values in a statement

T = TypeVar("T")
Row = dict[str, Any]

_PROCEDURE: Table = models.ProcedureRow.__table__


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Cut into lists of ``size``; the last may be shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def store(session: Session, records: Iterable[ProcedureRecord], *, state: str) -> None:
    """Insert the records or replace the stored ones whole, and put them into ``state``.

    The codes must differ. The caller bumps the data version.
    """
    session.flush()
    for batch in batches(records):
        _store_batch(session, batch, state)
    session.expire_all()  # what the session has loaded before is no longer true


def remove(session: Session, codes: Collection[str]) -> None:
    """Delete the procedures and all their parts."""
    if not codes:
        return
    session.flush()
    for batch in batches(codes):
        session.execute(delete(_PROCEDURE).where(_PROCEDURE.c.code.in_(batch)))
    session.expunge_all()


def _store_batch(session: Session, records: list[ProcedureRecord], state: str) -> None:
    connection = session.connection()
    known = _ids(session, records)
    for part in _PARTS:  # deeper rows go with them: ON DELETE CASCADE
        if known:
            connection.execute(delete(part).where(part.c.procedure_id.in_(known.values())))
    new = [_columns(one, state) for one in records if one.code not in known]
    changed = [
        {**_columns(one, state), "row_id": known[one.code]} for one in records if one.code in known
    ]
    if new:
        connection.execute(insert(_PROCEDURE), new)
    if changed:
        statement = update(_PROCEDURE).where(_PROCEDURE.c.id == bindparam("row_id"))
        connection.execute(statement, changed)
    ids = _ids(session, records)
    for part, rows_of in _PARTS.items():
        rows = [
            {**row, "procedure_id": ids[one.code], "position": position}
            for one in records
            for position, row in enumerate(rows_of(one))
        ]
        if rows:
            connection.execute(insert(part), rows)
    _insert_below(session, models.MethodRow, models.FeeRow, _fees(records, ids))
    _insert_below(session, models.DossierCaseRow, models.DocumentRow, _documents(records, ids))


def _ids(session: Session, records: Sequence[ProcedureRecord]) -> dict[str, int]:
    table = _PROCEDURE.c
    statement = select(table.code, table.id).where(table.code.in_([one.code for one in records]))
    return {row.code: row.id for row in session.execute(statement)}


def _insert_below(
    session: Session, parent: Any, child: Any, rows: Iterable[tuple[int, int, int, Row]]
) -> None:
    """Insert second-level rows, given with procedure, the parent's position and their own."""
    given = list(rows)
    if not given:
        return
    wanted = {procedure_id for procedure_id, *_ in given}
    statement = select(parent.procedure_id, parent.position, parent.id)
    found = session.execute(statement.where(parent.procedure_id.in_(wanted)))
    ids = {(row.procedure_id, row.position): row.id for row in found}
    (foreign_key,) = child.__table__.foreign_keys
    session.connection().execute(
        insert(child.__table__),
        [
            {**row, foreign_key.parent.name: ids[procedure_id, above], "position": position}
            for procedure_id, above, position, row in given
        ],
    )


def _columns(record: ProcedureRecord, state: str) -> Row:
    return {
        "code": record.code,
        "name": record.name,
        "field": record.field,
        "summary": record.summary,
        "kind": record.kind.value,
        "state": state,
        "levels": [level.value for level in record.levels],
        "online_level": record.online_level.value,
        "online_level_inferred": record.online_level_inferred,
        "non_territorial": record.non_territorial,
        "subjects": list(record.subjects),
        "receiving_address": record.receiving_address,
        "conditions": record.conditions,
        "remarks": list(record.remarks),
        "keywords": list(record.keywords),
        "replaced_by": list(record.replaced_by),
        "effective_from": record.effective_from,
        "effective_to": record.effective_to,
        "decision_number": record.decision.number,
        "decision_date": record.decision.issued_on,
        "decision_agency": record.decision.agency,
        "as_of": record.as_of,
        "source_url": record.source_url,
        "content_hash": content_hash(record),
        "folded": folded(record.name, record.field, *record.aliases, *record.keywords, record.code),
        "folded_agencies": folded(
            record.decision.agency, *(agency.name for agency in record.agencies)
        ),
    }


def folded(*texts: str) -> str:
    """Texts as the list of procedures looks for words in them: a space before and after each word."""
    return f" {fold(' '.join(texts))} "


def _method(part: Method) -> Row:
    limit = part.time_limit
    return {
        "method": part.method.value,
        "time_amount": limit and limit.amount,
        "time_unit": limit and limit.unit.value,
        "note": part.note,
    }


def _fees(
    records: Iterable[ProcedureRecord], ids: dict[str, int]
) -> Iterator[tuple[int, int, int, Row]]:
    for record in records:
        for above, method in enumerate(record.methods):
            for position, fee in enumerate(method.fees):
                row = {**dict(fee), "kind": fee.kind.value}
                yield ids[record.code], above, position, row


def _documents(
    records: Iterable[ProcedureRecord], ids: dict[str, int]
) -> Iterator[tuple[int, int, int, Row]]:
    for record in records:
        for above, case in enumerate(record.dossier):
            for position, document in enumerate(case.documents):
                row = {**dict(document), "forms": list(document.forms)}
                yield ids[record.code], above, position, row


def _case(part: DossierCase) -> Row:
    return {"name": part.name}


_PARTS: dict[Table, Callable[[ProcedureRecord], Iterable[Row]]] = {
    models.AgencyRow.__table__: lambda record: (
        {"role": part.role.value, "name": part.name} for part in record.agencies
    ),
    models.MethodRow.__table__: lambda record: map(_method, record.methods),
    models.CaseTimeLimitRow.__table__: lambda record: (
        {
            "case_name": part.case,
            "time_amount": part.time_limit.amount,
            "time_unit": part.time_limit.unit.value,
        }
        for part in record.case_time_limits
    ),
    models.DossierCaseRow.__table__: lambda record: map(_case, record.dossier),
    models.StepRow.__table__: lambda record: map(dict, record.steps),
    models.ResultRow.__table__: lambda record: ({"name": name} for name in record.results),
    models.LegalBasisRow.__table__: lambda record: map(dict, record.legal_bases),
    models.AliasRow.__table__: lambda record: ({"name": name} for name in record.aliases),
}
