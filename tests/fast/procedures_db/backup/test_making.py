"""A backup is made while the database is in use, and only a whole one gets its name."""

import fcntl
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from procedures_db.backup import archive, making
from procedures_db.backup.errors import (
    AnotherBackup,
    DamagedBackup,
    NoDatabase,
    NotEmbedded,
    UnreadableDatabase,
)
from procedures_db.backup.making import backups, make_backup
from procedures_db.backup.manifest import CONVERSATIONS, PROCEDURES
from procedures_db.backup.sqlite_file import database_file
from tests.fast.samples import FULL_RECORD


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_one_private_file_that_says_what_it_holds(database, folder):
    made = make_backup(database.files, folder)
    assert names(folder) == [made.path.name]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    facts = archive.read_manifest(made.path).databases[PROCEDURES]
    assert facts == made.manifest.databases[PROCEDURES]
    assert facts.rows["procedure"] == 1 and facts.rows["procedure_step"] == 2
    assert facts.data_version == database.version()
    assert facts.revision and len(facts.sha256) == 64


def test_what_stands_in_the_write_ahead_log_is_in_the_backup(database, folder, record):
    reader = sqlite3.connect(database.path)  # as long as somebody reads, the log stays
    assert reader.execute("SELECT count(*) FROM procedure").fetchone() == (1,)
    database.save(record(name="Vừa ghi xong"))
    assert Path(f"{database.path}-wal").stat().st_size > 0
    made = make_backup(database.files, folder)
    reader.close()
    assert made.manifest.databases[PROCEDURES].rows["procedure"] == 2


def test_a_backup_holds_one_moment_while_somebody_writes(database, folder, record):
    """Every transaction adds a procedure and a data version: a torn copy would tell them apart."""
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            database.save(record(code=f"2.{len(written):06}"))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make_backup(database.files, folder) for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    assert written
    for backup in made:
        facts = backup.manifest.databases[PROCEDURES]
        assert facts.rows["procedure"] == facts.data_version


def test_conversations_come_along_when_asked_for(database, folder, tmp_path):
    path = tmp_path / "conversations.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE events (id INTEGER, data TEXT)")
        connection.execute("INSERT INTO events VALUES (1, 'xin chào')")
    made = make_backup({**database.files, CONVERSATIONS: path}, folder)
    facts = made.manifest.databases[CONVERSATIONS]
    assert (facts.rows, facts.revision, facts.data_version) == ({"events": 1}, None, None)


def test_only_the_newest_are_kept_and_other_files_are_left_alone(database, folder):
    folder.mkdir()
    (folder / "motcua-ghi-chu.zip").write_text("của người khác")
    made = [make_backup(database.files, folder, keep=2) for _ in range(4)]
    assert backups(folder) == [made[2].path, made[3].path]
    assert made[3].removed == (made[1].path,)
    assert (folder / "motcua-ghi-chu.zip").exists()


def test_all_are_kept_without_a_number(database, folder):
    made = [make_backup(database.files, folder).path for _ in range(3)]
    assert backups(folder) == made


def test_what_a_killed_backup_left_is_removed_by_the_next(database, folder):
    left = folder / f"{making._WORK}abc"
    left.mkdir(parents=True)
    (left / "backup.zip").write_bytes(b"half")
    made = make_backup(database.files, folder)
    assert names(folder) == [made.path.name]


def test_two_backups_do_not_write_into_one_folder_at_once(database, folder):
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(AnotherBackup):
        make_backup(database.files, folder)
    os.close(descriptor)
    make_backup(database.files, folder)


def test_a_backup_that_fails_its_test_gets_no_name_and_removes_no_older_one(
    database, folder, monkeypatch
):
    good = make_backup(database.files, folder).path

    def damage(path, *_):
        raise DamagedBackup("hỏng")

    monkeypatch.setattr(archive, "verify", damage)
    with pytest.raises(DamagedBackup):
        make_backup(database.files, folder, keep=1)
    assert names(folder) == [good.name]


def test_a_database_that_is_not_there_is_not_made(tmp_path, folder):
    with pytest.raises(NoDatabase, match=r"thieu\.db"):
        make_backup({PROCEDURES: tmp_path / "thieu.db"}, folder)
    assert not (tmp_path / "thieu.db").exists() and names(folder) == []


def test_a_database_of_something_else_is_refused(tmp_path, folder):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE a (b)")
    with pytest.raises(NoDatabase, match="không phải cơ sở dữ liệu của motcua"):
        make_backup({PROCEDURES: other}, folder)
    assert names(folder) == []


def test_a_database_that_sqlite_cannot_read_is_told(tmp_path, folder):
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 500)
    with pytest.raises(UnreadableDatabase, match=r"broken\.db"):
        make_backup({PROCEDURES: broken}, folder)
    assert names(folder) == []


def test_a_damaged_database_makes_no_backup(database, folder):
    database.engine.dispose()
    with sqlite3.connect(database.path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    size = database.path.stat().st_size
    with database.path.open("r+b") as stream:
        stream.seek(size // 2)
        stream.write(b"\xff" * 8192)
    with pytest.raises((DamagedBackup, UnreadableDatabase)):
        make_backup(database.files, folder)
    assert names(folder) == []


def test_postgresql_has_tools_of_its_own_and_the_password_is_not_shown():
    with pytest.raises(NotEmbedded) as told:
        database_file("postgresql+psycopg2://motcua:bimat@db.example.vn:5433/thutuc")
    message = str(told.value)
    assert "pg_dump --format=custom --host=db.example.vn --port=5433 --username=motcua" in message
    assert "pg_restore --clean --if-exists" in message and "--dbname=thutuc" in message
    assert "bimat" not in message


def test_a_database_in_memory_has_no_file():
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(NoDatabase):
            database_file(url)


def test_the_record_of_the_sample_is_what_was_backed_up(database):
    assert database.records() == [FULL_RECORD]
