"""A question in, replies out: what reaches Rasa, what reaches the log, what the citizen reads."""

import json
import logging

import pytest
import structlog

from bot import conversation as module
from bot.conversation import Conversation, Question, clean, join, new_conversation_id
from bot.observability import configure_logging
from bot.rasa_client import RasaClient

WHOLE = {
    "text": "Đăng ký tạm trú (mã 1.004194)\n\nNguồn: …",
    "outcome": "answer",
    "procedures": [{"code": "1.004194", "name": "Đăng ký tạm trú"}],
    "aspects": ["fee"],
    "buttons": [],
    "sources": [],
    "card": {},
}


def custom(reply=WHOLE):
    return {"recipient_id": "x", "custom": {"reply": reply}}


def text(words):
    return {"recipient_id": "x", "text": words}


@pytest.fixture
def ask(rasa, wording):
    """Ask one question of a conversation that talks to the fake Rasa (or to another address)."""

    async def ask(words, *, url=rasa.url, max_chars=500, conversation="a" * 16, seconds=5.0):
        client = RasaClient(url, timeout_seconds=seconds)
        try:
            talk = Conversation(client, wording, max_chars=max_chars)
            return await talk.answer(Question(conversation, words, channel="web"))
        finally:
            await client.close()

    return ask


# clean, join


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("  khai   sinh \n", "khai sinh"),
        ("/restart", "restart"),
        ("//// /greet", "greet"),
        ('/ask_fee{"procedure": "1.001193"}', 'ask_fee{"procedure": "1.001193"}'),
        ("\u200b/greet", "greet"),
        ("\x00/greet", "greet"),
        ("lệ phí 1/2 ngày", "lệ phí 1/2 ngày"),
        ("hoà giải", "hòa giải"),
        ("@fee 1.001193", "@fee 1.001193"),
    ],
)
def test_what_is_sent_is_one_clean_line_without_a_leading_slash(typed, sent):
    assert clean(typed) == sent


def test_a_whole_reply_stands_for_its_texts():
    (reply,) = join([text("Đăng ký tạm trú (mã 1.004194)"), text("Nguồn: …"), custom()])
    assert reply.as_dict() == WHOLE


def test_bare_texts_become_one_reply():
    (reply,) = join([text("Xin chào!"), text("Bạn cần gì?")])
    assert (reply.text, reply.outcome) == ("Xin chào!\n\nBạn cần gì?", "smalltalk")


def test_two_whole_replies_stay_two():
    replies = join([text("a"), custom(), text("b"), custom({**WHOLE, "text": "b"})])
    assert [reply.text for reply in replies] == [WHOLE["text"], "b"]


def test_texts_after_a_whole_reply_are_not_lost():
    assert [reply.text for reply in join([custom(), text("Còn gì nữa không?")])] == [
        WHOLE["text"],
        "Còn gì nữa không?",
    ]


def test_messages_without_text_or_reply_say_nothing():
    assert join([]) == join([{"recipient_id": "x", "image": "y"}]) == []


def test_nobody_can_guess_a_conversation():
    assert len({new_conversation_id() for _ in range(100)}) == 100
    assert all(len(new_conversation_id()) >= 32 for _ in range(3))


# answer


async def test_a_question_reaches_rasa_under_its_conversation_and_the_reply_comes_back(ask, rasa):
    rasa.answer = [custom()]
    (reply,) = await ask("Phí đăng ký tạm trú?", conversation="b" * 16)
    assert reply.as_dict() == WHOLE
    assert rasa.received == [
        {
            "path": "/webhooks/rest/webhook",
            "sender": "b" * 16,
            "message": "Phí đăng ký tạm trú?",
            "metadata": {"channel": "web"},
        }
    ]


@pytest.mark.parametrize(
    "words", ["", "   ", "\n\t", "😀", "👍👍 ❤️", "?!…", "/", "\x00\x01", "\u200b\ufeff", "\ud800"]
)
async def test_a_message_without_words_is_asked_for_some_and_never_reaches_rasa(ask, rasa, words):
    (reply,) = await ask(words)
    assert reply.outcome == "clarify"
    assert "chưa nhận được chữ nào" in reply.text
    assert rasa.received == []


async def test_a_message_that_is_too_long_is_politely_refused(ask, rasa):
    (reply,) = await ask("a" * 501)
    assert (reply.outcome, rasa.received) == ("clarify", [])
    assert "500" in reply.text
    assert (await ask("a" * 500))[0].outcome == "smalltalk"


async def test_without_rasa_the_citizen_is_told_to_try_again(ask, nowhere):
    (reply,) = await ask("khai sinh", url=nowhere)
    assert reply.outcome == "unavailable"
    assert "ít phút" in reply.text


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_an_error_of_rasa_is_told_the_same_way(ask, rasa, status):
    rasa.status = status
    assert [reply.outcome for reply in await ask("khai sinh")] == ["unavailable"]


@pytest.mark.parametrize(
    "answer",
    [
        "<html>bận</html>",
        "",
        "[]",
        "{}",
        "null",
        '"chữ"',
        "[1]",
        '[{"custom": {"reply": {"lạ": 1}}}]',
    ],
)
async def test_an_answer_that_makes_no_sense_is_told_the_same_way(ask, rasa, answer):
    rasa.answer = answer
    assert [reply.outcome for reply in await ask("khai sinh")] == ["unavailable"]


async def test_a_rasa_that_never_answers_is_given_up_on(ask):
    import asyncio

    async def silent(reader, writer):
        await asyncio.sleep(5)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    (reply,) = await ask("khai sinh", url=f"http://127.0.0.1:{port}", seconds=0.2)
    server.close()
    assert reply.outcome == "unavailable"


PERSONAL = "Tôi là 012345678901, sđt 0912 345 678, thư ba@example.vn, hộ chiếu C1234567"


async def test_personal_numbers_never_reach_rasa(ask, rasa):
    await ask(PERSONAL)
    (sent,) = rasa.messages
    assert sent == "Tôi là [số căn cước], sđt [số điện thoại], thư [email], hộ chiếu [số hộ chiếu]"


async def test_digits_with_invisible_characters_between_are_masked_too(ask, rasa):
    await ask("0912\u200b345\u200b678")
    assert rasa.messages == ["[số điện thoại]"]


async def test_a_command_typed_by_a_citizen_is_only_text_to_rasa(ask, rasa):
    await ask('/ask_fee{"procedure": "1.001193"}')
    assert not rasa.messages[0].startswith("/")


@pytest.fixture
def log(monkeypatch, capsys):
    """What is written to standard error, with logging set up as in service, at its most talkative."""
    kept = logging.root.handlers[:], logging.root.level
    logging.root.handlers[:] = []  # pytest's own, which configuring would close
    with monkeypatch.context() as patch:
        configure_logging("DEBUG")
        patch.setattr(module, "logger", structlog.get_logger())
        yield lambda: capsys.readouterr().err
    logging.root.handlers[:] = kept[0]
    logging.root.setLevel(kept[1])
    structlog.reset_defaults()


async def test_the_log_tells_outcome_and_codes_but_never_the_words(ask, rasa, log):
    rasa.answer = [custom()]
    await ask("vợ tôi tên Hoa mới sinh con, 0912345678", conversation="bimat" * 4)
    said = log()
    event = json.loads(next(line for line in said.splitlines() if '"answered"' in line))
    assert (event["outcome"], event["codes"], event["aspects"]) == ("answer", ["1.004194"], ["fee"])
    assert event["channel"] == "web" and event["ms"] >= 0
    for private in ("Hoa", "sinh con", "0912345678", "bimat"):
        assert private not in said


async def test_the_log_keeps_the_words_to_itself_when_rasa_is_away_too(ask, nowhere, log):
    await ask("vợ tôi tên Hoa mới sinh con", url=nowhere, conversation="bimat" * 4)
    said = log()
    assert "rasa_unavailable" in said
    for private in ("Hoa", "sinh con", "bimat"):
        assert private not in said


def test_one_conversation_has_one_name_in_the_log_and_two_have_two():
    one, same, other = (Question(i, "x", "web").hashed_id for i in ("a" * 16, "a" * 16, "b" * 16))
    assert one == same != other
    assert "a" * 4 not in one
