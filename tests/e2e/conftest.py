"""One real installation for all end-to-end tests: built-in data, own database, own tracker, free ports.

Tests that want it carry the mark ``installation``: ``python -m tests.run`` runs them beside the others.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from procedures_db.connection import connect
from procedures_db.migrating import migrate
from procedures_db.sync.seeding import seed
from tests.in_memory import use_memory
from tests.installation import PROJECT, Chat, Installation, running

use_memory()

NATIONAL = PROJECT.parent / "shared" / "data" / "portal_detail_2026-07-18.jsonl.xz"
ALL, REFUSED = 5_664, 1  # procedures in it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "installation" in getattr(item, "fixturenames", ()):
            item.add_marker("installation")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`motcua serve`, ready; stopped with SIGINT at the end, when nothing of it may be left."""
    with running(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


@pytest.fixture
def chat(installation: Installation) -> Chat:
    """A new conversation."""
    return installation.chat()


CopyOf = Callable[[str, Path], Engine]


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory: pytest.TempPathFactory) -> CopyOf:
    """Put a copy of a SQLite database into a folder, as ``motcua.db``, and connect to it.

    "empty": migrated; "built-in": with those procedures; "national": with all procedures of the country.
    Each is made once and copied: migrating and importing take seconds.
    """
    made: dict[str, Path] = {}

    def copy(kind: str, folder: Path) -> Engine:
        if kind not in made:
            made[kind] = _MAKERS[kind](tmp_path_factory.mktemp(kind))
        return connect(f"sqlite:///{shutil.copy(made[kind], folder / 'motcua.db')}")

    return copy


def _migrated(folder: Path) -> Path:
    engine = connect(f"sqlite:///{folder}/motcua.db")
    migrate(engine)
    return _closed(engine)


def _built_in(folder: Path) -> Path:
    engine = connect(f"sqlite:///{_migrated(folder)}")
    seed(engine)
    return _closed(engine)


def _national(folder: Path) -> Path:
    """Imported as an administrator does it."""
    if not NATIONAL.exists():
        pytest.skip(f"no file with all national procedures: {NATIONAL.name}")
    new = Installation(folder, 9, 9, 9)  # never started
    done = new.motcua("import", str(NATIONAL), "--yes", within=900)
    assert f"Mới: {ALL}" in done.stdout and f"từ chối: {REFUSED}" in done.stdout, done.stderr
    return _closed(connect(new.database_url))


_MAKERS = {"empty": _migrated, "built-in": _built_in, "national": _national}


def _closed(engine: Engine) -> Path:
    """The file, with everything in it: nothing is left in the log beside it."""
    with engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return Path(engine.url.database)
