"""``make screenshots``: the pictures in docs/screenshots, of a real installation with the built-in procedures."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from procedures_db import enquiries
from procedures_db.connection import connect, transaction
from procedures_db.enquiry_replies import through_outbox
from tests.e2e_browser import console_screenshots
from tests.e2e_browser.conftest import ChatPage
from tests.e2e_browser.pictures import FOLDER, context_of, run
from tests.installation import Installation

FEE = "phi dang ky thuong tru bao nhieu"
DOCUMENTS = "đăng ký tạm trú cần giấy tờ gì"


def ask_fee(chat: ChatPage) -> None:
    chat.ask(FEE)


def tick_papers(chat: ChatPage) -> None:
    chat.ask(DOCUMENTS).get_by_role("checkbox").first.check()


def choose(chat: ChatPage) -> None:
    chat.ask("trợ cấp tuất cần giấy tờ gì")


def lose_the_network(chat: ChatPage) -> None:
    chat.ask(FEE)
    chat.page.context.set_offline(True)
    chat.type("còn nộp ở đâu")
    expect(chat.status).to_contain_text("Mất kết nối")


def open_widget(chat: ChatPage) -> None:
    chat.open()
    chat.ask(FEE)


def ask_place(chat: ChatPage) -> None:
    chat.open()
    chat.ask("chứng thực bản sao nộp ở đâu")


def tell_of_a_birth(chat: ChatPage) -> None:
    chat.ask("nhà em mới sinh con thì cần làm những gì")


def open_menu(chat: ChatPage) -> None:
    chat.page.get_by_role("button", name="Tùy chọn").click()


def meet_an_official(chat: ChatPage) -> None:
    chat.ask("cho tôi gặp cán bộ")
    chat.ask("đất ông bà để lại không có giấy tờ gì")
    engine = connect(chat.installation.database_url)
    with transaction(engine) as session:
        number = enquiries.queue(session).items[-1].id
        enquiries.take_over(session, number, "lan", author="Cán bộ Lan")
        send = through_outbox(session, number, author="Cán bộ Lan")
        enquiries.say(session, number, "lan", "Chào bác. Đất nhà mình ở xã nào ạ?", deliver=send)
    engine.dispose()
    expect(chat.page.locator(".message.staff")).to_be_visible(timeout=10_000)
    chat.ask("Dạ ở xã Bình An ạ")
    chat.type("có giấy nộp thuế từ 1995")
    expect(chat.mine.last).to_contain_text("Đã gửi cán bộ.", timeout=10_000)
    chat.page.get_by_role("log").evaluate("e => e.scrollTo(0, e.scrollHeight)")


def look(chat: ChatPage) -> None:
    """As it is when it has loaded."""


# name, address, size, colour scheme, what to do first
PICTURES: tuple[tuple[str, str, str, str, Callable[[ChatPage], None]], ...] = (
    ("chat", "/", "desk", "light", ask_fee),
    ("chat-phone", "/", "phone", "light", ask_fee),
    ("chat-dark", "/", "phone", "dark", ask_fee),
    ("chat-papers", "/", "phone", "light", tick_papers),
    ("chat-options", "/", "phone", "light", choose),
    ("chat-plan", "/", "phone", "light", tell_of_a_birth),
    ("chat-official", "/", "phone", "light", meet_an_official),
    ("chat-menu", "/", "phone", "light", open_menu),
    ("chat-offline", "/", "phone", "light", lose_the_network),
    ("widget-closed", "/demo", "desk", "light", look),
    ("widget", "/demo", "desk", "light", open_widget),
    ("widget-phone", "/demo", "phone", "light", open_widget),
    ("widget-place", "/demo", "phone", "light", ask_place),
    ("privacy", "/privacy", "phone", "light", look),
    ("answer-phone", "/tra-loi/1.004194/documents", "phone", "light", look),
    ("answer", "/tra-loi/1.004194/fee,time", "desk", "light", look),
)


def take(browser: Browser, installation: Installation) -> None:
    for name, address, size, scheme, prepare in PICTURES:
        context = context_of(browser, size, scheme)
        chat = ChatPage(context.new_page(), installation)
        chat.page.goto(installation.url + address)
        prepare(chat)
        chat.page.screenshot(path=FOLDER / f"{name}.png")
        print(f"{name}.png", flush=True)
        context.close()


if __name__ == "__main__":
    run(take, console_screenshots.take)
