"""Everybody can use it: screen readers, keyboards, large text, small windows, dark rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.e2e_browser.sites import Site
from tests.installation import Installation

OpenChat = Callable[..., ChatPage]
QUESTION = "phi dang ky thuong tru bao nhieu"
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.2, 2.5.8


def violations(chat: ChatPage, axe: str) -> list[Any]:
    chat.page.evaluate(axe)
    result = chat.page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    assert len(result["passes"]) > 10  # it did look
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in result["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_barrier_on_the_chat_page(
    open_chat: OpenChat, axe: str, size: str, scheme: str
) -> None:
    chat = open_chat(SIZES[size], color_scheme=scheme)
    chat.ask(QUESTION)
    chat.ask("đăng ký tạm trú cần giấy tờ gì")
    chat.ask("trợ cấp tuất cần giấy tờ gì")
    chat.page.get_by_role("button", name="Tùy chọn").click()
    assert violations(chat, axe) == []


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_barrier_on_a_communes_page(
    new_page: OpenChat, installation: Installation, axe: str, size: str
) -> None:
    """On our demo page: a commune's own page may forbid scripts that a test brings along."""
    chat = new_page(f"{installation.url}/demo", SIZES[size])
    assert violations(chat, axe) == []
    chat.open()
    chat.ask(QUESTION)
    assert violations(chat, axe) == []


def test_axe_finds_no_barrier_while_the_network_is_away(open_chat: OpenChat, axe: str) -> None:
    chat = open_chat()
    chat.page.route("**/api/chat", lambda route: route.abort())
    chat.type(QUESTION)
    expect(chat.status).to_contain_text("Mất kết nối")
    assert violations(chat, axe) == []


@pytest.mark.parametrize("path", ["/privacy", "/tra-loi/1.004222/fee", "/tra-loi/1.999999/fee"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_on_the_other_pages(
    new_page: OpenChat, installation: Installation, axe: str, path: str, scheme: str
) -> None:
    assert violations(new_page(installation.url + path, color_scheme=scheme), axe) == []


def test_the_keyboard_alone_is_enough(open_chat: OpenChat) -> None:
    chat = open_chat()
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type(QUESTION)
    chat.page.keyboard.press("Enter")
    answer = chat.answer_after(0)
    expect(answer).to_contain_text("20.000 đồng")
    expect(chat.field).to_be_focused()
    last_button = answer.get_by_role("button").last
    chat.page.keyboard.press("Shift+Tab")
    expect(last_button).to_be_focused()
    outline = last_button.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid", "who uses the keyboard must see where she is"
    title = last_button.inner_text()
    chat.page.keyboard.press("Enter")
    expect(chat.answer_after(1)).to_contain_text("Mã thủ tục: 1.004222")
    expect(chat.mine.last).to_have_text(f"Bạn: {title}")


def test_a_screen_reader_is_told_of_answers_and_of_trouble(open_chat: OpenChat) -> None:
    chat = open_chat()
    log = chat.page.get_by_role("log", name="Cuộc trò chuyện")
    expect(log).to_have_attribute("aria-live", "polite")
    chat.ask(QUESTION)
    expect(log).to_contain_text("Trợ lý: ")
    assert log.locator(".body").last.get_attribute("lang") == "vi"
    expect(chat.status).to_have_attribute("role", "status")


@pytest.mark.parametrize("size", SIZES)
def test_everything_to_press_is_large_enough(open_chat: OpenChat, size: str) -> None:
    chat = open_chat(SIZES[size])
    chat.ask("đăng ký tạm trú cần giấy tờ gì")
    chat.page.get_by_role("button", name="Tùy chọn").click()
    small = chat.page.locator(
        "motcua-chat button, motcua-chat label:has(input), #menu a"
    ).evaluate_all(
        """(all, least) => all.filter(one => one.offsetParent)
            .map(one => [one.textContent, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < least || box.height < least).map(([text]) => text)""",
        SMALLEST_TARGET,
    )
    assert small == []


def test_at_200_percent_zoom_everything_is_reachable(
    new_page: OpenChat, installation: Installation
) -> None:
    chat = new_page(f"{installation.url}/demo", (640, 400), device_scale_factor=2)
    chat.open()
    chat.ask(QUESTION)
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 640
    for reachable in (chat.field, chat.page.get_by_role("button", name="Đóng")):
        box = reachable.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 400
    log = chat.page.get_by_role("log").bounding_box()
    assert log and log["height"] > 60, "room to read is left"


@pytest.mark.parametrize("where", ["/", "/demo"])
def test_the_field_stays_above_the_keyboard_of_a_phone(
    new_page: OpenChat, installation: Installation, where: str
) -> None:
    chat = new_page(installation.url + where, SIZES["phone"], has_touch=True, is_mobile=True)
    if where == "/demo":
        chat.open()
    chat.page.set_viewport_size({"width": 390, "height": 450})  # what a keyboard leaves
    expect(chat.field).to_be_in_viewport(ratio=1)
    box = chat.field.bounding_box()
    assert box and box["y"] + box["height"] <= 450


def test_text_grows_and_stays_large(open_chat: OpenChat) -> None:
    chat = open_chat(SIZES["phone"])
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    greeting = chat.page.locator(".greeting p")
    before = greeting.evaluate(size)
    chat.page.get_by_role("button", name="Tùy chọn").click()
    larger = chat.page.get_by_role("button", name="Chữ to hơn")
    while larger.get_attribute("aria-disabled") != "true":
        larger.click()
    assert greeting.evaluate(size) == pytest.approx(before * 2, rel=0.01)
    expect(chat.field).to_be_in_viewport(ratio=1)
    chat.page.reload()
    assert greeting.evaluate(size) == pytest.approx(before * 2, rel=0.01)
    log = chat.page.get_by_role("log").bounding_box()
    assert log and log["height"] > SIZES["phone"][1] / 2, "room to read is left"
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]


def test_what_is_read_stays_in_sight_when_the_text_grows(open_chat: OpenChat) -> None:
    chat = open_chat(SIZES["phone"])
    chat.ask("đăng ký tạm trú cần giấy tờ gì")
    answer = chat.ask(QUESTION)
    expect(answer.get_by_role("heading").first).to_be_in_viewport()
    chat.page.get_by_role("button", name="Tùy chọn").click()
    for _ in range(3):
        chat.page.get_by_role("button", name="Chữ to hơn").click()
    expect(answer.get_by_role("heading").first).to_be_in_viewport()


def test_in_the_readers_own_colours_what_is_pressed_can_still_be_told(open_chat: OpenChat) -> None:
    chat = open_chat(forced_colors="active")
    answer = chat.ask(QUESTION)
    useful = answer.get_by_role("button", name="Hữu ích")
    assert useful.evaluate("e => getComputedStyle(e).outlineStyle") == "none"
    useful.click()
    chat.page.locator("body").evaluate("() => document.activeElement.blur()")
    assert useful.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert answer.locator(".lead").evaluate("e => getComputedStyle(e).borderStyle") == "solid"


def test_nothing_moves_for_who_does_not_want_it(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.page.route("**/api/chat", lambda route: None)  # never answered
    chat.type(QUESTION)
    dot = chat.page.locator(".typing i").first
    assert dot.evaluate("e => getComputedStyle(e).animationName") == "none"


def test_the_theme_of_the_site_wins_over_the_devices(new_page: OpenChat, installation: Installation, sites: list[Site]) -> None:  # fmt: skip
    chat = new_page(sites[2].origin, color_scheme="light")
    chat.open()
    assert chat.field.evaluate("e => getComputedStyle(e).color") == "rgb(238, 242, 245)"


VOICE = """
class Recognition {
  start() {
    if (window.refuses) return setTimeout(() => { this.onerror({error: window.refuses}); this.onend(); }, 50);
    setTimeout(() => { this.onresult({results: [[{transcript: "đăng ký tạm trú"}]]}); this.onend(); }, 50);
  }
  abort() { this.onend(); }
}
window.SpeechRecognition = window.webkitSpeechRecognition = Recognition;
window.said = [];
speechSynthesis.getVoices = () => [{lang: "vi-VN", name: "Lan"}];
speechSynthesis.speak = one => { said.push(one.text); window.speaking = true; };
speechSynthesis.cancel = () => { window.speaking = false; };
Object.defineProperty(speechSynthesis, "speaking", {get: () => window.speaking === true});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_voice_is_off_until_it_is_switched_on_and_then_listens_and_reads(
    open_chat: OpenChat,
) -> None:
    chat = open_chat()
    chat.page.add_init_script(VOICE)
    chat.page.reload()
    microphone = chat.page.get_by_role("button", name="Nói câu hỏi")
    expect(microphone).to_be_hidden()
    answer = chat.ask(QUESTION)
    expect(answer.get_by_role("button", name="Nghe")).to_be_hidden()
    assert chat.page.evaluate("said") == []
    chat.page.get_by_role("button", name="Tùy chọn").click()
    chat.page.get_by_role("button", name="Giọng nói").click()
    expect(chat.status).to_contain_text("Đã bật giọng nói")
    microphone.click()
    expect(chat.field).to_have_value("đăng ký tạm trú")
    chat.page.keyboard.press("Enter")
    chat.answer_after(1)
    said = chat.page.evaluate("said")
    assert "Đăng ký tạm trú" in said[0] and "https://" not in "".join(said)
    assert len(said) > 1 and max(map(len, said)) < 1000, "line by line: long ones break off"
    listen = chat.answers.first.get_by_role("button", name="Nghe")
    listen.click()
    assert "20.000 đồng" in "".join(chat.page.evaluate("said")[len(said) :])
    assert chat.page.evaluate("speaking") is True
    listen.click()
    assert chat.page.evaluate("speaking") is False, "pressed again, it stops"
    for error, said_of_it in (
        ("not-allowed", "chưa được phép dùng micrô"),
        ("network", "chưa nghe được tiếng Việt"),
        ("no-speech", "Xin nói lại"),
    ):
        chat.page.evaluate("error => { window.refuses = error }", error)
        microphone.click()
        expect(chat.status).to_contain_text(said_of_it)
        expect(microphone).to_have_attribute("aria-pressed", "false")
