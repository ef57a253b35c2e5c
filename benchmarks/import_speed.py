"""How long it takes to bring all national procedures into an empty database, and once more."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks import workbench
from benchmarks.result import Figure, Result
from procedures_db.connection import connect
from procedures_db.migrating import migrate
from procedures_db.sync.importing import date_in_name, import_portal_file


def run() -> Result:
    """Raises Skipped where the portal's file is absent."""
    path = workbench.portal_file()
    measured = workbench.in_child(_import_twice, path)
    return Result(
        figures=(
            Figure("procedures imported", measured["imported"]),
            Figure("procedures refused", measured["refused"]),
            Figure("import into an empty SQLite", measured["first_s"], "s", 180),
            Figure("import of the same again", measured["again_s"], "s", 90),
            Figure("peak memory", measured["peak_mb"], "MB", 1_500),
        )
    )


def _import_twice(path: Path) -> dict[str, float]:
    as_of = date_in_name(path.name)
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/bench.db")
        migrate(engine)
        started = time.perf_counter()
        first = import_portal_file(engine, path, as_of=as_of)
        between = time.perf_counter()
        again = import_portal_file(engine, path, as_of=as_of)
        ended = time.perf_counter()
        engine.dispose()
    assert again.unchanged == first.new, "an import of the same file changed procedures"
    return {
        "imported": first.new,
        "refused": len(first.refused),
        "first_s": between - started,
        "again_s": ended - between,
        "peak_mb": workbench.memory_mb("VmHWM"),
    }
