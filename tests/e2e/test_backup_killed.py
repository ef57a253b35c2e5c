"""`motcua backup` killed at any moment, as by a power cut, leaves nothing but whole backups."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from procedures_db.backup import archive
from procedures_db.backup.making import backups
from procedures_db.backup.manifest import PROCEDURES
from tests.e2e import killed
from tests.e2e.conftest import CopyOf
from tests.installation import eventually

KILLS = 20
FILLER_MB = 10  # long enough that a kill finds every stage
WORK = ".motcua-backup-*"


@pytest.fixture(scope="module")
def database(copy_of: CopyOf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in procedures, and steps of random text that cannot be packed small."""
    path = Path(copy_of("built-in", tmp_path_factory.mktemp("database")).url.database)
    with sqlite3.connect(path) as connection:
        (procedure,) = connection.execute("SELECT min(id) FROM procedure").fetchone()
        connection.executemany(
            "INSERT INTO procedure_step (procedure_id, position, name, text) VALUES (?, ?, '', ?)",
            ((procedure, 1000 + i, os.urandom(50_000).hex()) for i in range(FILLER_MB * 10)),
        )
    return path


@pytest.fixture
def writing(database: Path) -> Iterator[None]:
    """Somebody changes the database all the time."""
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(database, timeout=30)
        while not stop.wait(0.02):
            with connection:
                connection.execute("UPDATE state SET value = value + 1")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stop.set()
    thread.join()


def start(database: Path, folder: Path) -> ForkServerProcess:
    return killed.start(killed.backup, database, folder)


def has_ended_well(process: ForkServerProcess) -> bool:
    process.join(240)
    return process.exitcode == 0


def at_work(folder: Path) -> list[Path]:
    return list(folder.glob(WORK)) if folder.exists() else []


def require_whole(folder: Path, scratch: Path) -> int:
    """Every backup in the folder passes a test restore; return how many there are."""
    found = backups(folder)
    for path in found:
        work = scratch / path.name
        if not work.exists():  # those of before are as they were
            work.mkdir()
            contents = archive.verify(path, work)
            assert contents.databases[PROCEDURES].rows["procedure"] > 200
            (work / f"{PROCEDURES}.db").unlink()
    strange = [p.name for p in folder.iterdir() if p not in found and not p.match(WORK)]
    assert strange == []
    return len(found)


@pytest.mark.usefixtures("writing")
def test_killed_at_twenty_random_moments_a_backup_leaves_only_whole_ones(
    database: Path, tmp_path: Path
) -> None:
    folder, scratch = tmp_path / "backups", tmp_path / "scratch"
    scratch.mkdir()
    whole = start(database, folder)
    assert eventually(lambda: at_work(folder), within=120, every=0.005)
    began = time.monotonic()
    assert has_ended_well(whole)
    duration = time.monotonic() - began
    assert require_whole(folder, scratch) == 1

    chance, interrupted = random.Random(20261122), 0
    for _ in range(4 * KILLS):
        before = set(at_work(folder))  # what the one killed last left
        process = start(database, folder)
        assert eventually(
            lambda known=before: set(at_work(folder)) - known, within=120, every=0.005
        )
        time.sleep(chance.uniform(0, duration))
        if process.exitcode is not None:  # too late: the machine has become quicker
            duration *= 0.8
        process.kill()
        process.join()
        interrupted += bool(at_work(folder))
        require_whole(folder, scratch)
        if interrupted == KILLS:
            break
    assert interrupted == KILLS, "too few kills came while a backup was being made"

    last = start(database, folder)
    assert has_ended_well(last)
    assert at_work(folder) == []
    assert 1 <= require_whole(folder, scratch) <= 5
