"""Apply what a source sent to the procedures we hold: one verdict a procedure, one change set in all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy.orm import Session

from procedures_db import changes
from procedures_db.changes import Change, ChangeKind, Source, State
from procedures_db.exchange import conflicts, merging
from procedures_db.exchange.edits import Edited, candidates, edited, note_said
from procedures_db.opening import stored
from procedures_db.record import ProcedureRecord, as_json
from procedures_db.sync.exported import Withdrawn


class Verdict(str, Enum):
    """What became of a procedure that a source sent."""

    NEW = "mới"
    CHANGED = "thay đổi"
    UNCHANGED = "không đổi"
    WITHDRAWN = "rút"
    CONFLICT = "xung đột"


_EDITED = "đã sửa tại đây từ lần nhận trước, nguồn cũng sửa"
_WITHDRAWN_HERE = "đã rút tại đây, nguồn vẫn công bố và đã sửa"
_WITHDRAWN_THERE = "nguồn đã rút, tại đây đã sửa từ lần nhận trước"


@dataclass
class _Plan:
    """What is to be written once every procedure has its verdict."""

    url: str
    steps: list[Change] = field(default_factory=list)
    said: dict[str, ProcedureRecord | None] = field(default_factory=dict)
    clashes: list[conflicts.Clashing] = field(default_factory=list)


@dataclass(frozen=True)
class _Ours:
    """What we hold of a code: its stored state and record, and whether it was edited here."""

    code: str
    state: State
    record: ProcedureRecord | None
    edited: Edited | None

    @property
    def published(self) -> ProcedureRecord | None:
        return self.record if self.state is State.PUBLISHED else None

    def becomes(self, new: ProcedureRecord | None, state: State) -> Change:
        return Change(self.code, self.record, new, self.state, state)


def apply(
    session: Session, sent: Sequence[ProcedureRecord | Withdrawn], *, url: str, actor: str
) -> dict[str, Verdict]:
    """Bring procedures to what the source says, or keep conflicts; return code → verdict.

    Of two entries of one code the later holds. Call it inside ``transaction(engine, write=True)``.
    """
    latest = {one.code: one for one in sent}
    held = _held(session, latest.keys())
    plan = _Plan(url)
    verdicts = {code: _decide(held[code], one, plan) for code, one in latest.items()}
    if plan.steps:
        kind, source = ChangeKind.SYNC, Source(url)
        changes.record(session, plan.steps, kind=kind, actor=actor, source=source)
    for code, record in plan.said.items():
        note_said(session, code, record)
    decided = [code for code, verdict in verdicts.items() if verdict is not Verdict.CONFLICT]
    conflicts.drop(session, decided)
    for clash in plan.clashes:
        conflicts.keep(session, clash)
    return verdicts


def _held(session: Session, codes: Collection[str]) -> dict[str, _Ours]:
    known, maybe = stored(session, codes), candidates(session, codes)
    held = {}
    for code in codes:
        state, record = known.get(code, (State.ABSENT, None))
        held[code] = _Ours(code, state, record, edited(session, code) if code in maybe else None)
    return held


def _decide(ours: _Ours, theirs: ProcedureRecord | Withdrawn, plan: _Plan) -> Verdict:
    if isinstance(theirs, Withdrawn):
        return _withdraw(ours, plan)
    if ours.published is None:
        return _publish(ours, theirs, plan)
    return _update(ours, ours.published, theirs, plan)


def _withdraw(ours: _Ours, plan: _Plan) -> Verdict:
    if ours.published is None:
        return Verdict.UNCHANGED
    if ours.edited:
        return _clash(ours, None, _WITHDRAWN_THERE, plan)
    plan.steps.append(ours.becomes(ours.record, State.WITHDRAWN))
    return Verdict.WITHDRAWN


def _publish(ours: _Ours, theirs: ProcedureRecord, plan: _Plan) -> Verdict:
    if ours.edited is None:
        plan.steps.append(ours.becomes(theirs, State.PUBLISHED))
        return Verdict.NEW
    base = ours.edited.base
    if base and merging.same_facts(base, theirs):
        return Verdict.UNCHANGED  # withdrawn here, and nothing new at the source
    return _clash(ours, as_json(theirs), _WITHDRAWN_HERE, plan)


def _update(ours: _Ours, current: ProcedureRecord, theirs: ProcedureRecord, plan: _Plan) -> Verdict:
    received = merging.keep_local_fields(current, theirs)
    if ours.edited is None:
        return _write(ours, received, plan)
    try:
        merged = merging.merge(ours.edited.base, current, theirs)
    except merging.Clash as clash:
        return _clash(ours, as_json(theirs), f"{_EDITED}: {clash}", plan)
    if merged == current or merged != received:  # else what is written counts as received
        plan.said[ours.code] = theirs
    return _write(ours, merged, plan)


def _write(ours: _Ours, record: ProcedureRecord, plan: _Plan) -> Verdict:
    if record == ours.record:
        return Verdict.UNCHANGED
    plan.steps.append(ours.becomes(record, State.PUBLISHED))
    return Verdict.CHANGED


def _clash(ours: _Ours, theirs: dict | None, reason: str, plan: _Plan) -> Verdict:
    clash = conflicts.Clashing(ours.code, plan.url, reason, ours.published, theirs)
    plan.clashes.append(clash)
    return Verdict.CONFLICT
