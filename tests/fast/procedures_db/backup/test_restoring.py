"""A restore verifies first, replaces in one step, and loses nothing."""

import json
import random
import sqlite3
import stat
import zipfile

import pytest
from alembic import command
from sqlalchemy import inspect

from procedures_db import migrating
from procedures_db.backup import archive, manifest, restoring
from procedures_db.backup.errors import (
    BackupError,
    BeingRestored,
    DamagedBackup,
    DatabaseInUse,
    NewerBackup,
    NotInBackup,
)
from procedures_db.backup.in_use import alone, serving
from procedures_db.backup.making import make_backup
from procedures_db.backup.manifest import CONVERSATIONS, PROCEDURES
from procedures_db.backup.restoring import restore
from procedures_db.connection import connect
from tests.fast.procedures_db.backup.conftest import Database
from tests.fast.samples import FULL_RECORD


@pytest.fixture
def backup(database, folder):
    return make_backup(database.files, folder).path


def changed(path, target, **facts):
    """Copy a backup with other facts in its manifest."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        content = json.loads(old.read(manifest.NAME))
        content["format"] = facts.pop("format", content["format"])
        content["databases"][PROCEDURES].update(facts)
        new.writestr(manifest.NAME, json.dumps(content))
        new.writestr("procedures.db", old.read("procedures.db"))
    return target


def folder_names(database):
    return {path.name for path in database.path.parent.iterdir()}


def test_what_was_backed_up_comes_back_and_what_was_there_stays_beside_it(database, backup, record):
    database.save(record(name="Sau khi sao lưu"))
    done = restore(backup, database.files)
    assert database.records() == [FULL_RECORD]
    kept = Database(done.kept[0])
    assert {r.name for r in kept.records()} == {FULL_RECORD.name, "Sau khi sao lưu"}
    kept.engine.dispose()


def test_every_searcher_sees_that_the_data_changed(database, backup, record):
    for _ in range(3):
        database.save(record())
    before = database.version()
    restore(backup, database.files)
    assert database.version() > before


def test_what_is_changed_while_a_forced_restore_is_at_work_raises_the_version_too(
    database, backup, record, monkeypatch
):
    """Unpacking and migrating take seconds: who serves goes on changing the data until the end."""
    require_quiet = restoring._require_quiet

    def somebody_writes_first(path):
        for _ in range(3):
            database.save(record())
        require_quiet(path)

    monkeypatch.setattr(restoring, "_require_quiet", somebody_writes_first)
    seen = database.version() + 3
    restore(backup, database.files, force=True)
    assert database.version() > seen
    assert database.records() == [FULL_RECORD]


def test_a_restore_works_where_nothing_was(tmp_path, backup):
    target = tmp_path / "new" / "motcua.db"
    done = restore(backup, {PROCEDURES: target})
    restored = Database(target)
    assert restored.records() == [FULL_RECORD] and done.kept == ()
    restored.engine.dispose()


def test_the_restored_file_may_be_read_by_whom_the_old_one_might(database, backup):
    database.path.chmod(0o640)
    restore(backup, database.files)
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o640


def test_a_database_that_sqlite_cannot_read_is_replaced_too(database, backup):
    database.engine.dispose()
    database.path.write_bytes(b"destroyed")
    done = restore(backup, database.files)
    assert database.records() == [FULL_RECORD]
    assert done.kept[0].read_bytes() == b"destroyed"


def test_an_old_log_is_never_played_onto_the_restored_database(database, backup, tmp_path):
    beside = database.path.with_name("motcua.db-wal")
    database.engine.dispose()
    database.path.write_bytes(b"destroyed")
    beside.write_bytes(b"old log")
    done = restore(backup, database.files)
    assert database.records() == [FULL_RECORD]
    assert done.kept[0].with_name(f"{done.kept[0].name}-wal").read_bytes() == b"old log"


def test_conversations_come_back_when_asked_for(database, folder, tmp_path):
    path = tmp_path / "conversations.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE events (id INTEGER)")
        connection.execute("INSERT INTO events VALUES (7)")
    both = {**database.files, CONVERSATIONS: path}
    made = make_backup(both, folder)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM events")
    restore(made.path, database.files)
    assert sqlite3.connect(path).execute("SELECT * FROM events").fetchall() == []
    assert len(restore(made.path, both).kept) == 2
    assert sqlite3.connect(path).execute("SELECT * FROM events").fetchall() == [(7,)]


def test_conversations_that_were_not_backed_up_are_missed_before_anything_changes(
    database, backup, tmp_path
):
    before = folder_names(database)
    with pytest.raises(NotInBackup, match="conversations"):
        restore(backup, {**database.files, CONVERSATIONS: tmp_path / "c.db"})
    assert folder_names(database) == before


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.99])
def test_a_truncated_backup_changes_nothing(database, backup, tmp_path, share):
    cut = tmp_path / "cut.zip"
    content = backup.read_bytes()
    cut.write_bytes(content[: int(len(content) * share)])
    before = folder_names(database)
    with pytest.raises(DamagedBackup, match=r"cut\.zip"):
        restore(cut, database.files)
    assert database.records() == [FULL_RECORD]
    assert folder_names(database) <= {*before, "motcua.db.lock"}


def test_wherever_a_bit_flips_the_backup_is_refused_or_gives_the_same_data(
    database, backup, tmp_path
):
    """Some bytes of a zip mean nothing (times, attributes): then the restore is as good."""
    content, chance, refused = backup.read_bytes(), random.Random(20261122), 0
    for _ in range(60):
        flipped = bytearray(content)
        flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (tmp_path / "flipped.zip").write_bytes(flipped)
        target = tmp_path / "target.db"
        try:
            restore(tmp_path / "flipped.zip", {PROCEDURES: target})
        except BackupError:
            refused += 1
            assert not target.exists()
            continue
        restored = Database(target)
        assert restored.records() == [FULL_RECORD]
        restored.engine.dispose()
        target.unlink()
    assert refused > 30


def test_whatever_bit_of_the_zip_s_own_book_keeping_flips_the_backup_is_refused_or_as_good(
    backup, tmp_path
):
    content, flipped = backup.read_bytes(), tmp_path / "flipped.zip"
    with zipfile.ZipFile(backup) as known:
        heads = [
            at
            for info in known.infolist()
            for at in range(info.header_offset, info.header_offset + 50)
        ]
        places, refused = [*heads, *range(known.start_dir, len(content))], 0
    for number, place in enumerate(places):
        changed_content = bytearray(content)
        changed_content[place] ^= 1 << number % 8
        flipped.write_bytes(changed_content)
        work = tmp_path / f"work-{number}"
        work.mkdir()
        try:
            archive.verify(flipped, work)
        except BackupError:
            refused += 1
    assert refused > len(places) // 3


@pytest.mark.parametrize(
    "wrong", [{"sha256": "0" * 64}, {"rows": {}}, {"data_version": 99}, {"size": 10}]
)
def test_a_manifest_that_does_not_fit_is_refused(database, backup, tmp_path, wrong):
    with pytest.raises(DamagedBackup, match="bị hỏng"):
        restore(changed(backup, tmp_path / "x.zip", **wrong), database.files)
    assert database.records() == [FULL_RECORD]


@pytest.mark.parametrize("wrong", [{"revision": "9999"}, {"revision": None}, {"format": 2}])
def test_a_backup_of_a_newer_version_is_refused_with_what_to_do(database, backup, tmp_path, wrong):
    with pytest.raises(NewerBackup, match="cập nhật motcua"):
        restore(changed(backup, tmp_path / "x.zip", **wrong), database.files)
    assert database.records() == [FULL_RECORD]


@pytest.mark.parametrize("content", ["[]", "{}", "null", '{"format": 1}', "\xff"])
def test_a_zip_of_something_else_is_refused(database, tmp_path, content):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr(manifest.NAME, content)
    with pytest.raises(DamagedBackup):
        restore(path, database.files)


@pytest.mark.parametrize("revision", sorted(migrating.known_revisions()))
def test_an_older_backup_is_brought_to_the_current_schema(tmp_path, folder, revision):
    old = tmp_path / "old.db"
    engine = connect(f"sqlite:///{old}")
    config = migrating._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    made = make_backup({PROCEDURES: old}, folder)
    assert made.manifest.databases[PROCEDURES].revision == revision
    target = tmp_path / "new.db"
    restore(made.path, {PROCEDURES: target})
    current = tmp_path / "current.db"
    fresh = connect(f"sqlite:///{current}")
    migrating.migrate(fresh)
    restored = connect(f"sqlite:///{target}")
    assert set(inspect(restored).get_table_names()) == set(inspect(fresh).get_table_names())
    for each in (fresh, restored):
        each.dispose()


def test_a_database_that_is_served_is_not_replaced_unless_forced(database, backup, record):
    database.save(record())
    with serving(f"sqlite:///{database.path}"):
        with pytest.raises(DatabaseInUse, match="--force"):
            restore(backup, database.files)
        assert len(database.records()) == 2
        restore(backup, database.files, force=True)
    assert database.records() == [FULL_RECORD]


@pytest.mark.parametrize("force", [False, True])
def test_a_database_that_is_written_to_is_not_replaced_even_when_forced(
    database, backup, record, force
):
    database.save(record())
    writer = sqlite3.connect(database.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseInUse, match="đang ghi"):
        restore(backup, database.files, force=force)
    writer.close()
    assert len(database.records()) == 2


def test_whoever_has_the_database_open_goes_on_with_the_restored_one(database, backup, record):
    database.save(record())
    names = "SELECT name FROM procedure"
    with connect(f"sqlite:///{database.path}").connect() as reader:
        assert len(reader.exec_driver_sql(names).all()) == 2
        reader.rollback()
        restore(backup, database.files, force=True)
        assert len(reader.exec_driver_sql(names).all()) == 1
    database.save(record())  # after the reader has closed: its log is still the one in use
    assert len(database.records()) == 2


def test_what_a_killed_restore_left_is_removed_by_the_next(database, backup):
    left = database.path.parent / f"{restoring._WORK}abc"
    left.mkdir()
    (left / "motcua.db").write_bytes(b"half")
    restore(backup, database.files)
    assert not left.exists()


def test_no_server_starts_while_the_database_is_replaced(database):
    with (
        alone(database.path),
        pytest.raises(BeingRestored),
        serving(f"sqlite:///{database.path}"),
    ):
        pass
    with serving(f"sqlite:///{database.path}"), serving(f"sqlite:///{database.path}"):
        pass  # two servers may share it


def test_a_server_on_postgresql_needs_no_lock():
    with serving("postgresql://127.0.0.1/motcua"):
        pass


def test_a_test_restore_leaves_the_backup_as_it_is(backup, tmp_path):
    before = backup.read_bytes()
    (tmp_path / "work").mkdir()
    archive.verify(backup, tmp_path / "work")
    assert backup.read_bytes() == before
