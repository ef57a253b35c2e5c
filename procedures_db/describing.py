"""The parts of a procedure in words that an official reads: labels of the fields, values as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

from procedures_db.record import (
    Agency,
    CaseTimeLimit,
    Decision,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    ProcedureKind,
    Step,
    TimeLimit,
)

VIETNAM = timezone(timedelta(hours=7))

# Labels of the official form where it has the field.
LABELS = {
    "code": "Mã thủ tục",
    "name": "Tên thủ tục",
    "field": "Lĩnh vực",
    "summary": "Tóm tắt",
    "kind": "Loại thủ tục",
    "levels": "Cấp thực hiện",
    "online_level": "Mức trực tuyến",
    "online_level_inferred": "Mức trực tuyến do suy ra",
    "non_territorial": "Phi địa giới",
    "subjects": "Đối tượng thực hiện",
    "agencies": "Cơ quan",
    "receiving_address": "Địa chỉ tiếp nhận hồ sơ",
    "methods": "Cách thức thực hiện",
    "case_time_limits": "Thời hạn theo trường hợp",
    "dossier": "Thành phần hồ sơ",
    "steps": "Trình tự thực hiện",
    "conditions": "Yêu cầu, điều kiện",
    "remarks": "Lưu ý",
    "results": "Kết quả thực hiện",
    "legal_bases": "Căn cứ pháp lý",
    "decision": "Quyết định công bố",
    "keywords": "Từ khóa",
    "aliases": "Tên gọi khác",
    "replaced_by": "Thay bằng",
    "effective_from": "Hiệu lực từ ngày",
    "effective_to": "Hiệu lực đến ngày",
    "as_of": "Dữ liệu đến ngày",
    "source_url": "Liên kết nguồn",
}

PART_LABELS = {
    "method": "hình thức nộp",
    "time_limit": "thời hạn",
    "note": "mô tả",
    "fees": "phí, lệ phí",
    "kind": "loại",
    "amount": "mức",
    "unit": "đơn vị",
    "currency": "tiền tệ",
    "text": "nội dung",
    "case": "trường hợp",
    "name": "tên",
    "originals": "bản chính",
    "copies": "bản sao",
    "forms": "mẫu đơn, tờ khai",
    "is_note": "là ghi chú",
    "documents": "giấy tờ",
    "role": "vai trò",
    "number": "số ký hiệu",
    "title": "trích yếu",
    "issued_on": "ngày ban hành",
    "issuer": "cơ quan ban hành",
    "agency": "cơ quan",
}

STATE_LABELS = {
    "absent": "không có",
    "draft": "bản nháp",
    "in_review": "chờ duyệt",
    "published": "đã công bố",
    "withdrawn": "đã gỡ",
}

_KINDS = {
    ProcedureKind.STANDARD: "thủ tục chung cả nước",
    ProcedureKind.SPECIFIC: "thủ tục riêng của địa phương",
    ProcedureKind.STANDARD_INTERNAL: "thủ tục nội bộ",
}


def as_text(value: object) -> str:
    """Return any value of a record as Vietnamese text; "" for what is not stated.

    A moment is told in the time of Viet Nam: 22/11/2026 15:04.
    """
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, ProcedureKind):
        return _KINDS[value]
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, tuple):
        rows = [as_text(row) for row in value]
        return (
            "\n".join(rows)
            if any("\n" in row or len(row) > 60 for row in rows)
            else "; ".join(rows)
        )
    writer = _WRITERS.get(type(value))
    return writer(value) if writer else str(value)


def number(value: Decimal) -> str:
    """Return 1234567.5 as "1.234.567,5", exactly."""
    whole, _, fraction = f"{value:f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    fraction = fraction.rstrip("0")
    return f"{grouped},{fraction}" if fraction else grouped


def _fee(fee: Fee) -> str:
    amount = ""
    if fee.amount is not None:
        unit = "đồng" if fee.currency == "VND" else fee.currency
        amount = f"{number(fee.amount)} {unit}"
    said = f"({fee.text})" if amount and fee.text else fee.text
    return f"{fee.kind.value}: {_joined([amount, said], ' ')}"


def _time_limit(limit: TimeLimit) -> str:
    return f"{number(limit.amount)} {limit.unit.value}"


def _method(method: Method) -> str:
    fees = "; ".join(_fee(fee) for fee in method.fees)
    stated = _joined([as_text(method.time_limit), fees, method.note], "; ")
    return f"{method.method.value}: {stated}" if stated else method.method.value


def _document(document: Document) -> str:
    if document.is_note:
        return f"{document.name} (ghi chú)"
    counts = f"bản chính: {document.originals}, bản sao: {document.copies}"
    forms = f"mẫu: {', '.join(document.forms)}" if document.forms else ""
    return f"{document.name} ({_joined([counts, forms], '; ')})"


def _case(case: DossierCase) -> str:
    papers = "\n".join(_document(document) for document in case.documents)
    return _joined([case.name and f"Trường hợp: {case.name}", papers], "\n")


def _decision(decision: Decision) -> str:
    day = as_text(decision.issued_on)
    return _joined([decision.number, day and f"ngày {day}", decision.agency], ", ")


def _legal_basis(basis: LegalBasis) -> str:
    return _joined([basis.number, basis.title, as_text(basis.issued_on), basis.issuer], ", ")


def _joined(parts: Iterable[str], separator: str) -> str:
    return separator.join(part for part in parts if part)


_WRITERS: dict[type, Callable[[Any], str]] = {
    Agency: lambda agency: f"{agency.name} ({agency.role.value})",
    CaseTimeLimit: lambda part: f"{part.case}: {_time_limit(part.time_limit)}",
    Decision: _decision,
    Document: _document,
    DossierCase: _case,
    Fee: _fee,
    LegalBasis: _legal_basis,
    Method: _method,
    Step: lambda step: _joined([step.name, step.text], ": "),
    TimeLimit: _time_limit,
}
