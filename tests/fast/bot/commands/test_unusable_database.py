"""A database that cannot be used ends a command with one Vietnamese sentence, never with a traceback."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import settings
from procedures_db.connection import BadDatabaseUrl, DatabaseUnreachable, connect
from procedures_db.migrating import NewerDatabase, NotPrepared, migrate, require_current
from tests.fast.bot.commands.conftest import Motcua

Use = Callable[[str], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, database: Path) -> Use:
    """Let the commands work on another database."""

    def use(url: str) -> None:
        monkeypatch.setenv("MOTCUA_DATABASE_URL", url)
        settings.settings.cache_clear()

    return use


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


UNUSABLE = {
    "no address": ("chỗ nào đó", "không phải địa chỉ cơ sở dữ liệu"),
    "unknown kind": ("khác://máy/tên", "không phải địa chỉ cơ sở dữ liệu"),
    "folder that cannot be": ("sqlite:////proc/nope/x.db", "không tạo được thư mục /proc/nope"),
    "a folder": ("sqlite:////tmp", "unable to open database file"),
    "another file": (f"sqlite:///{__file__}", "file is not a database"),
    "no server": ("postgresql://a:geheim@127.0.0.1:9/x", "127.0.0.1"),
}


@pytest.mark.parametrize(("url", "says"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_the_reason_is_told_and_no_password(motcua: Motcua, use: Use, url: str, says: str) -> None:
    use(url)
    for command in (["history"], ["report", "coverage"], ["channel", "list"], ["undo", "--yes"]):
        done = motcua(*command)
        assert done.exit_code == 1
        assert "Không mở được dữ liệu" in done.output and says in done.output
        assert "geheim" not in done.output and "Traceback" not in done.output


def test_a_database_of_a_newer_motcua_is_left_alone(motcua: Motcua, database: Path) -> None:
    newer(database)
    before = database.read_bytes()
    done = motcua("history")
    assert done.exit_code == 1 and "9999 của một bản motcua mới hơn" in done.output
    assert database.read_bytes() == before


def test_an_evaluation_against_an_empty_database_says_which_one_is_wanted(
    motcua: Motcua, use: Use, tmp_path: Path
) -> None:
    case = {"id": "a", "turns": ["khai sinh"], "behaviour": "answer"}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case), "utf-8")
    use(f"sqlite:///{tmp_path}/empty.db")
    done = motcua("eval", "cases.jsonl")
    assert done.exit_code == 1 and "MOTCUA_DATABASE_URL" in done.output


def test_each_way_has_a_name(tmp_path: Path, database: Path) -> None:
    with pytest.raises(BadDatabaseUrl):
        connect("chỗ nào đó")
    with pytest.raises(DatabaseUnreachable):
        connect("sqlite:////proc/nope/x.db")
    with pytest.raises(DatabaseUnreachable):
        migrate(connect(f"sqlite:///{__file__}"))
    with pytest.raises(NotPrepared):
        require_current(connect(f"sqlite:///{tmp_path}/empty.db"))
    require_current(connect(f"sqlite:///{database}"))
    newer(database)
    for step in (migrate, require_current):
        with pytest.raises(NewerDatabase):
            step(connect(f"sqlite:///{database}"))
