"""Zip files opened with care: limits, passwords, damage, and no DTD in an Office file."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, iterparse

from procedures_db.sync.file_errors import BrokenFile, Encrypted, TooLarge
from procedures_db.sync.file_limits import MAX_MEMBERS, MAX_RATIO, RATIO_MATTERS_FROM, Limits
from procedures_db.sync.portal_json import VIETNAM

_CORE_PROPERTIES = "docProps/core.xml"
_DUBLIN_CORE = "http://purl.org/dc/terms/"
_CHUNK = 256 * 1024
_ENCRYPTED_FLAG = 0x1
_BOMB = "tệp nén có tỉ lệ nén bất thường ({name}): có thể là bom nén, không đọc"

# What zipfile lets through for damaged offsets, names, data, checksums and unknown compression.
_DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError, RuntimeError)


@contextmanager
def open_zip(source: Path | BinaryIO, limits: Limits) -> Iterator[ZipFile]:
    """Open a zip whose directory keeps the limits. Raises BrokenFile, Encrypted, TooLarge."""
    try:
        archive = ZipFile(source)
    except _DAMAGE as error:
        raise BrokenFile("tệp nén (hoặc tệp Word, Excel) bị hỏng hoặc bị cắt cụt") from error
    with archive:
        _check_directory(archive.infolist(), limits)
        yield archive


def _check_directory(members: list[ZipInfo], limits: Limits) -> None:
    if len(members) > MAX_MEMBERS:
        raise TooLarge(f"tệp nén chứa {len(members)} tệp, giới hạn là {MAX_MEMBERS}")
    limits.check_unpacked(sum(member.file_size for member in members))
    for member in members:
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise Encrypted("tệp nén có mật khẩu: hãy bỏ mật khẩu rồi nạp lại")
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > RATIO_MATTERS_FROM and ratio > MAX_RATIO:
            raise TooLarge(_BOMB.format(name=member.filename))


def read_member(archive: ZipFile, member: ZipInfo, limit: int) -> bytes:
    """Return the unpacked bytes; the checksum is verified. Raises BrokenFile, TooLarge.

    The directory may lie about sizes: what comes out is counted.
    """
    content = BytesIO()
    for chunk in _chunks(archive, member):
        content.write(chunk)
        if content.tell() > limit:
            raise TooLarge(_BOMB.format(name=member.filename))
    return content.getvalue()


def _chunks(archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except _DAMAGE as error:
        raise BrokenFile(f"phần {member.filename} trong tệp nén bị hỏng") from error


def check_office_parts(archive: ZipFile, limits: Limits) -> None:
    """Read every part of a Word or Excel file once. Raises BrokenFile, TooLarge.

    Office files are held in memory, so all parts together must fit the limit for files on disk.
    A DTD is forbidden in them (ECMA-376 part 2, §9.1.1.4) and is the way to entity bombs and to
    entities that read files: it is refused before any other library parses the part.
    """
    left = limits.on_disk
    for member in archive.infolist():
        content = read_member(archive, member, left)
        left -= len(content)
        if member.filename.lower().endswith((".xml", ".rels")):
            _refuse_dtd(content, member.filename)


def _refuse_dtd(content: bytes, name: str) -> None:
    """Parse up to the first element: a DTD can only stand before it."""
    try:
        next(iterparse(BytesIO(content), events=("start",), forbid_dtd=True), None)
    except DefusedXmlException as error:
        raise BrokenFile(f"phần {name} khai báo DTD (thực thể XML): tệp không an toàn") from error
    except (ParseError, LookupError, ValueError) as error:
        raise BrokenFile(f"phần {name} không phải XML đọc được") from error


def created_on(path: Path, limits: Limits) -> date | None:
    """The day on which an Office file says that it was made, in Viet Nam; None if it does not say."""
    with open_zip(path, limits) as archive:
        if _CORE_PROPERTIES not in archive.namelist():
            return None
        root = fromstring(read_member(archive, archive.getinfo(_CORE_PROPERTIES), limits.on_disk))
    stamp = (root.findtext(f"{{{_DUBLIN_CORE}}}created") or "").replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(stamp).astimezone(VIETNAM).date()
    except ValueError:
        return None
