"""What tests/e2e/test_killed.py runs and kills: one import or one undo, told through a pipe."""

from __future__ import annotations

from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from procedures_db.connection import connect
from procedures_db.sync import applying
from procedures_db.sync.importing import preview_file


def main(action: str, url: str, argument: str, told: Connection) -> None:
    engine = connect(url)
    if action == "undo":
        told.send("writing")
        applying.undo(engine, int(argument), actor="test")
    else:
        found = preview_file(engine, Path(argument), as_of=date(2026, 10, 5))
        told.send("writing")
        applying.apply(engine, found, actor="test")
    told.send("done")
