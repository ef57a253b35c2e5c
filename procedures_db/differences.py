"""What differs between two versions of a procedure, field by field, in words for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from rapidfuzz import fuzz

from procedures_db.describing import LABELS, PART_LABELS, as_text
from procedures_db.record import (
    Agency,
    CaseTimeLimit,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    ProcedureRecord,
    Step,
)

_ALIKE = 60  # of 100: from here on a row counts as changed, below as one removed and one added
_COMPARED = 400  # characters that decide whether two rows are alike
_NAME = 80  # characters of a row's name in a label


@dataclass(frozen=True)
class FieldChange:
    """One difference. ``old`` "" = added, ``new`` "" = removed.

    path: ``methods[0].fees[1].amount``; indexes count in the new version, in the old one for what
    was removed. label: "Cách thức thực hiện › trực tuyến › phí, lệ phí › mức".
    """

    path: str
    label: str
    old: str
    new: str

    def brief(self, limit: int = 160) -> tuple[str, str]:
        """Return old and new cut to about ``limit`` characters around the first difference."""
        start = next(
            (i for i, (a, b) in enumerate(zip(self.old, self.new, strict=False)) if a != b),
            min(len(self.old), len(self.new)),
        )
        start = max(0, min(start - limit // 3, max(len(self.old), len(self.new)) - limit))
        return _cut(self.old, start, limit), _cut(self.new, start, limit)


def differences(old: ProcedureRecord | None, new: ProcedureRecord | None) -> list[FieldChange]:
    """Return what differs, in the order of the form; empty only for equal versions.

    Rows are matched, not counted: a paper moved or reworded is one change, not twenty. None stands
    for a procedure that does not exist: each field that the other one states is a change.
    """
    if old is None or new is None:
        return _all_of(old, "old") if old else _all_of(new, "new") if new else []
    return list(_in_model(old, new, "", ""))


def changed_fields(old: ProcedureRecord | None, new: ProcedureRecord | None) -> set[str]:
    """Names of the record's own fields that differ: {"methods", "name"}; against None: those stated."""
    if old is None or new is None:
        return {change.path for change in differences(old, new)}
    return {
        name for name in ProcedureRecord.model_fields if getattr(old, name) != getattr(new, name)
    }


def _all_of(record: ProcedureRecord, side: str) -> list[FieldChange]:
    blank = {"old": "", "new": ""}
    return [
        FieldChange(name, LABELS[name], **{**blank, side: as_text(getattr(record, name))})
        for name, field in ProcedureRecord.model_fields.items()
        if getattr(record, name) != field.default
    ]


def _in_model(old: BaseModel, new: BaseModel, path: str, label: str) -> Iterator[FieldChange]:
    for name in type(new).model_fields:
        own = PART_LABELS[name] if path else LABELS[name]
        yield from _in_value(
            getattr(old, name),
            getattr(new, name),
            f"{path}.{name}" if path else name,
            f"{label} › {own}" if label else own,
        )


def _in_value(old: Any, new: Any, path: str, label: str) -> Iterator[FieldChange]:
    if old == new:
        return
    if isinstance(old, tuple) and isinstance(new, tuple):
        yield from _in_rows(old, new, path, label)
    elif isinstance(old, BaseModel) and isinstance(new, BaseModel) and _is_nested(new):
        yield from _in_model(old, new, path, label)
    else:
        yield FieldChange(path, label, *_told_apart(old, new))


def _is_nested(value: BaseModel) -> bool:
    """Whether its fields are told one by one; a time limit or a decision is told as a whole."""
    return type(value) in _KEYS


def _in_rows(
    old: Sequence[Any], new: Sequence[Any], path: str, label: str
) -> Iterator[FieldChange]:
    pairs = _match(old, new)
    for i, j in pairs:
        if i is None and j is not None:
            yield FieldChange(f"{path}[{j}]", label, "", _told(new[j]))
        elif i is not None and j is None:
            yield FieldChange(f"{path}[{i}]", label, _told(old[i]), "")
        elif i is not None and j is not None:
            name = _row_name(new[j], j)
            inner = f"{label} › {name}" if name else label
            yield from _in_value(old[i], new[j], f"{path}[{j}]", inner)
    both = sorted((i, j) for i, j in pairs if i is not None and j is not None)
    kept = [j for _, j in both]
    if kept != sorted(kept):
        yield from _in_order([old[i] for i, _ in both], [new[j] for j in sorted(kept)], path, label)


def _in_order(
    old: Sequence[Any], new: Sequence[Any], path: str, label: str
) -> Iterator[FieldChange]:
    """The rows that both versions have, in their orders: by name where the names tell them apart."""
    for name in (lambda position, row: _row_name(row, position), lambda _, row: as_text(row)):
        was, now = (
            "; ".join(name(*one) or as_text(one[1]) for one in enumerate(rows))
            for rows in (old, new)
        )
        if was != now:
            yield FieldChange(path, f"{label} (thứ tự)", was, now)
            return


def _match(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """Pair the rows of two versions: equal ones, then those of one name, then those much alike.

    The pairs come in the order of the new version, with what was removed (j None) at the end.
    """
    left, right = dict(enumerate(old)), dict(enumerate(new))
    pairs: list[tuple[int | None, int | None]] = []

    def take(i: int, j: int) -> None:
        pairs.append((i, j))
        del left[i], right[j]

    for key in (lambda row: row, _key):
        for j in list(right):
            i = next((i for i in left if key(left[i]) == key(right[j])), None)
            if i is not None:
                take(i, j)
    for _, i, j in sorted(_alike(left, right)):
        if i in left and j in right:
            take(i, j)
    pairs += [(None, j) for j in right]
    return sorted(pairs, key=lambda pair: pair[1] or 0) + [(i, None) for i in left]


def _alike(left: dict[int, Any], right: dict[int, Any]) -> list[tuple[float, int, int]]:
    texts = {i: as_text(row)[:_COMPARED] for i, row in left.items() if _may_be_reworded(row)}
    others = {j: as_text(row)[:_COMPARED] for j, row in right.items() if _may_be_reworded(row)}
    scores = (
        (-fuzz.ratio(text, other), i, j) for i, text in texts.items() for j, other in others.items()
    )
    return [scored for scored in scores if -scored[0] >= _ALIKE]


def _may_be_reworded(row: Any) -> bool:
    return isinstance(row, (Document, DossierCase, Step, CaseTimeLimit, Fee))


# What makes two rows the same thing although something in them differs.
_KEYS: dict[type, Any] = {
    Agency: lambda agency: (agency.role, agency.name),
    CaseTimeLimit: lambda part: part.case,
    Document: lambda document: document.name,
    DossierCase: lambda case: case.name,
    Fee: lambda fee: (fee.kind, fee.text),
    LegalBasis: lambda basis: basis.number or basis.title,
    Method: lambda method: method.method,
    Step: lambda step: step.name or step.text,
}


def _key(row: Any) -> Any:
    return _KEYS[type(row)](row) if type(row) in _KEYS else row


def _row_name(row: Any, position: int) -> str:
    """What the row is called in a label; "" where the whole row is shown anyway."""
    if isinstance(row, Step):
        return row.name[:_NAME] or f"bước {position + 1}"
    if isinstance(row, Fee):
        return _cut(" ".join(filter(None, [row.kind.value, row.text])), 0, _NAME)
    if isinstance(row, Method):
        return row.method.value
    name = (
        str(_key(row))
        if isinstance(row, (CaseTimeLimit, Document, DossierCase, LegalBasis))
        else ""
    )
    return _cut(name.replace("\n", " "), 0, _NAME)


def _told(row: Any) -> str:
    return as_text(row) or "(để trống)"


def _told_apart(old: Any, new: Any) -> tuple[str, str]:
    """Both as text; where the words would be the same (1.0 and 1) exactly as they are kept."""
    texts = as_text(old), as_text(new)
    return texts if texts[0] != texts[1] else (repr(old), repr(new))


def _cut(text: str, start: int, limit: int) -> str:
    piece = text[start : start + limit]
    return f"{'… ' if start and piece else ''}{piece}{' …' if len(text) > start + limit else ''}"
