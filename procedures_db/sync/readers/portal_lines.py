"""Read the national portal's detail JSON, or what motcua exported: one object, a list of them, or one
a line; plain or xz."""

from __future__ import annotations

import codecs
import json
import lzma
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from procedures_db.record import ProcedureRecord
from procedures_db.sync.exported import is_exported_object, read_exported_object
from procedures_db.sync.file_errors import BrokenFile, TooLarge
from procedures_db.sync.file_limits import XZ_MEMORY, Limits
from procedures_db.sync.portal_json import carried_values, read_portal_object
from procedures_db.sync.readers.reasons import reason
from procedures_db.sync.reading import Place, ReadRecord, Refused

_XZ_MAGIC = b"\xfd7zXZ\x00"
_CHUNK = 256 * 1024
_LONGEST_LINE = 16 * 1024 * 1024  # the longest real one has 145,435 characters


def read_portal_file(
    path: Path, *, as_of: date | None = None, limits: Limits | None = None, name: str = ""
) -> Iterator[ReadRecord | Refused]:
    """Yield each object as a record or a refusal, a line at a time (5,664 of them in 76 MB).

    A second record of a code is refused. Raises BrokenFile or TooLarge, possibly after many
    records: nothing may be written before the end was reached.
    """
    first_rows: dict[str, int] = {}
    good = 0
    for row, parsed in _objects(path, limits or Limits.of_settings()):
        place = Place(name or path.name, row=row)
        read = _read(parsed, place, as_of, first_rows)
        good += not isinstance(parsed, Exception)
        yield read
    if not good:
        raise BrokenFile("không có thủ tục nào đọc được trong tệp")


def _read(
    parsed: object, place: Place, as_of: date | None, first_rows: dict[str, int]
) -> ReadRecord | Refused:
    try:
        if isinstance(parsed, Exception):
            raise ValueError("không phải JSON")
        read = _read_exported if is_exported_object(parsed) else _read_portal
        record, values = read(parsed, as_of)
        if first_rows.setdefault(record.code, place.row) != place.row:
            raise ValueError(f"mã {record.code} đã có ở dòng {first_rows[record.code]}")
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        code = parsed.get("code") if isinstance(parsed, dict) else None
        named = code.strip() if isinstance(code, str) else ""
        return Refused(place, named or "?", reason(error))
    return ReadRecord(record.code, values, place)


def _read_portal(parsed: Any, as_of: date | None) -> tuple[ProcedureRecord, dict[str, Any]]:
    record = read_portal_object(parsed, as_of=as_of)
    return record, carried_values(parsed, record)


def _read_exported(parsed: Any, as_of: date | None) -> tuple[ProcedureRecord, dict[str, Any]]:
    """What motcua exported carries every field, the day of the data too: ``as_of`` says less."""
    record = read_exported_object(parsed)
    return record, {
        name: getattr(record, name) for name in type(record).model_fields if name != "code"
    }


def _objects(path: Path, limits: Limits) -> Iterator[tuple[int, object]]:
    """Yield (1-based row, parsed object or the error of that line). Raises BrokenFile, TooLarge."""
    if _first_letter(path, limits) == "[":
        yield from _document(path, limits)
        return
    lines = _lines(path, limits)
    head = list(islice(lines, 2))
    if head and not _one_object_a_line(*(text for _, text, _ in head)):
        yield from _document(path, limits)
        return
    for row, text, complete in chain(head, lines):
        yield row, _parsed(row, text, complete)


def _first_letter(path: Path, limits: Limits) -> str:
    return next((text.strip()[0] for text in _texts(path, limits) if text.strip()), "")


def _one_object_a_line(first: str, second: str = "") -> bool:
    """Two lines tell: an object spread over several neither is whole on one nor begins on the next."""
    return second.startswith("{") or not isinstance(_attempt(first), Exception)


def _attempt(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # too deep, a number of 5,000 digits
        return error


def _parsed(row: int, text: str, complete: bool) -> object:
    parsed = _attempt(text)
    if isinstance(parsed, Exception) and not complete:
        raise BrokenFile(f"tệp bị cắt cụt ở dòng {row}") from parsed
    return parsed


def _document(path: Path, limits: Limits) -> Iterator[tuple[int, object]]:
    """Take one JSON document apart; it is held in memory, so it must keep the limit of a file."""
    whole = "".join(_texts(path, replace(limits, unpacked=limits.on_disk)))
    content = _attempt(whole)
    if isinstance(content, json.JSONDecodeError):
        raise BrokenFile(f"JSON sai ở dòng {content.lineno}, hoặc tệp bị cắt cụt") from content
    if isinstance(content, Exception):
        raise BrokenFile("JSON không đọc được: lồng quá sâu hoặc có số quá dài") from content
    yield from enumerate(content if isinstance(content, list) else [content], start=1)


def _lines(path: Path, limits: Limits) -> Iterator[tuple[int, str, bool]]:
    """Yield (number, text, ended by a line break) of the lines that are not blank."""
    rest, before = "", 0
    for text in _texts(path, limits):
        *whole, rest = (rest + text).split("\n")
        for number, line in enumerate(whole, start=before + 1):
            if line.strip():
                yield number, line, True
        before += len(whole)
        if len(rest) > _LONGEST_LINE:
            raise TooLarge(f"dòng {before + 1} dài quá {_LONGEST_LINE:,} ký tự")
    if rest.strip():
        yield before + 1, rest, False


def _texts(path: Path, limits: Limits) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()  # Notepad writes a byte order mark
    try:
        for chunk in _unpacked(path, limits):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BrokenFile("tệp JSON không phải văn bản UTF-8: hãy lưu lại với mã UTF-8") from error


def _unpacked(path: Path, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of the file, taken out of xz if need be, counted against the limit."""
    size = 0
    try:
        for chunk in _xz_chunks(path) if _is_xz(path) else _chunks(path):
            size += len(chunk)
            limits.check_unpacked(size)
            yield chunk
    except (lzma.LZMAError, EOFError) as error:
        if "Memory usage limit" in str(error):  # the module has no other way to tell
            raise TooLarge(f"tệp .xz cần hơn {XZ_MEMORY >> 20} MB bộ nhớ để mở") from error
        raise BrokenFile("tệp nén bị hỏng hoặc bị cắt cụt") from error


def _is_xz(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_XZ_MAGIC)) == _XZ_MAGIC


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _xz_chunks(path: Path) -> Iterator[bytes]:
    """Unpack with a bound on memory, which ``lzma.open`` does not offer; streams may follow each other."""
    unpacker = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
    for chunk in _chunks(path):
        while chunk or not (unpacker.needs_input or unpacker.eof):
            if unpacker.eof:
                unpacker = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
            yield unpacker.decompress(chunk, max_length=_CHUNK)
            chunk = unpacker.unused_data.lstrip(b"\0") if unpacker.eof else b""
    if not unpacker.eof:
        raise EOFError
