"""What the fast tests share: both databases, the built-in procedures, the shared folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, configuration
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text
from sqlalchemy.engine import Engine

from procedures_db import passwords
from procedures_db.connection import connect
from procedures_db.faqs import FaqIndex
from procedures_db.glossary import Glossary
from procedures_db.knowledge import Knowledge
from procedures_db.life_events import LifeEvents
from procedures_db.migrating import migrate
from procedures_db.models import Base
from procedures_db.record import ProcedureRecord
from procedures_db.search.finder import Finder
from procedures_db.search.language import Language
from procedures_db.sync.seed_yaml import read_seed
from procedures_db.sync.seeding import seed
from procedures_db.wording import Wording
from tests.databases import POSTGRESQL, administer
from tests.in_memory import use_memory

BACKENDS = ("sqlite", "postgresql")
PROJECT = Path(__file__).parents[2]

use_memory()

# Nothing is written outside temporary folders, and a slow machine fails no property.
_HYPOTHESIS_HOME = tempfile.mkdtemp(prefix="motcua-hypothesis-")
configuration.set_hypothesis_home_dir(_HYPOTHESIS_HOME)
hypothesis_settings.register_profile(
    "fast",
    deadline=None,
    max_examples=100,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("fast")


def pytest_sessionfinish() -> None:
    shutil.rmtree(_HYPOTHESIS_HOME, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hash with little memory and one round: the real cost is meant to be felt, and is, in tests/e2e."""
    passwords._hasher.cache_clear()
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._hasher = lambda: cheap  # type: ignore[assignment]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the customer's data; the test is skipped where it is not at hand."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not on this machine")
    return folder


@pytest.fixture(scope="session")
def wording() -> Wording:
    return Wording.load()


@pytest.fixture(scope="session")
def language() -> Language:
    return Language.load()


@pytest.fixture(scope="session")
def knowledge(language: Language) -> Knowledge:
    """Life events and terms as they stand in nlu_data/, and no question often asked."""
    return Knowledge(LifeEvents.load(language), Glossary.load(language), FaqIndex([], language))


@pytest.fixture(scope="session")
def built_in() -> dict[str, ProcedureRecord]:
    """The built-in procedures by code."""
    return {record.code: record for record in read_seed()}


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Return the URL of a new empty database of a backend; all are gone after the session."""
    made: list[str] = []

    def make(backend: str) -> str:
        if backend == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('database')}/motcua.db"
        name = f"motcua_fast_{os.getpid()}_{len(made)}"
        administer(f"CREATE DATABASE {name}")
        administer(f"ALTER DATABASE {name} SET synchronous_commit = off")
        made.append(name)
        return f"{POSTGRESQL}/{name}"

    yield make
    for name in made:
        administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_engine(new_database: Callable[[str], str]) -> Iterator[Engine]:
    """A migrated database for the whole session: ``engine`` empties it before each test."""
    engine = connect(new_database("postgresql"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(new_database: Callable[[str], str]) -> Path:
    """An empty SQLite database: copying it is a hundred times faster than migrating anew."""
    engine = connect(new_database("sqlite"))
    migrate(engine)
    with engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return Path(engine.url.database)


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty database: once a SQLite file, once PostgreSQL."""
    if request.param == "postgresql":
        kept = request.getfixturevalue("postgresql_engine")
        empty(kept)
        yield kept
        return
    path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "motcua.db")
    engine = connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def empty(engine: Engine) -> None:
    """Delete every row, the history's too: as a replica PostgreSQL runs no triggers, TRUNCATE is slow.

    In one message: forty of them would wait for the server forty times, before every test.
    """
    deletes = [f"DELETE FROM {table.name}" for table in Base.metadata.sorted_tables]
    with engine.begin() as connection:
        connection.execute(
            text("; ".join(["SET LOCAL session_replication_role = replica", *deletes]))
        )


@pytest.fixture(scope="session")
def seeded(new_database: Callable[[str], str]) -> Iterator[Callable[[str], Engine]]:
    """Return the database of a backend that holds the built-in procedures; tests only read it."""
    engines: dict[str, Engine] = {}

    def make(backend: str) -> Engine:
        if backend not in engines:
            engines[backend] = connect(new_database(backend))
            migrate(engines[backend])
            seed(engines[backend])
        return engines[backend]

    yield make
    for engine in engines.values():
        engine.dispose()


@pytest.fixture(scope="session", params=BACKENDS)
def seeded_engine(request: pytest.FixtureRequest, seeded: Callable[[str], Engine]) -> Engine:
    """The built-in procedures: once in a SQLite file, once in PostgreSQL."""
    return seeded(request.param)


@pytest.fixture(scope="session")
def catalogue(seeded: Callable[[str], Engine], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A copy of the built-in procedures that ``finder`` searches."""
    path = tmp_path_factory.mktemp("catalogue") / "motcua.db"
    with seeded("sqlite").connect() as connection:
        connection.connection.execute("VACUUM INTO ?", (str(path),))
    return connect(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def finder(catalogue: Engine, language: Language, built_in: dict[str, ProcedureRecord]) -> Finder:
    """The search over the built-in procedures.

    It learns from their paraphrases only: those of the other 800 would cost ten more seconds.
    """
    known = {code: said for code, said in language.paraphrases.items() if code in built_in}
    finder = Finder(catalogue, replace(language, paraphrases=known))
    finder.refresh()
    return finder


@pytest.fixture
def record() -> Callable[..., ProcedureRecord]:
    """Make a small procedure; keywords replace what it holds."""

    def make(**fields: object) -> ProcedureRecord:
        plain = {"code": "1.000001", "name": "Đăng ký nuôi ong", "as_of": date(2026, 7, 18)}
        return ProcedureRecord(**{**plain, **fields})  # type: ignore[arg-type]

    return make
