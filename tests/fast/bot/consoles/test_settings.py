"""What is set, from where, without secrets."""

from __future__ import annotations

import html

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.app import create_app
from bot.consoles.admin.settings_page import GROUPS, told
from bot.settings import Settings
from procedures_db.account import Role
from tests.consoles import make_account, sign_in


def test_every_setting_is_on_the_page_once():
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(Settings.model_fields)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("postgresql+psycopg2://motcua:matkhau@db/x", "postgresql+psycopg2://motcua:***@db/x"),
        ("redis://:matkhau@127.0.0.1:6379/0", "redis://:***@127.0.0.1:6379/0"),
        ("https://a.vn https://lan:matkhau@b.vn", "https://a.vn https://lan:***@b.vn"),
        ("sqlite:///data/motcua.db", "sqlite:///data/motcua.db"),
        (SecretStr("123456789:" + "A" * 35), "đã đặt, không hiện"),
        (SecretStr(""), ""),
        (60, "60"),
    ],
)
def test_no_secret_is_told(value, shown):
    assert told(value) == shown


def test_the_page_tells_values_and_where_they_are_from(rasa, tmp_path, migrated_file):
    path = tmp_path / "motcua.db"
    path.write_bytes(migrated_file.read_bytes())
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{path}", log_level="ERROR", session_hours=9,
        telegram_token=SecretStr("123456789:" + "A" * 35),
        telegram_webhook_url="https://xa.example.vn/telegram/webhook",
    )  # fmt: skip
    app = create_app(settings)
    with TestClient(app) as client:
        for role, status in ((Role.ADMINISTRATOR, 200), (Role.AUDITOR, 200), (Role.APPROVER, 403)):
            sign_in(client, make_account(app.state.engine, role.value, [role]))
            answer = client.get("/admin/settings")
            assert answer.status_code == status
            page = " ".join(html.unescape(answer.text).split())
            assert "A" * 35 not in page
            if status == 200:
                row = (
                    page.replace("<wbr>", "")
                    .partition("MOTCUA_SESSION_HOURS")[2]
                    .partition("</tr>")[0]
                )
                assert "<td>9</td>" in row and "biến môi trường" in row
                row = page.replace("<wbr>", "").partition("MOTCUA_PORT<")[2].partition("</tr>")[0]
                assert "<td>8000</td>" in row and "mặc định" in row
