"""Switches and announcements in the console: what an official says, citizens read."""

from __future__ import annotations

import pytest

from procedures_db.account import Role
from tests.consoles import send

PAGE = "/admin/announcements"


def asked(client):
    return client.post("/api/chat", json={"conversation_id": None, "text": "xin chào"}).json()


def test_a_channel_that_is_switched_off_says_the_message_and_is_switched_on_again(signed_in, rasa):
    client = signed_in(Role.ADMINISTRATOR)
    off = send(client, "/admin/channels/web", {"on": "0", "message": "Mất điện đến 14 giờ."})
    assert off.status_code == 303
    page = client.get("/admin/channels").text
    assert "đang tắt" in page and "Mất điện đến 14 giờ." in page
    reply = asked(client)["replies"][0]
    assert reply["text"] == "Mất điện đến 14 giờ."
    assert reply["card"] == {"kind": "channel_off"}, "the widget shows it and does not try again"
    assert rasa.messages == []
    assert send(client, "/admin/channels/web", {"on": "1"}).status_code == 303
    assert "đang tắt" not in client.get("/admin/channels").text


def test_no_other_channel_and_no_endless_message_is_taken(signed_in):
    client = signed_in(Role.ADMINISTRATOR)
    assert send(client, "/admin/channels/fax", {"on": "0"}).status_code == 404
    assert send(client, "/admin/channels/web", {"on": "0", "message": "x" * 501}).status_code == 422


def test_an_announcement_is_made_read_by_everybody_and_taken_down(signed_in):
    client = signed_in(Role.APPROVER)
    assert client.get("/api/announcement").json() == {"text": ""}
    assert send(client, PAGE, {"text": "Nghỉ <b>lễ</b>"}).status_code == 303
    assert client.get("/api/announcement").json() == {"text": "Nghỉ <b>lễ</b>"}
    page = client.get(PAGE).text
    assert "Nghỉ &lt;b&gt;lễ&lt;/b&gt;" in page and "đang hiện" in page
    assert send(client, f"{PAGE}/1/end").status_code == 303
    assert client.get("/api/announcement").json() == {"text": ""}


@pytest.mark.parametrize(
    "fields",
    [{"text": ""}, {"text": "x", "ends_at": "2020-01-01T00:00"}, {"text": "x", "begins_at": "mai"}],
)
def test_an_announcement_that_cannot_be_is_refused_and_kept_in_the_form(signed_in, fields):
    client = signed_in(Role.APPROVER)
    page = send(client, PAGE, fields)
    assert (page.status_code == 422 and "không đúng" in page.text) or "Thông báo dài" in page.text or "Thời điểm hết" in page.text  # fmt: skip
    assert client.get("/api/announcement").json() == {"text": ""}


def test_times_are_those_of_viet_nam(signed_in):
    client = signed_in(Role.APPROVER)
    fields = {"text": "Tết", "begins_at": "2090-01-01T07:00", "ends_at": "2090-01-02T07:00"}
    assert send(client, PAGE, fields).status_code == 303
    assert "từ 01/01/2090 07:00 đến 02/01/2090 07:00" in client.get(PAGE).text


def test_without_a_database_the_chat_goes_on_without_announcement(signed_in, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from bot import announcement

    def away(session):
        raise OperationalError("", {}, Exception())

    client = signed_in(Role.APPROVER)
    monkeypatch.setattr(announcement.announcements, "current", away)
    answer = client.get("/api/announcement")
    assert answer.json() == {"text": ""} and answer.headers["cache-control"] == "no-store"
