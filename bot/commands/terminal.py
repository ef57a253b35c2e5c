"""What every command shares: the output streams, settings, database, the way to end with a message."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

from bot.settings import Settings, SettingsError, settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

PROJECT = Path(__file__).parents[2]


def read_settings() -> Settings:
    """The settings; makes the project folder the current one. Ends the command if they are wrong.

    Resolve paths that a person typed before calling this.
    """
    os.chdir(PROJECT)  # Rasa and the default paths want the project folder
    try:
        return settings()
    except SettingsError as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """End the command with exit code 1 and a message for its user."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)


def open_database() -> Engine:
    """The procedures database, brought to the current schema. Ends the command if it cannot be used."""
    from procedures_db.migrating import migrate

    with usable_database():
        engine = connect_database()
        migrate(engine)
    return engine


@contextmanager
def usable_database() -> Iterator[None]:
    """Tell a person what is wrong with the database as a whole; ends the command."""
    from procedures_db.connection import DatabaseBusy, DatabaseUnusable

    try:
        yield
    except (DatabaseBusy, DatabaseUnusable) as error:
        fail(f"Không mở được dữ liệu: {error}.")


def connect_database() -> Engine:
    """The procedures database as it is. Raises DatabaseUnusable."""
    from procedures_db.connection import connect

    return connect(read_settings().database_url)


def can_ask() -> bool:
    """Whether somebody sits there to answer a question."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def who(given: str) -> str:
    """The name for the history: the one given, else that of the system's user."""
    if given.strip():
        return given.strip()[:200]
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user id without a name, as in some containers
        return f"uid {os.getuid()}"
