"""The chat API: whatever is sent, the answer is a clear Vietnamese one, never a 500."""

import json
import unicodedata

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.channels.chat_api import MAX_BODY_BYTES
from bot.settings import Settings
from procedures_db.text.folding import has_diacritics

FIELDS = {"text", "outcome", "procedures", "aspects", "buttons", "sources", "card"}


@pytest.fixture
def site(rasa, tmp_path):
    """The web application before a fake Rasa."""
    settings = Settings(
        rasa_url=rasa.url,
        actions_url=rasa.url,  # the fake answers every GET, as the action server does /health
        database_url=f"sqlite:///{tmp_path}/motcua.db",
        log_level="ERROR",
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def chat(site):
    def chat(text, conversation_id=None):
        return site.post(
            "/api/chat", content=json.dumps({"conversation_id": conversation_id, "text": text})
        )

    return chat


def test_a_question_gets_a_conversation_and_replies_of_the_contract(chat, rasa):
    content = chat("đăng ký tạm trú").json()
    assert set(content) == {"conversation_id", "replies"}
    assert content["replies"] and all(set(reply) == FIELDS for reply in content["replies"])
    assert rasa.received[0]["sender"] == content["conversation_id"]


def test_a_conversation_goes_on_under_its_id(chat, rasa):
    first = chat("đăng ký tạm trú").json()["conversation_id"]
    assert chat("còn phí?", first).json()["conversation_id"] == first
    assert {received["sender"] for received in rasa.received} == {first}


def test_new_conversations_have_ids_of_their_own(chat):
    assert chat("a").json()["conversation_id"] != chat("a").json()["conversation_id"]


BAD_TEXTS = {
    "empty": "",
    "spaces": "   \n\t ",
    "emoji only": "😀👍❤️",
    "too long": "đăng ký " * 2_000,
    "one megabyte": "a" * 1_000_000,
    "one megabyte of Vietnamese": "ệ" * 350_000,
    "NUL": "khai\x00sinh",
    "control characters": "\x01\x02\x1b[31mkhai sinh\x7f",
    "lone surrogates": "khai sinh \udfff\ud800",
    "only surrogates": "\ud800",
    "NFD": unicodedata.normalize("NFD", "đăng ký khai sinh"),
    "old tone marks": "hoà giải, uỷ quyền",
    "zero-width": "khai\u200b\u2060sinh",
    "right to left": "\u202ekhai sinh",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "an intent": '/ask_fee{"x":1}',
    "a restart": "/restart",
    "SQL": "'; DROP TABLE procedure; --",
    "a template": "{{7*7}} ${7*7} %s {0}",
    "English": "how do I get a passport?",
    "Chinese": "我想办护照",
    "Arabic": "كيف أحصل على جواز سفر",
    "a button that is none": "@destroy 1.001193",
    "many dots": "a." * 1_900,
    "many combining marks": "a" + "\u0301" * 1_900,
    "line breaks": "khai\r\n\r\nsinh",
}


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
def test_whatever_a_citizen_types_gets_a_clear_answer_or_a_4xx(chat, text):
    response = chat(text)
    assert response.headers["content-type"] == "application/json"
    if response.status_code == 200:
        assert all(has_diacritics(reply["text"]) for reply in response.json()["replies"])
    else:
        assert 400 <= response.status_code < 500
        assert has_diacritics(response.json()["error"])


@pytest.mark.parametrize("text", ["", "  ", "😀👍❤️", "\ud800", "đăng ký " * 2_000])
def test_what_cannot_be_answered_never_reaches_rasa(chat, rasa, text):
    assert chat(text).json()["replies"][0]["outcome"] == "clarify"
    assert rasa.received == []


def test_text_reaches_rasa_normalised_whole_and_without_commands(chat, rasa):
    chat(BAD_TEXTS["NFD"])
    chat(BAD_TEXTS["an intent"])
    chat(BAD_TEXTS["lone surrogates"])
    assert rasa.messages == ["đăng ký khai sinh", 'ask_fee{"x":1}', "khai sinh"]


BAD_BODIES = {
    "nothing": b"",
    "not JSON": b"xin chao",
    "half": b'{"text": "khai sinh"',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "UTF-16": '{"text": "khai sinh"}'.encode("utf-16"),
    "a list": b"[]",
    "a text": b'"khai sinh"',
    "a number": b"7",
    "null": b"null",
    "no text": b"{}",
    "text is null": b'{"text": null}',
    "text is a number": b'{"text": 7}',
    "text is a list": b'{"text": ["khai sinh"]}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep but short": b"[" * 30_000 + b"]" * 30_000,
    "deep beside the text": b'{"text": "a", "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "a number of 10,000 digits": b'{"text": "a", "x": ' + b"1" * 10_000 + b"}",
    "a form": b"text=khai+sinh",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_body_that_is_not_of_the_contract_is_a_4xx_with_a_reason(site, rasa, body):
    response = site.post("/api/chat", content=body)
    assert 400 <= response.status_code < 500
    assert has_diacritics(response.json()["error"])
    assert rasa.received == []


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "true"])
def test_fields_that_nobody_asked_for_do_no_harm(site, value):
    assert site.post("/api/chat", content=f'{{"text": "a", "x": {value}}}').status_code == 200


def test_a_body_too_large_is_refused_while_it_arrives(site):
    def endless():
        for _ in range(1_000):
            yield b" " * 1_024

    response = site.post("/api/chat", content=endless())
    assert response.status_code == 413
    assert str(MAX_BODY_BYTES) in response.json()["error"]


@pytest.mark.parametrize(
    "conversation_id",
    [
        "",
        "short",
        "a" * 65,
        "có dấu tiếng",
        "../../etc/passwd",
        "a" * 8 + "\n",
        "a b c d e f",
        7,
        [],
        {},
        True,
        "１２３４５６７８９",
    ],
)
def test_a_wrong_conversation_id_is_a_4xx(chat, rasa, conversation_id):
    response = chat("khai sinh", conversation_id)
    assert response.status_code == 400
    assert "conversation_id" in response.json()["error"]
    assert rasa.received == []


@pytest.mark.parametrize("conversation_id", ["a" * 8, "a" * 64, "A-z_0-9-8"])
def test_an_id_of_the_right_form_is_taken(chat, conversation_id):
    assert chat("khai sinh", conversation_id).json()["conversation_id"] == conversation_id


def test_another_method_is_not_allowed(site):
    assert site.get("/api/chat").status_code == 405


def test_without_rasa_the_citizen_still_gets_a_reply(nowhere, tmp_path):
    settings = Settings(
        rasa_url=nowhere,
        actions_url=nowhere,
        database_url=f"sqlite:///{tmp_path}/motcua.db",
        log_level="ERROR",
    )
    with TestClient(create_app(settings)) as client:
        response = client.post("/api/chat", json={"conversation_id": None, "text": "khai sinh"})
        assert response.status_code == 200
        assert response.json()["replies"][0]["outcome"] == "unavailable"
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json() == {
        "ready": False,
        "checks": {"rasa": False, "actions": False, "database": True},
    }


# The rest of the site


def test_the_site_is_alive_and_ready(site):
    assert site.get("/healthz").json() == {"status": "ok"}
    ready = site.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)


def test_the_site_is_not_ready_while_the_action_server_is_away(rasa, nowhere, tmp_path):
    settings = Settings(
        rasa_url=rasa.url, actions_url=nowhere, database_url=f"sqlite:///{tmp_path}/m.db"
    )
    with TestClient(create_app(settings)) as client:
        ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["actions"]) == (503, False)


def test_the_site_is_not_ready_while_rasa_has_no_answer(site, rasa):
    rasa.status = 500
    assert site.get("/readyz").status_code == 503


def test_the_page_asks_in_vietnamese_and_loads_nothing_foreign(site):
    page = site.get("/")
    assert page.status_code == 200
    assert '<html lang="vi">' in page.text
    assert "http://" not in page.text and "https://" not in page.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/chat", "/widget.js", "/nowhere"])
def test_every_response_has_the_security_headers(site, path):
    headers = site.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/nowhere", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_a_page_that_is_not_there_is_a_404_in_vietnamese(site, path):
    response = site.get(path)
    assert response.status_code == 404
    assert has_diacritics(response.json()["error"])
