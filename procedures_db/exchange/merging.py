"""What becomes of a procedure that was edited here and changed at the source."""

from __future__ import annotations

from collections.abc import Callable

from procedures_db.checking import LOCAL_FIELDS
from procedures_db.record import ProcedureRecord

# Each of LOCAL_FIELDS is kept or taken by itself; all else is one unit: a fee must stay with the decision under which it is shown.
FACTS = tuple(name for name in ProcedureRecord.model_fields if name not in (*LOCAL_FIELDS, "as_of"))


class Clash(ValueError):
    """Both sides changed the same thing to different values: a person must decide."""


def keep_local_fields(ours: ProcedureRecord, theirs: ProcedureRecord) -> ProcedureRecord:
    """A source that states no summary, alias, successor or expiry does not delete ours."""
    kept = {name: getattr(ours, name) for name in LOCAL_FIELDS if not getattr(theirs, name)}
    return theirs.model_copy(update=kept)


def same_facts(one: ProcedureRecord, other: ProcedureRecord) -> bool:
    """Whether both state the same; the day of the data does not count."""
    return _values(one, FACTS) == _values(other, FACTS)


def merge(
    base: ProcedureRecord | None, ours: ProcedureRecord, theirs: ProcedureRecord
) -> ProcedureRecord:
    """Return ours with what changed at the source since ``base``. Raises Clash.

    base: what was received last; None when the procedure was made here.
    """
    return _merged(base, ours, theirs, _refuse)


def merge_preferring_theirs(
    base: ProcedureRecord | None, ours: ProcedureRecord, theirs: ProcedureRecord
) -> ProcedureRecord:
    """As ``merge``, and the source's value wherever both sides changed the same thing."""
    return _merged(base, ours, theirs, lambda unit, ours, theirs: theirs)


_Decision = Callable[[tuple[str, ...], ProcedureRecord, ProcedureRecord], ProcedureRecord]


def _refuse(
    unit: tuple[str, ...], ours: ProcedureRecord, theirs: ProcedureRecord
) -> ProcedureRecord:
    raise Clash(", ".join(name for name in unit if getattr(ours, name) != getattr(theirs, name)))


def _merged(
    base: ProcedureRecord | None,
    ours: ProcedureRecord,
    theirs: ProcedureRecord,
    decide: _Decision,
) -> ProcedureRecord:
    merged = _chosen(base, ours, theirs, FACTS, decide)
    theirs = keep_local_fields(ours, theirs)
    for name in LOCAL_FIELDS:
        chosen = _chosen(base, ours, theirs, (name,), decide)
        merged = merged.model_copy(update={name: getattr(chosen, name)})
    return merged


def _chosen(
    base: ProcedureRecord | None,
    ours: ProcedureRecord,
    theirs: ProcedureRecord,
    unit: tuple[str, ...],
    decide: _Decision,
) -> ProcedureRecord:
    """The side whose values of the unit hold."""
    before = base and _values(base, unit)
    mine, others = _values(ours, unit), _values(theirs, unit)
    if mine in (others, before):
        return theirs
    return ours if others == before else decide(unit, ours, theirs)


def _values(record: ProcedureRecord, unit: tuple[str, ...]) -> list[object]:
    return [getattr(record, name) for name in unit]
