"""Find numbers in an answer that its records do not hold: the sign of an invented fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from procedures_db.record import ProcedureRecord, as_json

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBERING = re.compile(r"^\s*\d{1,2}[.)] ", re.MULTILINE)
_URL = re.compile(r"https?://\S+")


def invented_numbers(
    text: str,
    records: Sequence[ProcedureRecord],
    *,
    estimates: Sequence[str] = (),
    reviewed: Sequence[str] = (),
) -> list[str]:
    """Return the numbers of ``text`` that stand in no field of the records; list numbering aside.

    ``estimates``: dates that the answer declares as computed, passed over only where they stand whole.
    ``reviewed``: texts kept by officials (a term, a question often asked, a plan) that it repeats.
    """
    known: set[str] = set()
    for record in records:
        known.update(_forms(_strings(as_json(record))))
    known.update(_forms(reviewed))
    for estimate in estimates:
        text = text.replace(estimate, " ")
    spoken = _NUMBER.findall(_URL.sub(" ", _NUMBERING.sub("", text)))
    return [number for number in spoken if not _canonical(number) & known]


def estimated_dates(card: Mapping[str, Any]) -> list[str]:
    """The dates, as written, that an answer's card declares as estimates (``time.due``)."""
    due = (card.get("time") or {}).get("due") or {}
    declared = [due.get("filed"), *(entry.get("date") for entry in due.get("dates") or ())]
    return [f"{date.fromisoformat(day):%d/%m/%Y}" for day in declared if day]


def _forms(strings: Iterable[str]) -> Iterable[str]:
    for string in strings:
        for number in _NUMBER.findall(string):
            yield from _canonical(number)
            yield from _canonical_parts(number)


def _canonical(number: str) -> set[str]:
    """20.000 = 20000; 07 = 7; 0,5 = 0.5."""
    return {re.sub(r"[.,]", "", number).lstrip("0") or "0"}


def _canonical_parts(number: str) -> set[str]:
    return {part.lstrip("0") or "0" for part in re.split(r"[.,]", number)}


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
