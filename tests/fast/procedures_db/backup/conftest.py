"""A database in use, as the fast tests of backups want it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from procedures_db import procedures
from procedures_db.backup.manifest import PROCEDURES
from procedures_db.connection import connect, transaction
from procedures_db.record import ProcedureRecord
from tests.fast.samples import FULL_RECORD


class Database:
    """A SQLite database of procedures with something in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = connect(f"sqlite:///{path}")

    @property
    def files(self) -> dict[str, Path]:
        return {PROCEDURES: self.path}

    def save(self, *records: ProcedureRecord) -> None:
        with transaction(self.engine) as session:
            for record in records:
                procedures.save(session, record)
            procedures.bump_data_version(session)

    def records(self) -> list[ProcedureRecord]:
        with transaction(self.engine) as session:
            return list(procedures.every(session))

    def version(self) -> int:
        with transaction(self.engine) as session:
            return procedures.data_version(session)


@pytest.fixture
def database(tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    (tmp_path / "data").mkdir()
    made = Database(Path(shutil.copy(migrated_file, tmp_path / "data" / "motcua.db")))
    made.save(FULL_RECORD)
    yield made
    made.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go; made by the first one."""
    return tmp_path / "backups"
