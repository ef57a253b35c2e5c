"""Import a file: read it, compare it with what is stored, write what differs, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Engine

from procedures_db.changes import Source
from procedures_db.connection import transaction
from procedures_db.sync.applying import apply
from procedures_db.sync.column_mapping import Chosen, saved
from procedures_db.sync.file_errors import MappingNeeded
from procedures_db.sync.previewing import Preview, preview
from procedures_db.sync.readers import read_items
from procedures_db.sync.reading import Refused

UNNAMED = "motcua import"  # who imported, where nobody is named


@dataclass(frozen=True)
class Summary:
    """What an import did. change_set: its id, to undo it; None: nothing was written."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    change_set: int | None = None


def preview_file(
    engine: Engine,
    path: Path,
    *,
    as_of: date | None = None,
    mapping: Mapping[str, str] | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Preview:
    """Return what importing the file would do; writes nothing.

    Any kind of file that ``readers`` knows. as_of: the day of the data; default: the day that the file's
    name or the file itself states. mapping: for tables with unknown headings, heading → field; those that
    were kept are used anyway. ``on_progress(done)`` counts procedures. Raises UnreadableFile, OSError.
    """
    as_of = as_of or date_in_name(path.name)
    with transaction(engine) as session:
        chosen = Chosen(mapping, saved(session)) if mapping is not None else None
        items = read_items(path, as_of=as_of, mapping=chosen or saved(session))
        try:
            found = preview(session, items, as_of=as_of, on_progress=on_progress)
        except MappingNeeded:
            if chosen:
                chosen.require_used()  # says more: the columns that were to be there
            raise
    if chosen:
        chosen.require_used()
    found.mapping = chosen
    return found


def import_file(
    engine: Engine,
    path: Path,
    *,
    as_of: date | None = None,
    actor: str = UNNAMED,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Preview and apply at once. Raises UnreadableFile, PreviewOutdated, DatabaseBusy, OSError."""
    found = preview_file(engine, path, as_of=as_of, on_progress=on_progress)
    done = apply(engine, found, actor=actor, source=Source.of(path))
    return Summary(
        new=len(found.new),
        changed=len(found.changed),
        unchanged=found.unchanged,
        refused=found.refused,
        change_set=done.id if done else None,
    )


def date_in_name(name: str) -> date | None:
    """The day a snapshot is of, where its file name says so: "portal_detail_2026-07-18.jsonl.xz"."""
    match = re.search(r"(\d{4})-(\d{2})-(\d{2})", name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
