"""What every file reader gives: records with the fields the file carries, and what it had to refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from procedures_db.record import Agency, AgencyRole, Decision, ProcedureRecord


@dataclass(frozen=True)
class Place:
    """Where in a file something stands; shown to the administrator."""

    file: str  # name without folders; "archive.zip › name" inside an archive
    sheet: str = ""
    row: int = 0  # 1-based row of a sheet or line of a text file; 0: the file as a whole


@dataclass(frozen=True)
class ReadRecord:
    """A procedure as one file states it.

    values: ``ProcedureRecord`` field names → values, only those that this kind of file carries; a
    list file must not wipe the details that it does not know. ``code`` is not among them.
    parts: likewise for ``agencies``, ``decision`` and ``remarks`` where the file carries only a
    part of the field (one role, the number without the date), and for ``as_of`` where it carries no
    details (a list): then the day is that of a new procedure only. They never stand for the whole
    field: ``values_over`` joins them with what is stored.
    """

    code: str
    values: dict[str, Any]
    place: Place
    parts: dict[str, Any] = field(default_factory=dict)

    def values_over(self, old: ProcedureRecord | None) -> dict[str, Any]:
        """All fields to write over ``old``: ``values``, and ``parts`` joined with what is stored."""
        if old is None:
            return {**self.values, **self.parts}
        joined = {name: _JOINS[name](getattr(old, name), part) for name, part in self.parts.items()}
        return {**self.values, **joined}


@dataclass(frozen=True)
class Refused:
    """Something that was not taken; the reason is a Vietnamese sentence."""

    place: Place
    code: str
    reason: str


@dataclass(frozen=True)
class Note:
    """Something that was taken or passed over, and that the administrator should know."""

    place: Place
    text: str


@dataclass
class Reading:
    """All that was read of one file (or of the files of one archive)."""

    records: list[ReadRecord] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def _join_agencies(old: tuple[Agency, ...], part: tuple[Agency, ...]) -> tuple[Agency, ...]:
    """The roles that the part names are replaced, the others stay."""
    stated = {agency.role for agency in part}
    both = [*(agency for agency in old if agency.role not in stated), *part]
    return tuple(sorted(both, key=lambda agency: list(AgencyRole).index(agency.role)))


def _join_decision(old: Decision, part: Decision) -> Decision:
    """Another number is another decision: the old date and agency do not belong to it."""
    if part.number and part.number != old.number:
        return part
    return old.model_copy(update={k: v for k, v in part.model_dump().items() if v})


def _join_remarks(old: tuple[str, ...], part: tuple[str, ...]) -> tuple[str, ...]:
    """A remark replaces the old one with the same label ("Phí, lệ phí: …")."""
    labels = {remark.split(":")[0] for remark in part}
    return (*(remark for remark in old if remark.split(":")[0] not in labels), *part)


_JOINS: dict[str, Callable[[Any, Any], Any]] = {
    "as_of": lambda old, _: old,
    "agencies": _join_agencies,
    "decision": _join_decision,
    "remarks": _join_remarks,
}
