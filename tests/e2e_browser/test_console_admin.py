"""The administrator console role by role: from the login to what a citizen is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from procedures_db import procedures
from procedures_db.account import Role
from procedures_db.connection import connect, transaction
from procedures_db.sync.exported import exported_object
from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.e2e_browser.consoles import OpenConsole, log_in, visitor
from tests.installation import Chat, Installation, eventually

WILL = "2.001019"  # chứng thực di chúc, 50.000 đồng
QUESTION = "phí chứng thực di chúc"
FEE = "methods.0.fees.0.amount"
SOON = 20  # seconds until citizens are answered from what was saved


@pytest.fixture
def open_console(browser: Browser, installation: Installation) -> Iterator[OpenConsole]:
    contexts: list[BrowserContext] = []
    yield visitor(browser, installation, contexts)
    for context in contexts:
        context.close()


@pytest.fixture
def chat(installation: Installation) -> Chat:
    return installation.chat()


def answered(chat: Chat, text: str, question: str = QUESTION) -> bool:
    return bool(eventually(lambda: text in chat(question).text, within=SOON, every=0.3))


def test_the_first_login_leads_over_an_own_password_to_the_work(
    open_console: OpenConsole, installation: Installation
) -> None:
    made = installation.motcua("user", "add", "moi", "--name", "Cán bộ Mới", "--role", "editor")
    password = re.search(r"Mật khẩu dùng một lần: (\S+)", made.stdout)
    assert password, made.stderr
    console = open_console(size=SIZES["phone"])
    console.open("/admin/procedures?words=di+chuc")
    log_in(console, "moi", password[1])
    expect(console.page.get_by_role("heading", name="Đổi mật khẩu")).to_be_visible()
    console.page.get_by_label("Mật khẩu đang dùng").fill(password[1])
    console.page.get_by_label("Mật khẩu mới", exact=True).fill("nang-som-thang-tam-9")
    console.page.get_by_label("Nhập lại mật khẩu mới").fill("nang-som-thang-tam-9")
    console.button("Đổi mật khẩu").click()
    expect(console.said).to_contain_text("Đã đổi mật khẩu")
    expect(console.page.get_by_role("heading", name="Thủ tục", exact=True)).to_be_visible()
    console.button("Đăng xuất").click()
    log_in(console, "moi", password[1])
    expect(console.alert).to_contain_text("không đúng")
    log_in(console, "moi", "nang-som-thang-tam-9")
    expect(console.page.get_by_text("Cán bộ Mới")).to_be_visible()
    assert [e for e in console.errors if "403" not in e] == []


@pytest.mark.parametrize("size", SIZES)
def test_a_fee_is_edited_reviewed_answered_at_once_and_taken_back(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage], chat: Chat, size: str
) -> None:
    assert "50.000 đồng" in chat(QUESTION).text
    citizen = open_chat(SIZES[size])
    expect(citizen.ask(QUESTION)).to_contain_text("50.000 đồng")

    editor = open_console(Role.EDITOR, size=SIZES[size])
    editor.open("/admin/procedures")
    editor.page.get_by_label("Tên, mã, từ khóa").fill("di chuc")
    editor.page.get_by_role("link", name="Chứng thực di chúc").click()
    editor.page.get_by_role("link", name="Sửa", exact=True).click()
    editor.field(FEE).fill("61.000")
    editor.button("Thêm: phí, lệ phí").first.click()
    expect(editor.field(FEE)).to_have_value("61.000")
    editor.field("methods.0.fees.1.text").fill("Miễn cho hộ nghèo")
    editor.button("Lưu và gửi duyệt").click()
    expect(editor.said).to_contain_text("Đã lưu và gửi duyệt")
    assert "50.000 đồng" in chat(QUESTION).text, "a draft is not answered from"

    approver = open_console(Role.APPROVER, size=SIZES[size])
    approver.open("/admin/drafts")
    approver.page.get_by_role("link", name="Chứng thực di chúc").click()
    expect(approver.page.get_by_role("region", name="Chờ duyệt")).to_contain_text("61.000")
    approver.button("Duyệt và công bố").click()
    expect(approver.said).to_contain_text("Đã công bố")
    assert answered(chat, "61.000 đồng")
    answer = citizen.ask(QUESTION)
    expect(answer).to_contain_text("61.000 đồng")
    expect(answer).to_contain_text("Miễn cho hộ nghèo")

    approver.button("Hoàn tác lần sửa này").click()
    expect(approver.said).to_contain_text("Đã hoàn tác")
    assert answered(chat, "50.000 đồng")
    expect(citizen.ask(QUESTION)).to_contain_text("50.000 đồng")
    assert editor.errors == approver.errors == []


def test_an_earlier_revision_is_answered_from_again(open_console: OpenConsole, chat: Chat) -> None:
    approver = open_console(Role.APPROVER)
    for amount in ("62.000", "63.000"):
        approver.open(f"/admin/procedures/{WILL}/edit")
        approver.field(FEE).fill(amount)
        approver.button("Lưu và công bố ngay").click()
        expect(approver.said).to_contain_text("Đã công bố")
    assert answered(chat, "63.000 đồng")
    second = approver.page.locator("#history ~ details").nth(1)
    second.locator("summary").click()
    second.get_by_role("button").click()
    expect(approver.said).to_contain_text("Đã khôi phục")
    assert answered(chat, "62.000 đồng")
    approver.open(f"/admin/procedures/{WILL}/edit")
    approver.field(FEE).fill("50.000")
    approver.button("Lưu và công bố ngay").click()
    assert answered(chat, "50.000 đồng")


def test_of_two_people_editing_one_wins_and_the_other_loses_nothing(
    open_console: OpenConsole, chat: Chat
) -> None:
    first = open_console(Role.APPROVER, username="hoa")
    second = open_console(Role.APPROVER, username="minh")
    for console in (first, second):
        console.open(f"/admin/procedures/{WILL}/edit")
    second.field("conditions").fill("Có mặt trực tiếp")
    second.field(FEE).fill("70.000")
    first.field(FEE).fill("65.000")
    first.button("Lưu bản nháp").last.click()
    expect(first.said).to_contain_text("Đã lưu bản nháp")

    second.button("Lưu bản nháp").last.click()
    expect(second.alert).to_contain_text("hoa vừa sửa thủ tục này")
    expect(second.page.locator(".warn")).to_contain_text("65.000")
    expect(second.field("conditions")).to_have_value("Có mặt trực tiếp")
    expect(second.field(FEE)).to_have_value("70.000")
    second.button("Lưu bản nháp").last.click()
    expect(second.page.get_by_role("region", name="Bản nháp")).to_contain_text("70.000")
    second.button("Bỏ bản nháp").click()
    expect(second.said).to_contain_text("Đã bỏ bản nháp")
    assert "50.000 đồng" in chat(QUESTION).text


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_looked_through_applied_and_undone(
    open_console: OpenConsole, installation: Installation, chat: Chat, tmp_path: Path, size: str
) -> None:
    engine = connect(installation.database_url)
    with transaction(engine) as session:
        record = procedures.get(session, WILL)
    engine.dispose()
    methods = tuple(
        method.model_copy(update={"fees": (fee.model_copy(update={"amount": Decimal(88_000)}),)})
        for method in record.methods
        for fee in method.fees[:1]
    )
    changed = record.model_copy(update={"methods": methods})
    file = tmp_path / "di-chuc.jsonl"
    file.write_text(json.dumps(exported_object(changed), ensure_ascii=False), "utf-8")

    console = open_console(Role.APPROVER, size=SIZES[size])
    console.open("/admin/imports")
    console.page.get_by_label(re.compile("Tệp của Cổng")).set_input_files(file)
    console.button("Xem trước").click()
    expect(console.page.locator("ins").first).to_contain_text("88.000")
    assert "50.000 đồng" in chat(QUESTION).text
    console.button("Áp dụng").click()
    expect(console.said).to_contain_text("Đã áp dụng")
    assert answered(chat, "88.000 đồng")
    console.button("Hoàn tác").click()
    expect(console.said).to_contain_text("Đã hoàn tác")
    assert answered(chat, "50.000 đồng")
    assert console.errors == []


def test_a_channel_is_switched_off_with_a_message_and_on_again(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage]
) -> None:
    console = open_console(Role.ADMINISTRATOR)
    console.open("/admin/channels")
    console.page.get_by_label(re.compile("Lời nhắn trong lúc tắt")).first.fill(
        "Mất điện đến 14 giờ."
    )
    console.page.get_by_role("button", name=re.compile("^Tắt: trang")).click()
    expect(console.said).to_contain_text("đã tắt")
    citizen = open_chat()
    try:
        expect(citizen.ask(QUESTION)).to_contain_text("Mất điện đến 14 giờ.")
    finally:
        console.page.get_by_role("button", name=re.compile("^Bật lại: trang")).click()
    expect(console.said).to_contain_text("đã bật")
    assert eventually(lambda: "50.000" in citizen.installation.chat()(QUESTION).text, within=SOON)


def test_an_announcement_stands_above_the_conversation_until_it_is_taken_down(
    open_console: OpenConsole, open_chat: Callable[..., ChatPage]
) -> None:
    console = open_console(Role.APPROVER)
    console.open("/admin/announcements")
    console.page.get_by_label(re.compile("Thông báo mới")).fill("Thứ hai nghỉ lễ.")
    console.button("Đặt thông báo").click()
    expect(console.said).to_contain_text("Đã đặt thông báo")
    citizen = open_chat(SIZES["phone"])
    expect(citizen.page.locator(".notice")).to_have_text("Thứ hai nghỉ lễ.")
    console.page.get_by_role("button", name=re.compile("^Gỡ")).click()
    expect(console.said).to_contain_text("Đã gỡ")
    expect(open_chat().page.locator(".notice")).to_be_empty()


def test_a_question_often_asked_is_answered_once_it_is_published(
    open_console: OpenConsole, chat: Chat
) -> None:
    question = "Ủy ban xã có nhận giữ xe máy qua đêm không?"
    staff = open_console(Role.STAFF)
    staff.open("/admin/faqs/new")
    staff.page.get_by_label("Câu hỏi", exact=True).fill(question)
    staff.page.get_by_label("Câu trả lời", exact=True).fill("Không, bãi xe đóng lúc 17 giờ 30.")
    staff.page.get_by_label(re.compile("Căn cứ")).fill("Nội quy trụ sở")
    staff.button("Lưu").click()
    expect(staff.said).to_contain_text("Đã lưu")
    approver = open_console(Role.APPROVER)
    approver.open("/admin/faqs")
    approver.page.get_by_role("button", name=f"Công bố: {question}").click()
    assert answered(chat, "bãi xe đóng lúc 17 giờ 30", "uy ban xa co nhan giu xe may qua dem khong")


def test_a_sentence_is_changed_with_a_preview_and_said(
    open_console: OpenConsole, chat: Chat
) -> None:
    console = open_console(Role.APPROVER, size=SIZES["phone"])
    console.open("/admin/wording/utter_thanks")
    field, preview = (
        console.page.get_by_label("Câu người dân đọc"),
        console.page.locator("#preview"),
    )
    field.fill("Không có gì {đâu}")
    expect(preview).to_contain_text("Không có số liệu này: {đâu}")
    field.fill("Không có gì, chúc bạn mạnh khỏe!")
    expect(preview).to_contain_text("chúc bạn mạnh khỏe")
    console.button("Lưu").click()
    expect(console.said).to_contain_text("Đã lưu")
    assert answered(chat, "chúc bạn mạnh khỏe", "cảm ơn bạn nhiều")
    console.open("/admin/wording/utter_thanks")
    console.button("Dùng lại câu có sẵn").click()
    expect(console.said).to_contain_text("Đã lưu")
    assert eventually(lambda: "mạnh khỏe" not in chat("cảm ơn bạn nhiều").text, within=SOON)
    assert console.errors == []


def test_an_account_is_added_and_locked_out_again(open_console: OpenConsole) -> None:
    console = open_console(Role.ADMINISTRATOR, size=SIZES["phone"])
    console.open("/admin/accounts")
    console.page.get_by_label(re.compile("Tên đăng nhập")).fill("tam")
    console.page.get_by_label(re.compile("Họ tên")).fill("Cán bộ Tâm")
    console.page.get_by_label("kiểm tra").check()
    console.button("Thêm").click()
    password = console.page.locator("code.secret").inner_text()
    theirs = open_console()
    theirs.open("/login")
    log_in(theirs, "tam", password)
    expect(theirs.page.get_by_role("heading", name="Đổi mật khẩu")).to_be_visible()
    console.page.get_by_role("link", name="tam", exact=True).click()
    console.button("Khóa tài khoản").click()
    expect(console.said).to_contain_text("Đã khóa")
    theirs.page.reload()
    expect(theirs.page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    console.open("/admin/audit?subject=tam")
    expect(console.page.locator("tbody")).to_contain_text("account.disable")
