"""The sentences of the assistant, changed in the console."""

from __future__ import annotations

import pytest

from procedures_db import kept_wording
from procedures_db.account import Role
from procedures_db.connection import transaction
from tests.consoles import send
from tests.installation import eventually

KEY = "utter_channel_off"
PAGE = f"/admin/wording/{KEY}"


@pytest.fixture
def client(signed_in):
    return signed_in(Role.APPROVER)


def test_a_sentence_is_found_changed_said_and_reset(client):
    wording = client.app.state.wording
    before = wording.say(KEY)
    assert KEY in client.get("/admin/wording?words=channel+off").text
    assert before[:20] in client.get(PAGE).text
    assert send(client, PAGE, {"text": "Kênh tạm nghỉ, mời bạn quay lại sau."}).status_code == 303
    assert eventually(lambda: wording.say(KEY).startswith("Kênh tạm nghỉ"), within=10)
    listed = client.get("/admin/wording").text
    assert listed.index("Kênh tạm nghỉ") < listed.index("utter_affirm") and "lan," in listed
    assert send(client, PAGE, {"text": "", "then": "reset"}).status_code == 303
    assert eventually(lambda: wording.say(KEY) == before, within=10)


def test_a_preview_shows_sample_facts_or_what_is_wrong_and_saves_nothing(client):
    wording = client.app.state.wording
    key = min(key for key in wording.keys() if wording.placeholders(key) == {"code"})  # noqa: SIM118
    page = send(client, f"/admin/wording/{key}/preview", {"text": "Mã là <b>{code}</b>"})
    assert "Mã là &lt;b&gt;1.004222&lt;/b&gt;" in page.text and "<html" not in page.text
    assert "Còn thiếu: {code}" in send(client, f"/admin/wording/{key}/preview", {"text": "x"}).text
    with transaction(client.app.state.engine) as session:
        assert kept_wording.changes(session) == {}


def test_a_sentence_that_cannot_be_said_is_refused_and_kept_in_the_form(client):
    page = send(client, PAGE, {"text": "Phí 20.000 đồng"})
    assert page.status_code == 422 and "Phí 20.000 đồng</textarea>" in page.text


def test_a_key_that_is_not_there_is_a_404(client):
    for path in ("", "/preview"):
        assert send(client, f"/admin/wording/x{path}", {"text": "x"}).status_code == 404
    assert client.get("/admin/wording/x").status_code == 404
