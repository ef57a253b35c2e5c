"""Tell what kind of file it is by its content, never by its name."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from zipfile import ZipFile

from procedures_db.sync.file_errors import BrokenFile, Encrypted, UnknownFormat
from procedures_db.sync.file_limits import Limits
from procedures_db.sync.packed import open_zip


class FileKind(str, Enum):
    """The kinds of file that are read."""

    PORTAL_JSON = "JSON chi tiết thủ tục, của Cổng Dịch vụ công quốc gia hoặc do motcua xuất ra"
    DETAIL_DOCX = "phiếu chi tiết thủ tục (Word)"
    LEGACY_DOC = "tệp Word 97–2003"
    WORKBOOK = "bảng tính Excel"
    CSV = "bảng CSV"
    ARCHIVE = "tệp nén .zip"


_HEAD = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_XZ = b"\xfd7zXZ\x00"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"

# First bytes of files that people send by mistake → what the file is and what to do.
_OTHERS = {
    b"MZ": "tệp chương trình Windows (.exe, .dll): không nạp",
    b"\x7fELF": "tệp chương trình Linux: không nạp",
    b"#!": "tệp lệnh: không nạp",
    b"%PDF": "tệp PDF: hãy tải bản .doc của phiếu chi tiết thủ tục, hoặc bảng Excel",
    b"{\\rtf": "tệp RTF: hãy mở bằng Word và lưu lại thành .docx",
    b"Rar!": "tệp RAR: hãy giải nén rồi nén lại thành .zip",
    b"7z\xbc\xaf\x27\x1c": "tệp 7z: hãy giải nén rồi nén lại thành .zip",
    b"\x1f\x8b": "tệp gzip: hãy giải nén rồi nén lại thành .zip",
    b"BZh": "tệp bzip2: hãy giải nén rồi nén lại thành .zip",
    b"\x89PNG": "tệp ảnh: không nạp",
    b"\xff\xd8\xff": "tệp ảnh: không nạp",
    b"GIF8": "tệp ảnh: không nạp",
    b"SQLite format 3": "tệp cơ sở dữ liệu SQLite: không nạp",
}


def detect(path: Path, limits: Limits) -> FileKind:
    """Return the kind. Raises UnknownFormat, Encrypted, BrokenFile, TooLarge, OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise BrokenFile("tệp rỗng")
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise UnknownFormat(what)
    if head.startswith(_XZ):
        return FileKind.PORTAL_JSON
    if head.startswith(_OLE):
        return _ole_kind(path)
    if head.startswith(_ZIP):
        with open_zip(path, limits) as archive:
            return _zip_kind(archive)
    return _text_kind(head)


def _ole_kind(path: Path) -> FileKind:
    """Old Office files are told apart by the names in their directory, written in UTF-16."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Encrypted("tệp Word hoặc Excel có mật khẩu: hãy bỏ mật khẩu rồi nạp lại")
    if "WordDocument".encode("utf-16-le") in content:
        return FileKind.LEGACY_DOC
    if any(f"{name}\0".encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise UnknownFormat("tệp Excel 97–2003 (.xls): hãy mở bằng Excel và lưu lại thành .xlsx")
    raise UnknownFormat("tệp Office cũ không phải Word: hãy lưu lại thành .docx hoặc .xlsx")


def _zip_kind(archive: ZipFile) -> FileKind:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return FileKind.DETAIL_DOCX
        if "xl/workbook.xml" in names:
            return FileKind.WORKBOOK
        raise UnknownFormat("tệp Office không phải Word (.docx) hay Excel (.xlsx)")
    if "mimetype" in names:
        raise UnknownFormat("tệp OpenDocument: hãy lưu lại thành .docx hoặc .xlsx")
    if not names:
        raise BrokenFile("tệp nén không chứa tệp nào")
    return FileKind.ARCHIVE


def _text_kind(head: bytes) -> FileKind:
    if not head.startswith(_UTF16) and _looks_binary(head):
        raise UnknownFormat("không nhận ra loại tệp: không phải Word, Excel, CSV hay JSON")
    first = head.replace(b"\0", b"").removeprefix(_UTF8_MARK).lstrip(b"\xff\xfe \t\r\n")[:1]
    if first in (b"{", b"["):
        return FileKind.PORTAL_JSON
    if first == b"<":
        raise UnknownFormat(
            "tệp HTML hoặc XML (kể cả khi tên là .xls, .doc): "
            "hãy mở bằng Excel hoặc Word và lưu lại thành .xlsx, .docx"
        )
    return FileKind.CSV


def _looks_binary(head: bytes) -> bool:
    """NUL and other control bytes; UTF-16 without a mark has its NULs at every second place."""
    if b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return min(even, odd) > 0 or max(even, odd) < len(head) / 8
    return any(byte < 9 or 13 < byte < 32 for byte in head if byte != 27)
