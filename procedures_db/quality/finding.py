"""A finding, the check that finds it, and the parts of a record that findings point at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import ClassVar

from procedures_db.record import ProcedureRecord

_AROUND = 60  # characters of context on each side of what was found


class Part(str, Enum):
    """A part of the record by its label on the detail form."""

    NAME = "Tên thủ tục"
    AGENCIES = "Cơ quan thực hiện"
    ADDRESS = "Địa chỉ tiếp nhận hồ sơ"
    METHODS = "Cách thức thực hiện"
    FEES = "Phí, lệ phí"
    TIME = "Thời hạn giải quyết"
    STEPS = "Trình tự thực hiện"
    DOSSIER = "Thành phần hồ sơ"
    CONDITIONS = "Yêu cầu, điều kiện"
    RESULTS = "Kết quả thực hiện"
    REMARKS = "Lưu ý"
    ONLINE = "Mức độ trực tuyến"
    DECISION = "Quyết định công bố"
    REPLACED = "Thủ tục thay thế"
    EXPIRY = "Ngày hết hiệu lực"
    SOURCE = "Liên kết nguồn"
    CODE = "Mã thủ tục"


@dataclass(frozen=True)
class Finding:
    """One thing to look at in one procedure; texts are Vietnamese sentences for officials."""

    code: str
    field: Part
    what: str
    suggestion: str


class Check:
    """One kind of fault. An instance serves one run over all records, in order of their codes."""

    name: ClassVar[str]  # for the command line: "fee-zero"
    title: ClassVar[str]
    explanation: ClassVar[str]  # why it matters to citizens

    def __init__(self, today: date) -> None:
        self.today = today

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        """Yield what is wrong with one record, or remember it for ``conclude``."""
        raise NotImplementedError

    def conclude(self) -> Iterator[Finding]:
        """Yield what can only be told once all records have been seen."""
        return iter(())


def texts(record: ProcedureRecord) -> Iterator[tuple[Part, str]]:
    """Yield every text that citizens read, with its part.

    Legal bases are left out: they quote the titles of laws, which stay as they were enacted.
    """
    yield Part.NAME, record.name
    yield from ((Part.AGENCIES, agency.name) for agency in record.agencies)
    yield Part.ADDRESS, record.receiving_address
    for method in record.methods:
        yield Part.METHODS, method.note
        yield from ((Part.FEES, fee.text) for fee in method.fees)
    yield from ((Part.TIME, limit.case) for limit in record.case_time_limits)
    for step in record.steps:
        yield Part.STEPS, step.name
        yield Part.STEPS, step.text
    for case in record.dossier:
        yield Part.DOSSIER, case.name
        yield from ((Part.DOSSIER, document.name) for document in case.documents)
    yield Part.CONDITIONS, record.conditions
    yield from ((Part.RESULTS, name) for name in record.results)
    yield from ((Part.REMARKS, text) for text in record.remarks)


def excerpt(text: str, start: int, end: int) -> str:
    """The words at [start, end) with some whole words before and after, on one line."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before, after = text[first:start], text[end:last]
    if first:
        before = "…" + before[before.find(" ") + 1 :]
    if last < len(text):
        after = after[: after.rfind(" ")] + "…" if " " in after else after + "…"
    return re.sub(r"\s+", " ", before + text[start:end] + after).strip()
