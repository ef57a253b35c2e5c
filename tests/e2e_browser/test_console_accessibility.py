"""Every page of the administrator console for everybody: axe, keyboards, small windows, dark rooms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from bot.consoles import routes
from procedures_db.account import Role
from tests.e2e_browser.conftest import SIZES
from tests.e2e_browser.consoles import Console, OpenConsole, expect_no_overflow, visitor
from tests.e2e_browser.test_staff_console import PAGES as STAFF_PAGES
from tests.installation import Installation

WILL = "2.001019"
PAGES = [
    "/account", "/account/password", "/account/second-factor",
    "/admin/procedures", "/admin/procedures?words=khai+sinh&state=published", "/admin/procedures?words=zzz",
    f"/admin/procedures/{WILL}", f"/admin/procedures/{WILL}/edit", "/admin/procedures/new", "/admin/procedures/x",
    "/admin/drafts", "/admin/imports", "/admin/changes", "/admin/changes/1", "/admin/quality", "/admin/faqs",
    "/admin/faqs/new", "/admin/wording", "/admin/wording/utter_greet", "/admin/channels", "/admin/announcements", "/admin/accounts",
    "/admin/accounts/administrator", "/admin/audit",
    "/admin/life-events", "/admin/life-events/sinh_con", "/admin/life-events/new",
    "/admin/glossary", "/admin/glossary/tam_vang", "/admin/glossary/new",
    "/admin/sayings", "/admin/sayings?kind=paraphrase&words=ho+chieu", "/admin/settings",
]  # fmt: skip
# Opened by no link of their own, or no page: downloads, charts, parts of a page.
OTHERS = {"/login", "/login/code", "/admin", "/admin/audit.jsonl", "/admin/imports/{number:int}",
          "/admin/faqs/{number:int}", "/admin/dashboard/charts/{name}", "/admin/dashboard/{name}.{form}",
          "/admin/learning/cases.jsonl", "/admin/learning/classifiers/state",
          "/admin/learning/wordings/{number:int}/effect"}  # fmt: skip


@pytest.fixture
def open_console(browser: Browser, installation: Installation) -> Iterator[OpenConsole]:
    contexts: list[BrowserContext] = []
    yield visitor(browser, installation, contexts)
    for context in contexts:
        context.close()


def violations(console: Console, axe: str) -> list[Any]:
    console.page.evaluate(axe)
    result = console.page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    assert len(result["passes"]) > 10  # it did look
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in result["violations"]]  # fmt: skip


def test_every_page_of_the_administrator_is_looked_at() -> None:
    shown = {
        route.path for route in routes
        if "GET" in route.methods and route.path.split("/")[1] in ("admin", "account", "login")
    } - OTHERS  # fmt: skip

    looked_at = [*PAGES, *STAFF_PAGES]

    def is_like(path: str, page: str) -> bool:
        given, wanted = page.partition("?")[0].split("/"), path.split("/")
        return len(given) == len(wanted) and all(
            b.startswith("{") or a == b for a, b in zip(given, wanted, strict=True)
        )

    assert [path for path in shown if not any(is_like(path, page) for page in looked_at)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_barrier_on_any_page_and_nothing_is_cut_off(
    open_console: OpenConsole, axe: str, size: str, scheme: str
) -> None:
    console = open_console(Role.ADMINISTRATOR, size=SIZES[size], color_scheme=scheme)
    nobody = open_console(size=SIZES[size], color_scheme=scheme)
    found = {}
    for one, path in [(nobody, "/login"), *((console, path) for path in PAGES)]:
        one.open(path)
        expect_no_overflow(one)
        if wrong := violations(one, axe):
            found[path] = wrong
    assert found == {}
    assert [error for error in console.errors if "404" not in error] == []


def test_axe_finds_no_barrier_where_something_is_wrong(open_console: OpenConsole, axe: str) -> None:
    console = open_console(Role.EDITOR)
    console.open(f"/admin/procedures/{WILL}/edit")
    console.field("methods.0.fees.0.amount").fill("mười")
    console.button("Lưu bản nháp").last.click()
    expect(console.alert).to_contain_text("Chưa lưu")
    assert violations(console, axe) == []
    console.page.get_by_role("link", name="phải là số").click()
    expect(console.field("methods.0.fees.0.amount")).to_be_in_viewport()


def test_the_keyboard_alone_is_enough_to_edit_a_fee(open_console: OpenConsole) -> None:
    console = open_console(Role.EDITOR, username="ban-phim")
    console.open("/admin/procedures")
    keyboard, page = console.page.keyboard, console.page
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_in_viewport()
    keyboard.press("Enter")
    keyboard.press("/")
    with page.expect_response(re.compile(r"words=di(\+|%20)chuc")):
        keyboard.type("di chuc")
    # Not before the new list stands there: it would take the focus away again.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    link = page.get_by_role("link", name="Chứng thực di chúc")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    tab_to(console, f"/admin/procedures/{WILL}")
    expect(link).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Chứng thực di chúc")).to_be_visible()
    tab_to(console, f"/admin/procedures/{WILL}/edit")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Sửa {WILL}")).to_be_visible()
    tab_to(console, "f-methods.0.fees.0.amount")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "who uses the keyboard must see where she is"
    keyboard.press("Control+a")
    keyboard.type("55000")
    keyboard.press("Enter")
    expect(console.said).to_contain_text("Đã lưu bản nháp")
    console.button("Bỏ bản nháp").press("Enter")
    expect(console.said).to_contain_text("Đã bỏ bản nháp")


def tab_to(console: Console, target: str) -> None:
    """Press Tab until the element with this id or address has the focus."""
    for _ in range(150):
        console.page.keyboard.press("Tab")
        here = console.page.evaluate(
            "[document.activeElement.id, document.activeElement.getAttribute('href')]"
        )
        if target in here:
            return
    raise AssertionError(f"{target} cannot be reached")
