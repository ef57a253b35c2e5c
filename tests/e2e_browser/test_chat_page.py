"""The chat page in a real browser, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.installation import Installation

OpenChat = Callable[..., ChatPage]
QUESTION = "phi dang ky thuong tru bao nhieu"


@pytest.mark.parametrize("size", SIZES)
def test_a_question_is_answered_with_its_source_and_a_button_goes_on(
    open_chat: OpenChat, size: str
) -> None:
    chat = open_chat(SIZES[size])
    answer = chat.ask(QUESTION)
    expect(answer).to_contain_text("20.000 đồng")
    link = answer.get_by_role("link", name="trang thủ tục trên Cổng Dịch vụ công quốc gia")
    assert (link.get_attribute("href") or "").startswith("https://dichvucong.gov.vn/")
    assert link.get_attribute("rel") == "noopener noreferrer"
    answer.get_by_role("button", name="Mất bao lâu").click()
    expect(chat.answer_after(1)).to_contain_text("7 ngày làm việc")
    expect(chat.mine.last).to_have_text("Bạn: Mất bao lâu")
    assert chat.errors == []
    assert chat.requests and chat.foreign_requests == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_of_the_window(open_chat: OpenChat, size: str) -> None:
    chat = open_chat(SIZES[size])
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
    expect(chat.mine).to_have_text("Bạn: đăng ký tạm trú cần gì")
    expect(chat.ask("mất bao lâu")).to_contain_text("Đăng ký tạm trú")


def test_old_buttons_still_work_after_the_page_is_loaded_again(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.ask("đăng ký tạm trú cần gì")
    chat.ask("chứng thực bản sao mất bao lâu")
    chat.page.reload()
    chat.answers.first.get_by_role("button", name="Lệ phí").click()
    expect(chat.answer_after(2)).to_contain_text("Mã thủ tục: 1.004194")


def test_the_privacy_notice_is_one_tap_away(open_chat: OpenChat) -> None:
    chat = open_chat()
    with chat.page.context.expect_page() as opened:
        chat.page.locator("motcua-chat form").get_by_role("link", name="Quyền riêng tư").click()
    expect(opened.value.get_by_role("heading", name="Trên máy chủ")).to_be_visible()
    expect(opened.value.get_by_role("row").filter(has_text="Cuộc trò chuyện")).to_contain_text(
        "90 ngày sau tin cuối"
    )


def test_start_again_forgets_everything(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.ask("đăng ký tạm trú cần gì")
    before = chat.saved("conversation")
    chat.page.get_by_role("button", name="Tùy chọn").click()
    chat.page.get_by_role("button", name="Bắt đầu lại").click()
    expect(chat.mine).to_have_count(0)
    expect(chat.field).to_be_focused()
    assert chat.saved("conversation") != before
    assert chat.saved("entries") == []
    chat.page.reload()
    expect(chat.answers).to_have_count(0)


def test_a_conversation_of_last_week_is_gone(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.ask("đăng ký tạm trú cần gì")
    chat.page.evaluate("""() => {
        const key = Object.keys(localStorage).find(key => key.startsWith('motcua:'));
        const saved = JSON.parse(localStorage[key]);
        localStorage[key] = JSON.stringify({...saved, usedAt: saved.usedAt - 4 * 86400000});
    }""")
    chat.page.reload()
    expect(chat.page.locator(".greeting")).to_be_visible()
    expect(chat.mine).to_have_count(0)


def test_what_is_kept_is_bounded(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.page.route(
        "**/api/chat",
        lambda route: route.fulfill(
            json={"conversation_id": "a" * 32, "replies": [{**SMALLTALK, "text": "à " * 2_500}]}
        ),
    )
    for number in range(60):
        chat.field.fill(f"câu {number}")
        chat.page.keyboard.press("Enter")
    expect(chat.mine.last).to_have_text("Bạn: câu 59", timeout=20_000)
    length = chat.page.evaluate("JSON.stringify(localStorage).length")
    assert length < 200_000


SMALLTALK = {
    "outcome": "smalltalk", "procedures": [], "aspects": [], "buttons": [], "sources": [], "card": {},
}  # fmt: skip


def test_shift_enter_starts_a_new_line_and_sends_nothing(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.page.keyboard.type("dòng một")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("dòng hai")
    expect(chat.field).to_have_value("dòng một\ndòng hai")
    expect(chat.mine).to_have_count(0)


def test_markup_is_shown_as_it_was_typed(open_chat: OpenChat) -> None:
    chat = open_chat()
    typed = "<img src=x onerror=\"document.title='hỏng'\"> <b>khai sinh</b>"
    chat.ask(typed)
    expect(chat.mine.last).to_have_text(f"Bạn: {typed}")
    assert chat.page.locator(".message img, .me b").count() == 0
    assert chat.page.title() != "hỏng"


def test_a_shared_question_is_asked_once_and_words_only_fill_the_field(
    open_chat: OpenChat, installation: Installation
) -> None:
    chat = open_chat()
    chat.page.goto(f"{installation.url}/?q=%40documents%201.004194")
    chat.answer_after(0)
    expect(chat.mine).to_have_text("Bạn: Giấy tờ cần có (1.004194)")
    chat.page.reload()
    expect(chat.mine).to_have_count(1)
    chat.page.goto(f"{installation.url}/?q=khai+sinh")
    expect(chat.field).to_have_value("khai sinh")
    expect(chat.mine).to_have_count(1)


def test_an_answer_has_a_page_of_its_own(open_chat: OpenChat, installation: Installation) -> None:
    chat = open_chat()
    chat.page.goto(f"{installation.url}/tra-loi/1.004194/fee,time")
    expect(chat.page.get_by_role("heading", name="Đăng ký tạm trú")).to_be_visible()
    for heading in ("Phí, lệ phí", "Thời hạn giải quyết"):
        expect(chat.page.get_by_role("heading", name=heading)).to_be_visible()
    expect(chat.page.locator(".source")).to_contain_text("Nguồn: mã 1.004194")
    chat.page.get_by_role("link", name="Hỏi tiếp với trợ lý").click()
    expect(chat.answer_after(0)).to_contain_text("7.000 đồng")
    missing = chat.page.goto(f"{installation.url}/tra-loi/1.999999/fee")
    assert missing and missing.status == 404
    expect(chat.page.locator("main")).to_contain_text(re.compile("Không có thủ tục nào mang mã"))
