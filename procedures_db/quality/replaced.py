"""Procedures that ended, and successors that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from procedures_db.quality.finding import Check, Finding, Part
from procedures_db.record import ProcedureRecord


class MissingSuccessor(Check):
    name = "missing-successor"
    title = "Thủ tục thay thế không có"
    explanation = "Trợ lý dẫn người dân sang mã thay thế; mã đó phải có trong dữ liệu."

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._successors: dict[str, tuple[str, ...]] = {}

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        self._successors[record.code] = record.replaced_by
        return iter(())

    def conclude(self) -> Iterator[Finding]:
        for code, successors in self._successors.items():
            for successor in successors:
                if successor == code:
                    what = "Thay thế bằng chính nó."
                elif successor not in self._successors:
                    what = f"Thay thế bằng {successor}, mã này không có trong dữ liệu."
                else:
                    continue
                yield Finding(
                    code, Part.REPLACED, what, "Sửa mã thay thế, hoặc nạp thủ tục thay thế."
                )


class Ended(Check):
    name = "ended"
    title = "Đã hết hiệu lực"
    explanation = "Thủ tục qua ngày hết hiệu lực mà không nói thủ tục nào thay thế."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if record.effective_to and record.effective_to < self.today and not record.replaced_by:
            yield Finding(
                record.code, Part.EXPIRY,
                f"Hết hiệu lực ngày {record.effective_to:%d/%m/%Y}, không có thủ tục thay thế.",
                "Ghi mã thay thế, hoặc ngừng công bố.",
            )  # fmt: skip
