"""The consoles' pages and jobs over SQLite and over PostgreSQL."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.consoles import routes
from bot.settings import Settings
from procedures_db import procedures
from procedures_db.account import Role
from procedures_db.connection import transaction
from procedures_db.sync.exported import exported_object
from tests.changing import edit as publish
from tests.consoles import make_account, send, sign_in
from tests.fast.bot.consoles.test_procedures import EDIT, PAGE, fields_of, save
from tests.fast.bot.consoles.test_wording import KEY


@pytest.fixture
def client(engine, rasa, record):
    url = engine.url.render_as_string(hide_password=False)
    with TestClient(create_app(Settings(rasa_url=rasa.url, database_url=url, log_level="ERROR"))) as client:  # fmt: skip
        publish(engine, record())
        sign_in(client, make_account(engine, "boss", [Role.ADMINISTRATOR]))
        yield client


def test_every_page_without_parameters_opens(client):
    paths = {r.path for r in routes if "GET" in r.methods and r.path.startswith("/admin")}
    pages = [path for path in sorted(paths) if "{" not in path]
    assert len(pages) > 12
    assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)
    filters = "words=ong&field=x&agency=y&level=xã&online_level=toàn trình&state=published&page=2"
    assert client.get(f"/admin/procedures?{filters}").status_code == 200
    assert (
        client.get("/admin/audit?actor=boss&since=2026-01-01&until=2090-01-01").status_code == 200
    )


def test_the_jobs_work(client, engine, record):
    assert save(client, {**fields_of(client.get(EDIT)), "field": "Ong"}, then="publish").status_code == 303  # fmt: skip
    with transaction(engine) as session:
        assert procedures.get(session, "1.000001").field == "Ong"
    assert "Hoàn tác lần sửa này" in client.get(PAGE).text
    content = json.dumps(exported_object(record(code="1.000002"))).encode()
    shown = send(client, "/admin/imports", files={"file": ("a.jsonl", content)})
    applied = send(client, f"{shown.headers['location']}/apply")
    assert send(client, f"{applied.headers['location']}/undo").status_code == 303
    assert send(client, "/admin/channels/web", {"on": "0", "message": "x"}).status_code == 303
    assert send(client, "/admin/channels/web", {"on": "1"}).status_code == 303
    assert send(client, "/admin/announcements", {"text": "Nghỉ lễ"}).status_code == 303
    assert client.get("/api/announcement").json() == {"text": "Nghỉ lễ"}
    assert send(client, f"/admin/wording/{KEY}", {"text": "Tạm nghỉ."}).status_code == 303
    assert send(client, "/admin/accounts", {"username": "lan", "name": "L", "roles": "staff"}).status_code == 200  # fmt: skip
    assert send(client, "/logout").status_code == 303
