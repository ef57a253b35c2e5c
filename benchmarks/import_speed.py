"""How long all national procedures take: import, preview of edits, the same again, a newer day, undo."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from sqlalchemy.engine import Engine

from benchmarks import workbench
from benchmarks.result import Figure, Result
from procedures_db import editing, procedures
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate
from procedures_db.sync import applying
from procedures_db.sync.importing import date_in_name, import_file, preview_file

_EDITED = 100

T = TypeVar("T")


def run() -> Result:
    """Raises Skipped where the portal's file is absent."""
    path = workbench.portal_file()
    measured = workbench.in_child(_measure, path)
    return Result(
        figures=(
            Figure("procedures imported", measured["imported"]),
            Figure("procedures refused", measured["refused"]),
            Figure("import into an empty SQLite", measured["first_s"], "s", 180),
            Figure("the database then", measured["first_mb"], "MB"),
            Figure("import of the same again", measured["again_s"], "s", 90),
            Figure("changes found in it", measured["again"]),
            Figure(f"preview after {_EDITED} random edits", measured["preview_s"], "s"),
            Figure("of them found", measured["found"]),
            Figure("import that only confirms a newer day", measured["newer_s"], "s", 180),
            Figure("the database grows by", measured["newer_mb"], "MB"),
            Figure("undo of it", measured["undo_s"], "s"),
            Figure("peak memory", measured["peak_mb"], "MB", 1_500),
        )
    )


def _measure(path: Path) -> dict[str, float]:
    day = date_in_name(path.name)
    assert day is not None
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/bench.db")
        migrate(engine)
        first_s, first = _timed(lambda: import_file(engine, path, as_of=day))
        first_mb = _size_mb(engine)
        again_s, again = _timed(lambda: import_file(engine, path, as_of=day))
        next_week = day + timedelta(days=7)
        newer_s, newer = _timed(lambda: import_file(engine, path, as_of=next_week))
        newer_mb = _size_mb(engine) - first_mb
        number = newer.change_set
        assert number is not None
        undo_s, _ = _timed(lambda: applying.undo(engine, number, actor="benchmark"))
        edited = _edit(engine)
        preview_s, preview = _timed(lambda: preview_file(engine, path, as_of=day))
        engine.dispose()
    return {
        "imported": first.new,
        "refused": len(first.refused),
        "first_s": first_s,
        "first_mb": first_mb,
        "again_s": again_s,
        "again": again.new + again.changed,
        "preview_s": preview_s,
        "found": len(edited & {one.code for one in preview.changed}),
        "newer_s": newer_s,
        "newer_mb": newer_mb,
        "undo_s": undo_s,
        "peak_mb": workbench.memory_mb("VmHWM"),
    }


def _edit(engine: Engine) -> set[str]:
    """Change something in random procedures, as officials would; return their codes."""
    with transaction(engine, write=True) as session:
        codes = sorted(one.code for one in procedures.every(session))
        chosen = Random(20261122).sample(codes, _EDITED)
        for code in chosen:
            opened = editing.open_procedure(session, code)
            editing.correct(
                session, code, {"receiving_address": "Số 1, đường Hoa Nhãn"},
                expected_version=opened.version, actor="benchmark",
            )  # fmt: skip
    return set(chosen)


def _timed(action: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    outcome = action()
    return time.perf_counter() - started, outcome


def _size_mb(engine: Engine) -> float:
    """Megabytes of the SQLite file, with what waits in the write-ahead log brought in."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(engine.url.database or "").stat().st_size / 1e6
