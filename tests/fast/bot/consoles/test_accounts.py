"""Accounts and the log in the console."""

from __future__ import annotations

import html
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.consoles.admin import deeds
from bot.consoles.admin.accounts import _lines
from procedures_db import accounts, audit
from procedures_db.account import Role
from procedures_db.connection import transaction
from tests.consoles import log_in, make_account, send, sign_in
from tests.installation import PROJECT

PAGE = "/admin/accounts"


@pytest.fixture
def client(signed_in):
    return signed_in(Role.ADMINISTRATOR, username="boss")


def password_in(page):
    return html.unescape(re.search(r'<code class="secret">([^<]+)</code>', page.text)[1])


def test_an_account_is_added_and_gets_in_with_the_password_shown_once(client):
    fields = {"username": "Lan", "name": "Cán bộ Lan", "roles": ["staff", "editor"]}
    page = send(client, PAGE, fields)
    assert page.status_code == 200
    password = password_in(page)
    assert password not in client.get(PAGE).text and "Cán bộ Lan" in client.get(PAGE).text
    client.cookies.clear()
    assert log_in(client, "lan", password).status_code == 303
    assert client.get("/account", follow_redirects=False).headers["location"] == "/account/password"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "boss", "name": "x", "roles": "staff"}, "Đã có tài khoản"),
        ({"username": "lan", "name": "x"}, "ít nhất một vai trò"),
        ({"username": "lan", "name": "x", "roles": "king"}, "Không có vai trò"),
        ({"username": "là", "name": "x", "roles": "staff"}, "Tên đăng nhập"),
    ],
)
def test_an_account_that_cannot_be_is_refused(client, fields, said):
    page = send(client, PAGE, fields)
    assert page.status_code == 422 and said in page.text


def test_other_roles_count_from_the_next_click(client):
    engine = client.app.state.engine
    lan = make_account(engine, "lan", [Role.STAFF])
    fields = {"name": "Lan", "roles": ["auditor"]}
    assert send(client, f"{PAGE}/lan", fields).status_code == 303
    sign_in(client, lan)
    assert client.get("/admin/audit").status_code == 200


def test_an_account_is_disabled_and_let_in_again(client):
    make_account(client.app.state.engine, "lan", [Role.STAFF])
    assert send(client, f"{PAGE}/lan/disable").status_code == 303
    assert "đã khóa" in client.get(f"{PAGE}/lan").text
    assert send(client, f"{PAGE}/lan/enable").status_code == 303
    assert "đã khóa" not in client.get(f"{PAGE}/lan").text


def test_a_reset_password_is_shown_once_and_works(client):
    make_account(client.app.state.engine, "lan", [Role.STAFF])
    page = send(client, f"{PAGE}/lan/password")
    assert accounts.check_password(client.app.state.engine, "lan", password_in(page))


def test_the_last_administrator_cannot_lock_the_door_from_inside(client):
    for path, fields in ((f"{PAGE}/boss/disable", {}), (f"{PAGE}/boss", {"name": "x", "roles": "staff"})):  # fmt: skip
        page = send(client, path, fields)
        assert page.status_code == 409 and "quản trị viên cuối cùng" in page.text


@pytest.mark.parametrize("deed", ["", "/disable", "/enable", "/password"])
def test_an_account_that_is_not_there_is_a_404(client, deed):
    assert send(client, f"{PAGE}/ai{deed}", {"name": "x", "roles": "staff"}).status_code == 404
    assert client.get(f"{PAGE}/ai").status_code == 404


def test_everything_done_stands_in_the_log_and_can_be_exported(client):
    send(client, PAGE, {"username": "lan", "name": "Lan", "roles": "staff"})
    send(client, f"{PAGE}/lan/disable")
    page = client.get("/admin/audit?actor=boss").text
    assert page.index('nowrap">account.disable') < page.index('nowrap">account.add')
    assert "tài khoản: khóa" in page
    assert "testclient" in page
    assert "account.add" not in client.get("/admin/audit?action=account.disable").text.split("<tbody>")[1]  # fmt: skip
    assert "0 việc" in client.get("/admin/audit?until=2020-01-01").text
    assert client.get("/admin/audit.jsonl?actor=x&action=y").text == ""
    export = client.get("/admin/audit.jsonl?subject=lan")
    assert "attachment" in export.headers["content-disposition"]
    lines = [json.loads(line) for line in export.text.splitlines()]
    assert [line["action"] for line in lines] == ["account.add", "account.disable"]
    with transaction(client.app.state.engine) as session:
        assert audit.events(session).items[0].action == "audit.export"


def test_every_deed_that_is_written_down_has_a_name_that_officials_understand():
    code = re.compile(r'"([a-z_]+\.[a-z_.]+)"')
    writes = re.compile(r"note\(|_do\(|_send\(|_change\(|_decide\(|_done\(")
    text = [path.read_text("utf-8") for path in (PROJECT / "bot/consoles").rglob("*.py")]
    lines = [line for one in text for line in one.splitlines() if writes.search(line)]
    found = {one for line in lines for one in code.findall(line)}
    assert len(found) > 35
    for one in found:
        assert not set(one.split(".")) & set(deeds.told(one).split(": ")), one


def test_the_exported_log_is_whole_whichever_thread_sends_it_on(client, monkeypatch):
    """A server takes each piece of a long answer in any thread that is free; SQLite allows one."""
    monkeypatch.setattr(audit, "_BATCH", 2)
    engine = client.app.state.engine
    with transaction(engine, write=True) as session:
        for number in range(5):
            audit.record(session, actor="x", action="a", subject=str(number))
    lines, sent = _lines(engine, audit.Filter(actor="x")), ""
    for _ in range(4):
        with ThreadPoolExecutor(1) as thread:
            sent += thread.submit(next, lines, "").result()
    assert [json.loads(line)["subject"] for line in sent.splitlines()] == list("01234")


def test_what_was_typed_into_a_log_is_text(client):
    with transaction(client.app.state.engine, write=True) as session:
        audit.record(session, actor="<i>x", action="login.refused", subject="<b>", why={"a": "<u>"})
        audit.record(session, actor="x", action="life_event.save", content={"tên": "Kết hôn"})
    page = client.get("/admin/audit").text
    assert "{&#34;tên&#34;: &#34;Kết hôn&#34;}" in page
    assert "<i>x" not in page and "<b>" not in page and "<u>" not in page
