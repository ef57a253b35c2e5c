"""Online coverage by field, counted in the database: the full report reads every record."""

from __future__ import annotations

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from procedures_db.models import ProcedureRow
from procedures_db.record import OnlineLevel
from procedures_db.reports.coverage import NOT_STATED, Counts, Coverage, Grouping, Row
from procedures_db.statistics.scope import counted

_COUNTERS = {
    OnlineLevel.FULL.value: "full",
    OnlineLevel.PARTIAL.value: "partial",
    OnlineLevel.INFORMATION_ONLY.value: "information",
    OnlineLevel.UNCLEAR.value: "unclear",
}


def online_coverage(session: Session, *, field: str = "") -> Coverage:
    """The coverage report by field over the published procedures; of one field if given."""
    table = ProcedureRow
    inferred = func.sum(case((table.online_level_inferred, 1), else_=0))
    wanted = [table.state == "published"] + ([table.field == field] if field else [])
    rows = session.execute(
        select(table.field, table.online_level, counted(), inferred, func.max(table.as_of))
        .where(*wanted)
        .group_by(table.field, table.online_level)
    ).all()
    fields: dict[str, Counts] = {}
    total = Counts()
    for name, level, count, guessed, _ in rows:
        for counts in (fields.setdefault(name or NOT_STATED, Counts()), total):
            _add(counts, level, count, guessed)
    ordered = sorted(fields.items(), key=lambda item: (-item[1].total, item[0]))
    as_of = max((row[4] for row in rows), default=None)
    made = tuple(Row(name, counts) for name, counts in ordered)
    return Coverage(Grouping.FIELD, made, total, shared=0, as_of=as_of)


def _add(counts: Counts, level: str, count: int, inferred: int) -> None:
    counter = _COUNTERS[level]
    setattr(counts, counter, getattr(counts, counter) + count)
    if level != OnlineLevel.UNCLEAR.value:
        counts.inferred += inferred
