"""The form of a procedure: its fields, from a record to what stands in them, and back.

What stands in a form ("raw") is text: nested dicts and lists of it, in the shape of the record. Names of
inputs are the paths that ``checking.Problem`` uses: ``methods.0.fees.1.amount``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from procedures_db.describing import LABELS, PART_LABELS, as_text, number
from procedures_db.record import (
    AgencyRole,
    FeeKind,
    GovernmentLevel,
    OnlineLevel,
    ProcedureKind,
    ProcedureRecord,
    SubmissionMethod,
    TimeUnit,
)

ROW = "row"  # stands in every row, so that one with nothing ticked or typed is seen
_GROUPED = re.compile(r"^\d{1,3}(\.\d{3})+(,\d+)?$")
_MOST_ROWS = 1_000


@dataclass(frozen=True)
class Field:
    """One field. kind: text (several lines), line, lines (a list, one a line), number, day, choice,
    choices, flag, group (``parts``), rows (a list of ``parts``), texts (a list of long texts).

    may_lack: a group that is None when its first part is empty.
    """

    name: str
    kind: str
    parts: tuple[Field, ...] = ()
    choices: type[Enum] | None = None
    may_lack: bool = False
    is_required: bool = False
    hint: str = ""

    @property
    def label(self) -> str:
        found = PART_LABELS.get(self.name) or LABELS[self.name]
        return found[0].upper() + found[1:]

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(one.value, as_text(one)) for one in self.choices or ()]


_TIME_LIMIT = (Field("amount", "number"), Field("unit", "choice", choices=TimeUnit))
_FEE = (
    Field("kind", "choice", choices=FeeKind),
    Field("amount", "number", hint="Để trống nếu mức phí chỉ có bằng lời."),
    Field("currency", "line"),
    Field("text", "text"),
)
_DOCUMENT = (
    Field("name", "text", is_required=True),
    Field("originals", "number"),
    Field("copies", "number"),
    Field("forms", "lines"),
    Field("is_note", "flag"),
)

# In the order of the official form. The code is no field: it names the procedure.
FIELDS = (
    Field("name", "text", is_required=True),
    Field("field", "line"),
    Field("aliases", "lines", hint="Tên người dân quen gọi, mỗi dòng một tên."),
    Field("keywords", "lines"),
    Field("summary", "text"),
    Field("kind", "choice", choices=ProcedureKind),
    Field("levels", "choices", choices=GovernmentLevel),
    Field("online_level", "choice", choices=OnlineLevel),
    Field("online_level_inferred", "flag"),
    Field("non_territorial", "flag"),
    Field("subjects", "lines"),
    Field("agencies", "rows", (Field("role", "choice", choices=AgencyRole), Field("name", "text", is_required=True))),
    Field("receiving_address", "text"),
    Field(
        "methods",
        "rows",
        (
            Field("method", "choice", choices=SubmissionMethod),
            Field("time_limit", "group", _TIME_LIMIT, may_lack=True),
            Field("note", "text"),
            Field("fees", "rows", _FEE),
        ),
    ),
    Field("case_time_limits", "rows", (Field("case", "text"), Field("time_limit", "group", _TIME_LIMIT))),
    Field("dossier", "rows", (Field("name", "text"), Field("documents", "rows", _DOCUMENT))),
    Field("steps", "rows", (Field("name", "text"), Field("text", "text"))),
    Field("conditions", "text"),
    Field("remarks", "texts"),
    Field("results", "lines"),
    Field(
        "legal_bases",
        "rows",
        (Field("number", "line"), Field("title", "text"), Field("issued_on", "day"), Field("issuer", "text")),
    ),
    Field(
        "decision", "group", (Field("number", "line"), Field("issued_on", "day"), Field("agency", "line")),
    ),
    Field("replaced_by", "lines", hint="Mã các thủ tục thay thế, mỗi dòng một mã."),
    Field("effective_from", "day"),
    Field("effective_to", "day"),
    Field("as_of", "day", is_required=True),
    Field("source_url", "line"),
)  # fmt: skip


def raw_of(record: ProcedureRecord) -> dict[str, Any]:
    """What stands in the form of a record."""
    return {field.name: _raw(field, getattr(record, field.name)) for field in FIELDS}


def blank(field: Field) -> Any:
    """What stands in a field, or a new row of one, that nobody has filled in."""
    if field.kind in ("group",):
        return {part.name: blank(part) for part in field.parts}
    if field.kind in ("rows", "texts", "choices"):
        return []
    if field.kind == "choice":
        assert field.choices is not None
        return next(iter(field.choices)).value
    return "VND" if field.name == "currency" else ""


def new_row(field: Field) -> Any:
    """A row to fill in."""
    return "" if field.kind == "texts" else {part.name: blank(part) for part in field.parts}


def posted(form: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the form that a browser sent; a field that it did not send is left out."""
    tree = _tree(form)
    return {field.name: _posted(field, tree.get(field.name)) for field in FIELDS if f"seen.{field.name}" in form}  # fmt: skip


def values_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values for ``editing.save_draft``; what is no number or day stays text and is refused there."""
    return {field.name: _value(field, raw[field.name]) for field in FIELDS if field.name in raw}


def mark(raw: Any) -> str:
    """A short mark of what stands in a field: tells whether somebody has changed it."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16]


def field_at(path: str) -> Field:
    """The field of a path: ``methods.0.fees``. Raises KeyError."""
    names = [part for part in path.split(".") if not part.isdigit()]
    parts: tuple[Field, ...] = FIELDS
    found: Field | None = None
    for name in names:
        found = next((one for one in parts if one.name == name), None)
        if found is None:
            break
        parts = found.parts
    if found is None:
        raise KeyError(path)
    return found


def rows_at(raw: dict[str, Any], path: str) -> list[Any]:
    """The list of rows that a path names, to be changed in place. Raises KeyError."""
    here: Any = raw
    try:
        for part in path.split("."):
            here = here[int(part)] if part.isdigit() else here[part]
    except (IndexError, TypeError) as error:
        raise KeyError(path) from error
    if not isinstance(here, list):
        raise KeyError(path)
    return here


def _raw(field: Field, value: Any) -> Any:
    if field.kind == "rows":
        return [{part.name: _raw(part, getattr(row, part.name)) for part in field.parts} for row in value]  # fmt: skip
    if field.kind == "group":
        if value is None:
            return {part.name: blank(part) for part in field.parts}
        return {part.name: _raw(part, getattr(value, part.name)) for part in field.parts}
    if field.kind == "texts":
        return [_typed(text) for text in value]
    if field.kind == "choices":
        return [one.value for one in value]
    if field.kind == "lines":
        return "\n".join(_typed(text) for text in value)
    if field.kind == "flag":
        return "1" if value else ""
    return _raw_scalar(value)


def _raw_scalar(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal | int):
        return number(Decimal(value))
    if isinstance(value, date):
        return value.isoformat()
    return _typed(value or "")


def _typed(text: str) -> str:
    """As a browser sends it back: one kind of line end, none before or after."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _tree(form: Mapping[str, Any]) -> dict[str, Any]:
    """``{"a.0.b": "x"}`` → ``{"a": {"0": {"b": "x"}}}``."""
    tree: dict[str, Any] = {}
    for name in form:
        if name.startswith("seen.") or not isinstance(form[name], str):
            continue
        *above, last = name.split(".")
        here = tree
        for part in above:
            here = here.setdefault(part, {})
            if not isinstance(here, dict):
                break
        else:
            values = form.getlist(name) if hasattr(form, "getlist") else [form[name]]
            here[last] = values
    return tree


def _posted(field: Field, given: Any) -> Any:
    below = given if isinstance(given, dict) else {}
    if field.kind in ("rows", "texts"):
        order = sorted((key for key in below if key.isdigit()), key=int)[:_MOST_ROWS]
        if field.kind == "texts":
            return [_typed(_first(below[key])) for key in order]
        return [_posted_parts(field, below[key]) for key in order if isinstance(below[key], dict)]
    if field.kind == "group":
        return _posted_parts(field, below)
    if field.kind == "choices":
        sent = given if isinstance(given, list) else []
        return [value for value, _ in field.options if value in sent]
    if field.kind == "lines":
        return "\n".join(line.strip() for line in _typed(_first(given)).split("\n") if line.strip())
    return _typed(_first(given))


def _posted_parts(field: Field, below: dict[str, Any]) -> dict[str, Any]:
    return {part.name: _posted(part, below.get(part.name)) for part in field.parts}


def _first(given: Any) -> str:
    return given[0] if isinstance(given, list) and given else ""


def _value(field: Field, raw: Any) -> Any:
    if field.kind == "rows":
        return tuple(_parts_value(field, row) for row in raw)
    if field.kind == "group":
        is_empty = field.may_lack and not raw[field.parts[0].name]
        return None if is_empty else _parts_value(field, raw)
    if field.kind in ("texts", "choices"):
        return tuple(one for one in raw if one)
    if field.kind == "lines":
        return tuple(raw.split("\n")) if raw else ()
    if field.kind == "flag":
        return bool(raw)
    if field.kind == "number":
        return _number(field, raw)
    if field.kind == "day":
        return raw or None
    return raw


def _parts_value(field: Field, raw: Mapping[str, Any]) -> dict[str, Any]:
    return {part.name: _value(part, raw[part.name]) for part in field.parts}


def _number(field: Field, raw: str) -> Any:
    """ "10.000" is ten thousand, "0,5" is a half, as Vietnamese write; "" is none, or no paper at all."""
    text = re.sub(r"\s|đồng|đ$", "", raw)
    if not text:
        return 0 if field.name in ("originals", "copies") else None
    if _GROUPED.match(text):
        text = text.replace(".", "")
    return text.replace(",", ".")
