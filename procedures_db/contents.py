"""What procedures said, kept for good: a record packed under the hash of its content.

A content is kept without ``as_of``, which stands beside it: a newer file that confirms 5,000
procedures word for word adds 5,000 small revisions and not one content.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from procedures_db.models import ContentRow
from procedures_db.record import ProcedureRecord, as_json

_AT_ONCE = 500  # SQLite and PostgreSQL limit how many values one statement takes


def content_hash(record: ProcedureRecord) -> str:
    """SHA-256 of the record's JSON, ``as_of`` included: equal for equal records."""
    return hashlib.sha256(_text(as_json(record)).encode()).hexdigest()


@dataclass(frozen=True)
class Packed:
    """A record ready to be kept."""

    key: str
    as_of: date
    body: bytes


@dataclass(frozen=True)
class Kept:
    """Where a record is kept."""

    key: str
    as_of: date


def pack(record: ProcedureRecord) -> Packed:
    content = as_json(record)
    del content["as_of"]
    body = _text(content).encode()
    return Packed(hashlib.sha256(body).hexdigest(), record.as_of, zlib.compress(body))


def unpack(body: bytes, as_of: date) -> ProcedureRecord:
    content = json.loads(zlib.decompress(body))
    return ProcedureRecord.model_validate({**content, "as_of": as_of})


def keep(session: Session, packed: Iterable[Packed]) -> None:
    """Add the contents that are not kept yet."""
    bodies = {one.key: one.body for one in packed}
    known = {key for key, _ in _bodies(session, bodies.keys(), ContentRow.key)}
    missing = [{"key": key, "body": body} for key, body in bodies.items() if key not in known]
    if missing:
        session.connection().execute(insert(ContentRow.__table__), missing)


def fetch(session: Session, kept: Iterable[Kept]) -> dict[Kept, ProcedureRecord]:
    """Return the records that are kept there. Raises KeyError for one that is not."""
    wanted = set(kept)
    bodies = dict(_bodies(session, {one.key for one in wanted}, ContentRow.body))
    return {one: unpack(bodies[one.key], one.as_of) for one in wanted}


def _bodies(session: Session, keys: Collection[str], column):  # type: ignore[no-untyped-def]
    wanted = list(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        yield from session.execute(
            select(ContentRow.key, column.label("value")).where(ContentRow.key.in_(some))
        ).all()


def _text(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
