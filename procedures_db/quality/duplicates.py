"""Procedures that cannot be told apart by their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procedures_db.quality.finding import Check, Finding, Part
from procedures_db.record import AgencyRole, ProcedureKind, ProcedureRecord
from procedures_db.text.folding import fold


@dataclass(frozen=True)
class _Known:
    """What is kept of each record until all are seen."""

    code: str
    provincial: bool
    executing: frozenset[str]
    publisher: str
    replaced: bool

    @classmethod
    def of(cls, record: ProcedureRecord) -> _Known:
        return cls(
            code=record.code,
            provincial=record.kind is ProcedureKind.SPECIFIC,
            executing=frozenset(map(fold, record.agencies_of(AgencyRole.EXECUTING))),
            publisher=fold(record.decision.agency),
            replaced=bool(record.replaced_by),
        )


class _SameName(Check):
    """Groups records by name and pairs those of a group."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._by_name: dict[str, list[_Known]] = defaultdict(list)

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        self._by_name[fold(record.name)].append(_Known.of(record))
        return iter(())

    def conclude(self) -> Iterator[Finding]:
        for group in self._by_name.values():
            for one in group:
                others = [
                    other.code for other in group if other is not one and self.pairs(one, other)
                ]
                if others:
                    yield self.finding(one, ", ".join(others))

    def pairs(self, one: _Known, other: _Known) -> bool:
        raise NotImplementedError

    def finding(self, one: _Known, others: str) -> Finding:
        raise NotImplementedError


class Duplicate(_SameName):
    name = "duplicate"
    title = "Trùng thủ tục"
    explanation = "Cùng tên, cùng cơ quan thực hiện nhưng hai mã: người dân có thể nhận thông tin của mã đã cũ."

    def pairs(self, one: _Known, other: _Known) -> bool:
        told = one.executing or one.publisher == other.publisher
        return bool(told) and _same_place(one, other) and one.executing == other.executing

    def finding(self, one: _Known, others: str) -> Finding:
        return Finding(
            one.code, Part.CODE, f"Cùng tên, cùng cơ quan thực hiện với {others}.",
            "Giữ mã đang có hiệu lực; ở mã kia ghi thủ tục thay thế.",
        )  # fmt: skip


class Twin(_SameName):
    name = "twin"
    title = "Trùng tên, khác cơ quan"
    explanation = "Cùng tên nhưng do cơ quan khác nhau thực hiện: trợ lý phải hỏi lại mà tên không giúp phân biệt."

    def pairs(self, one: _Known, other: _Known) -> bool:
        # A province's own edition of a national procedure is meant to bear its name.
        return (
            one.provincial == other.provincial
            and _same_place(one, other)
            and one.executing != other.executing
        )

    def finding(self, one: _Known, others: str) -> Finding:
        return Finding(
            one.code, Part.NAME, f"Cùng tên với {others} nhưng khác cơ quan thực hiện.",
            "Thêm vào tên điều phân biệt (cấp, trường hợp), hoặc đặt tên gọi khác cho người dân.",
        )  # fmt: skip


def _same_place(one: _Known, other: _Known) -> bool:
    """Two provinces may each have a procedure of one name; who was replaced is settled."""
    other_province = one.provincial and other.provincial and one.publisher != other.publisher
    return not (other_province or one.replaced or other.replaced)
