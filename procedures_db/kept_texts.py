"""Entries of the officials' files that were edited in the console: kept in the database, used instead of the file's.

Every save is a version of its own and none is ever changed: the latest one holds, the others are the history.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from procedures_db.connection import transaction
from procedures_db.models import KeptTextRow, StateRow
from procedures_db.text.folding import fold
from procedures_db.yaml_file import read_yaml

VERSION = "kept_texts_version"
LONGEST_KEY = 120
HISTORY = 30  # versions of one entry that are shown
_NO_WORD = re.compile(r"[^a-z0-9]+")

Content = dict[str, Any]


class Kind(str, Enum):
    """What is edited: an entry of life_events.yml, of glossary.yml."""

    LIFE_EVENT = "life_event"
    TERM = "term"


class Deed(str, Enum):
    """What a version does; its value is what officials read."""

    KEEP = "sửa"
    RETIRE = "ngừng dùng"
    RESET = "dùng lại bản có sẵn"


@dataclass(frozen=True)
class Version:
    """One save of an entry; ``content`` as in the file: of a RETIRE what is not used, of a RESET None."""

    id: int
    key: str
    deed: Deed
    content: Content | None
    author: str
    created_at: datetime  # UTC


NOTHING: Mapping[str, Version] = MappingProxyType({})  # nothing was edited


class EditedMeanwhile(RuntimeError):
    """Somebody else saved the entry since it was opened; ``latest`` is theirs."""

    def __init__(self, latest: Version) -> None:
        super().__init__(f"{latest.author} vừa sửa mục này")
        self.latest = latest


class VersionNotFound(LookupError):
    """The entry has no such version to go back to."""


def latest(session: Session, kind: Kind) -> dict[str, Version]:
    """The version that holds, by key, of every entry that was ever edited."""
    last = (
        select(func.max(KeptTextRow.id))
        .where(KeptTextRow.kind == kind.value)
        .group_by(KeptTextRow.key)
    )
    rows = session.execute(select(KeptTextRow).where(KeptTextRow.id.in_(last))).scalars()
    return {row.key: _version(row) for row in rows}


def history(session: Session, kind: Kind, key: str) -> list[Version]:
    """The versions of one entry, the latest first."""
    matching = select(KeptTextRow).where(KeptTextRow.kind == kind.value, KeptTextRow.key == key)
    rows = session.execute(matching.order_by(KeptTextRow.id.desc()).limit(HISTORY)).scalars()
    return [_version(row) for row in rows]


def save(
    session: Session, kind: Kind, key: str, deed: Deed, content: Content | None = None, *,
    by: str, seen: int,
) -> Version:  # fmt: skip
    """Let ``content`` (checked) hold from now on, or none, or the file's again.

    seen: number of the version that the editor had before him, 0 for none. Raises EditedMeanwhile.
    """
    _bump(session)  # whoever saves at the same time waits here, and reads what the other one saved
    known = history(session, kind, key)
    if known and known[0].id != seen:
        raise EditedMeanwhile(known[0])
    row = KeptTextRow(kind=kind.value, key=key, deed=deed.value, content=content, author=by)
    session.add(row)
    session.flush()
    return _version(row)


def roll_back(
    session: Session, kind: Kind, key: str, number: int, *, by: str, seen: int
) -> Version:
    """Let an earlier version hold again. Raises VersionNotFound, EditedMeanwhile."""
    earlier = next((one for one in history(session, kind, key) if one.id == number), None)
    if earlier is None:
        raise VersionNotFound(number)
    return save(session, kind, key, earlier.deed, earlier.content, by=by, seen=seen)


def version(session: Session) -> int:
    """A number that rises with every save."""
    row = session.get(StateRow, VERSION)
    return row.value if row else 0


def read(engine: Engine, kind: Kind) -> tuple[int, dict[str, Version]]:
    """The number of the state and what holds; a database that is not migrated yet has changed nothing."""
    try:
        with transaction(engine) as session:
            return version(session), latest(session, kind)
    except (OperationalError, ProgrammingError):
        return -1, {}


def overlaid(
    entries: Iterable[Content], kept: Mapping[str, Version], key_of: Callable[[Content], str]
) -> list[Content]:
    """The file's entries, those that were edited replaced or left out, new ones after them."""
    found = {key_of(entry): entry for entry in entries}
    for key, one in kept.items():
        if one.deed is Deed.KEEP and one.content is not None:
            found[key] = one.content
        elif one.deed is Deed.RETIRE:
            found.pop(key, None)
    return list(found.values())


def read_overlaid(
    path: Path,
    section: str,
    kept: Mapping[str, Version],
    key_of: Callable[[Content], str],
    bad: type[Exception],
) -> dict[str, Any]:
    """A YAML file whose ``section`` holds entries, with what was edited in the console in their place.

    Raises ``bad`` (also for a file that is no YAML) or OSError.
    """
    try:
        content = read_yaml(path)
        content[section] = overlaid(content[section], kept, key_of)
    except yaml.YAMLError as error:
        raise bad(f"{path.name} viết sai: {error}") from error
    except (KeyError, TypeError, IndexError) as error:
        raise bad(f"{path.name} thiếu mục {error}") from error
    return content


def slug(text: str) -> str:
    """What a new entry is known by: "Mất xe, sổ" → "mat_xe_so"."""
    return _NO_WORD.sub("_", fold(text)).strip("_")[:LONGEST_KEY]


def _version(row: KeptTextRow) -> Version:
    return Version(row.id, row.key, Deed(row.deed), row.content, row.author, row.created_at)


def _bump(session: Session) -> None:
    row = session.get(StateRow, VERSION)
    if row is None:
        session.add(StateRow(name=VERSION, value=1))
    else:
        row.value = StateRow.value + 1
    session.flush()
