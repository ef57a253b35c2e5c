"""The data-quality report: all checks over all procedures, what citizens ask often first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from procedures_db.quality import (
    completeness,
    district,
    duplicates,
    fees,
    garbled,
    links,
    online,
    replaced,
)
from procedures_db.quality.finding import Check, Finding
from procedures_db.record import ProcedureRecord

# In the order in which findings of one procedure are shown.
CHECKS: tuple[type[Check], ...] = (
    completeness.TestRecord,
    replaced.MissingSuccessor,
    replaced.Ended,
    duplicates.Duplicate,
    duplicates.Twin,
    district.DistrictLevel,
    fees.ExpiringFee,
    fees.ZeroFee,
    fees.VagueFee,
    fees.FeeNotStated,
    completeness.NoPapers,
    completeness.NoTimeLimit,
    completeness.NoSteps,
    completeness.NoAgency,
    completeness.NoDecision,
    online.OnlineContradiction,
    online.OnlineNotStated,
    garbled.BrokenSteps,
    garbled.StrangeCharacters,
    links.OldLink,
    online.OnlineInferred,
)

Weight = Callable[[str], float]


class UnknownCheck(LookupError):
    """No check has this name; the message lists those there are."""


@dataclass(frozen=True)
class Entry:
    """A finding with what orders it: how often citizens ask about the procedure (0.0 = never seen)."""

    check: type[Check]
    procedure: str
    asked: float
    finding: Finding


@dataclass(frozen=True)
class Summary:
    """What one check found."""

    check: type[Check]
    findings: int
    procedures: int


@dataclass(frozen=True)
class QualityReport:
    """All findings, the most asked procedures first."""

    day: date
    procedures: int  # looked at
    summaries: tuple[Summary, ...]
    entries: tuple[Entry, ...]


def find_check(name: str) -> type[Check]:
    """Return the check of a name. Raises UnknownCheck."""
    for check in CHECKS:
        if check.name == name:
            return check
    names = ", ".join(check.name for check in CHECKS)
    raise UnknownCheck(f"Không có phép kiểm “{name}”. Các phép kiểm: {names}.")


def quality_report(
    records: Iterable[ProcedureRecord],
    *,
    today: date,
    weight: Weight,
    checks: Sequence[type[Check]] = CHECKS,
) -> QualityReport:
    """Run the checks in one pass; records may come one by one from the database.

    ``weight(code)``: how often citizens ask about a procedure, on any scale.
    """
    running = [check(today) for check in checks]
    found: list[tuple[int, Finding]] = []
    names: dict[str, str] = {}
    for record in records:
        names[record.code] = record.name
        for order, check in enumerate(running):
            found += ((order, finding) for finding in check.look(record))
    for order, check in enumerate(running):
        found += ((order, finding) for finding in check.conclude())
    asked = {code: weight(code) for code in {finding.code for _, finding in found}}
    found.sort(key=lambda entry: (-asked[entry[1].code], entry[1].code, entry[0]))
    entries = tuple(Entry(checks[order], names[f.code], asked[f.code], f) for order, f in found)
    return QualityReport(today, len(names), _summaries(checks, entries), entries)


def _summaries(checks: Sequence[type[Check]], entries: Sequence[Entry]) -> tuple[Summary, ...]:
    findings = Counter(entry.check for entry in entries)
    procedures = Counter(check for check, _ in {(e.check, e.finding.code) for e in entries})
    return tuple(Summary(check, findings[check], procedures[check]) for check in checks)
