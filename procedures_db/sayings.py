"""Lời dân nói: the citizen words and paraphrases that the search knows, from the files and from staff.

The table mirrors ``nlu_data/citizen_words.yml`` and ``nlu_data/paraphrases``, so that a list of ten thousand
is searched and paged in the database; what staff taught and had accepted stands in it too. A saying of the
files is retired here; one that staff taught is taken back (``learning_loop.wordings``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from procedures_db.browsing import has_words
from procedures_db.connection import reserve_writing, transaction
from procedures_db.learning_loop import wordings
from procedures_db.learning_loop.wordings import PARAPHRASE, TERM_MARK, WORD, listed_as
from procedures_db.models import SayingRow, StateRow, TaughtWordingRow
from procedures_db.models.base import now
from procedures_db.search.language import NLU_DATA, read_paraphrases
from procedures_db.storing import folded
from procedures_db.yaml_file import read_yaml

FILES_VERSION = "sayings_files"
_BITS = 62  # of a digest, as a number that the database keeps

Key = tuple[str, str, str]  # kind, text, target


class SayingNotFound(LookupError):
    """No saying carries this number, or staff taught it."""


@dataclass(frozen=True)
class Saying:
    """What citizens say (``text``) and what it stands for: a code, or terms (thuật ngữ)."""

    id: int
    kind: str  # WORD, PARAPHRASE
    text: str
    target: str
    taught_id: int | None  # the wording that staff taught; None: of the files
    retired_by: str
    retired_at: datetime | None


@dataclass(frozen=True)
class SayingPage:
    items: tuple[Saying, ...]
    total: int


def bring_up_to_date(engine, folder: Path = NLU_DATA) -> None:  # type: ignore[no-untyped-def]
    """Mirror the files if they have changed since: a look at their digest, seconds when they have."""
    digest = _digest(folder)
    with transaction(engine) as session:
        row = session.get(StateRow, FILES_VERSION)
        if row is not None and row.value == digest:
            return
    known = list(_in_files(folder))
    with transaction(engine) as session:
        reserve_writing(session)
        _mirror(session, known)
        session.merge(StateRow(name=FILES_VERSION, value=digest))


def page(
    session: Session, kind: str, *, words: str = "", retired: bool = False, page: int = 1,
    per_page: int = 50,
) -> SayingPage:  # fmt: skip
    """Sayings that have all the words, or stand for a code or term that has them; in their order."""
    matching = select(SayingRow).where(
        SayingRow.kind == kind,
        SayingRow.retired_by != "" if retired else SayingRow.retired_by == "",
    )
    for word in has_words(SayingRow.folded, words):
        matching = matching.where(word)
    total = session.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
    rows = session.execute(
        matching.order_by(SayingRow.folded, SayingRow.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).scalars()
    return SayingPage(tuple(map(_saying, rows)), total)


def get(session: Session, number: int) -> Saying:
    """Raises SayingNotFound."""
    row = session.get(SayingRow, number)
    if row is None:
        raise SayingNotFound(number)
    return _saying(row)


def retire(session: Session, number: int, *, by: str) -> Saying:
    """Let a saying of the files count no more. Raises SayingNotFound."""
    return _set(session, number, by, now())


def restore(session: Session, number: int) -> Saying:
    """Let it count again. Raises SayingNotFound."""
    return _set(session, number, "", None)


def _set(session: Session, number: int, by: str, at: datetime | None) -> Saying:
    row = session.get(SayingRow, number, with_for_update=True)
    if row is None or row.taught_id is not None:
        raise SayingNotFound(number)
    row.retired_by, row.retired_at = by, at
    wordings.bump(session)
    session.flush()
    return _saying(row)


def _mirror(session: Session, known: list[Key]) -> None:
    """Rows that the files have no more go, new ones come; those that were retired stay so."""
    of_files = select(SayingRow).where(SayingRow.taught_id.is_(None))
    old = {(r.kind, r.text, r.target): r.id for r in session.execute(of_files).scalars()}
    gone = [number for key, number in old.items() if key not in set(known)]
    for start in range(0, len(gone), 500):
        session.execute(delete(SayingRow).where(SayingRow.id.in_(gone[start : start + 500])))
    new = [key for key in dict.fromkeys(known) if key not in old]
    session.bulk_insert_mappings(SayingRow, [_row(*key) for key in new])
    listed = select(SayingRow.taught_id).where(SayingRow.taught_id.is_not(None))
    missing = select(TaughtWordingRow).where(
        TaughtWordingRow.state == wordings.ACCEPTED, TaughtWordingRow.id.not_in(listed)
    )
    for row in session.execute(missing).scalars().all():
        session.add(listed_as(row))


def _row(kind: str, text: str, target: str) -> dict[str, str]:
    return {
        "kind": kind, "text": text, "target": target, "folded": folded(text, target), "retired_by": ""
    }  # fmt: skip


def _in_files(folder: Path) -> Iterator[Key]:
    for entry in read_yaml(folder / "citizen_words.yml"):
        target = TERM_MARK.join(map(str, entry["thuật ngữ"]))
        yield from ((WORD, str(said), target) for said in entry["dân nói"])
    for known in read_paraphrases(folder / "paraphrases").values():
        yield from ((PARAPHRASE, str(said), known.code) for said in known.questions)


def _digest(folder: Path) -> int:
    files = [folder / "citizen_words.yml", *sorted((folder / "paraphrases").glob("*.yml"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _BITS)


def _saying(row: SayingRow) -> Saying:
    return Saying(**{name: getattr(row, name) for name in Saying.__dataclass_fields__})
