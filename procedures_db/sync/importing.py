"""Bring procedure records into the database, a batch a transaction."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy.engine import Engine

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.record import ProcedureRecord
from procedures_db.sync.portal_json import read_portal_object

BATCH = 200
_XZ_MAGIC = b"\xfd7zXZ\x00"


class BrokenFile(ValueError):
    """The file as a whole cannot be trusted (truncated, damaged, no portal JSON): nothing was imported."""


@dataclass(frozen=True)
class Refusal:
    """A record that was not taken: where it stands and why, for the administrator."""

    line: int
    code: str
    reason: str


@dataclass
class Summary:
    """What an import did."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


def import_portal_file(
    engine: Engine,
    path: Path,
    *,
    as_of: date | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Import portal detail JSON: ``.json`` (object or list), ``.jsonl``, either packed with xz.

    The whole file is read once before anything is written, so that a damaged one changes nothing.
    ``on_progress(done, total)`` is called after each batch. Raises BrokenFile, OSError.
    """
    total = sum(1 for _ in _checked_lines(path))
    summary = Summary()
    first_lines: dict[str, int] = {}
    done = 0
    for numbered in _batches(_checked_lines(path), BATCH):
        records = list(_readable(numbered, as_of, first_lines, summary))
        apply(engine, records, summary)
        done += len(numbered)
        on_progress(done, total)
    return summary


def date_in_name(name: str) -> date | None:
    """The day a snapshot is of, where its file name says so: "portal_detail_2026-07-18.jsonl.xz"."""
    match = re.search(r"(\d{4})-(\d{2})-(\d{2})", name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def apply(engine: Engine, records: Iterable[ProcedureRecord], summary: Summary) -> None:
    """Store the records that differ from what is there, in one transaction; count into ``summary``."""
    latest = {record.code: record for record in records}
    before = summary.new + summary.changed
    with transaction(engine) as session:
        known = procedures.hashes(session, latest)
        for code, record in latest.items():
            if code in known:
                record = _keep_local_fields(procedures.get(session, code), record)
            new_hash = procedures.content_hash(record)
            if known.get(code) == new_hash:
                summary.unchanged += 1
                continue
            procedures.save(session, record)
            if code in known:
                summary.changed += 1
            else:
                summary.new += 1
        if summary.new + summary.changed > before:
            procedures.bump_data_version(session)


def _keep_local_fields(old: ProcedureRecord, new: ProcedureRecord) -> ProcedureRecord:
    """Portal files carry no summary, alias or successor: what officials wrote there stays."""
    local = ("summary", "aliases", "replaced_by", "effective_to")
    return new.model_copy(
        update={name: getattr(old, name) for name in local if not getattr(new, name)}
    )


def _readable(
    numbered: list[tuple[int, object]],
    as_of: date | None,
    first_lines: dict[str, int],
    summary: Summary,
) -> Iterator[ProcedureRecord]:
    """Yield what can be read; note the rest, and any second record of a code, as refused."""
    for line, raw in numbered:
        try:
            if isinstance(raw, Exception):
                raise ValueError("không phải JSON")
            record = read_portal_object(raw, as_of=as_of)  # type: ignore[arg-type]
            if first_lines.setdefault(record.code, line) != line:
                raise ValueError(f"mã {record.code} đã có ở dòng {first_lines[record.code]}")
            yield record
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            code = str(raw.get("code", "?")) if isinstance(raw, dict) else "?"
            summary.refused.append(Refusal(line, code, _reason(error)))


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"thiếu hoặc lạ: {error}"
    return " ".join(str(error).split())[:300]


def _batches(items: Iterable, size: int) -> Iterator[list]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _checked_lines(path: Path) -> Iterator[tuple[int, object]]:
    """Yield (line number, parsed object or the error of that line). Raises BrokenFile."""
    good = 0
    try:
        for number, text, complete in _lines(path):
            try:
                parsed: object = json.loads(text)
            except (ValueError, RecursionError) as error:  # too deep, a number of 5,000 digits
                if not complete:
                    raise BrokenFile(f"tệp bị cắt cụt ở dòng {number}") from error
                parsed = error
            else:
                good += 1
            yield number, parsed
    except (lzma.LZMAError, EOFError) as error:
        raise BrokenFile("tệp nén bị hỏng hoặc bị cắt cụt") from error
    except UnicodeDecodeError as error:
        raise BrokenFile("tệp không phải văn bản UTF-8") from error
    if not good:
        raise BrokenFile("không có thủ tục nào đọc được trong tệp")


def _lines(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield (number, text, ended by a line break). A ``.json`` document is taken apart first."""
    with _open_text(path) as stream:
        if path.name.removesuffix(".xz").endswith(".json"):
            yield from _documents(stream.read())
            return
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield number, line, line.endswith("\n")


def _documents(text: str) -> Iterator[tuple[int, str, bool]]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenFile(f"JSON sai ở dòng {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise BrokenFile(f"JSON không đọc được: {error}") from error
    for number, entry in enumerate(content if isinstance(content, list) else [content], start=1):
        yield number, json.dumps(entry), True


def _open_text(path: Path):  # type: ignore[no-untyped-def]
    with path.open("rb") as head:
        packed = head.read(len(_XZ_MAGIC)) == _XZ_MAGIC
    if packed or path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8-sig")  # Notepad writes a byte order mark
    return path.open(encoding="utf-8-sig")
