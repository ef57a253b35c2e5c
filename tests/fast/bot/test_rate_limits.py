"""Limits of how often one may ask: said politely, with the time to wait, and never at the wrong ones."""

import json
import shutil
from secrets import token_hex

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.rate_limits import RateLimits, TooManyQuestions
from bot.settings import Settings, SettingsError, read
from procedures_db import channels
from procedures_db.connection import connect

REDIS = "redis://127.0.0.1:6379/9"


@pytest.fixture
def site(rasa, tmp_path, migrated_file):
    """Make the web application with some settings; clients come from an address of the outside."""

    url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'motcua.db')}"

    def make(address="203.0.113.7", **settings):
        given = Settings(rasa_url=rasa.url, database_url=url, log_level="ERROR", **settings)
        return TestClient(create_app(given), client=(address, 50000))

    return make


def ask(client, conversation_id=None):
    body = json.dumps({"conversation_id": conversation_id, "text": "phí?"})
    return client.post("/api/chat", content=body)


def test_too_many_questions_of_one_address_get_429_with_the_time_to_wait(site, rasa):
    with site(rate_limit_address="3/minute") as client:
        assert [ask(client).status_code for _ in range(3)] == [200] * 3
        refused = ask(client)
    assert refused.status_code == 429
    wait = int(refused.headers["retry-after"])
    assert 1 <= wait <= 60
    assert refused.json() == {
        "error": f"Bạn gửi nhanh quá nên tôi chưa trả lời được câu này. Bạn chờ {wait} giây rồi gửi lại giúp tôi.",
        "retry_after": wait,
    }
    assert len(rasa.messages) == 3


def test_one_conversation_is_limited_and_another_of_the_same_office_is_not(site):
    with site(rate_limit_conversation="2/minute") as client:
        assert [ask(client, "a" * 8).status_code for _ in range(3)] == [200, 200, 429]
        assert ask(client, "b" * 8).status_code == 200


def test_everybody_together_is_limited(site):
    with site(rate_limit_total="4/minute") as client:
        assert [ask(client).status_code for _ in range(5)] == [200] * 4 + [429]


def test_the_machine_itself_is_not_limited_unless_it_is_asked_for(site):
    with site("127.0.0.1", rate_limit_address="1/minute") as client:
        assert {ask(client).status_code for _ in range(5)} == {200}
    limits = Settings(rate_limit_exempt="10.0.0.0/8", rate_limit_address="1/minute")
    assert not RateLimits(limits)._is_exempt("127.0.0.1")
    assert RateLimits(limits)._is_exempt("10.1.2.3")


async def count_until_refused(limits, key="x"):
    for number in range(100):
        try:
            await limits.admit(key)
        except TooManyQuestions as refused:
            return number, refused.retry_after
    return None


async def test_several_limits_hold_at_once():
    limits = RateLimits(Settings(rate_limit_conversation="100/hour; 3/minute"))
    passed, wait = await count_until_refused(limits)
    assert passed == 3 and wait <= 60


async def test_several_processes_count_together_in_redis():
    import redis

    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        pytest.skip("Redis is not reachable at 127.0.0.1:6379")
    settings = Settings(rate_limit_storage=REDIS, rate_limit_conversation="5/minute")
    first, second = RateLimits(settings), RateLimits(settings)
    conversation = token_hex(8)  # nobody else's: the server may be shared
    for limits in (first, second, first, second, first):
        await limits.admit(conversation)
    with pytest.raises(TooManyQuestions):
        await second.admit(conversation)


async def test_without_redis_each_process_counts_for_itself(nowhere):
    storage = nowhere.replace("http", "redis")
    limits = RateLimits(Settings(rate_limit_storage=storage, rate_limit_conversation="3/minute"))
    passed, _ = await count_until_refused(limits)
    assert passed == 3


@pytest.mark.parametrize("value", ["nhanh", "30", "30/năm", ""])
def test_a_rate_that_is_none_is_refused_with_an_example(value):
    with pytest.raises((SettingsError, ValueError), match="cần dạng"):
        Settings(rate_limit_total=value)


def test_a_token_that_is_none_is_refused_and_never_shown():
    wrong = "day-la-bi-mat-dan-nham"
    with pytest.raises(SettingsError) as error:
        read({"MOTCUA_TELEGRAM_TOKEN": wrong})
    assert "MOTCUA_TELEGRAM_TOKEN" in str(error.value)
    assert wrong not in str(error.value) and wrong not in str(error.value.__cause__)
    token = "123456789:AAabcdefghijklmnopqrstuvwxyz"
    assert token not in repr(read({"MOTCUA_TELEGRAM_TOKEN": token}))


def test_a_web_chat_switched_off_answers_with_the_officials_message(site, rasa, tmp_path):
    with site() as client:
        channels.switch(
            connect(f"sqlite:///{tmp_path}/motcua.db"), "web", on=False, message="Nghỉ lễ."
        )
        answer = ask(client)
    assert answer.status_code == 200
    (reply,) = answer.json()["replies"]
    assert (reply["text"], reply["outcome"]) == ("Nghỉ lễ.", "unavailable")
    assert reply["card"] == {"kind": "channel_off"}, "a client need not ask again and again"
    assert rasa.messages == []


def test_a_database_without_switches_closes_no_channel(rasa, tmp_path):
    settings = Settings(rasa_url=rasa.url, database_url=f"sqlite:///{tmp_path}/leer.db")
    with TestClient(create_app(settings)) as client:
        assert ask(client).json()["replies"][0]["text"] == "Xin chào!"
