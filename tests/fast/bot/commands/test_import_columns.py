"""`motcua import` of a table with unknown headings: which column holds what is said once and kept."""

import json
import zipfile

import pytest

from bot.commands import import_
from procedures_db import procedures
from procedures_db.connection import connect, transaction

TABLE = "Ký hiệu;Nội dung công việc;Bộ phận\n1.000001;Đăng ký nuôi ong;Công an xã\n"
MAPPING = {"Ký hiệu": "Mã thủ tục", "Nội dung công việc": "Tên thủ tục", "Bộ phận": ""}


@pytest.fixture
def told(motcua, database):
    """Run a command line; return (exit code, everything printed)."""

    def told(*arguments, answer=None):
        done = motcua(*map(str, arguments), answer=answer)
        return done.exit_code, done.output

    return told


@pytest.fixture
def names(database):
    def names():
        with transaction(connect(f"sqlite:///{database}")) as session:
            return [record.name for record in procedures.every(session)]

    return names


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "bang.csv"
    path.write_text(TABLE, "utf-8")
    return path


@pytest.fixture
def mapping(tmp_path):
    def mapping(content):
        path = tmp_path / "ghep.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return mapping


def test_where_nobody_can_be_asked_the_headings_and_the_command_are_told(told, table, names):
    code, text = told("import", table)
    assert (code, names()) == (1, [])
    assert '{"Ký hiệu": "", "Nội dung công việc": "", "Bộ phận": ""}' in text
    assert "motcua import bang.csv --columns" in text and "Cơ quan thực hiện" in text


def test_a_mapping_file_is_used_and_kept_for_the_next_table(told, table, mapping, names):
    code, text = told("import", table, "--columns", mapping(MAPPING))
    assert code == 0 and "Mới: 1" in text
    assert names() == ["Đăng ký nuôi ong"]
    table.write_text(TABLE.replace("1.000001", "1.000002"), "utf-8")
    assert "Mới: 1" in told("import", table)[1]


def test_a_preview_keeps_no_mapping(told, table, mapping):
    assert told("import", table, "--preview", "--columns", mapping(MAPPING))[0] == 0
    assert told("import", table)[0] == 1


def test_a_mapping_is_kept_even_when_the_table_changes_nothing(told, table, mapping):
    told("import", table, "--columns", mapping(MAPPING))
    other = {**MAPPING, "Bộ phận": "Cơ quan thực hiện"}
    unchanged = table.read_text("utf-8").replace("Công an xã", "")
    table.write_text(unchanged, "utf-8")
    assert "thay đổi: 0" in told("import", table, "--columns", mapping(other))[1]
    table.write_text(TABLE, "utf-8")
    assert "Công an xã (cơ quan thực hiện)" in told("import", table)[1]


def test_at_a_terminal_each_column_is_asked_for(told, table, names, monkeypatch):
    monkeypatch.setattr(import_, "can_ask", lambda: True)
    code, text = told("import", table, answer="1\n99\n2\n\ny\n")
    assert code == 0, text
    assert "Cột “Ký hiệu”" in text and "Cần một số từ 1 đến" in text
    assert names() == ["Đăng ký nuôi ong"]


WRONG = {
    "no JSON": ("x", "không phải JSON"),
    "a list": ([1], "phải có dạng"),
    "an unknown field": ({"Ký hiệu": "mã màu"}, "không có trường “mã màu”"),
    "no code": ({"Ký hiệu": "Tên thủ tục"}, "phải có một cột ghép với “Mã thủ tục”"),
    "a column that is not there": ({**MAPPING, "Khác": ""}, "không bảng nào có đủ các cột"),
}


@pytest.mark.parametrize(("content", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_mapping_that_does_not_fit_changes_nothing(told, table, mapping, names, content, says):
    code, text = told("import", table, "--columns", mapping(content))
    assert (code, names()) == (1, [])
    assert says in text


def test_a_refusal_in_an_archive_names_its_file(told, tmp_path):
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for name in ("một.csv", "hai.csv"):
            archive.writestr(name, "Mã TTHC,Tên TTHC\nong-1,Ong\n")
    text = told("import", tmp_path / "goi.zip")[1]
    assert "goi.zip › một.csv dòng 2" in text and "goi.zip › hai.csv dòng 2" in text


def test_a_file_that_is_not_there_is_told_in_vietnamese(told, tmp_path):
    for arguments in ((tmp_path / "x.csv",), (__file__, "--columns", tmp_path / "x.json")):
        code, text = told("import", *arguments)
        assert code == 1 and "x." in text
        assert "Không có tệp" in text or "Không đọc được" in text
