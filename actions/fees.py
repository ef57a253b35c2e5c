"""Phí, lệ phí: per submission method, the amount and its conditions together."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from actions import clauses, formatting
from actions.section import Section, clipped
from procedures_db.record import Fee, ProcedureRecord
from procedures_db.wording import Wording

_ABOUT = ("phí", "đồng", "usd")
_MAX_TEXT = 2_600  # characters: conditions decide who pays, little of them may be cut
_AMOUNTS_NAMED = 3  # more amounts than that are said as a range
_SHORT_CONDITION = 200  # characters that stay in brackets behind the amount
_SHORT_UNIT = 30
_SHORT_WORDS = 240  # characters of fees told in words that stand on the first line
_UNTIL = re.compile(r"đến\s+hết\s+(?:ngày\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.IGNORECASE)
_EXEMPT = ("miễn", "giảm", "không thu")


@dataclass(frozen=True)
class _Line:
    """One fee and the methods that it holds for."""

    fee: Fee
    methods: tuple[str, ...]


def fee(record: ProcedureRecord, wording: Wording) -> Section:
    """The amounts in one line, then each with its conditions, then what the notes say of fees."""
    lines = _merged(record)
    said = _detailed(lines, wording)
    notes = _notes(record, wording)
    first = _first(record, lines, wording)
    if len(lines) == 1 and not notes and (_plain(lines[0].fee) or _says_all(record, lines)):
        said = []  # the first line says it all
    rows = [
        {"method": entry.method.value, **one.model_dump(mode="json")}
        for entry in record.methods
        for one in entry.fees
    ]
    return Section(first, clipped([*said, *notes], wording, limit=_MAX_TEXT), {"fees": rows})


def add_expired(section: Section, record: ProcedureRecord, wording: Wording, today: date) -> None:
    """A warning under amounts that the record grants until a day that has passed ("đến hết ngày …")."""
    texts = [
        text for entry in record.methods for text in (entry.note, *(f.text for f in entry.fees))
    ]
    found = {end for text in texts for end in _ends(text) if end < today}
    for end in sorted(found):
        section.lines.append(wording.say("utter_fee_expired", day=formatting.day(end)))


def _ends(text: str) -> Iterable[date]:
    for day, month, year in _UNTIL.findall(text):
        with contextlib.suppress(ValueError):  # "31/02/2025": as published
            yield date(int(year), int(month), int(day))


def short(record: ProcedureRecord, wording: Wording) -> str:
    """The fees in one line, for an overview; empty when the record states none."""
    lines = _merged(record)
    if not lines:
        return ""
    amounts = _amounts(lines, wording)
    if not amounts:
        return wording.say("utter_fee_as_described")
    if all(_plain(line.fee) for line in lines):
        return amounts
    return wording.say("utter_fee_conditions_apply", fee=amounts)


def _merged(record: ProcedureRecord) -> list[_Line]:
    """Equal fees of several methods as one; texts that differ only in their end are equal."""
    found: dict[tuple[object, ...], tuple[Fee, list[str]]] = {}
    for entry in record.methods:
        for one in entry.fees:
            same = (one.kind, one.amount, one.currency, clauses.key(formatting.one_line(one.text)))
            methods = found.setdefault(same, (one, []))[1]
            if entry.method.value not in methods:
                methods.append(entry.method.value)
    lines = [_Line(one, tuple(methods)) for one, methods in found.values()]
    return sorted(lines, key=lambda line: line.fee.amount is None)  # amounts, then words about them


def _first(record: ProcedureRecord, lines: Sequence[_Line], wording: Wording) -> str:
    if not lines:
        return ""
    amounts = _amounts(lines, wording)
    if not amounts and _says_all(record, lines):
        return formatting.fee(lines[0].fee)
    if not amounts:
        return wording.say("utter_fee_first_in_words")
    said = wording.say("utter_fee_first", fee=amounts)
    texts = " ".join(line.fee.text.lower() for line in lines)
    if any(word in texts for word in _EXEMPT):
        return wording.say("utter_fee_first_exempt", fee=said.rstrip("."))
    return said


def _says_all(record: ProcedureRecord, lines: Sequence[_Line]) -> bool:
    """Whether the fee is told in one short text that holds for every submission method."""
    (line, *more) = lines
    methods = {entry.method.value for entry in record.methods}
    is_short = len(formatting.one_line(line.fee.text)) <= _SHORT_WORDS
    return not more and line.fee.amount is None and is_short and methods == set(line.methods)


def _amounts(lines: Sequence[_Line], wording: Wording) -> str:
    """ "20.000 đồng (trực tiếp), 10.000 đồng (trực tuyến)"; many amounts as a range; empty when none."""
    named = [line for line in lines if line.fee.amount is not None]
    merged: dict[str, list[str]] = {}
    for line in named:
        merged.setdefault(_amount(line.fee), []).extend(line.methods)
    if len(merged) <= _AMOUNTS_NAMED:
        return "; ".join(f"{text} ({formatting.listed(m)})" for text, m in merged.items())
    currencies = {line.fee.currency for line in named}
    if len(currencies) > 1:
        return wording.say("utter_fee_many")
    amounts = sorted(line.fee.amount for line in named if line.fee.amount is not None)
    low, high = (formatting.money(a, currencies.copy().pop()) for a in (amounts[0], amounts[-1]))
    return wording.say("utter_fee_range", low=low, high=high)


def _amount(entry: Fee) -> str:
    """The label and amount as recorded, with its unit ("Phí 2.000 đồng/trang")."""
    text = formatting.money(entry.amount, entry.currency) if entry.amount is not None else ""
    return f"{entry.kind.value} {text}{_unit(entry)}"


def _unit(entry: Fee) -> str:
    """The text behind an amount when it is nothing but what the amount is for: "/trang"."""
    unit = formatting.one_line(entry.text)
    return unit if unit.startswith("/") and len(unit) <= _SHORT_UNIT else ""


def _plain(entry: Fee) -> bool:
    """Whether the amount stands without conditions."""
    return entry.amount is not None and formatting.one_line(entry.text) == _unit(entry)


def _detailed(lines: Sequence[_Line], wording: Wording) -> list[str]:
    """A line per fee; long clauses that several fees share come once, below."""
    shared = _shared(lines)
    said = [
        wording.say(
            "utter_fee_line",
            methods=formatting.listed(line.methods),
            fee=_with_own_conditions(line.fee, shared),
        )
        for line in lines
    ]
    below = [
        clause for clause in clauses.grouped(_texts(lines)) if clauses.key(clause[0]) in shared
    ]
    common = [
        wording.say("utter_fee_common", methods=formatting.listed(methods), text=text)
        for methods, text in clauses.by_methods(below)
    ]
    return list(dict.fromkeys([*said, *common]))


def _texts(lines: Iterable[_Line]) -> list[tuple[str, str]]:
    return [(method, line.fee.text) for line in lines for method in line.methods]


def _shared(lines: Sequence[_Line]) -> set[str]:
    """Keys of the clauses that stand under several amounts whose conditions are long."""
    counted = Counter(
        clauses.key(clause)
        for line in lines
        if line.fee.amount is not None and len(line.fee.text) > _SHORT_CONDITION
        for clause in set(clauses.split(line.fee.text))
    )
    return {clause for clause, count in counted.items() if count > 1}


def _with_own_conditions(entry: Fee, shared: set[str]) -> str:
    if entry.amount is None or len(entry.text) <= _SHORT_CONDITION:
        return formatting.fee(entry)
    own = [clause for clause in clauses.split(entry.text) if clauses.key(clause) not in shared]
    return formatting.fee(entry.model_copy(update={"text": " ".join(own)}))


def _notes(record: ProcedureRecord, wording: Wording) -> list[str]:
    """Notes of the submission methods that speak of fees: some records state them only there."""
    pairs = [(m.method.value, m.note) for m in record.methods if _speaks_of_fees(m.note)]
    kept = clauses.about(clauses.grouped(pairs), _ABOUT)
    return [
        wording.say("utter_note_line", methods=formatting.listed(methods), note=text)
        for methods, text in clauses.by_methods(kept)
    ]


def _speaks_of_fees(note: str) -> bool:
    return any(word in note.lower() for word in _ABOUT)
