"""What an import would do, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db import models, procedures, storing
from procedures_db.changes import Change, State
from procedures_db.contents import content_hash
from procedures_db.differences import FieldChange, changed_fields, differences
from procedures_db.record import BadCode, ProcedureRecord, national_code
from procedures_db.sync.column_mapping import Chosen
from procedures_db.sync.merging import merge
from procedures_db.sync.reading import Note, Place, Reading, ReadRecord, Refused

OnProgress = Callable[[int], None]
Item = ReadRecord | Refused | Note


@dataclass(frozen=True)
class Planned:
    """One procedure that would be written.

    state: of what is stored; WITHDRAWN stays withdrawn, ABSENT becomes PUBLISHED.
    draft_by: who is writing a draft of it, which will have to be brought up to date; "" = nobody.
    """

    old: ProcedureRecord | None
    new: ProcedureRecord
    state: State
    place: Place
    draft_by: str = ""

    @property
    def code(self) -> str:
        return self.new.code

    @property
    def field_changes(self) -> list[FieldChange]:
        """Field by field, old → new."""
        return differences(self.old, self.new)

    @property
    def only_newer_day(self) -> bool:
        """Whether nothing changes but the day of the data."""
        return self.old is not None and changed_fields(self.old, self.new) == {"as_of"}

    def as_change(self) -> Change:
        after = State.PUBLISHED if self.state is State.ABSENT else self.state
        return Change(self.code, self.old, self.new, self.state, after)


@dataclass
class Preview:
    """New, changed and unchanged procedures, and what is refused, with its place.

    compared: code → what was stored when the preview was made, of every procedure that was read;
    ``applying.apply`` refuses a preview that is no longer true. mapping: the columns that an official
    chose for this file, kept by ``applying.apply`` for the next one.
    """

    new: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    compared: dict[str, str] = field(default_factory=dict, repr=False)
    mapping: Chosen | None = None

    @property
    def planned(self) -> list[Planned]:
        return [*self.new, *self.changed]

    @property
    def fingerprint(self) -> str:
        """Equal for previews that do the same to the same data: lets a console keep a file rather than
        a preview between showing it and applying it."""
        digest = hashlib.sha256()
        for one in sorted(self.planned, key=lambda one: one.code):
            line = f"{one.code} {self.compared[one.code]} {content_hash(one.new)}\n"
            digest.update(line.encode())
        return digest.hexdigest()


def preview(
    session: Session,
    reading: Reading | Iterable[Item],
    *,
    as_of: date | None = None,
    on_progress: OnProgress = lambda done: None,
) -> Preview:
    """Compare what was read with what is stored; writes nothing.

    reading: a Reading, or its records and refusals as they are read, which needs less memory. Of two
    records of one code the second is refused. as_of: the day of the data of new procedures where the
    file does not say (default: today). ``on_progress(done)`` counts the records compared. Raises what
    the reader raises (UnreadableFile …).
    """
    made = Preview()
    places: dict[str, Place] = {}
    for batch in storing.batches(_items(reading)):
        records = []
        for item in batch:
            if isinstance(item, Note):
                made.notes.append(item)
                continue
            taken = item if isinstance(item, Refused) else _accepted(item, places)
            if isinstance(taken, Refused):
                made.refused.append(taken)
            else:
                records.append(taken)
        _compare(session, records, as_of, made)
        on_progress(len(places))
    made.refused.sort(key=lambda one: (one.place.file, one.place.sheet, one.place.row))
    return made


def stored_versions(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return code → state and content hash of those that are stored, withdrawn ones too."""
    table = models.ProcedureRow
    found: dict[str, str] = {}
    for batch in storing.batches(codes):
        statement = select(table.code, table.state, table.content_hash)
        for row in session.execute(statement.where(table.code.in_(batch))):
            found[row.code] = f"{row.state} {row.content_hash}"
    return found


def _items(reading: Reading | Iterable[Item]) -> Iterator[Item]:
    if isinstance(reading, Reading):
        yield from reading.notes
        yield from reading.refused
        yield from reading.records
    else:
        yield from reading


def _accepted(read: ReadRecord, places: dict[str, Place]) -> ReadRecord | Refused:
    try:
        code = national_code(read.code)
    except BadCode as error:
        return Refused(read.place, read.code, str(error))
    first = places.setdefault(code, read.place)
    if first is not read.place:
        return Refused(read.place, code, f"mã {code} đã có ở {_told(first, read.place)}")
    return replace(read, code=code)


def _told(place: Place, seen_from: Place) -> str:
    parts = [f"dòng {place.row}" if place.row else ""]
    parts.append(f"trang {place.sheet}" if place.sheet not in ("", seen_from.sheet) else "")
    parts.append(f"tệp {place.file}" if place.file != seen_from.file else "")
    return ", ".join(filter(None, parts)) or "cùng chỗ"


def _compare(
    session: Session, records: list[ReadRecord], as_of: date | None, made: Preview
) -> None:
    codes = [read.code for read in records]
    rows = {row.code: row for row in _rows(session, models.ProcedureRow, codes)}
    authors = {row.code: row.author for row in _rows(session, models.DraftRow, codes)}
    for read in records:
        row = rows.get(read.code)
        old = procedures.to_record(row) if row else None
        try:
            new = merge(old, read, as_of=as_of)
        except ValueError as error:
            made.refused.append(Refused(read.place, read.code, str(error)))
            continue
        made.compared[read.code] = f"{row.state} {row.content_hash}" if row else ""
        if new == old:
            made.unchanged += 1
            continue
        state = State(row.state) if row else State.ABSENT
        planned = Planned(old, new, state, read.place, authors.get(read.code, ""))
        (made.changed if old else made.new).append(planned)
    session.expunge_all()


def _rows(session: Session, table: type, codes: list[str]) -> list:
    return session.execute(select(table).where(table.code.in_(codes))).scalars().all()  # type: ignore[attr-defined]
