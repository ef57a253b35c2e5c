"""Sentences that officials changed in the console: kept in the database, said instead of domain.yml's."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from procedures_db.connection import transaction
from procedures_db.models import StateRow, WordingRow
from procedures_db.models.base import now
from procedures_db.wording import DOMAIN, Wording

WORDING_VERSION = "wording_version"
LONGEST = 2_000
# As the guard over domain.yml: figures live in the records, or they are wrong the day a fee changes.
_FIGURE = re.compile(r"\d[\d.]*\s*(đồng|đ\b|ngày|giờ làm việc|tháng)")


class BadSentence(ValueError):
    """The sentence cannot be said; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Changed:
    """A sentence that an official has changed."""

    key: str
    text: str
    author: str
    updated_at: datetime  # UTC


def checked(original: str, text: str) -> str:
    """Return a sentence that may stand for the original: it says the same facts. Raises BadSentence."""
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= LONGEST:
        raise BadSentence(f"Câu dài từ 1 đến {LONGEST} ký tự.")
    try:
        needed, given = _facts(original), _facts(text)
    except ValueError as error:
        raise BadSentence("Dấu ngoặc nhọn {…} không khớp nhau.") from error
    if missing := sorted(needed - given):
        raise BadSentence("Còn thiếu: " + ", ".join(f"{{{name}}}" for name in missing))
    if unknown := sorted(given - needed):
        raise BadSentence("Không có số liệu này: " + ", ".join(f"{{{name}}}" for name in unknown))
    if _FIGURE.search(text):
        raise BadSentence("Không viết số tiền, số ngày vào câu: chúng lấy từ dữ liệu thủ tục.")
    return text


def changes(session: Session) -> dict[str, Changed]:
    """What officials have changed, by key."""
    rows = session.execute(select(WordingRow)).scalars()
    return {row.key: Changed(row.key, row.text, row.author, row.updated_at) for row in rows}


def change(session: Session, key: str, text: str, *, by: str) -> None:
    """Say ``text`` (checked) from now on."""
    row = session.get(WordingRow, key) or WordingRow(key=key)
    row.text, row.author, row.updated_at = text, by, now()
    session.add(row)
    _bump(session)


def reset(session: Session, key: str) -> None:
    """Say what domain.yml says again."""
    if row := session.get(WordingRow, key):
        session.delete(row)
        _bump(session)


class KeptWording:
    """The latest sentences; ``latest`` stays the same object and says what is said now."""

    def __init__(self, engine: Engine, path: Path = DOMAIN) -> None:
        """Raises OSError, yaml.YAMLError. A database that is not migrated yet has changed nothing."""
        self._engine, self._path = engine, path
        self._modified = path.stat().st_mtime
        self.original = Wording.load(path)
        self._version, changed = self._read()
        self.latest = self.original.put(changed)

    def refresh(self) -> None:
        """Read again what has changed: the file, the database."""
        modified = self._path.stat().st_mtime
        with transaction(self._engine) as session:
            version = _version(session)
        if (modified, version) == (self._modified, self._version):
            return
        if modified != self._modified:
            self._modified = modified  # a broken file is reported once for each save
            self.original = Wording.load(self._path)
        self._version, changed = self._read()
        self.latest.become(self.original.put(changed))

    def _read(self) -> tuple[int, dict[str, str]]:
        """Sentences that no longer say the facts of a newer original are left out."""
        try:
            with transaction(self._engine) as session:
                version, found = _version(session), changes(session)
        except (OperationalError, ProgrammingError):
            return -1, {}
        fitting = {}
        for key, one in found.items():
            try:
                fitting[key] = checked(self.original.text(key), one.text)
            except (LookupError, BadSentence):
                continue
        return version, fitting


def _facts(text: str) -> set[str]:
    """Names in braces. Raises ValueError for braces that do not match; formats are no part of wording."""
    found = set()
    for _, name, format_, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if format_ or conversion or not name.isidentifier():
            raise ValueError(name)
        found.add(name)
    return found


def _version(session: Session) -> int:
    row = session.get(StateRow, WORDING_VERSION)
    return row.value if row else 0


def _bump(session: Session) -> None:
    row = session.get(StateRow, WORDING_VERSION)
    if row is None:
        session.add(StateRow(name=WORDING_VERSION, value=1))
    else:
        row.value = StateRow.value + 1
    session.flush()
