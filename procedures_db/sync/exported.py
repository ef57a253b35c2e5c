"""The form in which motcua publishes and exports procedures, one JSON object each: written and read.

``{"schema_version": 1, "code": "1.001193", "name": …}``: a ``ProcedureRecord`` without its defaults.
A procedure that was withdrawn is ``{"schema_version": 1, "code": …, "withdrawn_at": "2026-11-22T08:30:00Z"}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from procedures_db.record import Code, ProcedureRecord, as_json

SCHEMA_VERSION = 1  # rises with every change of ProcedureRecord's form

# PostgreSQL keeps no NUL; half of a surrogate pair, which JSON can spell, is no UTF-8.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class NotExported(ValueError):
    """The object is none that motcua published."""


class WrongSchemaVersion(ValueError):
    """The object was written by another version of motcua, in a form that this one does not know."""


class Unstorable(ValueError):
    """A text holds a NUL or half of a surrogate pair."""


class PublishedProcedure(ProcedureRecord):
    """A procedure as published: fields that are left out have their defaults, "not stated"."""

    schema_version: Literal[1]


class Withdrawn(BaseModel):
    """A procedure that is published no more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    code: Code
    name: str = ""
    replaced_by: tuple[Code, ...] = ()
    withdrawn_at: datetime


def exported_object(record: ProcedureRecord) -> dict[str, Any]:
    """The JSON-ready object of a record; ``read_exported_object`` gives the record back."""
    return {"schema_version": SCHEMA_VERSION, **as_json(record)}


def is_exported_object(obj: object) -> bool:
    """Whether this looks like an object of this form, of whatever version."""
    return isinstance(obj, dict) and "schema_version" in obj


def read_exported_object(obj: object) -> ProcedureRecord:
    """Return the record. Raises NotExported, WrongSchemaVersion, pydantic.ValidationError."""
    return ProcedureRecord.model_validate(_content(obj))


def read_exported_change(obj: object) -> ProcedureRecord | Withdrawn:
    """As ``read_exported_object``, for lists of changes, which name what was withdrawn too."""
    content = _content(obj)
    if "withdrawn_at" in content:
        return Withdrawn.model_validate(content)
    return ProcedureRecord.model_validate(content)


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one object."""
    adapter: TypeAdapter[Any] = TypeAdapter(PublishedProcedure | Withdrawn)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Thủ tục hành chính",
        **adapter.json_schema(),
    }


def check_schema_version(obj: dict[str, Any]) -> None:
    """Raises WrongSchemaVersion."""
    version = obj.get("schema_version")
    if version is True or version != SCHEMA_VERSION:
        raise WrongSchemaVersion(
            f"dữ liệu theo mẫu phiên bản {str(version)[:20]}, bản motcua này chỉ đọc phiên bản {SCHEMA_VERSION}"
        )


def check_storable(obj: object) -> None:
    """Raises Unstorable if a text in the object holds what no database takes."""
    if any(map(_UNSTORABLE.search, _texts(obj))):
        raise Unstorable("có ký tự không lưu được (NUL hoặc nửa ký tự)")


def _content(obj: object) -> dict[str, Any]:
    if not isinstance(obj, dict) or "schema_version" not in obj:
        raise NotExported("không phải thủ tục do motcua xuất ra")
    check_schema_version(obj)
    check_storable(obj)
    return {name: value for name, value in obj.items() if name != "schema_version"}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
