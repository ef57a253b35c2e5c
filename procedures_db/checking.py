"""Turn values from files and forms into a record, or say in Vietnamese what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from procedures_db.describing import LABELS, PART_LABELS, VIETNAM
from procedures_db.record import ProcedureRecord, portal_url

# What officials write here and files of the portal do not carry: an empty value in a file wipes none.
LOCAL_FIELDS = ("summary", "aliases", "replaced_by", "effective_from", "effective_to")

# pydantic's kinds of error → what to tell; the names in braces are pydantic's own context.
_REASONS = {
    "missing": "còn thiếu",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá {max_length} ký tự",
    "string_type": "phải là chữ",
    "string_unicode": "có ký tự hỏng",
    "enum": "phải là một trong: {expected}",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "decimal_type": "phải là số",
    "decimal_parsing": "phải là số",
    "decimal_max_digits": "có quá {max_digits} chữ số",
    "finite_number": "phải là số",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "bool_parsing": "phải là có hoặc không",
    "extra_forbidden": "là trường không biết",
    "value_error": "{error}",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. path: ``methods.0.fees.1.amount``; label and reason are Vietnamese."""

    path: str
    label: str
    reason: str


class InvalidRecord(ValueError):
    """Values that make no record; ``problems`` names each, the message joins them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{one.label} {one.reason}" for one in problems))

    @classmethod
    def of(cls, error: ValidationError) -> InvalidRecord:
        """The same in Vietnamese."""
        return cls([_problem(dict(one)) for one in error.errors()])


def today() -> date:
    """The day it is in Viet Nam."""
    return datetime.now(VIETNAM).date()


def completed(
    code: str, old: ProcedureRecord | None, values: Mapping[str, Any], *, as_of: date | None = None
) -> ProcedureRecord:
    """Return ``old`` with ``values`` (field names → values) put in; the other fields stay.

    A new procedure gets the portal's address, and ``as_of`` or today, where the values have none.
    Raises InvalidRecord.
    """
    base = {name: getattr(old, name) for name in ProcedureRecord.model_fields} if old else {}
    if not old:
        base = {"as_of": as_of or today(), "source_url": portal_url(code)}
    return checked({**base, **values, "code": code})


def checked(values: Mapping[str, Any]) -> ProcedureRecord:
    """Return the record that the values make. Raises InvalidRecord."""
    try:
        record = ProcedureRecord.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidRecord.of(error) from error
    if "\\u0000" in record.model_dump_json():  # PostgreSQL keeps no NUL
        with_nul = [path for path, text in _texts(record, ()) if "\x00" in text]
        problems = [Problem(path, _label(path.split(".")), "có ký tự NUL") for path in with_nul]
        if problems:
            raise InvalidRecord(problems)
    return record


def _problem(error: dict[str, Any]) -> Problem:
    place = [str(part) for part in error["loc"]]
    reason = _REASONS.get(error["type"], "không hợp lệ")
    if error["type"].startswith("date"):
        reason = "phải là ngày"
    return Problem(".".join(place), _label(place), reason.format(**error.get("ctx", {})))


def _label(place: list[str]) -> str:
    """("methods", "0", "fees") → "Cách thức thực hiện › dòng 1 › phí, lệ phí"."""
    first, *rest = place
    names = [f"dòng {int(one) + 1}" if one.isdigit() else PART_LABELS.get(one, one) for one in rest]
    return " › ".join([LABELS.get(first, first), *names])


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield ".".join(path), value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            yield from _texts(part, (*path, str(position)))
