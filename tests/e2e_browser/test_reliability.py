"""Poor networks and restarts: no question is lost, none is asked twice, the order stays."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.e2e_browser.conftest import ANSWER_MS, PATIENCE_MS, ChatPage
from tests.installation import Installation, eventually

OpenChat = Callable[..., ChatPage]
FIRST, SECOND, THIRD = (
    "đăng ký tạm trú cần gì",
    "đăng ký tạm trú mất bao lâu",
    "đăng ký tạm trú nộp ở đâu",
)
TROUBLE_MS = 120_000  # the longest pause of the back-off (30 s and a quarter), and an answer


def order(chat: ChatPage) -> list[str]:
    return chat.page.eval_on_selector_all(
        ".message:not(.greeting)", "all => all.map(one => one.classList[1])"
    )


def test_offline_and_back_all_questions_are_answered_in_order(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.ask(FIRST)
    chat.page.context.set_offline(True)
    chat.type(SECOND)
    chat.type(THIRD)
    expect(chat.status).to_contain_text("Mất kết nối")
    expect(chat.page.get_by_role("button", name="Thử ngay")).to_be_visible()
    expect(chat.mine.last).to_contain_text("Chờ gửi")
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(3, timeout=TROUBLE_MS)
    expect(chat.status).to_have_text("")
    assert order(chat) == ["me", "bot"] * 3
    expect(chat.answers.nth(1)).to_contain_text("3 ngày làm việc")
    assert chat.heard == [FIRST, SECOND, THIRD]


def test_an_answer_that_is_lost_on_the_way_is_fetched_and_not_asked_again(
    open_chat: OpenChat,
) -> None:
    chat = open_chat()
    lost: list[str] = []

    def lose_twice(route: Route) -> None:
        if len(lost) >= 2:
            route.continue_()
            return
        route.fetch()  # the server answers …
        lost.append(route.request.post_data_json["message_id"])
        route.abort()  # … and the phone hears nothing

    chat.page.route("**/api/chat", lose_twice)
    chat.type(FIRST)
    expect(chat.status).to_contain_text("Mất kết nối")
    chat.answer_after(0)
    assert len(set(lost)) == 1
    assert chat.heard == [FIRST]
    expect(chat.mine).to_have_count(1)


def test_a_page_left_before_the_answer_came_shows_it_later(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.page.route("**/api/chat", lambda route: (time.sleep(1), route.abort()))
    chat.type(FIRST)
    chat.page.reload()
    chat.page.unroute("**/api/chat")
    expect(chat.answers).to_have_count(1, timeout=TROUBLE_MS)
    assert chat.heard == [FIRST]


def test_the_web_server_may_restart_in_mid_conversation(
    open_chat: OpenChat, installation: Installation
) -> None:
    chat = open_chat()
    chat.ask(FIRST)
    installation.kill("uvicorn")
    chat.type(SECOND)
    expect(chat.status).to_contain_text("Mất kết nối")
    expect(chat.answers).to_have_count(2, timeout=TROUBLE_MS)
    expect(chat.answers.last).to_contain_text("3 ngày làm việc")
    assert chat.heard == [FIRST, SECOND]


def test_while_the_actions_restart_the_question_waits_and_is_answered(
    open_chat: OpenChat, installation: Installation
) -> None:
    chat = open_chat()
    installation.kill("actions")
    chat.type(FIRST)
    expect(chat.status).to_contain_text("đang bận", timeout=ANSWER_MS)
    assert eventually(installation.is_ready, within=180, every=0.5)
    expect(chat.answers).to_have_count(1, timeout=TROUBLE_MS)
    expect(chat.answers.last).to_contain_text("Mã thủ tục: 1.004194")


def test_on_a_slow_network_the_citizen_sees_that_something_happens(open_chat: OpenChat) -> None:
    chat = open_chat()
    under_way: list[Route] = []

    def keep_the_first(route: Route) -> None:
        if under_way:
            route.continue_()
        under_way.append(route)

    chat.page.route("**/api/chat", keep_the_first)
    chat.type(FIRST)
    expect(chat.status).to_have_text("Đang tìm câu trả lời …")
    expect(chat.page.locator(".typing")).to_be_visible()
    chat.type(SECOND)
    under_way[0].continue_()
    expect(chat.answers).to_have_count(2, timeout=ANSWER_MS)
    expect(chat.page.locator(".typing")).to_be_hidden()
    assert order(chat) == ["me", "bot", "me", "bot"]
    assert chat.heard == [FIRST, SECOND]


def test_two_tabs_share_the_conversation_and_ask_once(
    open_chat: OpenChat, installation: Installation
) -> None:
    one = open_chat()
    two = open_chat(context=one.page.context)
    one.ask(FIRST)
    expect(two.answers).to_have_count(1)
    two.ask(SECOND)
    expect(one.answers).to_have_count(2)
    assert order(one) == order(two) == ["me", "bot", "me", "bot"]
    assert one.heard == [FIRST, SECOND]


def test_a_server_that_asks_for_patience_gets_it(open_chat: OpenChat) -> None:
    chat = open_chat()
    refused: list[float] = []

    def too_fast(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(time.monotonic())
        route.fulfill(status=429, headers={"Retry-After": "3"}, json={"error": "Quá nhanh."})

    chat.page.route("**/api/chat", too_fast)
    chat.type(FIRST)
    expect(chat.status).to_contain_text("đang bận")
    chat.answer_after(0)
    assert time.monotonic() - refused[0] >= 3


BUSY = {
    "text": "Hệ thống đang bận.", "outcome": "unavailable", "procedures": [], "aspects": [], "buttons": [],
    "sources": [], "card": {},
}  # fmt: skip


def test_after_minutes_of_being_busy_the_message_is_given_back_with_a_button_to_send_it_again(
    open_chat: OpenChat,
) -> None:
    chat = open_chat()
    chat.page.clock.install()
    asked: list[str] = []

    def busy(route: Route) -> None:
        asked.append(route.request.post_data_json["message_id"])
        route.fulfill(json={"conversation_id": "a" * 32, "replies": [BUSY]})

    chat.page.route("**/api/chat", busy)
    with chat.page.expect_response("**/api/chat"):
        chat.type(FIRST)
    expect(chat.mine.first).to_contain_text("Chờ gửi")
    pauses = 0

    def is_given_back() -> bool:
        nonlocal pauses
        pauses += 1
        chat.page.clock.fast_forward(38_000)  # more than the longest pause
        return "Không gửi được: Hệ thống đang bận." in chat.mine.first.inner_text()

    assert eventually(is_given_back, within=60, every=0.3)
    assert pauses >= 5, "not before three minutes have passed"
    assert len(asked) > 5 and len(set(asked)) == 1
    chat.page.unroute("**/api/chat")
    chat.mine.first.get_by_role("button", name="Gửi lại").click()
    expect(chat.answer_after(0)).to_contain_text("Mã thủ tục: 1.004194")
    assert chat.heard == [FIRST]


def test_a_channel_that_is_switched_off_says_so_at_once(
    open_chat: OpenChat, installation: Installation
) -> None:
    installation.motcua("channel", "off", "web", "--message", "Nghỉ lễ đến thứ Hai.")
    try:
        time.sleep(1)  # what is known of the switches is at most half a second old
        chat = open_chat()
        chat.type(FIRST)
        expect(chat.answers).to_have_text("Trợ lý: Nghỉ lễ đến thứ Hai.", timeout=PATIENCE_MS)
        expect(chat.status).to_have_text("")
    finally:
        installation.motcua("channel", "on", "web")
    time.sleep(1)
    expect(chat.ask(SECOND)).to_contain_text("3 ngày làm việc")


def test_what_the_server_never_takes_is_shown_with_its_reason_and_blocks_nothing(
    open_chat: OpenChat,
) -> None:
    chat = open_chat()
    chat.page.route(
        "**/api/chat",
        lambda route: route.fulfill(status=413, json={"error": "Nội dung gửi lên quá lớn."}),
        times=1,
    )
    chat.type(FIRST)
    expect(chat.mine.first).to_contain_text("Không gửi được: Nội dung gửi lên quá lớn.")
    chat.ask(SECOND)
    chat.mine.first.get_by_role("button", name="Gửi lại").click()
    expect(chat.answers).to_have_count(2, timeout=ANSWER_MS)
    assert order(chat) == ["me", "bot", "me", "bot"]
