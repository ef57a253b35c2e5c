"""SQLite files: where they are, copying one in use, what it holds, whether it is sound."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from procedures_db.backup.errors import DamagedBackup, NoDatabase, NotEmbedded, UnreadableDatabase
from procedures_db.connection import BUSY_TIMEOUT_MS
from procedures_db.procedures import DATA_VERSION

_CHUNK = 1 << 20
_MAGIC = b"SQLite format 3\x00"


def database_file(url: str) -> Path:
    """Return the file behind a SQLAlchemy URL. Raises NotEmbedded (with what to do instead), NoDatabase."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        server = f"--host={parsed.host or 'localhost'} --port={parsed.port or 5432}"
        user = f" --username={parsed.username}" if parsed.username else ""
        raise NotEmbedded(
            "Dữ liệu nằm trên PostgreSQL: dùng công cụ của PostgreSQL.\n"
            f"Sao lưu:   pg_dump --format=custom {server}{user} --file=motcua.dump {parsed.database}\n"
            f"Khôi phục: pg_restore --clean --if-exists --single-transaction {server}{user}"
            f" --dbname={parsed.database} motcua.dump"
        )
    if not parsed.database or parsed.database == ":memory:":
        raise NoDatabase("Cơ sở dữ liệu chỉ nằm trong bộ nhớ, không có tệp để sao lưu.")
    return Path(parsed.database).absolute()


@contextmanager
def opened(path: Path, *, timeout: float = BUSY_TIMEOUT_MS / 1000) -> Iterator[sqlite3.Connection]:
    """Open a file that exists; sqlite3 itself would make a new one. Raises sqlite3.Error.

    What is no database is not even tried: SQLite would delete the write-ahead log beside it.
    """
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise sqlite3.DatabaseError("file is not a database")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=timeout)
    with closing(connection):
        yield connection


def copy_online(source: Path, target: Path) -> None:
    """Copy a database as of one moment while others read and write it.

    All pages in one step: in WAL mode nobody waits for it, and it never has to begin anew because
    somebody wrote. Raises NoDatabase, UnreadableDatabase.
    """
    if not source.exists():
        raise NoDatabase(f"Không có tệp {source}.")
    try:
        with opened(source) as reading, closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode=DELETE")  # one file, without -wal beside it
    except sqlite3.Error as error:
        raise UnreadableDatabase(f"Không chép được {source}: {error}.") from error


def write_over(target: Path, source: Path) -> None:
    """Give a database the content of another, in one transaction: others may have it open.

    Raises sqlite3.Error; then ``target`` is as it was.
    """
    with opened(source) as reading, opened(target) as writing:
        reading.backup(writing)


def require_sound(path: Path) -> None:
    """Have SQLite read every page and index. Raises DamagedBackup."""
    try:
        with opened(path) as connection:
            answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise DamagedBackup(f"SQLite không đọc được dữ liệu: {error}.") from error
    if answer != "ok":
        raise DamagedBackup(f"Dữ liệu bị hỏng: {answer}.")


def row_counts(path: Path) -> dict[str, int]:
    """Table → rows. Raises sqlite3.Error."""
    with opened(path) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in sorted(names)
        }


def revision(path: Path) -> str | None:
    """The migration a database of procedures is at; None: it is none."""
    return _value(path, "SELECT version_num FROM alembic_version")


def data_version(path: Path) -> int | None:
    """See ``procedures.data_version``; None: the file is no readable database of procedures."""
    return _value(path, f"SELECT value FROM state WHERE name = '{DATA_VERSION}'")


def _value(path: Path, statement: str):  # type: ignore[no-untyped-def]
    try:
        with opened(path) as connection:
            row = connection.execute(statement).fetchone()
    except (sqlite3.DatabaseError, FileNotFoundError):  # no such table, no database at all
        return None
    return row[0] if row else None


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
