"""The data-quality list: worked out beside the pages, kept until the data changes."""

from __future__ import annotations

import subprocess

import pytest

from procedures_db.account import Role
from tests.changing import edit as publish

WAIT = 120


@pytest.fixture
def client(signed_in, record):
    client = signed_in(Role.AUDITOR)
    publish(client.app.state.engine, record(), record(code="1.000002", name="Nuôi dế"))
    return client


def test_the_list_comes_by_itself_and_is_filtered(client, record):
    keeper = client.app.state.quality
    first = client.get("/admin/quality").text
    assert "kết quả tự hiện ra" in first and 'hx-trigger="load delay:3s"' in first
    keeper.wait(WAIT)
    page = client.get("/admin/quality").text
    assert "kết quả tự hiện ra" not in page and 'href="/admin/procedures/1.000002"' in page
    only = client.get("/admin/quality?words=nuoi+de&check=no-papers").text.split("<tbody>")[1]
    assert "1.000002" in only and "1.000001" not in only

    publish(client.app.state.engine, record(code="1.000003", name="Nuôi tằm"))
    stale = client.get("/admin/quality").text
    assert "kết quả tự hiện ra" in stale and "1.000002" in stale and "1.000003" not in stale
    keeper.wait(WAIT)
    assert "1.000003" in client.get("/admin/quality").text


def test_a_report_that_cannot_be_made_is_said_and_not_tried_on_every_click(client, monkeypatch):
    keeper, tried = client.app.state.quality, []

    def fail():
        tried.append(1)
        raise subprocess.TimeoutExpired("report", 1)

    monkeypatch.setattr(keeper, "_report", fail)
    client.get("/admin/quality")
    keeper.wait(WAIT)
    for _ in range(3):
        assert "Không tính được báo cáo" in client.get("/admin/quality").text
    assert tried == [1]
