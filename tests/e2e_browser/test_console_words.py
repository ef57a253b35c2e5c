"""What officials edit about citizens' language: from the login to what the next citizen reads in the chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from procedures_db import accounts, enquiries
from procedures_db.account import Role
from procedures_db.connection import connect, transaction
from procedures_db.enquiry import Message, NewEnquiry
from tests.consoles import make_account
from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.e2e_browser.consoles import (
    Console,
    OpenConsole,
    expect_no_overflow,
    log_in,
    visitor,
)  # fmt: skip
from tests.installation import Installation, eventually

SOON = 8  # seconds until citizens are answered from what was saved


@pytest.fixture
def open_console(browser: Browser, installation: Installation) -> Iterator[OpenConsole]:
    contexts: list[BrowserContext] = []
    yield visitor(browser, installation, contexts)
    for context in contexts:
        context.close()


def arrived(open_console: OpenConsole, role: Role, path: str, *, size: str) -> Console:
    """Somebody who typed user name and password, at a page."""
    console = open_console(size=SIZES[size])
    username = f"{role.value}-{size}-words"
    engine = connect(console.installation.database_url)
    with transaction(engine) as session:
        is_known = username in accounts.names(session)
    if not is_known:
        make_account(engine, username, [role])
    engine.dispose()
    console.open(path)
    log_in(console, username)
    return console


def says(open_chat: Callable[..., ChatPage], question: str, text: str) -> bool:
    """Whether a citizen who comes now reads this in the chat, soon after the edit."""

    def read() -> bool:
        chat = open_chat(SIZES["phone"])
        try:
            return text in chat.ask(question).inner_text()
        finally:
            chat.page.close()

    return bool(eventually(read, within=SOON * 2, every=0.5))


def stops_saying(open_chat: Callable[..., ChatPage], question: str, text: str) -> bool:
    return bool(
        eventually(lambda: text not in open_chat().ask(question).inner_text(), within=SOON * 2, every=0.5)
    )  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_an_edited_life_event_is_the_plan_of_the_next_citizen_and_comes_back(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage], size: str
) -> None:
    question = "nhà tôi dọn ổ lần đầu thì phải làm những thủ tục gì"
    console = arrived(open_console, Role.APPROVER, "/admin/life-events", size=size)
    page = console.page
    page.get_by_label("Tìm trong các sự kiện").fill("chuyen nha")
    console.button("Tìm").click()
    page.get_by_role("link", name="Chuyển nhà").click()
    page.get_by_label("Lời dẫn").fill("Chúc nhà mới nhiều niềm vui, đây là việc nên làm.")
    said = page.get_by_label("Những chữ cho biết chuyện này")
    said.fill(said.input_value() + "\ndọn ổ lần đầu")
    console.button("Đưa lên: việc 2").click()
    first = console.field("steps.0.code")
    expect(first).to_have_value("1.004194")
    expect_no_overflow(console)
    console.field("steps.0.deadline").fill("Trong 98765 ngày")
    console.button("Lưu, dùng ngay").click()
    expect(console.alert).to_contain_text("Chưa lưu")
    expect(page.get_by_text("Số 98765 không có trong bản ghi")).to_be_visible()
    console.field("steps.0.deadline").fill("")
    console.button("Lưu, dùng ngay").click()
    expect(console.said).to_contain_text("Đã lưu")
    assert says(open_chat, question, "Chúc nhà mới nhiều niềm vui")

    page.get_by_role("link", name="Chuyển nhà").click()
    expect(page.get_by_role("heading", name="Giấy tờ chung")).to_be_visible()
    console.button("Dùng lại bản có sẵn").click()
    expect(console.said).to_contain_text("Đã dùng lại bản có sẵn")
    assert says(open_chat, "chuyển nhà phải làm những thủ tục gì", "Khi đổi chỗ ở")

    page.get_by_role("link", name="Chuyển nhà").click()
    page.locator("#history ~ details").nth(1).locator("summary").click()
    page.get_by_role("button", name="Khôi phục bản số").first.click()
    expect(console.said).to_contain_text("Đã khôi phục")
    assert says(open_chat, question, "Chúc nhà mới nhiều niềm vui")
    page.get_by_role("link", name="Chuyển nhà").click()
    console.button("Dùng lại bản có sẵn").click()
    assert [error for error in console.errors if "422" not in error] == []


def test_a_term_is_explained_as_an_official_wrote_it(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage]
) -> None:
    console = arrived(open_console, Role.ADMINISTRATOR, "/admin/glossary/new", size="phone")
    page = console.page
    page.get_by_label("Từ ngữ", exact=True).fill("giấy hồng thôn")
    page.get_by_label("Giải thích").fill("Giấy hồng thôn là tên gọi đùa của thư mời họp thôn.")
    page.get_by_label("Người dân hỏi thế nào").fill(
        "giấy hồng thôn là gì\ngiấy hồng thôn nghĩa là sao"
    )
    console.button("Lưu, dùng ngay").click()
    expect(console.said).to_contain_text("Đã lưu")
    expect_no_overflow(console)
    assert says(open_chat, "giấy hồng thôn là gì", "thư mời họp thôn")
    page.get_by_role("link", name="giấy hồng thôn").click()
    console.button("Ngừng dùng").click()
    expect(console.said).to_contain_text("Đã ngừng dùng")
    assert stops_saying(open_chat, "giấy hồng thôn là gì", "thư mời họp thôn")
    assert console.errors == []


def test_a_citizen_word_taught_from_an_enquiry_is_understood_once_approved_and_retired_it_is_not(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage], installation: Installation
) -> None:
    question, will = "tôi muốn làm tờ dặn dò cho con cháu", "Chứng thực di chúc"
    assert will not in open_chat().ask(question).inner_text()
    engine = connect(installation.database_url)
    with transaction(engine) as session:
        asked = NewEnquiry("words1", "web", question, (Message("citizen", question),), ())
        number = enquiries.open_enquiry(session, asked)
    engine.dispose()

    clerk = arrived(open_console, Role.STAFF, f"/staff/enquiries/{number}", size="desk")
    clerk.page.get_by_text("Dạy cách nói này cho trợ lý").click()
    clerk.page.get_by_label("Người dân nói").fill("tờ dặn dò")
    clerk.page.get_by_label("Mã thủ tục").fill("2.001019")
    clerk.page.get_by_label("Thuật ngữ, nếu").fill("chứng thực di chúc")
    clerk.button("Đề nghị dạy").click()
    expect(clerk.said).to_contain_text("Đã đề nghị dạy “tờ dặn dò” là chứng thực di chúc")

    approver = arrived(open_console, Role.APPROVER, "/admin/learning/wordings", size="phone")
    approver.page.get_by_role("link", name="tờ dặn dò").click()
    expect(approver.page.locator("#effect")).to_contain_text("Chính câu này", timeout=180_000)
    approver.button("Duyệt, dùng ngay").click()
    expect(approver.said).to_contain_text("hiểu ngay")
    assert says(open_chat, question, will)

    approver.open("/admin/sayings?kind=word")
    approver.page.get_by_label("Tìm lời nói, thuật ngữ").fill("to dan do")
    approver.button("Tìm").click()
    expect_no_overflow(approver)
    approver.button("Ngừng dùng: tờ dặn dò").click()
    expect(approver.said).to_contain_text("Đã ngừng dùng “tờ dặn dò”")
    assert stops_saying(open_chat, question, will)
    assert clerk.errors == approver.errors == []


def test_a_paraphrase_is_added_on_its_page_by_an_editor(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage]
) -> None:
    editor = arrived(open_console, Role.EDITOR, "/admin/sayings?kind=paraphrase", size="phone")
    editor.page.get_by_text("Thêm", exact=True).click()
    editor.page.get_by_label("Người dân nói").fill("cất chòi cho nhà thằng cu ra riêng")
    editor.page.get_by_label("Mã thủ tục", exact=True).fill("1.013225")
    editor.button("Đề nghị").click()
    expect(editor.said).to_contain_text("Đã đề nghị")
    expect(editor.page.locator("#effect")).to_contain_text("Chính câu này", timeout=180_000)
    approver = arrived(open_console, Role.APPROVER, "/admin/learning/wordings", size="desk")
    approver.page.get_by_role("link", name="cất chòi").click()
    approver.button("Duyệt, dùng ngay").click()
    expect(approver.said).to_contain_text("hiểu ngay")
    assert says(open_chat, "cất chòi cho nhà thằng cu ra riêng", "1.013225")
    assert editor.errors == approver.errors == []
