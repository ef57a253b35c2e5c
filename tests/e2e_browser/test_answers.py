"""What an answer offers: papers to tick, a fee table, copy, print, share, feedback; late messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy.engine import Engine

from procedures_db import outbox
from procedures_db.connection import connect, reserve_writing, transaction
from tests.e2e_browser.conftest import ANSWER_MS, SIZES, ChatPage
from tests.installation import Installation

OpenChat = Callable[..., ChatPage]
DOCUMENTS = "đăng ký tạm trú cần giấy tờ gì"
FEE = "đăng ký tạm trú mất bao nhiêu tiền"


@pytest.fixture(scope="module")
def engine(installation: Installation) -> Iterator[Engine]:
    engine = connect(installation.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def put(engine: Engine) -> Callable[..., int]:
    """An official's console, as far as the widget sees it."""

    def put(chat: ChatPage, text: str, **fields: object) -> int:
        with transaction(engine) as session:
            reserve_writing(session)  # the web process writes its log at any moment
            return outbox.put(session, chat.saved("conversation"), "web", {"text": text}, **fields)  # type: ignore[arg-type]

    return put


@pytest.mark.parametrize("size", SIZES)
def test_papers_can_be_ticked_and_stay_ticked(open_chat: OpenChat, size: str) -> None:
    chat = open_chat(SIZES[size])
    answer = chat.ask(DOCUMENTS)
    box = answer.get_by_role("checkbox").nth(1)
    expect(answer.get_by_role("checkbox").first).not_to_be_checked()
    box.check()
    chat.page.reload()
    expect(chat.answers.last.get_by_role("checkbox").nth(1)).to_be_checked()
    expect(chat.answers.last.get_by_role("checkbox").first).not_to_be_checked()


def test_fees_stand_in_a_table_with_their_conditions_and_nothing_is_said_twice(
    open_chat: OpenChat,
) -> None:
    chat = open_chat()
    answer = chat.ask(FEE)
    online = answer.get_by_role("row").filter(has_text="Phí 7.000 đồng")
    fee = chat.page.get_by_role("row").filter(has_text="Phí 7.000 đồng")
    expect(answer.locator("tbody").filter(has=fee).locator(".way")).to_have_text("trực tuyến")
    expect(online).to_contain_text("cổng dịch vụ công trực tuyến")
    # The style sheet writes first letters large, and inner_text says what is seen.
    shown = answer.locator(".body").inner_text().lower()
    reply = next(one["reply"] for one in chat.saved("entries") if one["from"] == "bot")
    for fee in reply["card"]["fee"]["fees"]:
        assert " ".join(fee["text"].lower().split()) in " ".join(shown.split())
    assert shown.count("phí 7.000 đồng") == 1


LONG_NAME = "Giao đất, cho thuê đất, chuyển mục đích sử dụng đất " * 5
MANY_CASES = [
    {"method": method, "kind": "Lệ phí", "amount": amount, "currency": "VND", "text": case}
    for amount, case in (("25000", "Cấp đổi (Đất)"), ("16000000", "Cấp lần đầu (Tài sản)"))
    for method in ("trực tiếp", "trực tuyến")
]
IN_WORDS = {
    "method": "bưu chính", "kind": "Phí", "amount": None, "currency": "VND",
    "text": "Phí thẩm định: + Hộ gia đình, cá nhân: 150.000 đồng/hồ sơ. + Các tổ chức: 200.000 đồng/hồ sơ. "
            "* Trực tuyến bằng 50% mức thu. - Từ 02 - 05 ha: như trên, không thu thêm khoản nào khác.",
}  # fmt: skip


def answered_with(chat: ChatPage, fees: list[dict[str, object]], name: str) -> None:
    """The next question gets an answer about fees, as the server would word it."""
    lines = [f"- {f['method']}: {f['kind']}: {f['text']}" if f["amount"] is None else
             f"- {f['method']}: {f['kind']} {int(str(f['amount'])):,} đồng ({f['text']})".replace(",", ".")
             for f in fees]  # fmt: skip
    reply = {
        "text": "\n".join([f"{name} (mã 1.004194)", "", "Phí, lệ phí: tùy trường hợp.", *lines]),
        "outcome": "answer", "procedures": [{"code": "1.004194", "name": name}], "aspects": ["fee"],
        "buttons": [], "sources": [], "card": {"fee": {"title": "Phí, lệ phí", "fees": fees}},
    }  # fmt: skip
    chat.page.route(
        "**/api/chat",
        lambda route: route.fulfill(json={"conversation_id": "a" * 32, "replies": [reply]}),
    )


def test_many_fees_are_grouped_by_how_to_submit_and_no_amount_is_cut_in_two(
    open_chat: OpenChat,
) -> None:
    chat = open_chat(SIZES["phone"])
    answered_with(chat, [*MANY_CASES, IN_WORDS], "Đăng ký đất đai")
    table = chat.ask(FEE).get_by_role("table")
    expect(table.locator(".way")).to_have_text(["trực tiếp, trực tuyến", "bưu chính"])
    row = table.get_by_role("row").filter(has_text="Tài sản")
    expect(row.get_by_role("rowheader")).to_have_text("Lệ phí 16.000.000 đồng")
    amount = row.locator("b")
    height = "e => parseFloat(getComputedStyle(e).lineHeight) * 3.5"
    assert amount.evaluate("e => e.offsetHeight") < amount.evaluate(height), "at most three words"
    words = table.get_by_role("row").last.inner_text()
    for point in ("+ Hộ gia đình", "+ Các tổ chức", "* Trực tuyến", "- Từ 02 - 05 ha"):
        assert f"\n{point}" in words, "a point begins a line, a range does not"
    assert " ".join(str(IN_WORDS["text"]).split()) in " ".join(words.split())


def test_an_endless_name_leaves_the_answer_in_sight_and_can_be_read_whole(
    open_chat: OpenChat,
) -> None:
    chat = open_chat(SIZES["phone"])
    answered_with(chat, MANY_CASES, LONG_NAME.strip())
    answer = chat.ask(FEE)
    heading = answer.get_by_role("heading").first
    short = heading.evaluate("e => e.offsetHeight")
    expect(answer.locator(".lead")).to_be_in_viewport()
    answer.get_by_role("button", name="Xem cả tên").click()
    assert heading.evaluate("e => e.offsetHeight") > short
    expect(heading).to_be_focused()
    expect(answer.get_by_role("button", name="Xem cả tên")).to_have_count(0)


def test_options_to_choose_from_are_buttons_with_their_numbers(open_chat: OpenChat) -> None:
    chat = open_chat()
    question = chat.ask("trợ cấp tuất cần giấy tờ gì")
    options = question.locator(".options button")
    expect(options.first).to_contain_text("1. ")
    expect(options.last).to_have_text("Không phải các thủ tục này")
    expect(question.locator(".body")).not_to_contain_text("1. ")
    options.first.click()
    expect(chat.answer_after(1)).to_contain_text("Mã thủ tục: ")


def test_an_answer_can_be_copied_shared_and_printed(open_chat: OpenChat) -> None:
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"])
    answer = chat.ask(FEE)
    answer.get_by_role("button", name="Sao chép").click()
    expect(chat.status).to_have_text("Đã sao chép.")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "7.000 đồng" in copied and "Nguồn: mã 1.004194" in copied
    chat.page.evaluate("navigator.share = undefined; delete Navigator.prototype.share")
    answer.get_by_role("button", name="Chia sẻ").click()
    expect(chat.status).to_contain_text("Đã sao chép đường dẫn")
    link = chat.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{chat.installation.url}/tra-loi/1.004194/fee"
    response = chat.page.goto(link)
    assert response and response.status == 200
    expect(chat.page.locator("main")).to_contain_text("7.000 đồng")


def test_one_answer_is_printed_with_its_ticks_and_nothing_else(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.ask(FEE)
    answer = chat.ask(DOCUMENTS)
    answer.get_by_role("checkbox").first.check()
    chat.page.evaluate("window.print = () => { window.printed = true }")
    answer.get_by_role("button", name="In", exact=True).click()
    assert chat.page.evaluate("window.printed") is True
    chat.page.emulate_media(media="print")
    expect(answer.get_by_role("heading", name="Giấy tờ cần có")).to_be_visible()
    expect(answer.get_by_role("checkbox").first).to_be_checked()
    for hidden in (chat.answers.first, chat.field, chat.page.locator("motcua-chat header")):
        expect(hidden).to_be_hidden()
    heights = "[document.documentElement.scrollHeight, arguments => 0][0]"
    assert chat.page.evaluate(heights) >= answer.evaluate("e => e.scrollHeight")
    chat.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    chat.page.emulate_media(media="screen")
    expect(chat.field).to_be_visible()
    assert chat.page.locator("[data-motcua-print]").count() == 0


def test_feedback_is_asked_for_only_where_the_answer_announces_it(open_chat: OpenChat) -> None:
    chat = open_chat()
    answer = chat.ask(FEE)
    announced = chat.saved("entries")[1]["reply"]["card"].get("feedback")
    expect(answer.get_by_role("button", name="Hữu ích")).to_have_count(1 if announced else 0)
    feedback = {"useful": "@useful 1.004194", "wrong": "@wrong 1.004194"}
    reply = {**chat.saved("entries")[1]["reply"], "card": {"feedback": feedback}}
    sent: list[str] = []

    def answered(route) -> None:  # type: ignore[no-untyped-def]
        sent.append(route.request.post_data_json["text"])
        route.fulfill(json={"conversation_id": "a" * 32, "replies": [reply]})

    chat.page.route("**/api/chat", answered)
    judged = chat.ask(FEE)
    judged.get_by_role("button", name="Chưa đúng").click()
    expect(chat.mine.last).to_have_text("Bạn: Chưa đúng")
    expect(chat.answers.nth(1).get_by_role("button", name="Chưa đúng")).to_have_attribute(
        "aria-pressed", "true"
    )
    chat.answers.nth(1).get_by_role("button", name="Chưa đúng").click()
    assert sent == [FEE, "@wrong 1.004194"], "pressing twice says it once"


def test_what_an_official_wrote_while_the_page_was_closed_is_there_afterwards(
    open_chat: OpenChat, put: Callable[..., int], installation: Installation
) -> None:
    chat = open_chat()
    chat.ask(FEE)
    put(chat, "một")
    expect(chat.page.locator(".message.staff")).to_have_count(1, timeout=ANSWER_MS)
    conversation = chat.saved("conversation")
    chat.page.goto("about:blank")
    chat.saved = lambda name: conversation  # type: ignore[method-assign]
    put(chat, "hai")
    chat.page.goto(installation.url)
    staff = chat.page.locator(".message.staff .body")
    expect(staff).to_have_text(["một", "hai"], timeout=ANSWER_MS)


def test_a_message_cannot_bring_markup_or_scripts(
    open_chat: OpenChat, put: Callable[..., int]
) -> None:
    chat = open_chat()
    chat.ask(FEE)
    evil = '<img src=x onerror=alert(1)> javascript:alert(1) https://a.vn/"onmouseover=x http://%zz'
    put(chat, evil, author="<b>Lan</b>")
    message = chat.page.locator(".message.staff")
    expect(message).to_contain_text("<img src=x onerror=alert(1)>", timeout=ANSWER_MS)
    assert message.locator("img, b").count() == 0
    links = message.locator("a").evaluate_all("all => all.map(one => one.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert chat.errors == []
