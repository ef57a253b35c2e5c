"""The channel in the web application: who may call the webhook, what a restart keeps, what logs hide."""

import json
import logging
import shutil

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.channels.telegram.webhook import is_genuine, secret_of
from bot.observability import conceal, configure_logging
from bot.settings import Settings
from procedures_db.connection import connect
from procedures_db.telegram import outgoing
from tests.fake_telegram import TOKEN
from tests.fast.bot.telegram.conftest import LAN
from tests.installation import eventually

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def site(rasa, telegram, tmp_path, migrated_file):
    url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'motcua.db')}"

    def make(**settings):
        given = {"telegram_token": TOKEN, "telegram_api_url": telegram.url, "log_level": "ERROR"}
        given |= {"rasa_url": rasa.url, "database_url": url} | settings
        return TestClient(create_app(Settings(**given)))

    return make


@pytest.fixture
def hooked(site, telegram):
    with site(telegram_webhook_url="https://tthc.example.vn/telegram/webhook") as client:
        assert eventually(lambda: telegram.webhook, within=10)
        yield client


def call(client, update, secret=None):
    headers = {HEADER: secret_of(TOKEN) if secret is None else secret}
    return client.post("/telegram/webhook", content=json.dumps(update), headers=headers)


def test_a_question_by_webhook_is_answered(hooked, telegram):
    assert call(hooked, telegram.message(LAN, "tạm trú")).status_code == 200
    assert eventually(lambda: telegram.texts(LAN) == ["Xin chào!"], within=10)


def test_the_webhook_is_told_to_telegram_with_its_secret(hooked, telegram):
    assert telegram.webhook["url"] == "https://tthc.example.vn/telegram/webhook"
    assert telegram.webhook["secret_token"] == secret_of(TOKEN)
    assert TOKEN.split(":")[1] not in telegram.webhook["secret_token"]


@pytest.mark.parametrize("secret", ["", "sai", secret_of("1:khác")])
def test_nobody_else_may_call_the_webhook(hooked, telegram, rasa, secret):
    assert call(hooked, telegram.message(LAN, "tạm trú"), secret).status_code == 403
    assert hooked.post("/telegram/webhook", content=b"{}").status_code == 403
    assert rasa.messages == []


def test_two_empty_secrets_are_not_genuine():
    assert not is_genuine("", "")
    assert is_genuine("a", "a")


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"x" * 300_000, 413), (b"{}", 200)])
def test_odd_calls_are_refused_or_left_alone(hooked, body, status):
    headers = {HEADER: secret_of(TOKEN)}
    assert hooked.post("/telegram/webhook", content=body, headers=headers).status_code == status


def test_without_a_token_there_is_no_webhook(site):
    with site(telegram_token="") as client:
        assert call(client, {}).status_code == 404


def test_by_polling_there_is_no_webhook_and_an_unreadable_update_holds_up_nobody(site, telegram):
    broken = telegram.message(LAN, "x")
    broken["message"]["chat"] = 5
    with site() as client:
        telegram.deliver(broken, telegram.message(LAN, "tạm trú"))
        assert eventually(lambda: telegram.texts(LAN) == ["Xin chào!"], within=10)
        assert call(client, {}).status_code == 404


def test_the_web_answers_while_telegram_is_away_and_telegram_follows_when_it_is_back(
    site, telegram
):
    telegram.down = True
    telegram.deliver(telegram.message(LAN, "tạm trú"))
    with site() as client:
        body = json.dumps({"conversation_id": None, "text": "tạm trú"})
        assert client.post("/api/chat", content=body).status_code == 200
        telegram.down = False
        assert eventually(lambda: telegram.texts(LAN), within=20)


def test_an_answer_found_before_a_restart_is_sent_after_it(site, telegram, rasa):
    def nothing_gets_out(sent):
        raise OSError

    telegram.refuse = nothing_gets_out
    with site():
        telegram.deliver(telegram.message(LAN, "tạm trú"))
        assert eventually(lambda: rasa.messages == ["tạm trú"], within=10)
    telegram.refuse = lambda sent: None
    with site():
        assert eventually(lambda: telegram.texts(LAN) == ["Xin chào!"], within=20)
    assert rasa.messages == ["tạm trú"]


def test_a_stop_waits_until_the_message_that_is_being_sent_is_marked(site, telegram, tmp_path):
    telegram.send_seconds = 1.0
    with site():
        telegram.say(LAN, "tạm trú")
        assert eventually(lambda: telegram.texts(LAN), within=10)
    assert outgoing.first_of(connect(f"sqlite:///{tmp_path}/motcua.db"), LAN) is None


def test_a_question_that_always_fails_gets_an_excuse_and_the_next_its_answer(
    site, telegram, monkeypatch
):
    from bot.channels.telegram.answers import Answers

    original = Answers._by_kind

    async def fail(self, incoming):
        if incoming.text == "hỏng":
            raise ZeroDivisionError
        return await original(self, incoming)

    monkeypatch.setattr(Answers, "_by_kind", fail)
    with site():
        telegram.deliver(telegram.message(LAN, "hỏng"), telegram.message(LAN, "tạm trú"))
        assert eventually(lambda: len(telegram.texts(LAN)) == 2, within=20)
    assert "đang bận" in telegram.texts(LAN)[0]
    assert telegram.texts(LAN)[1] == "Xin chào!"


def test_a_slow_answer_is_announced_by_typing(site, telegram, rasa):
    rasa.seconds = 1.0
    with site():
        telegram.say(LAN, "tạm trú")
        assert eventually(lambda: telegram.texts(LAN), within=20)
    assert telegram.count("sendChatAction") >= 1


def test_a_pressed_button_stops_its_hourglass(site, telegram):
    with site():
        telegram.deliver(telegram.press(LAN, "khong-co"))
        assert eventually(lambda: telegram.count("answerCallbackQuery") == 1, within=10)
        assert eventually(lambda: "Nút này" in "".join(telegram.texts(LAN)), within=10)


def test_no_log_shows_the_token(capfd):
    configure_logging("DEBUG")
    try:
        logging.getLogger("bất kỳ").error("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        try:
            raise RuntimeError(f"The token `{TOKEN}` was rejected")
        except RuntimeError:
            logging.getLogger("khác").exception("lỗi")
    finally:
        configure_logging("ERROR")
    written = capfd.readouterr().err
    assert "[token]" in written and TOKEN.split(":")[1] not in written
    assert conceal(f"x {TOKEN}") == "x [token]"
