"""A procedure as an editor opens it: what is stored, what is drafted beside it, and at which version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db import changes, contents, history, models, procedures
from procedures_db.changes import State
from procedures_db.connection import lock_for_writing
from procedures_db.contents import Kept
from procedures_db.describing import LABELS, STATE_LABELS
from procedures_db.differences import changed_fields
from procedures_db.models import DraftRow
from procedures_db.record import ProcedureRecord


class EditedMeanwhile(RuntimeError):
    """Somebody else has changed the procedure since; nothing was written.

    by, at (UTC): the latest change. fields: labels of what has changed since the version expected.
    """

    def __init__(self, code: str, by: str, at: datetime, fields: list[str]) -> None:
        self.code, self.by, self.at, self.fields = code, by, at, fields
        what = ", ".join(fields) or "trạng thái"
        super().__init__(f"thủ tục {code} vừa được {by} sửa: {what}")


class WrongState(RuntimeError):
    """What was asked does not fit the state that the procedure or its draft is in."""

    def __init__(self, code: str, state: State) -> None:
        self.code, self.state = code, state
        super().__init__(f"thủ tục {code} đang ở trạng thái “{STATE_LABELS[state]}”")


@dataclass(frozen=True)
class Draft:
    """The next version of a procedure. base: what was published when it was begun (None: nothing)."""

    code: str
    state: State  # DRAFT or IN_REVIEW
    record: ProcedureRecord
    base: ProcedureRecord | None
    author: str  # who saved it last
    updated_at: datetime


@dataclass(frozen=True)
class Opened:
    """A procedure as an editor opens it.

    state: of the stored version: PUBLISHED, WITHDRAWN or ABSENT. current: that version.
    version: name it as ``expected_version`` when saving.
    """

    code: str
    version: int
    state: State
    current: ProcedureRecord | None
    draft: Draft | None

    @property
    def is_outdated(self) -> bool:
        """Whether the stored version has changed since the draft was begun: see ``rebase_draft``."""
        return self.draft is not None and self.draft.base != self.current


def open_procedure(session: Session, code: str) -> Opened:
    """Return what is stored and drafted for a code; an unused code opens as ABSENT, version 0."""
    row = procedures.find_row(session, code)
    draft = session.get(DraftRow, code, populate_existing=True)
    return Opened(
        code=code,
        version=changes.latest_numbers(session, [code]).get(code, 0),
        state=State(row.state) if row else State.ABSENT,
        current=procedures.to_record(row) if row else None,
        draft=_drafts(session, [draft])[0] if draft else None,
    )


def stored(session: Session, codes: Collection[str]) -> dict[str, tuple[State, ProcedureRecord]]:
    """Return code → state and record of those that are stored, withdrawn ones too."""
    table = models.ProcedureRow
    rows = session.execute(select(table).where(table.code.in_(list(codes)))).scalars().all()
    found = {row.code: (State(row.state), procedures.to_record(row)) for row in rows}
    session.expunge_all()  # thousands may be read in one transaction
    return found


def drafts(session: Session, *, state: State | None = None) -> list[Draft]:
    """Return all drafts, or those in one state (State.IN_REVIEW: to be reviewed), oldest first."""
    statement = select(DraftRow).order_by(DraftRow.updated_at)
    if state:
        statement = statement.where(DraftRow.state == state.value)
    return _drafts(session, session.execute(statement).scalars().all())


def open_at(session: Session, code: str, expected_version: int) -> Opened:
    """Open for writing what the editor saw. Raises EditedMeanwhile, DatabaseBusy."""
    lock_for_writing(session)
    opened = open_procedure(session, code)
    if opened.version != expected_version:
        raise edited_meanwhile(session, code, _changed_since(session, opened, expected_version))
    return opened


def open_stored(session: Session, code: str, expected_version: int, state: State) -> Opened:
    """``open_at``; raises WrongState unless the stored version is in that state."""
    opened = open_at(session, code, expected_version)
    if opened.state is not state:
        raise WrongState(code, opened.state)
    return opened


def open_draft(
    session: Session, code: str, expected_version: int, *states: State
) -> tuple[Opened, Draft]:
    """``open_at`` and the draft; raises WrongState unless there is one in one of the states."""
    opened = open_at(session, code, expected_version)
    if opened.draft is None or opened.draft.state not in states:
        raise WrongState(code, opened.draft.state if opened.draft else opened.state)
    return opened, opened.draft


def edited_meanwhile(session: Session, code: str, fields: Collection[str]) -> EditedMeanwhile:
    """The error that names the latest change, and these fields by their labels."""
    labels = [label for name, label in LABELS.items() if name in fields]
    latest = history.revisions(session, code, limit=1)
    if not latest:  # a version that never was: a page left open since another database
        return EditedMeanwhile(code, "người khác", datetime.now(timezone.utc), labels)
    return EditedMeanwhile(code, latest[0].change_set.actor, latest[0].change_set.at, labels)


def _changed_since(session: Session, opened: Opened, version: int) -> set[str]:
    base = opened.draft.base if opened.draft else opened.current
    fields: set[str] = set()
    for one in history.revisions(session, opened.code):
        if one.number > version:  # a draft begins as a copy of what is stored
            fields |= changed_fields(one.old if one.old or one.public else base, one.new)
    return fields


def _drafts(session: Session, rows: list[DraftRow]) -> list[Draft]:
    kept = {Kept(row.content, row.as_of) for row in rows}
    kept |= {Kept(row.base_content, row.base_as_of) for row in rows if row.base_content}
    records = contents.fetch(session, kept)
    return [
        Draft(
            code=row.code,
            state=State(row.state),
            record=records[Kept(row.content, row.as_of)],
            base=records[Kept(row.base_content, row.base_as_of)] if row.base_content else None,
            author=row.author,
            updated_at=row.updated_at,
        )
        for row in rows
    ]
