"""Files that somebody uploaded: kept between seeing what one would change and applying it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, defer

from procedures_db.changes import ChangeSet, Source
from procedures_db.connection import transaction
from procedures_db.models import PendingImportRow
from procedures_db.sync import applying
from procedures_db.sync.file_errors import MappingNeeded
from procedures_db.sync.importing import preview_file
from procedures_db.sync.previewing import Planned, Preview
from procedures_db.sync.reading import Place

_SHOWN = 100  # procedures of each kind that an overview tells one by one
_SHOWN_CHANGES = 20  # of one procedure


class PendingNotFound(LookupError):
    """No such file waits: it was applied, put away, or waited too long."""


class PreviewChanged(RuntimeError):
    """What the file would do is no longer what was shown; the overview shows it anew, nothing was written."""


@dataclass(frozen=True)
class Pending:
    """A file that waits. overview: what it would change, as JSON (``_overview``); ``headers`` instead
    when somebody has to say first what its columns are."""

    id: int
    filename: str
    uploaded_by: str
    uploaded_at: datetime  # UTC
    as_of: date | None
    fingerprint: str
    overview: dict[str, Any] = field(default_factory=dict)


def keep(engine: Engine, filename: str, content: bytes, *, as_of: date | None, by: str) -> Pending:
    """Read the file, keep it with what it would change. Raises UnreadableFile: then nothing is kept."""
    name = _safe(filename)
    fingerprint, overview = _looked_at(engine, name, content, as_of)
    row = PendingImportRow(
        filename=name, content=content, as_of=as_of, fingerprint=fingerprint, overview=overview, uploaded_by=by
    )  # fmt: skip
    with transaction(engine) as session:
        session.add(row)
        session.flush()
        return _pending(row)


def look_again(engine: Engine, pending_id: int) -> Pending:
    """Compare with what is stored now. Raises PendingNotFound, UnreadableFile."""
    name, content, as_of = _content(engine, pending_id)
    fingerprint, overview = _looked_at(engine, name, content, as_of)
    with transaction(engine) as session:
        row = session.get(PendingImportRow, pending_id)
        if row is None:
            raise PendingNotFound(str(pending_id))
        row.fingerprint, row.overview = fingerprint, overview
        session.flush()
        return _pending(row)


def apply(engine: Engine, pending_id: int, *, actor: str) -> ChangeSet | None:
    """Write what was shown, and put the file away; None if there was nothing to write.

    Raises PendingNotFound, PreviewChanged, UnreadableFile, DatabaseBusy.
    """
    name, content, as_of = _content(engine, pending_id)
    with transaction(engine) as session:
        shown = get(session, pending_id).fingerprint
    with _as_file(name, content) as path:
        found = preview_file(engine, path, as_of=as_of)
        try:
            if found.fingerprint != shown:
                raise applying.PreviewOutdated([])
            done = applying.apply(engine, found, actor=actor, source=Source.of(path))
        except applying.PreviewOutdated as error:
            look_again(engine, pending_id)
            raise PreviewChanged(name) from error
    with transaction(engine) as session:
        discard(session, pending_id)
    return done


def get(session: Session, pending_id: int) -> Pending:
    """Raises PendingNotFound."""
    wanted = select(PendingImportRow).where(PendingImportRow.id == pending_id)
    row = session.execute(wanted.options(defer(PendingImportRow.content))).scalar_one_or_none()
    if row is None:
        raise PendingNotFound(str(pending_id))
    return _pending(row)


def every(session: Session) -> list[Pending]:
    """All files that wait, the latest first."""
    statement = select(PendingImportRow).options(defer(PendingImportRow.content))
    rows = session.execute(statement.order_by(PendingImportRow.id.desc())).scalars()
    return [_pending(row) for row in rows]


def discard(session: Session, pending_id: int) -> None:
    """Put a file away; one that is gone stays gone."""
    session.execute(delete(PendingImportRow).where(PendingImportRow.id == pending_id))


def purge(session: Session, before: datetime) -> int:
    """Delete files uploaded before a moment; return how many."""
    old = PendingImportRow.uploaded_at < before
    return session.execute(
        delete(PendingImportRow).where(old).execution_options(synchronize_session=False)
    ).rowcount


def _content(engine: Engine, pending_id: int) -> tuple[str, bytes, date | None]:
    with transaction(engine) as session:
        row = session.get(PendingImportRow, pending_id)
        if row is None:
            raise PendingNotFound(str(pending_id))
        return row.filename, row.content, row.as_of


def _looked_at(
    engine: Engine, name: str, content: bytes, as_of: date | None
) -> tuple[str, dict[str, Any]]:
    with _as_file(name, content) as path:
        try:
            found = preview_file(engine, path, as_of=as_of)
        except MappingNeeded as error:
            return "", {"headers": list(error.headers)}
    return found.fingerprint, _overview(found)


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    """The content under its own name: readers tell places by it, and the day of the data."""
    with TemporaryDirectory(prefix="motcua-import-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path


def _safe(filename: str) -> str:
    """A browser may send any name: no folders, no control characters, not too long."""
    base = filename.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in base if c.isprintable()).strip().lstrip(".")
    return plain.encode()[-200:].decode(errors="ignore") or "tep"


def _overview(found: Preview) -> dict[str, Any]:
    changed = [one for one in found.changed if not one.only_newer_day]
    return {
        "new": len(found.new),
        "changed": len(found.changed),
        "only_newer_day": len(found.changed) - len(changed),
        "unchanged": found.unchanged,
        "refused": len(found.refused),
        "shown_new": [{"code": one.code, "name": one.new.name} for one in found.new[:_SHOWN]],
        "shown_changed": [_told(one) for one in changed[:_SHOWN]],
        "shown_refused": [
            {"where": _where(one.place), "code": one.code, "reason": one.reason}
            for one in found.refused[: 2 * _SHOWN]
        ],
        "notes": [{"where": _where(one.place), "text": one.text} for one in found.notes[:_SHOWN]],
    }


def _told(planned: Planned) -> dict[str, Any]:
    changes = planned.field_changes
    return {
        "code": planned.code,
        "name": planned.new.name,
        "state": planned.state.value,
        "draft_by": planned.draft_by,
        "changes": [[one.label, *one.brief()] for one in changes[:_SHOWN_CHANGES]],
        "more": max(0, len(changes) - _SHOWN_CHANGES),
    }


def _where(place: Place) -> str:
    parts = [place.file, f"trang {place.sheet}" if place.sheet else "", f"dòng {place.row}" if place.row else ""]  # fmt: skip
    return ", ".join(filter(None, parts))


def _pending(row: PendingImportRow) -> Pending:
    return Pending(
        row.id, row.filename, row.uploaded_by, row.uploaded_at, row.as_of, row.fingerprint, row.overview
    )  # fmt: skip
