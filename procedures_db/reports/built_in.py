"""Compare the built-in procedures with the official records, fact by fact: what differs, and why.

Reasons stand in ``built_in_differences.yml``: code → fact → reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procedures_db.record import AgencyRole, Method, ProcedureRecord, TimeLimit, as_json
from procedures_db.reports.table import Table
from procedures_db.sync.file_errors import BrokenFile
from procedures_db.sync.merging import merge
from procedures_db.sync.readers import read_items
from procedures_db.sync.reading import ReadRecord
from procedures_db.text.folding import fold
from procedures_db.yaml_file import read_yaml

REASONS = Path(__file__).with_name("built_in_differences.yml")
_LEGAL_NUMBER = re.compile(r"\d[\d.]*/\d{4}/[\w-]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

Reasons = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Difference:
    """A fact that is not as the official record has it; reason: "" = nobody has explained it."""

    code: str
    name: str
    fact: str
    ours: str
    theirs: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """What comparing found. absent: built-in codes that the official data lacks; stale: reasons for
    differences that are none any more, as (code, fact)."""

    compared: int
    differences: tuple[Difference, ...]
    absent: tuple[str, ...]
    stale: tuple[tuple[str, str], ...]

    @property
    def unexplained(self) -> list[Difference]:
        return [one for one in self.differences if not one.reason]

    @property
    def sound(self) -> bool:
        """Every difference has its reason, and every reason its difference."""
        return not (self.unexplained or self.absent or self.stale)


def read_reasons(path: Path = REASONS) -> Reasons:
    """Raises OSError, yaml.YAMLError."""
    return read_yaml(path) or {}


def official_records(path: Path, codes: Collection[str]) -> dict[str, ProcedureRecord]:
    """Read the records of these codes from a file of the portal. Raises UnreadableFile, OSError."""
    found: dict[str, ProcedureRecord] = {}
    for item in read_items(path):
        if isinstance(item, ReadRecord) and item.code in codes:
            if "steps" not in item.values:
                raise BrokenFile("tệp không mang chi tiết thủ tục: cần JSON chi tiết của Cổng")
            found.setdefault(item.code, merge(None, item))
    return found


def compare(
    built_in: Iterable[ProcedureRecord],
    official: Mapping[str, ProcedureRecord],
    reasons: Reasons,
) -> Comparison:
    """Compare each built-in procedure with the official record of its code."""
    found: list[Difference] = []
    absent, compared = [], 0
    for ours in built_in:
        theirs = official.get(ours.code)
        explained = reasons.get(ours.code, {})
        if theirs is None:
            absent.append(ours.code)
            continue
        compared += 1
        for fact, (our_value, their_value) in different_facts(ours, theirs).items():
            told = (_told(our_value, their_value), _told(their_value, our_value))
            found.append(Difference(ours.code, ours.name, fact, *told, explained.get(fact, "")))
    known = {(one.code, one.fact) for one in found}
    stale = [
        (code, fact) for code in reasons for fact in reasons[code] if (code, fact) not in known
    ]
    return Comparison(compared, tuple(found), tuple(absent), tuple(stale))


def different_facts(
    ours: ProcedureRecord, theirs: ProcedureRecord
) -> dict[str, tuple[object, object]]:
    """Fact → (ours, theirs) where they differ. Wording is ours: of texts only the numbers count."""
    values = {fact: (value(ours), value(theirs)) for fact, value in FACTS.items()}
    found = {fact: pair for fact, pair in values.items() if pair[0] != pair[1]}
    if _repeats_the_methods(ours, theirs):
        found.pop("thời hạn theo trường hợp", None)
    if added := _numbers(_our_words(ours)) - _numbers_anywhere(theirs):
        found["con số trong lời văn"] = (added, set())
    return found


def comparison_table(found: Comparison) -> Table:
    """A row for each difference; the notes say what is wrong beyond them."""
    notes = [f"Không có trong dữ liệu gốc: {', '.join(found.absent)}"] if found.absent else []
    notes += [f"Lý do thừa, nay không còn khác: {code}, {fact}" for code, fact in found.stale]
    return Table(
        title="Thủ tục có sẵn so với bản ghi gốc",
        subtitle=f"{found.compared} thủ tục, {len(found.differences)} chỗ khác, "
        f"{len(found.unexplained)} chỗ chưa có lý do",
        headers=("Mã", "Tên", "Mục", "Có sẵn", "Bản gốc", "Lý do"),
        rows=tuple(
            (one.code, one.name, one.fact, one.ours, one.theirs, one.reason or "CHƯA CÓ LÝ DO")
            for one in found.differences
        ),
        notes=tuple(notes),
    )


def _limit(limit: TimeLimit) -> str:
    return f"{limit.amount.normalize():f} {limit.unit.value}"


def _method_limits(record: ProcedureRecord) -> set[tuple[str, str]]:
    return {(m.method.value, _limit(m.time_limit)) for m in record.methods if m.time_limit}


def _case_limits(record: ProcedureRecord) -> set[str]:
    return {_limit(case.time_limit) for case in record.case_time_limits}


def _amounts(record: ProcedureRecord) -> set[str]:
    return {
        f"{way.method.value}: {fee.kind.value} {fee.amount.normalize():f} {fee.currency}"
        for way in record.methods
        for fee in way.fees
        if fee.amount
    }


def _ways(record: ProcedureRecord, having: Callable[[Method], object]) -> set[str]:
    return {way.method.value for way in record.methods if having(way)}


def _counted_papers(record: ProcedureRecord) -> list[tuple[int, int]]:
    """Counts of every row that has one: rows without are told apart as notes by hand in the seed."""
    rows = [row for case in record.dossier for row in case.documents]
    return sorted((row.originals, row.copies) for row in rows if row.originals or row.copies)


def _agencies(role: AgencyRole) -> Callable[[ProcedureRecord], set[str]]:
    return lambda record: set(map(fold, record.agencies_of(role)))


def _legal_numbers(record: ProcedureRecord) -> set[str]:
    """The portal writes some with their kind before them: "Thông tư số 03/2023/TT-BTP"."""
    found = (_LEGAL_NUMBER.search(basis.number) for basis in record.legal_bases)
    return {fold(match.group()) for match in found if match}


FACTS: dict[str, Callable[[ProcedureRecord], Any]] = {
    "tên": lambda record: record.name,
    "số quyết định": lambda record: record.decision.number,
    "ngày quyết định": lambda record: record.decision.issued_on,
    "cơ quan công bố": lambda record: record.decision.agency,
    "cách nộp": lambda record: _ways(record, bool),
    "mức phí": _amounts,
    "cách nộp có nêu phí": lambda record: _ways(record, lambda way: way.fees),
    "thời hạn theo cách nộp": _method_limits,
    "thời hạn theo trường hợp": _case_limits,
    "số trường hợp hồ sơ": lambda record: len(record.dossier),
    "số giấy tờ": _counted_papers,
    "mức trực tuyến": lambda record: (record.online_level, record.online_level_inferred),
    "loại": lambda record: record.kind,
    "lĩnh vực": lambda record: fold(record.field),
    "cấp thực hiện": lambda record: set(record.levels),
    "phi địa giới": lambda record: record.non_territorial,
    "đối tượng": lambda record: set(map(fold, record.subjects)),
    "cơ quan thực hiện": _agencies(AgencyRole.EXECUTING),
    "cơ quan có thẩm quyền": _agencies(AgencyRole.COMPETENT),
    "cơ quan được ủy quyền": _agencies(AgencyRole.AUTHORIZED),
    "cơ quan phối hợp": _agencies(AgencyRole.COORDINATING),
    "căn cứ": _legal_numbers,
    "số kết quả": lambda record: len(record.results),
    "thay bằng": lambda record: set(record.replaced_by),
    "hiệu lực đến": lambda record: record.effective_to,
}


def _repeats_the_methods(ours: ProcedureRecord, theirs: ProcedureRecord) -> bool:
    """The seed leaves out a case's time limit where it only repeats that of a submission method."""
    of_methods = {limit for _, limit in _method_limits(theirs)}
    return (
        not _case_limits(ours)
        and len(_case_limits(theirs)) == 1
        and _case_limits(theirs) <= of_methods
    )


def _our_words(record: ProcedureRecord) -> Iterator[str]:
    """All texts that we wrote ourselves."""
    yield from (record.summary, record.conditions, record.receiving_address, *record.remarks)
    yield from (step.text for step in record.steps)
    yield from record.results
    for way in record.methods:
        yield from (way.note, *(fee.text for fee in way.fees))
    for case in record.dossier:
        yield from (case.name, *(paper.name for paper in case.documents))
    yield from (basis.title for basis in record.legal_bases)


def _numbers(texts: Iterable[str]) -> set[str]:
    """20.000 = 20000, 07 = 7."""
    found = (match for text in texts for match in _NUMBER.findall(text))
    return {_plain(re.sub("[.,]", "", number)) for number in found}


def _numbers_anywhere(record: ProcedureRecord) -> set[str]:
    """Also the parts of numbers with points, as in dates and in names of decisions."""
    text = json.dumps(as_json(record), ensure_ascii=False)
    return _numbers([text]) | {_plain(part) for part in re.findall(r"\d+", text)}


def _plain(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _told(value: object, other: object) -> str:
    """A value in one line; of sets only what the other lacks."""
    if isinstance(value, (set, frozenset)) and isinstance(other, Collection):
        value = sorted(map(_word, value - set(other)))
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_word, value)) or "–"
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(_word, value))
    return str(getattr(value, "value", "–" if value is None else value))
