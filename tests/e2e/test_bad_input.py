"""Whatever is sent: a Vietnamese reply or a 4xx with a JSON error, and the conversation goes on."""

from __future__ import annotations

import json
import unicodedata

import pytest

from procedures_db.text.folding import has_diacritics
from tests.installation import Answer, Chat

NFD = unicodedata.normalize("NFD", "đăng ký tạm trú nộp ở đâu")

# What is typed, and the outcome where only one is right.
TYPED: dict[str, tuple[str, str | None]] = {
    "empty": ("", "clarify"),
    "spaces": (" \t\n\u00a0\u3000 ", "clarify"),
    "invisible": ("\u200b\ufeff\u2060", "clarify"),
    "emoji": ("😀👶🏽👨‍👩‍👧", "clarify"),
    "punctuation": ("?!...", "clarify"),
    "NUL": ("đăng ký\x00 tạm trú cần gì\x00", "answer"),
    "control characters": ("đăng ký\x07 tạm\x1b[31m trú\x7f\x9f cần gì", None),
    "direction marks": ("\u202eđăng ký tạm trú cần gì\u202c", "answer"),
    "NFD": (NFD, "answer"),
    "old tone marks": ("đăng ký tạm trú cho ngừơi khoẻ, nộp ở đâu, hoà nhập", None),
    "wrong đ": ("Ðăng ký tạm trú cần gì", "answer"),
    "HTML": ("<b>đăng ký tạm trú</b> cần gì", "answer"),
    "script": ("<script>alert(1)</script>", None),
    "intent": ('/intent{"x":1}', None),
    "known intent": ('/ask_fee{"aspect":"documents"}', None),
    "greet": ("/greet", None),
    "session start": ("/session_start", None),
    "restart": ("/restart", None),
    "slash": ("/", "clarify"),
    "SQL": ("'; DROP TABLE procedure; --", None),
    "SQL in a code": ("@fee 1.004194' OR '1'='1", None),
    "placeholders": ("{text} {0} %s đăng ký tạm trú cần gì", "answer"),
    "English": ("how much does it cost", None),
    "4,000 characters": ("a." * 2000, None),
    "4,001 characters": ("ă" * 4001, "clarify"),
    "one long word": ("tạmtrú" * 600, None),
}

# What is posted, and the status.
POSTED: dict[str, tuple[bytes, int]] = {
    "1 MB": (json.dumps({"text": "a" * 1_000_000}).encode(), 413),
    "invalid UTF-8": (b'{"text": "dang ky \xff\xfe"}', 400),
    "Latin-1": ('{"text": "khai sinh à"}'.encode("latin-1"), 400),
    "no JSON": (b"text=khai sinh", 400),
    "nothing": (b"", 400),
    "a list": (b'["khai sinh"]', 400),
    "no text": (b'{"conversation_id": null}', 400),
    "text is null": (b'{"text": null}', 400),
    "text is a number": (b'{"text": 1}', 400),
    "a number of 5,000 digits": (b'{"text": ' + b"1" * 5_000 + b"}", 400),
    "nested too deep": (b'{"text": "a", "x": ' + b"[" * 30_000 + b"}", 400),
    "foreign conversation id": (b'{"text": "a", "conversation_id": "../../etc/passwd"}', 400),
    "conversation id of a wrong type": (b'{"text": "a", "conversation_id": [1]}', 400),
}


@pytest.fixture
def about_residence(chat: Chat) -> Chat:
    """A conversation about đăng ký tạm trú, 1.004194."""
    assert chat("đăng ký tạm trú cần gì").codes == ["1.004194"]
    return chat


@pytest.mark.parametrize("name", TYPED)
def test_anything_typed_gets_a_vietnamese_reply_and_the_conversation_goes_on(
    about_residence: Chat, name: str
) -> None:
    text, outcome = TYPED[name]
    answer = about_residence(text)
    assert answer.status == 200
    assert has_diacritics(answer.text)
    assert answer.outcome != "unavailable"
    if outcome:
        assert answer.outcome == outcome
    check_it_goes_on(about_residence)


@pytest.mark.parametrize("name", ["\\ud800", "\\udfff\\ud800", "d\\u0000"])
def test_a_lone_surrogate_in_json_is_no_trouble(about_residence: Chat, name: str) -> None:
    body = f'{{"conversation_id": "{about_residence.conversation_id}", "text": "đăng ký {name} tạm trú cần gì"}}'
    answer = about_residence.send(body.encode())
    assert answer.status == 200
    assert has_diacritics(answer.text)
    check_it_goes_on(about_residence)


@pytest.mark.parametrize("name", POSTED)
def test_a_request_outside_the_contract_gets_a_json_error_and_the_conversation_goes_on(
    about_residence: Chat, name: str
) -> None:
    body, status = POSTED[name]
    answer = about_residence.send(body)
    assert answer.status == status
    assert set(answer.content) == {"error"}
    assert has_diacritics(answer.content["error"])
    check_it_goes_on(about_residence)


def check_it_goes_on(chat: Chat) -> None:
    answer: Answer = chat("mất bao lâu?")
    assert (answer.status, answer.outcome) == (200, "answer")
    assert (answer.codes, answer.aspects) == (["1.004194"], ["time"])


def test_markup_comes_back_as_text_only(chat: Chat) -> None:
    """The page sets textContent; the API must not echo what was typed at all."""
    assert "<script" not in chat("mã 9.999999 <script>alert(1)</script> phí").text
