"""How long one installation takes to pull all procedures from another, and then ten that changed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import httpx

from benchmarks import workbench
from benchmarks.result import Figure, Result, Skipped
from procedures_db import procedures
from procedures_db.connection import connect, transaction
from procedures_db.exchange.applying import Verdict
from procedures_db.exchange.fetching import Fetcher
from procedures_db.exchange.syncing import Outcome, sync
from procedures_db.migrating import migrate
from tests.changing import edit
from tests.installation import eventually, free_ports

CHANGED = 10


def run() -> Result:
    """Raises Skipped where there is no SQLite database with all procedures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = _copy_of_all(folder / "source.db")
        with _serving(source) as (url, pid):
            whole, full_s, waits = _while_asking(url, lambda: _pull(url, folder))
            _change(source)
            some, some_s, _ = _while_asking(url, lambda: _pull(url, folder))
            lines_s = _timed_get(f"{url}/open-data/procedures.jsonl")
            csv_s = _timed_get(f"{url}/open-data/procedures.csv")
            peak = _peak_mb(pid)
    assert len(whole.verdicts[Verdict.NEW]) > 5_000, "not everything was pulled"
    assert len(some.verdicts[Verdict.CHANGED]) == CHANGED, "not what changed was pulled"
    return Result(
        figures=(
            Figure("procedures pulled", len(whole.verdicts[Verdict.NEW])),
            Figure("full pull into an empty SQLite", full_s, "s", 60),
            Figure(f"pull of {CHANGED} that changed", some_s, "s", 2),
            Figure("procedures.jsonl, packed", lines_s, "s", 60),
            Figure("procedures.csv, packed", csv_s, "s", 60),
            Figure("longest wait for /healthz during the full pull", max(waits) * 1000, "ms", 500),
            Figure("median of these waits", workbench.percentile(waits, 50) * 1000, "ms", 50),
            Figure("peak memory of the web process", peak, "MB", 300),
        )
    )


def _copy_of_all(path: Path) -> str:
    engine = connect(workbench.full_database())
    if engine.url.get_backend_name() != "sqlite":
        raise Skipped("it copies an SQLite file: set MOTCUA_DATABASE_URL to one")
    with engine.connect() as connection:
        connection.connection.execute("VACUUM INTO ?", (str(path),))
    url = f"sqlite:///{path}"
    migrate(connect(url))
    return url


@contextmanager
def _serving(database_url: str) -> Iterator[tuple[str, int]]:
    """The web application alone: its address and process id."""
    (port,) = free_ports(1)
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "bot.app:create_app",
        "--ws",
        "wsproto",
    ]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--no-access-log", "--log-level", "error"],
        cwd=workbench.PROJECT,
        env={**os.environ, "MOTCUA_DATABASE_URL": database_url},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        if not eventually(lambda: _answers(url), within=60):
            raise Skipped("the web application did not start")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _pull(url: str, folder: Path) -> tuple[Outcome, float]:
    return workbench.in_child(_pull_here, url, f"sqlite:///{folder}/target.db")


def _pull_here(url: str, database_url: str) -> tuple[Outcome, float]:
    engine, fetcher = connect(database_url), Fetcher()
    migrate(engine)
    started = time.perf_counter()
    outcome = sync(engine, url, fetcher=fetcher, actor="benchmark")
    return outcome, time.perf_counter() - started


def _while_asking(
    url: str, action: Callable[[], tuple[Outcome, float]]
) -> tuple[Outcome, float, list[float]]:
    """Run the pull; meanwhile ask the same server for something small, ten times a second."""
    done, waits = threading.Event(), []

    def ask() -> None:
        with httpx.Client(timeout=30) as client:
            while not done.wait(0.1):
                started = time.perf_counter()
                client.get(f"{url}/healthz")
                waits.append(time.perf_counter() - started)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        outcome, seconds = action()
    finally:
        done.set()
        asking.join()
    return outcome, seconds, waits


def _change(database_url: str) -> None:
    engine = connect(database_url)
    with transaction(engine) as session:
        some = list(islice(procedures.every(session), CHANGED))
    edit(engine, *(one.model_copy(update={"conditions": "đã sửa"}) for one in some))


def _timed_get(url: str) -> float:
    started = time.perf_counter()
    httpx.get(url, timeout=600).raise_for_status()
    return time.perf_counter() - started


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
