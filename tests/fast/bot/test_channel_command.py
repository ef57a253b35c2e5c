"""``motcua channel``: an official switches a channel off and on."""

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.commands.channel import telegram_state
from bot.settings import Settings, settings
from tests.fake_telegram import TOKEN


@pytest.fixture
def motcua(tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_DATABASE_URL", f"sqlite:///{tmp_path}/motcua.db")
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(cli.app, ["channel", *words])
    settings.cache_clear()


def test_a_channel_is_switched_off_with_a_message_and_on_again(motcua):
    off = motcua("off", "telegram", "--message", "Bảo trì đến 14 giờ.")
    assert off.exit_code == 0
    listed = motcua("list").output
    assert "telegram: đang TẮT" in listed and "Bảo trì đến 14 giờ." in listed
    assert "web: đang bật" in listed
    assert motcua("on", "telegram").exit_code == 0
    assert "TẮT" not in motcua("list").output


def test_a_channel_that_does_not_exist_is_named_with_those_that_do(motcua):
    assert motcua("off", "fax").exit_code == 1


def test_serve_says_how_telegram_is_reached_or_what_to_set():
    assert "MOTCUA_TELEGRAM_TOKEN" in telegram_state(Settings())
    with_token = {"telegram_token": TOKEN}
    assert "không cần địa chỉ công khai" in telegram_state(Settings(**with_token))
    address = "https://tthc.example.vn/telegram/webhook"
    assert address in telegram_state(Settings(**with_token, telegram_webhook_url=address))
    assert TOKEN not in telegram_state(Settings(**with_token))
