"""`motcua import`, `undo` and `history` as typed by an administrator, without a server."""

import json
import re

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands import import_, undo
from bot.settings import settings
from procedures_db import editing, procedures
from procedures_db.connection import connect, transaction
from tests.fast.procedures_db.readers.files import workbook
from tests.fast.samples import portal_fee, portal_method, portal_object

CODE = "1.000001"
FEE = {"executionMethods": [portal_method(fees=[portal_fee(value=20000)])]}


@pytest.fixture
def engine(migrated_file, tmp_path, monkeypatch):
    (tmp_path / "motcua.db").write_bytes(migrated_file.read_bytes())
    url = f"sqlite:///{tmp_path}/motcua.db"
    monkeypatch.setenv("MOTCUA_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)  # the commands change the folder; this puts it back afterwards
    settings.cache_clear()  # read once a process
    engine = connect(url)
    yield engine
    engine.dispose()
    settings.cache_clear()


@pytest.fixture
def motcua(engine):
    """Run a command line; return (exit code, everything printed)."""

    def motcua(*arguments, answer=None):
        done = CliRunner().invoke(app, [str(part) for part in arguments], input=answer)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return motcua


@pytest.fixture
def file(tmp_path):
    def file(*entries, name="cổng_2026-07-18.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(one) + "\n" for one in entries), encoding="utf-8")
        return path

    return file


@pytest.fixture
def names(engine):
    def names():
        with transaction(engine) as session:
            return [record.name for record in procedures.every(session)]

    return names


def test_a_preview_shows_changes_and_refusals_and_writes_nothing(motcua, file, names):
    motcua("import", file(portal_object(name="Đăng ký nuôi ong", **FEE)))
    dearer = {"executionMethods": [portal_method(fees=[portal_fee(value=30000)])]}
    entries = [portal_object(name="Tên mới", **dearer), {"code": "1.000002", "name": ""}, {"x": 1}]
    code, text = motcua("import", "--preview", file(*entries))
    assert code == 0
    assert "Tên thủ tục: Đăng ký nuôi ong → Tên mới" in text
    assert "Lệ phí › mức: 20.000 → 30.000" in text
    assert "Từ chối dòng 2, mã 1.000002:" in text and "Từ chối dòng 3, mã ?:" in text
    assert "Mới: 0 · thay đổi: 1 · không đổi: 0 · từ chối: 2" in text
    assert names() == ["Đăng ký nuôi ong"]


@pytest.mark.parametrize("content", ['{}\n{"code": "1.000001"}\n', "Mã TTHC;Tên thủ tục\n"])
def test_an_import_of_which_nothing_can_be_taken_is_a_failure(motcua, tmp_path, names, content):
    path = tmp_path / "tep"
    path.write_text(content, "utf-8")
    code, text = motcua("import", path)
    assert (code, names()) == (1, [])
    assert "không có thủ tục nào" in text.lower()


def test_a_place_names_what_there_is_of_it(motcua, tmp_path):
    sheets = {"Tỉnh": [("Mã TTHC", "Tên thủ tục"), ("ong", "Nuôi ong")], "Xã": [("x",)]}
    path = tmp_path / "bang.xlsx"
    path.write_bytes(workbook(sheets=sheets))
    _, text = motcua("import", path)
    assert "Từ chối trang Tỉnh dòng 2: không phải mã thủ tục: “ong”" in text
    assert "Lưu ý trang Xã: trang không có danh sách thủ tục" in text


def test_without_a_terminal_an_import_writes_at_once_and_says_how_to_undo_it(motcua, file, names):
    code, text = motcua("import", file(portal_object()), "--actor", "Lan")
    assert (code, names()) == (0, ["Đăng ký nuôi ong"])
    assert "motcua undo 1" in text
    _, text = motcua("history")
    assert re.search(r"số 1 · .* · Lan · nạp tệp cổng_2026-07-18.jsonl · 1 mới", text)


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_at_a_terminal_an_import_asks_first(motcua, file, names, monkeypatch, answer, written):
    monkeypatch.setattr(import_, "can_ask", lambda: True)
    code, text = motcua("import", file(portal_object()), answer=answer)
    assert code == 0 and "Ghi các thay đổi này?" in text
    assert bool(names()) is written
    assert ("Không ghi gì." in text) is not written


def test_yes_asks_nothing(motcua, file, names, monkeypatch):
    monkeypatch.setattr(import_, "can_ask", lambda: pytest.fail("asked"))
    motcua("import", file(portal_object()), "--yes")
    assert names() == ["Đăng ký nuôi ong"]


def test_several_files_are_changes_of_their_own(motcua, file, names):
    one, two = file(portal_object()), file(portal_object(code="1.000002"), name="hai.jsonl")
    code, text = motcua("import", one, two)
    assert (code, len(names())) == (0, 2)
    assert "hai.jsonl" in text and "motcua undo 2" in text


def test_a_file_already_imported_leaves_no_change(motcua, file):
    motcua("import", file(portal_object()))
    _, text = motcua("import", file(portal_object()))
    assert "không đổi: 1" in text and "undo" not in text


def test_a_damaged_file_changes_nothing(motcua, tmp_path, names):
    (tmp_path / "hỏng.jsonl").write_text('{"code": "1.00', encoding="utf-8")
    code, text = motcua("import", tmp_path / "hỏng.jsonl")
    assert (code, names()) == (1, [])
    assert "cắt cụt" in text and "giữ nguyên" in text


def test_many_newer_days_are_counted_not_listed(motcua, file):
    entries = [portal_object(code=f"1.{number:06}") for number in range(15)]
    motcua("import", file(*entries))
    _, text = motcua("import", file(*entries, name="cổng_2026-09-17.jsonl"))
    assert "thay đổi: 15 (15 chỉ đổi ngày dữ liệu)" in text
    assert "Đăng ký nuôi ong" not in text


def test_the_last_change_is_undone_by_default(motcua, file, names):
    motcua("import", file(portal_object()))
    motcua("import", file(portal_object(name="nhầm")))
    code, text = motcua("undo", "--yes", "--actor", "Hoà")
    assert (code, names()) == (0, ["Đăng ký nuôi ong"])
    assert "Hoàn tác số 2" in text and "lần thay đổi số 3" in text
    assert "Hoà · hoàn tác số 2 · 1 thay đổi" in motcua("history")[1]


def test_an_undo_asks_at_a_terminal_and_refuses_where_nobody_can_answer(
    motcua, file, names, monkeypatch
):
    motcua("import", file(portal_object()))
    code, text = motcua("undo", 1)
    assert code == 1 and "--yes" in text
    monkeypatch.setattr(undo, "can_ask", lambda: True)
    assert motcua("undo", 1, answer="n\n")[0] == 1
    assert names() == ["Đăng ký nuôi ong"]
    assert motcua("undo", 1, answer="y\n")[0] == 0
    assert names() == []


def test_what_was_edited_since_is_named_and_can_be_left(motcua, file, names, engine):
    motcua("import", file(portal_object(), portal_object(code="1.000002")))
    with transaction(engine, write=True) as session:
        editing.correct(session, CODE, {"name": "của Hoà"}, expected_version=1, actor="Hoà")
    code, text = motcua("undo", 1, "--yes")
    assert code == 1
    assert f"{CODE} của Hoà: Hoà sửa lúc" in text and f"motcua undo 1 --leave {CODE}" in text
    code, _ = motcua("undo", 1, "--yes", "--leave", CODE)
    assert (code, names()) == (0, ["của Hoà"])


def test_undoing_what_is_not_there_is_told(motcua):
    assert motcua("undo", "--yes") == (1, "Chưa có thay đổi nào.\n")
    code, text = motcua("undo", 9, "--yes")
    assert code == 1 and "Không có lần thay đổi số 9" in text


def test_undoing_a_draft_is_told_to_be_pointless(motcua, file, engine):
    motcua("import", file(portal_object()))
    with transaction(engine, write=True) as session:
        editing.save_draft(session, CODE, {"name": "nháp"}, expected_version=1, actor="Hoà")
    code, text = motcua("undo", "--yes")
    assert code == 1 and "không có gì để hoàn tác" in text


def test_the_history_of_a_procedure_tells_who_changed_what(motcua, file, engine):
    motcua("import", file(portal_object()))
    with transaction(engine, write=True) as session:
        editing.correct(
            session, CODE, {"name": "tên đúng"}, expected_version=1, actor="Hoà", note="theo QĐ 1"
        )
    code, text = motcua("history", CODE)
    assert code == 0
    second, first = text.index("phiên bản 2"), text.index("phiên bản 1")
    assert second < first
    assert "Hoà · sửa · lần thay đổi số 2" in text and "theo QĐ 1" in text
    assert "Tên thủ tục: Đăng ký nuôi ong → tên đúng" in text


def test_the_content_of_a_day_is_printed(motcua, file):
    motcua("import", file(portal_object(), name="cũ.jsonl"))
    code, text = motcua("history", CODE, "--at", "2999-01-01")
    assert code == 0 and "Tên thủ tục: Đăng ký nuôi ong" in text
    code, text = motcua("history", CODE, "--at", "2020-01-01")
    assert code == 1 and "01/01/2020" in text


def test_a_code_without_history_is_told(motcua):
    code, text = motcua("history", "9.999999")
    assert code == 1 and "9.999999" in text
