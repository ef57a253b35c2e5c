"""Published procedures as open data: pages of changes, all of them as a stream, one by its code.

Everything is read a batch a transaction: memory stays flat, and a slow reader holds no transaction
open. A stream is therefore no snapshot: each procedure in it is whole, as it was when its turn came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from procedures_db import models, procedures
from procedures_db.connection import transaction
from procedures_db.exchange import feed
from procedures_db.exchange.feed import Entry, Position
from procedures_db.record import BadCode, ProcedureRecord, national_code
from procedures_db.sync.exported import SCHEMA_VERSION, Withdrawn, exported_object

BATCH = 100  # procedures read at once, about 0.9 MB of JSON
DEFAULT_LIMIT, HIGHEST_LIMIT = 100, 500

_CURSOR = re.compile(r"([0-9a-f]{8})-(\d{1,18})", re.ASCII)
_TABLE = models.ProcedureRow
_PUBLISHED = _TABLE.state == procedures.PUBLISHED


class BadCursor(ValueError):
    """The text is no cursor."""


class UnknownCursor(BadCursor):
    """The cursor was given out by another dataset, or by this one before it was set back."""


class NotPublished(LookupError):
    """No procedure of this code is published, and none ever was."""


@dataclass(frozen=True)
class Standing:
    """Where the dataset stands at one moment: asked with every request, so it is cheap."""

    position: Position
    modified: datetime | None  # None: not since the history began

    @property
    def cursor(self) -> str:
        """What to give as ``changed_since`` later."""
        return _cursor(self.position)


@dataclass(frozen=True)
class Extent:
    """How much there is; ``as_of``: the oldest and the newest day that the data is of."""

    count: int
    as_of: tuple[date, date] | None


def standing(engine: Engine) -> Standing:
    """Where the dataset stands now."""
    with transaction(engine) as session:
        position, modified = feed.latest(session), feed.changed_at(session)
    return Standing(position, modified)


def extent(engine: Engine) -> Extent:
    """How much is published now; reads a row of every procedure."""
    statement = select(func.count(), func.min(_TABLE.as_of), func.max(_TABLE.as_of))
    with transaction(engine) as session:
        count, oldest, newest = session.execute(statement.where(_PUBLISHED)).one()
    return Extent(count, (oldest, newest) if count else None)


def page(engine: Engine, cursor: str, limit: int) -> dict[str, Any]:
    """Return what changed after a cursor ("": everything), at most ``limit`` procedures.

    ``cursor`` in it goes on from there; ``more`` says whether there is something to go on to.
    Raises BadCursor, UnknownCursor.
    """
    with transaction(engine) as session:
        position = feed.latest(session)
        found = feed.since(session, _place(cursor, position), limit=limit)
        return {
            "schema_version": SCHEMA_VERSION,
            "cursor": _cursor(Position(position.dataset, found.up_to)),
            "more": found.more,
            "procedures": [_object(entry) for entry in found.entries],
        }


def check_cursor(cursor: str, position: Position) -> None:
    """Raises BadCursor, UnknownCursor."""
    _place(cursor, position)


def one(engine: Engine, code: str) -> dict[str, Any]:
    """Return a published procedure, or what is left of a withdrawn one. Raises NotPublished."""
    try:
        wanted = national_code(code)
    except BadCode as error:
        raise NotPublished(code) from error
    with transaction(engine) as session:
        entry = feed.find(session, wanted)
    if entry is None:
        raise NotPublished(code)
    return _object(entry)


def every(engine: Engine) -> Iterator[list[ProcedureRecord]]:
    """Yield all published procedures by code, a batch at a time."""
    after = ""
    while True:
        with transaction(engine) as session:
            records = _batch(session, after)
        if not records:
            return
        yield records
        after = records[-1].code


def json_lines(engine: Engine) -> Iterator[bytes]:
    """Yield all published procedures as JSON lines, a batch at a time."""
    for records in every(engine):
        yield b"".join(json_bytes(exported_object(record)) + b"\n" for record in records)


def json_bytes(content: Any) -> bytes:
    """Compact UTF-8 JSON."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _batch(session: Session, after: str) -> list[ProcedureRecord]:
    condition = _TABLE.code > after
    statement = select(_TABLE).where(condition, _PUBLISHED).order_by(_TABLE.code).limit(BATCH)
    return [procedures.to_record(row) for row in session.execute(statement).scalars()]


def _object(entry: Entry) -> dict[str, Any]:
    if entry.withdrawn_at is None:
        return exported_object(entry.record)
    withdrawn = Withdrawn(
        code=entry.record.code,
        name=entry.record.name,
        replaced_by=entry.record.replaced_by,
        withdrawn_at=entry.withdrawn_at.replace(microsecond=0),
    )
    return withdrawn.model_dump(mode="json")


def _cursor(position: Position) -> str:
    return f"{position.dataset:08x}-{position.place}"


def _place(cursor: str, position: Position) -> int:
    if not cursor:
        return 0
    match = _CURSOR.fullmatch(cursor)
    if not match:
        raise BadCursor(cursor)
    dataset, place = int(match[1], 16), int(match[2])
    if dataset != position.dataset or place > position.place:
        raise UnknownCursor(cursor)
    return place
