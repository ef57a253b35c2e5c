"""What citizens read on Telegram, with a fake Rasa behind the real conversation core."""

import pytest

from bot.channels.telegram.answers import Answers
from bot.conversation import Conversation
from bot.rasa_client import RasaClient
from bot.rate_limits import RateLimits
from bot.settings import Settings
from bot.switches import Switches
from procedures_db import channels
from procedures_db.telegram import conversations, inbox
from procedures_db.telegram.inbox import Incoming
from tests.fast.bot.telegram.conftest import GROUP, LAN

BOT = 1
WITH_BUTTON = [
    {"custom": {"reply": {"text": "Bạn hỏi gì?", "outcome": "clarify", "procedures": [], "aspects": [],
     "buttons": [{"title": "Lệ phí", "payload": "@fee 1.004194"}], "sources": [], "card": {}}}}
]  # fmt: skip


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def answers(engine, rasa, wording, clock):
    client = RasaClient(rasa.url, timeout_seconds=5)
    switches = Switches(engine, clock=clock)
    conversation = Conversation(client, wording, max_chars=4000, switches=switches)
    # Not a minute: a slow machine would let some of it pass between two questions.
    limits = RateLimits(Settings(rate_limit_conversation="5/hour"))
    yield Answers(engine, BOT, conversation, wording, limits, clock=clock)
    await client.close()


@pytest.fixture
def ask(answers, engine):
    numbers = iter(range(1, 1000))

    async def ask(kind, text="", chat=LAN, **fields):
        incoming = Incoming(next(numbers), chat, LAN, kind, text, **fields)
        inbox.accept(engine, BOT, [incoming])
        return await answers.to(incoming)

    return ask


def texts(messages) -> str:
    return "\n".join(message.text for message in messages)


async def test_a_question_goes_to_the_conversation_under_an_id_of_its_own(ask, rasa):
    assert texts(await ask("text", "đăng ký tạm trú")) == "Xin chào!"
    assert rasa.messages == ["đăng ký tạm trú"]
    assert rasa.received[0]["sender"].startswith("telegram-")


async def test_a_button_asks_what_it_says_also_long_after(ask, rasa):
    rasa.answer = WITH_BUTTON
    (message,) = await ask("text", "tạm trú")
    await ask("button", message.keyboard[0][0]["callback_data"])
    assert rasa.messages == ["tạm trú", "@fee 1.004194"]


async def test_a_button_of_unknown_meaning_is_said_to_be_one(ask, rasa):
    assert "Nút này không còn dùng được" in texts(await ask("button", "khong-co"))
    assert rasa.messages == []


async def test_commands(ask, rasa):
    assert "/canbo" in texts(await ask("start"))
    assert "/moi" in texts(await ask("help"))
    await ask("person")
    assert rasa.messages == ["@help", "@human"]


@pytest.mark.parametrize("command", ["start", "new"])
async def test_a_beginning_offers_everyday_questions_to_press(ask, rasa, command):
    *_, last = await ask(command)
    keys = {b["text"]: b["callback_data"] for row in last.keyboard for b in row}
    assert len(keys) == 3
    await ask("button", keys["Đăng ký tạm trú"])
    assert rasa.messages == ["Đăng ký tạm trú"]


async def test_a_new_conversation_forgets_the_old_one(ask, rasa):
    await ask("text", "tạm trú")
    assert "bắt đầu lại" in texts(await ask("new"))
    await ask("text", "phí?")
    await ask("new", "khai sinh")
    first, second, third = (received["sender"] for received in rasa.received)
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("file", "đừng gửi ảnh"), ("voice", "chưa nghe được"), ("sticker", "nhắn bằng chữ"),
        ("place", "không dùng vị trí"), ("contact", "đừng gửi danh bạ"), ("poll", "bình chọn"),
        ("other", "bằng chữ"),
    ],
)  # fmt: skip
async def test_what_is_no_text_gets_a_polite_word_and_no_guess(ask, rasa, kind, said):
    assert said in texts(await ask(kind))
    assert rasa.messages == []


async def test_who_tells_a_secret_is_warned_though_only_the_masked_text_was_kept(ask, rasa):
    said = texts(await ask("text", "tôi là [số căn cước], đổi thẻ?", told_secret=True))
    assert "Xin chào!" in said and len(said) > len("Xin chào!")
    assert texts(await ask("text", "đổi thẻ?")) == "Xin chào!"


async def test_the_question_under_a_photo_is_answered_too(ask, rasa):
    said = texts(await ask("file", "giấy này đổi ở đâu"))
    assert "đừng gửi ảnh" in said and "Xin chào!" in said


async def test_an_album_gets_one_word(ask):
    assert await ask("file", album="9")
    assert await ask("file", album="9") == []


async def test_in_a_group_the_answer_hangs_on_its_question(ask):
    (message,) = await ask("text", "phí?", chat=GROUP, in_group=True, message_id=42)
    assert message.reply_to == 42
    (message,) = await ask("text", "phí?", message_id=43)
    assert message.reply_to is None


async def test_a_flood_is_told_once_how_long_to_wait(ask, clock):
    for _ in range(5):
        assert "Xin chào" in texts(await ask("text", "phí?"))
    assert "gửi nhanh quá" in texts(await ask("text", "phí?"))
    assert await ask("text", "phí?") == []
    clock.now += 3601
    assert "gửi nhanh quá" in texts(await ask("text", "phí?"))


async def test_switched_off_everything_gets_the_officials_message(ask, engine, rasa, clock):
    channels.switch(engine, "telegram", on=False, message="Bảo trì đến 14 giờ.")
    assert texts(await ask("text", "phí?")) == "Bảo trì đến 14 giờ."
    assert texts(await ask("start")) == "Bảo trì đến 14 giờ."
    channels.switch(engine, "telegram", on=True)
    clock.now += 1
    assert texts(await ask("text", "phí?")) == "Xin chào!"
    assert rasa.messages == ["phí?"]


async def test_blocking_is_remembered_until_the_citizen_writes_again(ask, engine):
    assert await ask("blocked") == []
    assert conversations.is_blocked(engine, LAN)
    await ask("text", "tôi quay lại")
    assert not conversations.is_blocked(engine, LAN)


async def test_after_repeated_failures_an_excuse_is_ready(answers):
    assert "đang bận" in texts(answers.excuse())
