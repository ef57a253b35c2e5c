"""A person takes over: the citizen sees who answers, on the web and on Telegram, and when the bot goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from procedures_db import enquiries
from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.enquiry_replies import through_outbox
from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.fake_telegram import FakeTelegram
from tests.installation import Installation, eventually

LATE_MS = 60_000
LAN, LAN_SHOWN = "lan", "Cán bộ Lan"
MATTER = "đất ông bà để lại không có giấy tờ gì"
JOINED = "Cán bộ Lan đã vào cuộc trò chuyện"
LEFT = "Từ đây trợ lý ảo trả lời tiếp."


class Desk:
    """What the staff's console does, as far as citizens notice."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)

    def _do(self, what: Callable[[Session], object]) -> None:
        with transaction(self.engine) as session:
            reserve_writing(session)  # the web process writes its log at any moment
            what(session)

    def take_over(self, number: int) -> None:
        self._do(lambda s: enquiries.take_over(s, number, LAN, author=LAN_SHOWN))

    def say(self, number: int, text: str, how: Callable[..., None] = enquiries.say) -> None:
        self._do(
            lambda s: how(s, number, LAN, text, deliver=through_outbox(s, number, author=LAN_SHOWN))
        )

    def messages(self, number: int) -> list[str]:
        with transaction(self.engine) as session:
            return [m.text for m in enquiries.get(session, number).messages]

    def newest(self) -> int:
        with transaction(self.engine) as session:
            return enquiries.queue(session, per_page=100).items[-1].id


@pytest.fixture(scope="module")
def desk(installation: Installation) -> Iterator[Desk]:
    desk = Desk(installation.database_url)
    yield desk
    desk.engine.dispose()


@pytest.mark.parametrize("size", SIZES)
def test_in_the_widget(open_chat: Callable[..., ChatPage], desk: Desk, size: str) -> None:
    chat = open_chat(SIZES[size])
    chat.ask("cho tôi gặp cán bộ")
    chat.ask(MATTER)
    number = desk.newest()
    banner, staff = chat.page.locator(".official"), chat.page.locator(".message.staff")
    expect(banner).to_have_text("")
    desk.take_over(number)
    expect(banner).to_have_text("Cán bộ Lan đang trả lời", timeout=LATE_MS)
    expect(chat.page.locator(".message.notice")).to_contain_text(JOINED)
    notice = chat.page.locator(".message.notice")
    assert notice.evaluate("e => getComputedStyle(e).maxHeight") == "none", "it is read whole"
    desk.say(number, "Bác có giấy nộp thuế không?")
    expect(staff).to_contain_text("Cán bộ Lan: Bác có giấy nộp thuế không?", timeout=LATE_MS)
    chat.page.reload()
    expect(banner).to_have_text("Cán bộ Lan đang trả lời")
    heard = chat.heard
    expect(chat.ask("tôi có giấy nộp thuế")).to_contain_text(f"yêu cầu số {number}")
    assert desk.messages(number)[-1] == "tôi có giấy nộp thuế"
    count = chat.answers.count()
    chat.type("còn sổ thuế nữa")
    expect(chat.mine.last).to_contain_text("Đã gửi cán bộ.", timeout=LATE_MS)
    assert chat.answers.count() == count, "the receipt stands beside the message, said once in full"
    assert desk.messages(number)[-1] == "còn sổ thuế nữa"
    assert chat.heard == heard, "the bot is silent"
    desk.say(number, "Mời bác mang giấy tới xã.", enquiries.answer)
    expect(staff).to_have_count(2, timeout=LATE_MS)
    expect(banner).to_have_text("", timeout=LATE_MS)
    expect(chat.page.locator(".message.notice").last).to_contain_text(LEFT)
    expect(chat.ask("đăng ký tạm trú mất bao lâu")).to_contain_text("3 ngày làm việc")


def test_on_telegram(telegram: FakeTelegram, desk: Desk, installation: Installation) -> None:
    chat_id = 8800

    def said() -> list[str]:
        return telegram.texts(chat_id)

    for count, text in enumerate(("/canbo", MATTER), start=1):
        telegram.say(chat_id, text)
        assert eventually(lambda n=count: len(said()) >= n, within=60)
    number = desk.newest()
    desk.take_over(number)
    assert eventually(lambda: JOINED in said()[-1], within=60)
    desk.say(number, "Bác có giấy nộp thuế không?")
    wanted = "Cán bộ Lan trả lời:\n\nBác có giấy nộp thuế không?"
    assert eventually(lambda: said()[-1] == wanted, within=60)
    telegram.say(chat_id, "tôi có giấy nộp thuế")
    assert eventually(lambda: f"yêu cầu số {number}" in said()[-1], within=60)
    assert desk.messages(number)[-1] == "tôi có giấy nộp thuế"
    telegram.say(chat_id, "còn sổ thuế nữa")
    assert eventually(lambda: said()[-1] == "Đã gửi cán bộ.", within=15)
    assert desk.messages(number)[-1] == "còn sổ thuế nữa"
    desk.say(number, "Mời bác tới xã.", enquiries.answer)
    assert eventually(lambda: LEFT in said()[-1], within=60)
    assert said()[-2] == "Cán bộ Lan trả lời:\n\nMời bác tới xã."
    telegram.say(chat_id, "đăng ký tạm trú mất bao lâu")
    assert eventually(lambda: "3 ngày làm việc" in said()[-1], within=60)
