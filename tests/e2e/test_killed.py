"""A process killed while it writes: what citizens are answered from is as before or as after."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from procedures_db import history, procedures
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate
from procedures_db.sync.importing import import_file
from tests.databases import POSTGRESQL, administer
from tests.e2e import killed, killed_import
from tests.e2e.killed import pipe

TIMES, TIMES_UNDONE = 20, 6
COUNT = 800  # procedures: two batches, about half a second of writing

State = tuple[int, int, str, int]


def portal_file(path: Path, mark: str, count: int = COUNT) -> Path:
    """A portal file in which every procedure says ``mark``."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            steps = [{"name": f"Bước {n}", "description": f"{mark} {n} " * 20} for n in range(4)]
            entry = {"code": f"1.{number:06}", "name": f"{mark} {number}", "executionSteps": steps}
            stream.write(json.dumps({**entry, "updatedAt": 1_784_000_000_000}) + "\n")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    name = f"motcua_killed_{random.getrandbits(40):x}"
    if request.param == "postgresql":
        administer(f"CREATE DATABASE {name}")
    url = f"{POSTGRESQL}/{name}" if request.param == "postgresql" else f"sqlite:///{tmp_path}/m.db"
    engine = connect(url)
    migrate(engine)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        administer(f"DROP DATABASE {name} WITH (FORCE)")


def state(engine: Engine) -> State:
    """Data version, procedures, their names' hash, change sets; fails if the database is damaged."""
    with transaction(engine) as session:
        if engine.dialect.name == "sqlite":
            assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert not session.connection().exec_driver_sql("PRAGMA foreign_key_check").all()
        names = [(one.name, len(one.steps)) for one in procedures.every(session)]
        version = procedures.data_version(session)
        return version, len(names), str(hash(tuple(names))), history.change_sets(session).total


def start(action: str, engine: Engine, argument: object) -> tuple[ForkServerProcess, Connection]:
    """Begin an import or an undo; return when it writes."""
    url = engine.url.render_as_string(hide_password=False)
    told, tell = pipe(duplex=False)
    process = killed.start(killed_import.main, action, url, str(argument), tell)
    tell.close()
    assert told.recv() == "writing"
    return process, told


def seconds_of_writing(action: str, engine: Engine, argument: object) -> float:
    process, told = start(action, engine, argument)
    begun = time.monotonic()
    assert told.recv() == "done"
    taken = time.monotonic() - begun
    process.join()
    return taken


def after_kill(
    action: str, engine: Engine, argument: object, within: float, before: State
) -> State:
    """Run, kill at a random moment of the writing, return the state.

    It must be as before, or whole: one change set, one step of the data version.
    """
    process, told = start(action, engine, argument)
    time.sleep(random.uniform(0, within))
    process.kill()
    process.join()
    said_done = has_said_done(told)
    now = state(engine)
    if now == before:
        assert not said_done
    else:
        assert (now[0], now[3]) == (before[0] + 1, before[3] + 1)
        assert now[1:3] != before[1:3]
    return now


def has_said_done(told: Connection) -> bool:
    try:
        return told.recv() == "done"
    except EOFError:
        return False


def test_an_import_killed_at_any_moment_has_changed_nothing_or_all(
    engine: Engine, tmp_path: Path
) -> None:
    files = [portal_file(tmp_path / f"{mark}.jsonl", mark) for mark in ("cũ", "mới")]
    import_file(engine, files[0])
    taken = seconds_of_writing("import", engine, files[1])
    now, interrupted = state(engine), 0
    for _ in range(4 * TIMES):
        before, now = now, after_kill("import", engine, files[0], taken, now)
        if now == before:
            interrupted += 1
        else:  # too late: the machine has become quicker
            files.reverse()
            taken *= 0.8
        if interrupted == TIMES:
            break
    assert interrupted == TIMES, "too few kills came while it was written"
    seconds_of_writing("import", engine, files[0])
    assert state(engine)[1:3] != now[1:3]


def test_an_undo_killed_at_any_moment_has_changed_nothing_or_all(
    engine: Engine, tmp_path: Path
) -> None:
    file = portal_file(tmp_path / "cũ.jsonl", "cũ")
    taken = seconds_of_writing("undo", engine, import_file(engine, file).change_set)
    done = import_file(engine, file).change_set
    now = state(engine)
    for _ in range(TIMES_UNDONE):
        before, now = now, after_kill("undo", engine, done, taken, now)
        assert now[1] == (COUNT if now == before else 0)
        if now != before:
            done = import_file(engine, file).change_set
            now = state(engine)
