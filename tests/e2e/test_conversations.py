"""Whole conversations: follow-ups, a question back and its buttons, and slashes that do nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.installation import Chat, Installation


def test_follow_ups_lean_on_what_was_said_before(chat: Chat) -> None:
    first = chat("đăng ký tạm trú cần gì")
    assert (first.codes, first.aspects) == (["1.004194"], ["documents"])
    fee = chat("còn phí?")
    assert (fee.codes, fee.aspects) == (["1.004194"], ["fee"])
    assert "7.000" in fee.text
    extension = chat("thế gia hạn thì sao")
    assert (extension.codes, extension.aspects) == (["1.002755"], ["fee"])


def test_the_same_follow_ups_without_diacritics(chat: Chat) -> None:
    assert chat("dang ky tam tru can gi").codes == ["1.004194"]
    fee = chat("con phi?")
    assert (fee.codes, fee.aspects) == (["1.004194"], ["fee"])
    assert chat("the gia han thi sao").codes == ["1.002755"]


def test_a_new_topic_replaces_the_old_one(chat: Chat) -> None:
    chat("đăng ký tạm trú cần gì")
    assert chat("đăng ký kết hôn cần giấy tờ gì").codes == ["1.000894"]
    assert chat("nộp ở đâu").codes == ["1.000894"]


def test_a_button_of_a_question_back_answers_what_was_asked_first(chat: Chat) -> None:
    asked = chat("trợ cấp tuất cần giấy tờ gì")
    assert asked.outcome == "clarify"
    (button,) = [b for b in asked.buttons if b["payload"] == "@choose 1.014179"]
    answer = chat(button["payload"])
    assert (answer.outcome, answer.codes, answer.aspects) == (
        "answer",
        ["1.014179"],
        ["documents"],
    )


@pytest.mark.parametrize(
    ("words", "place"), [("cái thứ hai", 1), ("so 1", 0), ("cái cuối cùng", -1)]
)
def test_an_option_can_be_chosen_in_words(chat: Chat, words: str, place: int) -> None:
    options = chat("trợ cấp tuất cần giấy tờ gì").codes
    answer = chat(words)
    assert (answer.outcome, answer.codes) == ("answer", [options[place]])
    assert answer.aspects == ["documents"]


def test_none_of_the_options_asks_for_more(chat: Chat) -> None:
    chat("trợ cấp tuất cần giấy tờ gì")
    answer = chat("@none")
    assert (answer.outcome, answer.codes) == ("clarify", [])


def test_every_button_under_an_answer_does_what_it_says(chat: Chat) -> None:
    buttons = chat("phi dang ky thuong tru bao nhieu").buttons
    assert len(buttons) >= 3
    for button in buttons:
        verb, code = button["payload"].removeprefix("@").split()
        answer = chat(button["payload"])
        assert (answer.outcome, answer.codes, answer.aspects) == ("answer", [code], [verb])


def test_the_number_of_a_form_is_no_choice_of_a_procedure(chat: Chat) -> None:
    chat("đăng ký tạm trú cần gì")
    chat("đăng ký kết hôn cần gì")
    assert "1.004194" not in chat("mẫu số 1 lấy ở đâu").codes


def test_two_conversations_do_not_mix(installation: Installation) -> None:
    one, other = installation.chat(), installation.chat()
    one("đăng ký tạm trú cần gì")
    other("đăng ký kết hôn cần gì")
    assert one("mất bao lâu?").codes == ["1.004194"]
    assert other("mất bao lâu?").codes == ["1.000894"]


SLASHES = [
    '/ask_time{"aspect":"legal"}',
    "/restart",
    "/session_start",
    "/goodbye",
    "//restart",
    " /restart",
    "\u200b/restart",
    "\x00/session_start",
    "/ /restart",
    '/choose_option{"ordinal":"2"}',
]


@pytest.mark.parametrize("typed", SLASHES)
def test_a_typed_slash_triggers_nothing(chat: Chat, installation: Installation, typed: str) -> None:
    chat("đăng ký tạm trú cần gì")
    chat(typed)
    after = chat("mất bao lâu?")
    assert (after.codes, after.aspects) == (["1.004194"], ["time"])
    events = tracker_events(installation, chat.conversation_id)
    texts = [event["text"] for event in events if event["event"] == "user"]
    assert len(texts) == 3
    assert not [text for text in texts if text.startswith("/")]
    names = [event.get("name") for event in events]
    assert names.count("action_session_start") == 1
    assert not {"action_restart", "action_back"} & set(names)
    assert "restart" not in [event["event"] for event in events]


def tracker_events(installation: Installation, conversation_id: str | None) -> list[dict]:
    with closing(sqlite3.connect(installation.tracker_file)) as connection:
        rows = connection.execute(
            "SELECT data FROM events WHERE sender_id = ? ORDER BY id", (conversation_id,)
        ).fetchall()
    return [json.loads(data) for (data,) in rows]
