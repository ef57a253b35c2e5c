"""Procedures changed by officials: drafts, review, publishing, small corrections, going back.

Call everything that writes inside ``transaction(engine, write=True)``. Every such function takes the
``expected_version`` that the editor saw (``Opened.version``) and the ``actor``'s name, and returns the
new version; it raises EditedMeanwhile if the procedure or its draft has changed since, so that nobody
overwrites what he has not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy.orm import Session

from procedures_db import changes, contents, history
from procedures_db.changes import Change, ChangeKind, State
from procedures_db.checking import InvalidRecord as InvalidRecord
from procedures_db.checking import completed
from procedures_db.differences import changed_fields
from procedures_db.models import DraftRow
from procedures_db.opening import Draft as Draft
from procedures_db.opening import EditedMeanwhile as EditedMeanwhile
from procedures_db.opening import Opened as Opened
from procedures_db.opening import WrongState as WrongState
from procedures_db.opening import drafts as drafts
from procedures_db.opening import edited_meanwhile, open_at, open_draft, open_stored
from procedures_db.opening import open_procedure as open_procedure
from procedures_db.record import ProcedureRecord


def save_draft(
    session: Session, code: str, values: Mapping[str, Any], *,
    expected_version: int, actor: str, note: str = "",
) -> int:  # fmt: skip
    """Put values (field names → values) into the draft; begin one where there is none.

    A draft in review goes back to DRAFT. Saving what is there already writes nothing. A code that no
    procedure has begins a new procedure. Raises InvalidRecord, EditedMeanwhile.
    """
    opened = open_at(session, code, expected_version)
    old = opened.draft.record if opened.draft else None
    new = completed(code, old or opened.current, values)
    published = opened.current if opened.state is State.PUBLISHED else None
    if new == (old or published):
        return opened.version
    base = opened.draft.base if opened.draft else opened.current
    return _save_draft(session, opened, new, State.DRAFT, base, actor, note)


def submit_for_review(
    session: Session, code: str, *, expected_version: int, actor: str, note: str = ""
) -> int:
    """Hand the draft over to whoever publishes. Raises WrongState without a draft, EditedMeanwhile."""
    opened, draft = open_draft(session, code, expected_version, State.DRAFT)
    return _save_draft(session, opened, draft.record, State.IN_REVIEW, draft.base, actor, note)


def reject(session: Session, code: str, *, expected_version: int, actor: str, note: str) -> int:
    """Give a draft in review back to its author; the note says why. Raises WrongState, EditedMeanwhile."""
    opened, draft = open_draft(session, code, expected_version, State.IN_REVIEW)
    return _save_draft(session, opened, draft.record, State.DRAFT, draft.base, actor, note)


def rebase_draft(
    session: Session, code: str, *,
    expected_version: int, actor: str, keep: Collection[str] = (),
) -> int:  # fmt: skip
    """Bring a draft up to date with what was stored since it was begun: its own changes are put on top.

    keep: names of fields that both have changed and where the draft's value shall stay; other such
    fields raise EditedMeanwhile. The draft goes back to DRAFT. Raises WrongState without a draft.
    """
    opened, draft = open_draft(session, code, expected_version, State.DRAFT, State.IN_REVIEW)
    mine = changed_fields(draft.base, draft.record)
    theirs = changed_fields(draft.base, opened.current)
    disputed = mine & theirs & changed_fields(draft.record, opened.current)
    if clash := disputed - set(keep):
        raise edited_meanwhile(session, code, clash)
    values = {name: getattr(draft.record, name) for name in mine}
    new = completed(code, opened.current, values)
    return _save_draft(session, opened, new, State.DRAFT, opened.current, actor, "")


def discard_draft(
    session: Session, code: str, *, expected_version: int, actor: str, note: str = ""
) -> int:
    """Drop the draft; what is published stays. Raises WrongState without a draft, EditedMeanwhile."""
    opened, draft = open_draft(session, code, expected_version, State.DRAFT, State.IN_REVIEW)
    _delete_draft(session, code)
    change = Change(code, draft.record, None, draft.state, State.ABSENT, public=False)
    return _record(session, opened, change, actor, note)


def publish(
    session: Session, code: str, *, expected_version: int, actor: str, note: str = ""
) -> int:
    """Answer citizens from the reviewed draft from now on; it ends as a draft.

    Raises WrongState unless it is in review, EditedMeanwhile also when what is stored has changed since
    the draft was begun (an import, a correction): ``rebase_draft`` first.
    """
    opened, draft = open_draft(session, code, expected_version, State.IN_REVIEW)
    if opened.is_outdated:
        since = changed_fields(draft.base, opened.current)
        raise edited_meanwhile(session, code, since)
    _delete_draft(session, code)
    change = Change(code, opened.current, draft.record, opened.state, State.PUBLISHED)
    return _record(session, opened, change, actor, note)


def correct(
    session: Session, code: str, values: Mapping[str, Any], *,
    expected_version: int, actor: str, note: str = "",
) -> int:  # fmt: skip
    """Change what is published at once, for somebody allowed to publish; a draft stays as it is.

    Saving what is there already writes nothing. Raises WrongState (not published), InvalidRecord,
    EditedMeanwhile.
    """
    opened = open_stored(session, code, expected_version, State.PUBLISHED)
    new = completed(code, opened.current, values)
    if new == opened.current:
        return opened.version
    change = Change(code, opened.current, new, State.PUBLISHED, State.PUBLISHED)
    return _record(session, opened, change, actor, note)


def abolish(
    session: Session, code: str, *, effective_to: date, replaced_by: Collection[str] = (),
    expected_version: int, actor: str, note: str = "",
) -> int:  # fmt: skip
    """State that a procedure is abolished (bãi bỏ): its last day in force, and its successors' codes.

    It is answered from on, as abolished. Raises as ``correct`` does.
    """
    values = {"effective_to": effective_to, "replaced_by": tuple(replaced_by)}
    return correct(
        session, code, values, expected_version=expected_version, actor=actor, note=note
    )  # fmt: skip


def withdraw(
    session: Session, code: str, *, expected_version: int, actor: str, note: str = ""
) -> int:
    """Take a procedure out of the answers, as if it were not known; imports leave it withdrawn.

    For what should never have been published; see ``abolish`` for what is no longer in force. To bring
    it back: ``roll_back`` or a draft. Raises WrongState (not published), EditedMeanwhile.
    """
    opened = open_stored(session, code, expected_version, State.PUBLISHED)
    change = Change(code, opened.current, opened.current, State.PUBLISHED, State.WITHDRAWN)
    return _record(session, opened, change, actor, note)


def roll_back(
    session: Session, code: str, revision: int, *,
    expected_version: int, actor: str, note: str = "",
) -> int:  # fmt: skip
    """Publish again what a revision (its number) made public; it is a new revision itself.

    Raises RevisionNotFound, WrongState if that revision left nothing that was answered from,
    EditedMeanwhile. Rolling back to what is published already writes nothing.
    """
    opened = open_at(session, code, expected_version)
    chosen = history.revision(session, code, revision)
    if not chosen.public or chosen.new is None or chosen.after is not State.PUBLISHED:
        raise WrongState(code, chosen.after)
    if chosen.new == opened.current and opened.state is State.PUBLISHED:
        return opened.version
    change = Change(code, opened.current, chosen.new, opened.state, State.PUBLISHED)
    return _record(session, opened, change, actor, note or f"khôi phục phiên bản {revision}")


def _record(session: Session, opened: Opened, change: Change, actor: str, note: str) -> int:
    changes.record(session, [change], kind=ChangeKind.EDIT, actor=actor, note=note)
    return opened.version + 1


def _save_draft(
    session: Session, opened: Opened, record: ProcedureRecord, state: State,
    base: ProcedureRecord | None, actor: str, note: str,
) -> int:  # fmt: skip
    before = opened.draft
    change = Change(
        opened.code,
        before.record if before else None,
        record,
        before.state if before else State.ABSENT,
        state,
        public=False,
    )
    version = _record(session, opened, change, actor, note)
    packed = contents.pack(record)
    kept_base = contents.pack(base) if base else None
    contents.keep(session, [kept_base] if kept_base else [])
    row = session.get(DraftRow, opened.code) or DraftRow(code=opened.code)
    row.state, row.content, row.as_of = state.value, packed.key, packed.as_of
    row.base_content = kept_base and kept_base.key
    row.base_as_of = kept_base and kept_base.as_of
    row.author, row.updated_at = actor.strip(), datetime.now(timezone.utc)
    session.add(row)
    session.flush()
    return version


def _delete_draft(session: Session, code: str) -> None:
    session.delete(session.get(DraftRow, code))
    session.flush()
