"""Procedures as a flat table for spreadsheets: one row a procedure, the main facts in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy.engine import Engine

from procedures_db.exchange import publishing
from procedures_db.record import AgencyRole, Document, Fee, Method, ProcedureRecord, TimeLimit
from procedures_db.sync.spreadsheet_safety import safe_cell

_LONGEST_CELL = (
    32_767  # Excel's; the rest would spill over into other cells (14 cells of the 7/2026 data)
)
_CUT = " … [bị cắt bớt, xem đủ ở procedures.jsonl]"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the system's old code page


def csv_lines(engine: Engine) -> Iterator[bytes]:
    """Yield the table as UTF-8 with a byte order mark, a batch at a time."""
    yield _BYTE_ORDER_MARK + _encode([list(_COLUMNS)])
    for records in publishing.every(engine):
        yield _encode([row(record) for record in records])


def row(record: ProcedureRecord) -> list[str]:
    """The cells of a procedure; an empty one means "not stated"."""
    return [_fitting(safe_cell(column(record))) for column in _COLUMNS.values()]


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _encode(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _lines(values: Iterable[str]) -> str:
    return "\n".join(filter(None, values))


def _agencies(role: AgencyRole) -> Callable[[ProcedureRecord], str]:
    return lambda record: _lines(record.agencies_of(role))


def _time_limits(record: ProcedureRecord) -> str:
    limits = [
        f"{method.method.value}: {_time(method)}" for method in record.methods if _time(method)
    ]
    cases = [f"{part.case}: {_period(part.time_limit)}" for part in record.case_time_limits]
    return _lines([*limits, *cases])


def _time(method: Method) -> str:
    # Without an amount the note says the time, if anything does.
    return _period(method.time_limit) if method.time_limit else method.note


def _period(limit: TimeLimit) -> str:
    return f"{_plain(limit.amount)} {limit.unit.value}"


def _fees(record: ProcedureRecord) -> str:
    return _lines(
        f"{method.method.value}: {_fee(fee)}" for method in record.methods for fee in method.fees
    )


def _fee(fee: Fee) -> str:
    amount = "" if fee.amount is None else f"{_plain(fee.amount)} {fee.currency}"
    return f"{fee.kind.value} " + " – ".join(filter(None, (amount, fee.text)))


def _documents(record: ProcedureRecord) -> str:
    return _lines(
        text
        for case in record.dossier
        for text in (case.name and f"[{case.name}]", *map(_document, case.documents))
    )


def _document(document: Document) -> str:
    if document.is_note or not (document.originals or document.copies):
        return document.name
    return f"{document.name} (bản chính: {document.originals}, bản sao: {document.copies})"


def _steps(record: ProcedureRecord) -> str:
    return _lines(": ".join(filter(None, (step.name, step.text))) for step in record.steps)


def _plain(amount: Decimal) -> str:
    """Digits without an exponent: "1E+3" is 1000, "12.50" is 12.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


_COLUMNS: dict[str, Callable[[ProcedureRecord], str]] = {
    "Mã thủ tục": lambda record: record.code,
    "Tên thủ tục": lambda record: record.name,
    "Lĩnh vực": lambda record: record.field,
    "Cấp thực hiện": lambda record: _lines(level.value for level in record.levels),
    "Mức độ trực tuyến": lambda record: record.online_level.value,
    "Mức độ trực tuyến do suy ra": lambda record: "x" if record.online_level_inferred else "",
    "Phi địa giới": lambda record: "x" if record.non_territorial else "",
    "Đối tượng thực hiện": lambda record: _lines(record.subjects),
    "Cơ quan thực hiện": _agencies(AgencyRole.EXECUTING),
    "Cơ quan có thẩm quyền": _agencies(AgencyRole.COMPETENT),
    "Địa chỉ tiếp nhận": lambda record: record.receiving_address,
    "Cách thức thực hiện": lambda record: _lines(m.method.value for m in record.methods),
    "Thời hạn giải quyết": _time_limits,
    "Phí, lệ phí": _fees,
    "Thành phần hồ sơ": _documents,
    "Trình tự thực hiện": _steps,
    "Yêu cầu, điều kiện": lambda record: record.conditions,
    "Kết quả": lambda record: _lines(record.results),
    "Căn cứ pháp lý": lambda record: _lines(basis.number for basis in record.legal_bases),
    "Quyết định công bố": lambda record: record.decision.number,
    "Ngày công bố": lambda record: _day(record.decision.issued_on),
    "Cơ quan công bố": lambda record: record.decision.agency,
    "Được thay bằng": lambda record: _lines(record.replaced_by),
    "Có hiệu lực đến": lambda record: _day(record.effective_to),
    "Dữ liệu đến ngày": lambda record: _day(record.as_of),
    "Nguồn": lambda record: record.source_url,
}
