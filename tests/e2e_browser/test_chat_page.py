"""The chat page in a real browser, on a phone and on a desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e_browser.conftest import ChatPage

OpenChat = Callable[..., ChatPage]
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
QUESTION = "phi dang ky thuong tru bao nhieu"
SCREENSHOTS = Path(__file__).parents[2] / "docs/screenshots"
FILES = {"phone": "chat-phone.png", "desk": "chat.png"}


@pytest.mark.parametrize("size", SIZES)
def test_a_question_is_answered_with_its_source_and_a_button_goes_on(
    open_chat: OpenChat, size: str
) -> None:
    chat = open_chat(*SIZES[size])
    answer = chat.ask(QUESTION)
    expect(answer).to_contain_text("20.000 đồng")
    link = answer.get_by_role("link", name="trang thủ tục trên Cổng Dịch vụ công quốc gia")
    assert (link.get_attribute("href") or "").startswith("https://dichvucong.gov.vn/")
    assert link.get_attribute("rel") == "noopener noreferrer"
    count = chat.page.locator("#messages .bot").count()
    answer.get_by_role("button", name="Mất bao lâu").click()
    expect(chat.answer_after(count)).to_contain_text("7 ngày làm việc")
    expect(chat.page.locator("#messages .me").last).to_have_text("Bạn: Mất bao lâu")
    assert chat.errors == []
    assert chat.requests and chat.foreign_requests == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_of_the_window(open_chat: OpenChat, size: str) -> None:
    chat = open_chat(*SIZES[size])
    room = chat.field.evaluate("field => field.clientHeight - field.scrollHeight")
    assert room >= 0, "the example in the field must be readable whole"
    chat.ask("sao y chung thuc 1 trang bao nhieu tien")
    chat.ask("a" * 300)
    width = chat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[size][0]
    box = chat.field.bounding_box()
    assert box and box["y"] + box["height"] <= SIZES[size][1], "the field must stay in view"


def test_the_conversation_goes_on_after_the_page_is_loaded_again(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.ask("đăng ký tạm trú cần gì")
    chat.page.reload()
    expect(chat.ask("mất bao lâu")).to_contain_text("Đăng ký tạm trú (mã 1.004194)")


def test_the_keyboard_alone_is_enough(open_chat: OpenChat) -> None:
    chat = open_chat()
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type(QUESTION)
    chat.page.keyboard.press("Enter")
    answer = chat.answer_after(1)
    expect(answer).to_contain_text("20.000 đồng")
    expect(chat.field).to_be_focused()
    last_button = answer.get_by_role("button").last
    chat.page.keyboard.press("Shift+Tab")
    expect(last_button).to_be_focused()
    outline = last_button.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid", "who uses the keyboard must see where she is"
    title = last_button.inner_text()
    chat.page.keyboard.press("Enter")
    expect(chat.answer_after(2)).to_contain_text("Đăng ký thường trú (mã 1.004222)")
    expect(chat.page.locator("#messages .me").last).to_have_text(f"Bạn: {title}")


def test_shift_enter_starts_a_new_line_and_sends_nothing(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.page.keyboard.type("dòng một")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("dòng hai")
    expect(chat.field).to_have_value("dòng một\ndòng hai")
    expect(chat.page.locator("#messages .me")).to_have_count(0)


def test_markup_is_shown_as_it_was_typed(open_chat: OpenChat) -> None:
    chat = open_chat()
    typed = "<img src=x onerror=\"document.title='hỏng'\"> <b>khai sinh</b>"
    chat.ask(typed)
    expect(chat.page.locator("#messages .me").last).to_have_text(f"Bạn: {typed}")
    assert chat.page.locator("#messages img, #messages b").count() == 0
    assert chat.page.title() != "hỏng"


def test_a_question_that_cannot_be_sent_is_not_lost(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.page.route("**/api/chat", lambda route: route.abort())
    chat.field.fill(QUESTION)
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("status")).to_contain_text("Chưa gửi được câu hỏi")
    expect(chat.field).to_have_value(QUESTION)
    chat.page.unroute("**/api/chat")
    chat.page.keyboard.press("Enter")
    expect(chat.answer_after(1)).to_contain_text("20.000 đồng")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_barrier(open_chat: OpenChat, axe: str, size: str, scheme: str) -> None:
    chat = open_chat(*SIZES[size], scheme)
    chat.ask(QUESTION)
    chat.page.evaluate(axe)
    result = chat.page.evaluate("axe.run(document)")
    assert len(result["passes"]) > 10  # it did look
    violations = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in result["violations"]
    ]
    assert violations == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.skipif(
    os.environ.get("MOTCUA_SCREENSHOTS") != "1", reason="screenshots only with MOTCUA_SCREENSHOTS=1"
)
def test_screenshots_for_the_guides(open_chat: OpenChat, size: str) -> None:
    chat = open_chat(*SIZES[size])
    chat.ask(QUESTION)
    expect(chat.page.get_by_role("status")).to_have_text("")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = SCREENSHOTS / FILES[size]
    chat.page.screenshot(path=file)
    assert file.stat().st_size > 10_000
