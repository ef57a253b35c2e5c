"""``motcua export`` and ``motcua sync`` as an administrator types them."""

import os
import shutil
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bot import cli, settings
from procedures_db.connection import connect
from procedures_db.exchange import fetching
from procedures_db.migrating import migrate
from tests.changing import edit
from tests.fast.exchange.conftest import SOURCE, Source, everything, get
from tests.fast.samples import FULL_RECORD


@pytest.fixture
def engine(tmp_path, migrated_file):
    engine = connect(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'ours.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def theirs(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/theirs.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def motcua(engine, theirs, monkeypatch):
    """Run a command against our database; the network is another installation's pages."""
    monkeypatch.setenv("MOTCUA_DATABASE_URL", str(engine.url))
    settings.settings.cache_clear()
    source = Source(theirs)
    client, transport = httpx.Client, httpx.MockTransport(source._handle)
    monkeypatch.setattr(fetching.httpx, "Client", lambda **_: client(transport=transport))
    folder = Path.cwd()

    def run(*arguments):
        result = CliRunner().invoke(cli.app, arguments, terminal_width=200)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    run.source = source
    yield run
    os.chdir(folder)
    settings.settings.cache_clear()


def changed(engine, **fields):
    edit(engine, get(engine, FULL_RECORD.code).model_copy(update=fields))


def test_an_export_can_be_imported_elsewhere(motcua, engine, record, tmp_path, monkeypatch):
    edit(engine, record(), FULL_RECORD)
    code, text = motcua("export", str(tmp_path / "all.jsonl.xz"))
    assert code == 0 and "2 thủ tục" in text
    monkeypatch.setenv("MOTCUA_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    settings.settings.cache_clear()
    code, text = motcua("import", str(tmp_path / "all.jsonl.xz"))
    assert code == 0 and "Mới: 2" in text
    copy = connect(f"sqlite:///{tmp_path}/new.db")
    assert everything(copy) == everything(engine)
    copy.dispose()


@pytest.mark.parametrize("name", ["all.xlsx", "absent/all.jsonl"])
def test_an_export_that_cannot_be_written_says_why(motcua, tmp_path, name):
    code, text = motcua("export", str(tmp_path / name))
    assert code == 1 and text.startswith("Không ghi")


def test_a_sync_counts_what_it_did_and_a_dry_run_what_it_would(motcua, engine, theirs, record):
    edit(theirs, record(), FULL_RECORD)
    code, text = motcua("sync", SOURCE, "--dry-run")
    assert code == 0 and "chưa ghi gì" in text and "mới: 1.000001, 1.000002" in text
    assert everything(engine) == []
    code, text = motcua("sync", SOURCE)
    assert code == 0 and "mới: 2 · thay đổi: 0" in text
    assert everything(engine) == everything(theirs)


def test_a_conflict_is_shown_with_both_values_and_decided(motcua, engine, theirs):
    edit(theirs, FULL_RECORD)
    motcua("sync", SOURCE)
    changed(engine, conditions="Có [vườn]\x1b[31m")
    changed(theirs, conditions="Có rừng")
    code, text = motcua("sync", SOURCE)
    assert code == 0 and "xung đột: 1.000002" in text and "--conflicts" in text
    code, text = motcua("sync", "--conflicts")
    assert "Có [vườn]" in text and "Có rừng" in text and "\x1b" not in text
    assert motcua("sync", "--resolve", "1.000002", "giữ")[0] == 1
    code, text = motcua("sync", "--resolve", "1.000002", "theirs")
    assert code == 0 and get(engine, "1.000002").conditions == "Có rừng"
    assert motcua("sync", "--conflicts")[1].startswith("Không có xung đột")
    assert motcua("sync", "--resolve", "1.000002", "ours")[0] == 1


def test_a_refused_record_is_named(motcua, theirs, record):
    motcua.source.says([{"schema_version": 1, "code": "1.000001"}])
    code, text = motcua("sync", SOURCE + "/all.json")
    assert code == 0 and "Từ chối mã 1.000001" in text and "từ chối: 1" in text


@pytest.mark.parametrize(
    "arguments",
    [(), (SOURCE, "--conflicts"), ("--conflicts", "--resolve", "1.000001", "ours")],
)
def test_one_thing_at_a_time_is_asked_for(motcua, arguments):
    assert motcua("sync", *arguments)[0] == 2


def test_a_source_that_fails_is_explained(motcua):
    motcua.source.says("<html>[/red]</html>")
    code, text = motcua("sync", SOURCE)
    assert code == 1 and "trang web" in text and "chạy lại sẽ tiếp tục" in text
