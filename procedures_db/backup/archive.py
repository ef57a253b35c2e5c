"""A backup file: a zip of databases and the manifest that vouches for them."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from procedures_db.backup import manifest, sqlite_file
from procedures_db.backup.errors import DamagedBackup
from procedures_db.backup.manifest import DatabaseFacts, Manifest

_CHUNK = 1 << 20
_LEVEL = 3  # of 9: a tenth larger than 9, four times as fast


def write_archive(path: Path, contents: Manifest, files: Mapping[str, Path]) -> None:
    """Write databases (by name in the manifest) and manifest; on the disk when it returns."""
    with _new_private(path) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            archive.writestr(manifest.NAME, contents.to_json())
            for name, facts in contents.databases.items():
                archive.write(files[name], facts.file)
        stream.flush()
        os.fsync(stream.fileno())


def _new_private(path: Path) -> BinaryIO:
    """A new file that only its owner may read: conversations may be in it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def read_manifest(path: Path) -> Manifest:
    """Raises DamagedBackup, NewerBackup; OSError if the file cannot be opened."""
    with path.open("rb") as stream:
        with _unreadable_as(f"{path.name} không phải bản sao lưu, hoặc đã bị hỏng."):
            content = zipfile.ZipFile(stream).read(manifest.NAME)
        return Manifest.from_json(content)


def extract(path: Path, facts: DatabaseFacts, target: Path) -> None:
    """Take one database out and prove it the one that was put in: a test restore.

    Compares size, checksum, row counts, migration and data version, and has SQLite check every page.
    Raises DamagedBackup; OSError if the backup cannot be opened or the target not written.
    """
    with path.open("rb") as stream:
        unreadable = f"{path.name} bị hỏng: {facts.file} không đọc được."
        with _unreadable_as(unreadable):
            packed = zipfile.ZipFile(stream).open(facts.file)  # noqa: SIM115 - the stream is closed
        digest = _copy(_chunks(packed, facts.size + 1, unreadable), target)
    if digest != facts.sha256:
        raise DamagedBackup(f"{path.name} bị hỏng: {facts.file} sai mã kiểm tra SHA-256.")
    sqlite_file.require_sound(target)
    if describe(target, facts.file) != facts:
        raise DamagedBackup(f"{path.name} bị hỏng: {facts.file} không khớp bản kê.")


@contextmanager
def _unreadable_as(message: str) -> Iterator[None]:
    """What a zip's reader raises on flipped bits, as DamagedBackup: a flag that says "encrypted" is a
    RuntimeError, an impossible place in the file an OSError."""
    try:
        yield
    except (zipfile.BadZipFile, KeyError, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise DamagedBackup(message) from error


def _chunks(packed: IO[bytes], at_most: int, unreadable: str) -> Iterator[bytes]:
    """What is packed, no more than so many bytes: an archive cannot fill the disk."""
    while at_most > 0:
        with _unreadable_as(unreadable):
            chunk = packed.read(min(_CHUNK, at_most))
        if not chunk:
            return
        yield chunk
        at_most -= len(chunk)


def _copy(chunks: Iterable[bytes], target: Path) -> str:
    """Write a new file, on the disk when it returns. Returns the SHA-256."""
    digest = hashlib.sha256()
    with _new_private(target) as stream:
        for chunk in chunks:
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def describe(path: Path, file: str) -> DatabaseFacts:
    """The facts about a database file that nobody writes to. Raises DamagedBackup."""
    try:
        rows = sqlite_file.row_counts(path)
    except sqlite3.Error as error:
        raise DamagedBackup(f"SQLite không đọc được dữ liệu: {error}.") from error
    return DatabaseFacts(
        file=file,
        sha256=sqlite_file.sha256(path),
        size=path.stat().st_size,
        rows=rows,
        revision=sqlite_file.revision(path),
        data_version=sqlite_file.data_version(path),
    )


def verify(path: Path, work: Path) -> Manifest:
    """Restore every database into the empty folder ``work``. Raises DamagedBackup, NewerBackup."""
    contents = read_manifest(path)
    for name, facts in contents.databases.items():
        extract(path, facts, work / f"{name}.db")
    return contents
