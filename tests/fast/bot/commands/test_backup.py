"""`motcua backup` and `motcua restore`: what the person reads."""

import pytest
import yaml

from bot.commands.backup import conversations_file
from procedures_db import procedures
from procedures_db.backup.errors import NotEmbedded
from procedures_db.backup.in_use import serving
from procedures_db.connection import connect, transaction


@pytest.fixture(autouse=True)
def one_procedure(database, record):
    engine = connect(f"sqlite:///{database}")
    with transaction(engine, write=True) as session:
        procedures.save(session, record())
    engine.dispose()


@pytest.fixture
def backup(motcua, tmp_path):
    assert motcua("backup", "b").exit_code == 0
    return next((tmp_path / "b").iterdir())


def test_a_backup_tells_where_it_is_and_what_it_holds(motcua, tmp_path):
    done = motcua("backup", "b", "--keep", "1")
    assert done.exit_code == 0, done.output
    assert f"Đã sao lưu và kiểm tra: {tmp_path / 'b'}" in done.output
    assert "1 thủ tục" in done.output and "SHA-256" in done.output
    assert "Đã xóa bản cũ: motcua-" in motcua("backup", "b", "--keep", "1").output


def test_a_backup_can_be_checked_and_restored(motcua, backup):
    checked = motcua("restore", str(backup), "--check")
    assert "nguyên vẹn" in checked.output
    done = motcua("restore", str(backup))
    assert done.exit_code == 0, done.output
    assert f"Đã khôi phục từ {backup}" in done.output and "Dữ liệu trước đó còn ở" in done.output


@pytest.mark.parametrize("extra", [(), ("--check",)])
def test_a_damaged_backup_is_refused_and_nothing_changes(motcua, backup, database, extra):
    backup.write_bytes(backup.read_bytes()[:-500])
    before = database.read_bytes()
    done = motcua("restore", str(backup), *extra)
    assert done.exit_code == 1
    assert "Chưa khôi phục, dữ liệu giữ nguyên." in done.stderr and "hỏng" in done.stderr
    assert database.read_bytes() == before


def test_a_served_database_is_not_replaced(motcua, backup, database):
    with serving(f"sqlite:///{database}"):
        done = motcua("restore", str(backup))
        assert done.exit_code == 1 and "motcua serve đang chạy" in done.stderr
        assert motcua("restore", str(backup), "--force").exit_code == 0


def test_postgresql_is_told_how(motcua, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "postgresql://127.0.0.1/motcua")
    done = motcua("backup", "b")
    assert done.exit_code == 1
    assert "Chưa sao lưu. Dữ liệu nằm trên PostgreSQL" in done.stderr and "pg_dump" in done.stderr


def test_a_folder_that_cannot_be_written_is_told(motcua, tmp_path):
    (tmp_path / "file").write_text("")
    done = motcua("backup", "file/b")
    assert done.exit_code == 1 and "Không ghi được" in done.stderr


def test_conversations_are_where_the_endpoints_file_says(tmp_path):
    endpoints = tmp_path / "endpoints.yml"
    store = {"type": "SQL", "dialect": "sqlite", "db": str(tmp_path / "c.db")}
    endpoints.write_text(yaml.safe_dump({"tracker_store": store}))
    assert conversations_file(endpoints) == tmp_path / "c.db"
    for other in ({"tracker_store": {"dialect": "postgresql", "db": "x"}}, {}):
        endpoints.write_text(yaml.safe_dump(other))
        with pytest.raises(NotEmbedded, match="pg_dump"):
            conversations_file(endpoints)


@pytest.mark.parametrize("extra", [(), ("--check",)])
def test_a_backup_that_is_not_there_is_told_in_vietnamese(motcua, tmp_path, extra):
    done = motcua("restore", "b.zip", *extra)
    assert done.exit_code == 1 and f"Không có tệp {tmp_path / 'b.zip'}." in done.stderr
