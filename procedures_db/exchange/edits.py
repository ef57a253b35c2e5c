"""Whether a procedure was edited here since it was received, and what it was then: from its revisions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procedures_db import contents, models, storing
from procedures_db.changes import ChangeKind
from procedures_db.contents import Kept
from procedures_db.models import ChangeSetRow, RevisionRow
from procedures_db.record import ProcedureRecord, as_json

_RECEIVED = [kind.value for kind in (ChangeKind.IMPORT, ChangeKind.SYNC, ChangeKind.SEED)]


@dataclass(frozen=True)
class Edited:
    """The procedure was made, edited, taken back or withdrawn here.

    base: what was received before that; None: nothing, or that it is withdrawn.
    """

    base: ProcedureRecord | None


def candidates(session: Session, codes: Collection[str]) -> set[str]:
    """Return those of the codes that ``edited`` may say something of: three queries for thousands."""
    found: set[str] = set()
    for some in storing.batches(codes):
        latest = (
            select(func.max(RevisionRow.id))
            .where(RevisionRow.code.in_(some), RevisionRow.public)
            .group_by(RevisionRow.code)
        )
        local = select(RevisionRow.code).join(ChangeSetRow)
        local = local.where(RevisionRow.id.in_(latest), ChangeSetRow.kind.not_in(_RECEIVED))
        said = select(models.SourceSaidRow.code).where(models.SourceSaidRow.code.in_(some))
        found.update(session.execute(local).scalars(), session.execute(said).scalars())
    return found


def edited(session: Session, code: str) -> Edited | None:
    """Return what was received before the edits made here; None if there were none since."""
    received = _latest(session, code, ChangeSetRow.kind.in_(_RECEIVED))
    said = session.get(models.SourceSaidRow, code, populate_existing=True)
    if said and received <= said.revision:
        return Edited(said.record and ProcedureRecord.model_validate(said.record))
    first = select(RevisionRow).where(
        RevisionRow.code == code, RevisionRow.public, RevisionRow.id > received
    )
    row = session.execute(first.order_by(RevisionRow.id).limit(1)).scalar_one_or_none()
    if row is None:
        return None
    if row.old_content is None:
        return Edited(None)
    kept = Kept(row.old_content, row.old_as_of)
    return Edited(contents.fetch(session, [kept])[kept])


def note_said(session: Session, code: str, record: ProcedureRecord | None) -> None:
    """Keep what the source says of a procedure that stays as it is here (None: that it is withdrawn).

    It holds until the procedure is received anew.
    """
    said: dict[str, Any] | None = as_json(record) if record else None
    revision = _latest(session, code)
    session.merge(models.SourceSaidRow(code=code, record=said, revision=revision))


def _latest(session: Session, code: str, *conditions: Any) -> int:
    statement = select(func.max(RevisionRow.id)).join(ChangeSetRow)
    public = statement.where(RevisionRow.code == code, RevisionRow.public, *conditions)
    return session.execute(public).scalar() or 0
