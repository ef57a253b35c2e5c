"""The widget on communes' sites: other origins, strict policies, hostile style sheets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.e2e_browser.sites import Site

NewPage = Callable[..., ChatPage]
QUESTION = "đăng ký tạm trú mất bao nhiêu tiền"


@pytest.fixture
def on_site(new_page: NewPage, installation, sites) -> Callable[..., ChatPage]:
    """Open a commune's page; ``installation`` first, so that the site knows the address."""
    return lambda site, *arguments, **options: new_page(site.origin, *arguments, **options)


@pytest.mark.parametrize("size", SIZES)
def test_three_communes_are_served_at_once_each_with_its_own_conversation(
    on_site: NewPage, sites: list[Site], size: str
) -> None:
    pages = [on_site(site, SIZES[size]) for site in sites[:3]]
    for chat in pages:
        chat.open()
        chat.type(QUESTION)
    for chat in pages:
        expect(chat.answer_after(0)).to_contain_text("7.000 đồng")
        assert chat.errors == [], "nothing may be blocked by the site's policy"
        own = {chat.page.url.rstrip("/"), chat.installation.url}
        assert {url for url in chat.requests if not url.startswith(tuple(own))} == set()
    assert len({chat.saved("conversation") for chat in pages}) == 3


def test_a_site_that_is_not_allowed_is_refused_and_says_so(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[-1])
    chat.open()
    chat.type(QUESTION)
    expect(chat.status).to_contain_text("chưa được phép dùng trợ lý")
    assert any(
        "motcua:" in error and "MOTCUA_ALLOWED_ORIGINS" in error and sites[-1].origin in error
        for error in chat.errors
    )
    assert chat.heard == []


def test_the_sites_style_sheet_does_not_reach_the_assistant_nor_the_reverse(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[0])
    before = chat.page.locator("body > p").evaluate("e => getComputedStyle(e).fontSize")
    chat.open()
    size = chat.field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    color = chat.field.evaluate("e => getComputedStyle(e).color")
    assert size >= 16, "iPhones zoom into smaller fields"
    assert color != "rgb(255, 0, 0)"
    assert chat.page.locator("body > p").evaluate("e => getComputedStyle(e).fontSize") == before


@pytest.mark.parametrize("size", SIZES)
def test_a_page_that_unsets_hides_mirrors_and_moves_everything_changes_nothing_here(
    on_site: NewPage, sites: list[Site], size: str
) -> None:
    width, height = SIZES[size]
    chat = on_site(sites[3], (width, height))
    launcher = chat.page.locator(".launcher")
    box = launcher.bounding_box()
    assert box and width - 40 < box["x"] + box["width"] <= width, "in the window's corner"
    assert height - 40 < box["y"] + box["height"] <= height
    chat.open()
    answer = chat.ask(QUESTION)
    expect(answer).to_contain_text("7.000 đồng")
    assert answer.evaluate("e => getComputedStyle(e).direction") == "ltr"
    field = chat.field.bounding_box()
    assert field and field["y"] + field["height"] < height
    assert chat.errors == []


def test_the_page_says_where_it_is_and_the_widget_passes_it_on(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[3])
    chat.open()
    with chat.page.expect_request("**/api/chat") as sent:
        chat.type(QUESTION)
    told = sent.value.post_data_json
    assert (told["commune"], told["province"]) == ("Xã Nghịch Cảnh", "tỉnh Bắc Ninh")


def test_attributes_give_title_colour_place_greeting_questions_and_language(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[1])
    chat.open()
    panel = chat.page.get_by_role("dialog", name="Một cửa Hòa Phú")
    expect(panel).to_contain_text("Xã Hòa Phú")
    expect(panel).to_contain_text("Hòa Phú xin chào!")
    expect(panel.get_by_role("button", name="Đăng ký kết hôn")).to_be_visible()
    box = panel.bounding_box()
    assert box and box["x"] < 100
    header = chat.page.locator("motcua-chat header")
    assert header.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 213, 0)"
    assert header.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)", (
        "white is unreadable"
    )
    english = on_site(sites[2])
    english.open()
    expect(english.page.get_by_role("textbox", name="Your question")).to_be_visible()
    expect(english.page.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_where_the_commune_is_competent_its_own_desk_is_shown_with_a_map(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[0])
    chat.open()
    desk = chat.ask("chứng thực bản sao nộp ở đâu").locator(".desk")
    expect(desk).to_contain_text("Bộ phận một cửa Xã Bình An: Số 1 đường Trần Phú, xã Bình An")
    link = desk.get_by_role("link", name="Xem trên bản đồ")
    assert link.get_attribute("href") == "https://maps.example.vn/binh-an"
    assert link.get_attribute("rel") == "noopener noreferrer"
    police = chat.ask("đăng ký tạm trú nộp ở đâu")
    expect(police).to_contain_text("Công an")
    expect(police.locator(".desk")).to_have_count(0)
    own = {chat.page.url.rstrip("/"), chat.installation.url}
    assert {url for url in chat.requests if not url.startswith(tuple(own))} == set()
    plain = on_site(sites[1])
    plain.open()
    expect(plain.ask("chứng thực bản sao nộp ở đâu").locator(".desk")).to_have_count(0)


def test_the_conversation_goes_along_to_another_page_of_the_site(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[0])
    chat.open()
    chat.ask(QUESTION)
    chat.page.goto(f"{sites[0].origin}/khac")
    chat.open()
    expect(chat.mine).to_have_text(f"Bạn: {QUESTION}")
    expect(chat.ask("còn thời hạn")).to_contain_text("3 ngày làm việc")


def test_escape_closes_it_and_the_focus_goes_back_where_it_came_from(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[0])
    launcher = chat.page.locator(".launcher")
    launcher.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    chat.page.get_by_role("button", name="Tùy chọn").click()
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("#menu")).to_be_hidden()
    expect(chat.field).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.field).to_be_hidden()
    expect(launcher).to_be_focused()


def test_on_a_phone_the_focus_stays_in_the_window_that_covers_the_page(
    on_site: NewPage, sites: list[Site]
) -> None:
    chat = on_site(sites[0], SIZES["phone"])
    chat.open()
    for _ in range(25):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.localName") == "motcua-chat"
    for _ in range(25):
        chat.page.keyboard.press("Shift+Tab")
        assert chat.page.evaluate("document.activeElement.localName") == "motcua-chat"


def test_a_button_of_the_site_can_ask(on_site: NewPage, sites: list[Site]) -> None:
    chat = on_site(sites[0])
    chat.page.evaluate("document.querySelector('motcua-chat').ask('đăng ký tạm trú mất bao lâu')")
    expect(chat.answer_after(0)).to_contain_text("3 ngày làm việc")


def test_a_page_that_loads_the_script_twice_has_one_assistant(
    on_site: NewPage, sites: list[Site]
) -> None:
    twice = Site("Xã Nhầm", assistant=sites[0].assistant)
    twice.attributes = f' ></script><script src="{twice.assistant}/widget.js" defer'
    chat = on_site(twice)
    expect(chat.page.locator("motcua-chat")).to_have_count(1)
    twice.stop()
    assert chat.errors == []
