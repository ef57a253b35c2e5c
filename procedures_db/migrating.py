"""Bring a database to the current schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from procedures_db.connection import DatabaseBusy, DatabaseUnreachable, DatabaseUnusable

# Two servers that start at once must not both migrate: any number will do, as long as it is ours.
_ADVISORY_LOCK = 7_302_118_055


class NewerDatabase(DatabaseUnusable):
    """A newer motcua has migrated the database."""


class NotPrepared(DatabaseUnusable):
    """The database lacks tables: nothing has served from it or imported into it yet."""


def migrate(engine: Engine) -> None:
    """Run the migrations that the database lacks; does nothing when it is current.

    Raises NewerDatabase, DatabaseUnreachable, DatabaseBusy.
    """
    with _reached(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        _require_known(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(engine: Engine) -> None:
    """For who only reads a database that another process prepares.

    Raises NotPrepared, NewerDatabase, DatabaseUnreachable, DatabaseBusy.
    """
    with _reached(engine), engine.connect() as connection:
        _require_known(connection)
        newest = ScriptDirectory.from_config(_config()).get_heads()
        if set(_revisions(connection)) != set(newest):
            raise NotPrepared(
                f"cơ sở dữ liệu {engine.url!r} chưa có dữ liệu của bản motcua này;"
                " MOTCUA_DATABASE_URL có đúng là của motcua serve không?"
            )


@contextmanager
def _reached(engine: Engine) -> Iterator[None]:
    """Name what a driver says when it cannot open, read or write the database at all."""
    try:
        yield
    except DBAPIError as error:
        if "locked" in str(error.orig):
            raise DatabaseBusy("có người khác đang ghi dữ liệu, hãy thử lại sau") from error
        raise DatabaseUnreachable(
            f"không dùng được cơ sở dữ liệu {engine.url!r}: {str(error.orig).strip()}"
        ) from error


def _require_known(connection: Connection) -> None:
    unknown = [one for one in _revisions(connection) if one not in known_revisions()]
    if unknown:
        raise NewerDatabase(
            f"cơ sở dữ liệu có cấu trúc {unknown[0]} của một bản motcua mới hơn: hãy cập nhật motcua"
        )


def _revisions(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


def known_revisions() -> frozenset[str]:
    """The schemas that this version can bring to the current one."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(revision.revision for revision in script.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
