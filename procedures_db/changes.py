"""The one way to change procedures: every change is recorded as a revision in the same transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from procedures_db import contents, procedures, storing
from procedures_db.connection import lock_for_writing
from procedures_db.contents import Packed
from procedures_db.models import ChangeSetRow, RevisionRow
from procedures_db.record import ProcedureRecord


class ChangeKind(str, Enum):
    """Where a change set comes from."""

    IMPORT = "import"  # a file
    EDIT = "edit"  # a person
    UNDO = "undo"  # of another change set
    SYNC = "sync"  # another installation
    SEED = "seed"  # built-in data


class State(str, Enum):
    """Where a procedure, or the next version of it, stands.

    Only PUBLISHED is answered from. Abolished (bãi bỏ) is no state but a fact of the record, with dates
    (``effective_to``, ``replaced_by``): such a procedure stays published and is answered as abolished.
    """

    ABSENT = "absent"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # taken out of the answers by an official


@dataclass(frozen=True)
class Source:
    """The file that changes come from."""

    name: str = ""
    sha256: str = ""

    @classmethod
    def of(cls, path: Path) -> Source:
        """Name and hash of a file. Raises OSError."""
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return cls(path.name, digest.hexdigest())


@dataclass(frozen=True)
class Change:
    """One procedure before and after; None: there was, or is, nothing.

    ``public``: it concerns the version that is answered from (or withdrawn), not a draft beside it.
    """

    code: str
    old: ProcedureRecord | None
    new: ProcedureRecord | None
    before: State
    after: State
    public: bool = True

    @cached_property
    def packed_old(self) -> Packed | None:
        return contents.pack(self.old) if self.old else None

    @cached_property
    def packed_new(self) -> Packed | None:
        return contents.pack(self.new) if self.new else None


@dataclass(frozen=True)
class ChangeSet:
    """Changes made together. ``at`` is UTC; ``undoes``: the id of the change set that it takes back."""

    id: int
    kind: ChangeKind
    actor: str
    at: datetime
    source: Source = Source()
    note: str = ""
    undoes: int | None = None


def record(
    session: Session,
    changes: Iterable[Change],
    *,
    kind: ChangeKind,
    actor: str,
    source: Source = Source(),
    note: str = "",
    undoes: int | None = None,
) -> ChangeSet:
    """Make the changes and write them into the history; all in the session's transaction.

    Each code may come once. Drafts' own rows are ``editing``'s. Raises ValueError if nobody is named,
    DatabaseBusy.
    """
    actor = actor.strip()
    if not 0 < len(actor) <= 200:
        raise ValueError("a change needs the name of who made it, 200 characters at most")
    lock_for_writing(session)
    values: dict[str, Any] = {
        "kind": kind.value,
        "actor": actor,
        "at": datetime.now(timezone.utc),
        "source_name": source.name,
        "source_sha256": source.sha256,
        "note": note.strip(),
        "undoes": undoes,
    }
    (number,) = session.execute(insert(ChangeSetRow.__table__).values(values)).inserted_primary_key
    public = False
    for batch in storing.batches(changes):
        _record_batch(session, number, batch)
        public = public or any(change.public for change in batch)
    if public:
        procedures.bump_data_version(session)
    return ChangeSet(number, kind, actor, values["at"], source, values["note"], undoes)


def latest_numbers(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Return code → number of its latest revision, for those that have one."""
    found: dict[str, int] = {}
    for batch in storing.batches(codes):
        statement = (
            select(RevisionRow.code, func.max(RevisionRow.number))
            .where(RevisionRow.code.in_(batch))
            .group_by(RevisionRow.code)
        )
        found.update((code, number) for code, number in session.execute(statement))
    return found


def _record_batch(session: Session, change_set_id: int, batch: list[Change]) -> None:
    numbers = latest_numbers(session, [change.code for change in batch])
    rows, packed = [], []
    for change in batch:
        old, new = change.packed_old, change.packed_new
        packed += [one for one in (old, new) if one]
        rows.append(
            {
                "change_set_id": change_set_id,
                "code": change.code,
                "number": numbers.get(change.code, 0) + 1,
                "public": change.public,
                "state_before": change.before.value,
                "state_after": change.after.value,
                "old_content": old and old.key,
                "old_as_of": old and old.as_of,
                "new_content": new and new.key,
                "new_as_of": new and new.as_of,
            }
        )
    contents.keep(session, packed)
    session.connection().execute(insert(RevisionRow.__table__), rows)
    _make(session, [change for change in batch if change.public])


def _make(session: Session, changes: list[Change]) -> None:
    storing.remove(session, [change.code for change in changes if change.new is None])
    for state in (State.PUBLISHED, State.WITHDRAWN):
        records = [change.new for change in changes if change.new and change.after is state]
        storing.store(session, records, state=state.value)
