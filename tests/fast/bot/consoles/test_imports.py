"""Files in the console: uploaded, looked through, applied, taken back."""

from __future__ import annotations

import html
import json
import re

import pytest

from procedures_db import editing, procedures
from procedures_db.account import Role
from procedures_db.changes import State
from procedures_db.connection import transaction
from procedures_db.models.base import now
from procedures_db.sync import pending
from procedures_db.sync.exported import exported_object
from tests.changing import edit as publish
from tests.consoles import send

FRONT = "/admin/imports"


@pytest.fixture
def client(signed_in):
    return signed_in(Role.APPROVER)


def jsonl(*records):
    return "\n".join(
        json.dumps(exported_object(one), ensure_ascii=False) for one in records
    ).encode()


def upload(client, content, name="thu-tuc.jsonl", **fields):
    return send(client, FRONT, fields, files={"file": (name, content)})


def stored(client, code="1.000001"):
    with transaction(client.app.state.engine) as session:
        return procedures.get(session, code)


def test_a_file_is_shown_applied_and_undone(client, record):
    engine = client.app.state.engine
    publish(engine, record(conditions="cũ"))
    content = jsonl(record(conditions="mới"), record(code="1.000002", name="Nuôi dế"))
    shown = upload(client, content)
    assert shown.status_code == 303
    address = shown.headers["location"]
    page = client.get(address).text
    assert "<strong>1</strong> thủ tục mới" in page and "Nuôi dế" in page
    assert "</span>cũ</del>" in page and "</span>mới</ins>" in page
    assert stored(client).conditions == "cũ", "nothing is written before it is applied"
    assert address in client.get(FRONT).text

    done = send(client, f"{address}/apply")
    assert done.status_code == 303 and stored(client).conditions == "mới"
    assert client.get(address).status_code == 404, "the file is put away"
    change = done.headers["location"]
    assert "Hoàn tác" in client.get(change).text and change in client.get("/admin/changes").text
    undone = send(client, f"{change}/undo")
    assert undone.status_code == 303 and stored(client).conditions == "cũ"
    assert client.get(undone.headers["location"]).status_code == 200


def test_what_was_shown_is_what_is_written_or_nothing(client, record):
    engine = client.app.state.engine
    publish(engine, record(conditions="cũ"))
    address = upload(client, jsonl(record(conditions="mới"))).headers["location"]
    publish(engine, record(conditions="khác"))
    page = send(client, f"{address}/apply")
    assert (
        page.status_code == 409 and "Chưa ghi gì" in page.text and "</span>khác</del>" in page.text
    )
    assert stored(client).conditions == "khác"
    assert send(client, f"{address}/apply").status_code == 303
    assert stored(client).conditions == "mới"


def test_an_import_that_was_edited_since_is_undone_but_for_the_edits(client, record):
    engine = client.app.state.engine
    two = [record(), record(code="1.000002", name="Nuôi dế")]
    address = upload(client, jsonl(*two)).headers["location"]
    change = send(client, f"{address}/apply").headers["location"]
    with transaction(engine, write=True) as session:
        editing.correct(session, "1.000001", {"field": "Ong"}, expected_version=1, actor="Hoa")
    page = send(client, f"{change}/undo")
    assert page.status_code == 409 and 'name="leaving" value="1.000001" checked' in page.text
    assert send(client, f"{change}/undo", {"leaving": "1.000001"}).status_code == 303
    with transaction(engine, write=True) as session:
        assert editing.open_procedure(session, "1.000002").state is State.ABSENT
    assert stored(client).field == "Ong"


@pytest.mark.parametrize(
    ("content", "name"), [(b"\x7fELF", "x.json"), (b"", "a.jsonl"), (b"{", "b.json"), (b"PK\x03\x04", "c.zip")]
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(client, content, name):
    page = upload(client, content, name)
    assert page.status_code == 422 and f"Không nạp tệp {name}" in html.unescape(page.text)
    with transaction(client.app.state.engine) as session:
        assert pending.every(session) == []


def test_no_file_a_wrong_day_and_too_large_a_file_are_said(client, record):
    assert send(client, FRONT, {"file": "text"}).status_code == 422
    assert upload(client, jsonl(record()), as_of="hôm qua").status_code == 422
    most = client.app.state.settings.max_import_mb
    assert upload(client, b"x" * (most + 2) * 1024 * 1024).status_code == 413


def test_columns_of_an_unknown_table_are_named_once(client):
    table = "Ký hiệu;Nội dung công việc\n1.000005;Nuôi tằm\n".encode()
    address = upload(client, table, "bang.csv").headers["location"]
    page = client.get(address).text
    assert "Cột nào chứa gì?" in page and "Nội dung công việc" in page
    names = re.findall(r'<select id="column-\d+" name="([^"]+)"', page)
    wrong = send(client, f"{address}/columns", {names[1]: "name"})
    assert wrong.status_code == 422 and "Mã thủ tục" in html.unescape(wrong.text)
    done = send(client, f"{address}/columns", {names[0]: "code", names[1]: "name"})
    assert done.status_code == 303
    assert "Nuôi tằm" in client.get(address).text
    again = upload(client, table, "bang.csv").headers["location"]
    assert "Nuôi tằm" in client.get(again).text


def test_a_file_is_put_away_by_hand_or_after_a_day(client, record):
    address = upload(client, jsonl(record())).headers["location"]
    assert send(client, f"{address}/discard").status_code == 303
    for deed in ("apply", "columns"):
        assert send(client, f"{address}/{deed}").status_code == 404
    upload(client, jsonl(record()))
    with transaction(client.app.state.engine) as session:
        assert pending.purge(session, now()) == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\a.json", "a.json"), ("\x00\n", "tep"), ("..", "tep"),
     ("é" * 300 + ".json", "é" * 97 + ".json")],
)  # fmt: skip
def test_a_name_that_a_browser_sends_names_no_place(sent, kept):
    assert pending._safe(sent) == kept


def test_changes_that_are_not_there_are_a_404(client):
    assert client.get("/admin/changes/999").status_code == 404
    assert send(client, "/admin/changes/999/undo").status_code == 404
