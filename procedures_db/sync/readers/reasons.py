"""Say in Vietnamese why a record was refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from procedures_db.record import ProcedureRecord
from procedures_db.sync.reading import Place, ReadRecord

_LONGEST = 300

LABELS = {
    "code": "mã thủ tục", "name": "tên thủ tục", "field": "lĩnh vực", "summary": "tóm tắt",
    "kind": "loại thủ tục", "levels": "cấp thực hiện", "online_level": "mức trực tuyến",
    "subjects": "đối tượng thực hiện", "agencies": "cơ quan", "receiving_address": "nơi tiếp nhận",
    "methods": "cách thức thực hiện", "case_time_limits": "thời hạn theo trường hợp",
    "dossier": "thành phần hồ sơ", "steps": "trình tự thực hiện", "conditions": "yêu cầu, điều kiện",
    "remarks": "lưu ý", "results": "kết quả", "legal_bases": "căn cứ pháp lý",
    "decision": "quyết định công bố", "keywords": "từ khóa", "aliases": "tên gọi khác",
    "replaced_by": "thay bằng", "effective_to": "hiệu lực đến", "as_of": "dữ liệu đến ngày",
    "source_url": "đường dẫn",
}  # fmt: skip

# Parts of a record are checked by themselves: name of the model → the field that it is a part of.
_PARTS = {
    "Decision": "decision", "LegalBasis": "legal_bases", "Document": "dossier", "Agency": "agencies",
    "Fee": "methods", "TimeLimit": "methods", "Method": "methods", "Step": "steps",
}  # fmt: skip

# pydantic's error type → what is wrong; {…} are the facts that pydantic gives with it.
_PROBLEMS = {
    "string_too_short": "để trống",
    "string_too_long": "dài quá {max_length} ký tự",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "không được nhỏ hơn {ge}",
    "less_than_equal": "không được lớn hơn {le}",
    "decimal_max_digits": "có quá {max_digits} chữ số",
    "string_unicode": "có ký tự hỏng",
    "value_error": "{error}",
}


def reason(error: Exception) -> str:
    """One line for the administrator: which field, and what is wrong with it."""
    if isinstance(error, ValidationError):
        return "; ".join(_problem(entry, error.title) for entry in error.errors()[:3])[:_LONGEST]
    if isinstance(error, KeyError):
        return f"thiếu hoặc lạ: {error}"
    return " ".join(str(error).split())[:_LONGEST]


def _problem(entry: Any, model: str) -> str:
    field = _PARTS.get(model) or str(next(iter(entry["loc"]), ""))
    label = LABELS.get(field, "bản ghi")
    known = _PROBLEMS.get(entry["type"])
    text = known.format(**entry.get("ctx", {})) if known else "giá trị không dùng được"
    given = " ".join(str(entry["input"]).split())[:60]
    return f"{label}: {text}" + (
        f" ({given!r})" if given and isinstance(entry["input"], str) else ""
    )


def checked(
    code: str, values: dict[str, Any], place: Place, parts: dict[str, Any] | None = None
) -> ReadRecord:
    """Return the record once its values are known to fit. Raises pydantic.ValidationError."""
    parts = parts or {}
    needed = {"name": "-", "as_of": date.min}  # what a record must have, if the file lacks it
    record = ProcedureRecord(**{**needed, **values, **parts, "code": code})
    return ReadRecord(
        record.code,
        {name: getattr(record, name) for name in values},
        place,
        {name: getattr(record, name) for name in parts},
    )
