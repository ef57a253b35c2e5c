"""Connections to the database: SQLite embedded, PostgreSQL by configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 15_000
_WRITERS = 7_302_118_056  # PostgreSQL advisory lock of whoever changes procedures


class DatabaseBusy(RuntimeError):
    """Somebody else kept writing for too long: nothing was changed, trying again is safe."""


class DatabaseUnusable(RuntimeError):
    """The database as a whole cannot be worked with; the message is a Vietnamese sentence."""


class BadDatabaseUrl(DatabaseUnusable):
    """The setting names no database that we know how to open."""


class DatabaseUnreachable(DatabaseUnusable):
    """No such folder or server, no permission, wrong password, or the file is no database."""


def connect(url: str) -> Engine:
    """Return an engine for a SQLAlchemy URL; creates the folder of a SQLite file.

    Raises BadDatabaseUrl; DatabaseUnreachable if that folder cannot be created.
    """
    try:
        return _engine(url)
    except (ArgumentError, ImportError) as error:  # ImportError: another kind of server's driver
        raise BadDatabaseUrl(
            "MOTCUA_DATABASE_URL không phải địa chỉ cơ sở dữ liệu; cần dạng"
            " sqlite:///data/motcua.db hoặc postgresql://người_dùng@máy/tên"
        ) from error
    except OSError as error:
        raise DatabaseUnreachable(
            f"không tạo được thư mục {error.filename} cho cơ sở dữ liệu: {error.strerror}"
        ) from error


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, future=True, pool_pre_ping=True, pool_size=5, max_overflow=10)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # No pool (SQLAlchemy 1.4's default for files): an idle connection would go on with the old file after a
    # restore has put another in its place.
    engine = create_engine(url, future=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    _configure_sqlite(engine)
    return engine


def _configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection, _record):  # type: ignore[no-untyped-def]
        # pysqlite opens transactions late and commits before DDL; SQLAlchemy's documented remedy
        # is to switch that off and emit BEGIN ourselves, so that a batch is really one transaction.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while an import writes
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN")


@contextmanager
def transaction(engine: Engine, *, write: bool = False) -> Iterator[Session]:
    """One unit of work: commits at the end, rolls back on any error.

    ``write``: wait for other writers at once (``lock_for_writing``), so that what is read here is
    still true when it is written.
    """
    with Session(engine, future=True) as session, session.begin():
        if write:
            lock_for_writing(session)
        yield session


def reserve_writing(session: Session) -> None:
    """Begin to write before anything is read, for rows that are no procedures.

    SQLite cannot turn a transaction that has read into one that writes once another has written; a
    PostgreSQL row is locked when it is written.
    """
    if session.get_bind().dialect.name == "sqlite":
        lock_for_writing(session)


def lock_for_writing(session: Session) -> None:
    """Wait until no other transaction changes procedures and keep it so until this one ends.

    Call it before anything is read. Raises DatabaseBusy after ``BUSY_TIMEOUT_MS``.
    """
    try:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}"))
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
        else:  # a write takes SQLite's only lock, whether or not a row is there
            session.execute(text("UPDATE state SET value = value WHERE name = 'data_version'"))
    except OperationalError as error:
        raise DatabaseBusy("có người khác đang ghi dữ liệu, hãy thử lại sau") from error
