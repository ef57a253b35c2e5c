"""Make the fields of a procedure from the cells of one row of a list."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from procedures_db.record import (
    AgencyRole,
    Decision,
    Document,
    DossierCase,
    LegalBasis,
    Method,
    OnlineLevel,
    Step,
)
from procedures_db.sync.column_mapping import FIELDS
from procedures_db.sync.official_text import is_note, one_line, paper_name, stated
from procedures_db.sync.readers import cells
from procedures_db.sync.readers.cells import Value
from procedures_db.sync.readers.fees import read_fees
from procedures_db.sync.readers.table import Row, is_blank

T = TypeVar("T")
_ROLES = {
    "executing": AgencyRole.EXECUTING, "competent": AgencyRole.COMPETENT,
    "authorized": AgencyRole.AUTHORIZED, "coordinating": AgencyRole.COORDINATING,
}  # fmt: skip
_LEGAL_NUMBER = re.compile(r"\d+(?:\.\d+)?/\d{4}/[A-ZĐ][\w-]*")
_ENDED = re.compile(r"bãi bỏ|hết hiệu lực|hủy|huỷ|ngừng|thay thế|không còn|hết hạn", re.IGNORECASE)


def values_of(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return (values, parts) of a row; a blank cell states nothing. Raises ValueError."""
    _refuse_ended(row["status"])
    values = {name: _column(row, name, read) for name, read in _SIMPLE.items()}
    values = {**values, **_online_level(row), **_methods(row)}
    return {name: value for name, value in values.items() if value not in ("", (), None)}, _parts(
        row
    )


def _column(row: Row, name: str, read: Callable[[Value], T]) -> T:
    """Read one column; its error names the column."""
    try:
        return read(row[name])
    except ValueError as error:
        raise ValueError(f"cột {FIELDS[name][0]}: {error}") from error


def _refuse_ended(status: Value) -> None:
    given = _line(status)
    if _ENDED.search(given):
        raise ValueError(f"trạng thái là “{given}”: không nạp thủ tục không còn hiệu lực")


def _line(value: Value) -> str:
    return one_line(cells.text(value))


def _stated(value: Value) -> str:
    return stated(cells.text(value))


def _name(value: Value) -> str:
    name = _line(value)
    if cells.is_code(name):
        raise ValueError(f"chứa mã chứ không phải tên: “{name}”")
    return name


def _documents(value: Value) -> tuple[DossierCase, ...]:
    papers = (paper_name(line) for line in _stated(value).splitlines())
    found = tuple(Document(name=name, is_note=is_note(name)) for name in papers if name)
    return (DossierCase(documents=found),) if found else ()


def _steps(value: Value) -> tuple[Step, ...]:
    given = _stated(value)
    return (Step(text=given),) if given else ()


def _legal_bases(value: Value) -> tuple[LegalBasis, ...]:
    found = ((_LEGAL_NUMBER.search(title), title) for title in cells.names(value))
    return tuple(LegalBasis(number=m.group() if m else "", title=t) for m, t in found)


def _several(value: Value) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for line in cells.names(value) for name in cells.listed(line)))


_SIMPLE: dict[str, Callable[[Value], Any]] = {
    "name": _name,
    "field": lambda value: one_line(_stated(value)),
    "summary": cells.text,
    "levels": cells.levels,
    "subjects": _several,
    "receiving_address": _stated,
    "dossier": _documents,
    "steps": _steps,
    "conditions": _stated,
    "results": cells.names,
    "legal_bases": _legal_bases,
    "keywords": lambda value: tuple(
        word for line in cells.names(value) for word in map(one_line, line.split(",")) if word
    ),
    "aliases": cells.names,
    "replaced_by": lambda value: tuple(
        cells.code(part) for part in re.split(r"[;,\s]+", cells.text(value)) if part
    ),
    "effective_from": cells.day,
    "effective_to": cells.day,
    "source_url": cells.link,
}


def _online_level(row: Row) -> dict[str, Any]:
    found = _column(row, "online_level", cells.online_level)
    full = _column(row, "online_full", cells.ticked)
    partial = _column(row, "online_partial", cells.ticked)
    if full and partial:
        raise ValueError("đánh dấu cả toàn trình lẫn một phần")
    if full or partial:
        found = (OnlineLevel.FULL if full else OnlineLevel.PARTIAL, False)
    return {"online_level": found[0], "online_level_inferred": found[1]} if found else {}


def _methods(row: Row) -> dict[str, Any]:
    """Time and fees belong to a way to submit: without that column they become remarks (``_parts``)."""
    limit, words = _column(row, "time_limit", cells.period)
    fees = _column(row, "fee", read_fees)
    ways = _column(row, "methods", cells.methods)
    return {
        "methods": tuple(Method(method=w, time_limit=limit, note=words, fees=fees) for w in ways)
    }


def _parts(row: Row) -> dict[str, Any]:
    agencies = tuple(
        agency
        for name, role in _ROLES.items()
        for agency in _column(row, name, partial(cells.agencies, role=role))
    )
    parts = {"agencies": agencies, "decision": _decision(row), "remarks": _remarks(row)}
    return {name: part for name, part in parts.items() if part not in ((), Decision())}


def _decision(row: Row) -> Decision:
    """Publishing decision, as far as the row states it."""
    return Decision(
        number=_column(row, "decision_number", _line),
        issued_on=_column(row, "decision_date", cells.day),
        agency=_column(row, "decision_agency", _line),
    )


def _remarks(row: Row) -> tuple[str, ...]:
    found = list(_column(row, "remarks", cells.names))
    if is_blank(row["methods"]):
        for name in ("time_limit", "fee"):
            given = _column(row, name, _stated)
            if given and given != "0":
                found.append(f"{FIELDS[name][0]}: {given}")
    return tuple(found)
