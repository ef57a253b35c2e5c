"""How many procedures are online, and how far: by level of government, field or agency.

Provinces publish this report every quarter; its rates are a part of the ICT Index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from procedures_db.record import AgencyRole, GovernmentLevel, OnlineLevel, ProcedureRecord
from procedures_db.text.folding import fold

NOT_STATED = "(không ghi)"


class Grouping(str, Enum):
    """What a row of the report is."""

    LEVEL = "level"  # cấp thực hiện
    FIELD = "field"  # lĩnh vực
    AGENCY = "agency"  # cơ quan thực hiện
    PUBLISHER = "publisher"  # cơ quan công bố


@dataclass
class Counts:
    """Procedures of one row by online level. UNCLEAR ones stand apart: their level is not guessed."""

    full: int = 0
    partial: int = 0
    information: int = 0
    unclear: int = 0
    not_stated: int = 0  # of unclear: no source says anything, the others contradict themselves
    inferred: int = 0  # of partial and information: the record has no such flag (see record.py)

    @property
    def total(self) -> int:
        return self.full + self.partial + self.information + self.unclear

    @property
    def level_4(self) -> int:
        """Mức độ 4 of before Nghị định 42/2022 ≈ toàn trình: a convention, no legal equivalence."""
        return self.full

    @property
    def level_3(self) -> int:
        """Mức độ 3 ≈ một phần, by the same convention."""
        return self.partial

    @property
    def levels_3_4(self) -> int:
        return self.level_3 + self.level_4

    def rate(self, number: int) -> Decimal | None:
        """Percent of all procedures of the row, the unclear ones too; two decimals, half up."""
        if not self.total:
            return None
        return (Decimal(100 * number) / self.total).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def add(self, record: ProcedureRecord) -> None:
        counter = _COUNTERS[record.online_level]
        setattr(self, counter, getattr(self, counter) + 1)
        self.not_stated += record.online_level_not_stated
        if record.online_level_inferred and record.online_level is not OnlineLevel.UNCLEAR:
            self.inferred += 1


_COUNTERS = {
    OnlineLevel.FULL: "full",
    OnlineLevel.PARTIAL: "partial",
    OnlineLevel.INFORMATION_ONLY: "information",
    OnlineLevel.UNCLEAR: "unclear",
}


@dataclass(frozen=True)
class Row:
    """One level, field or agency."""

    name: str
    counts: Counts


@dataclass(frozen=True)
class Coverage:
    """The report. A procedure of several groups is in each of their rows, and once in ``total``."""

    by: Grouping
    rows: tuple[Row, ...]
    total: Counts
    shared: int  # procedures that stand in more than one row
    as_of: date | None  # the newest record's day; None: there are no procedures


@dataclass
class _Tally:
    counts: Counts = field(default_factory=Counts)
    spellings: Counter[str] = field(default_factory=Counter)

    def row(self) -> Row:
        return Row(self.spellings.most_common(1)[0][0], self.counts)


def coverage(records: Iterable[ProcedureRecord], by: Grouping) -> Coverage:
    """Count the records; levels in the order of government, other groups the largest first."""
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    total, shared, as_of = Counts(), 0, None
    for record in records:
        names = _groups(record, by)
        for key, name in names.items():
            tallies[key].counts.add(record)
            tallies[key].spellings[name] += 1
        total.add(record)
        shared += len(names) > 1
        as_of = max(as_of or record.as_of, record.as_of)
    rows = sorted((tally.row() for tally in tallies.values()), key=_ORDER[by is Grouping.LEVEL])
    return Coverage(by, tuple(rows), total, shared, as_of)


def _groups(record: ProcedureRecord, by: Grouping) -> dict[str, str]:
    """Folded name → name: "Sở Tư Pháp" and "Sở Tư pháp" are one agency."""
    names = [name for name in _NAMES[by](record) if name.strip()] or [NOT_STATED]
    return {fold(name): name for name in names}


_LEVEL_NAMES = {
    GovernmentLevel.MINISTRY: "Cấp bộ",
    GovernmentLevel.PROVINCE: "Cấp tỉnh",
    GovernmentLevel.COMMUNE: "Cấp xã",
    GovernmentLevel.VERTICAL: "Cơ quan ngành dọc",
    GovernmentLevel.OTHER: "Cơ quan khác",
}
_LEVEL_ORDER = [*_LEVEL_NAMES.values(), NOT_STATED]

_NAMES: dict[Grouping, Callable[[ProcedureRecord], list[str]]] = {
    Grouping.LEVEL: lambda record: [_LEVEL_NAMES[level] for level in record.levels],
    Grouping.FIELD: lambda record: [record.field],
    Grouping.AGENCY: lambda record: record.agencies_of(AgencyRole.EXECUTING),
    Grouping.PUBLISHER: lambda record: [record.decision.agency],
}
_ORDER: dict[bool, Callable[[Row], tuple]] = {
    True: lambda row: (_LEVEL_ORDER.index(row.name),),
    False: lambda row: (-row.counts.total, row.name),
}
