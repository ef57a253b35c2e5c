"""Somebody at the consoles in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.consoles.visit import SESSION_COOKIE
from procedures_db import account_sessions, accounts
from procedures_db.account import AccountNotFound, Role
from procedures_db.connection import connect, reserve_writing, transaction
from tests.consoles import PASSWORD, make_account
from tests.installation import Installation


@dataclass
class Console:
    """A browser window of somebody who is logged in, and what the browser complained about."""

    page: Page
    installation: Installation
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on(
            "console", lambda m: m.type in ("error", "warning") and self.errors.append(m.text)
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def open(self, path: str) -> None:
        self.page.goto(self.installation.url + path)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def said(self) -> Locator:
        return self.page.locator("#said")

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert").first

    def field(self, path: str) -> Locator:
        """A field of the form of a procedure: ``methods.0.fees.0.amount``."""
        return self.page.locator(f'[name="{path}"]')

    @property
    def is_wider_than_the_window(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


OpenConsole = Callable[..., Console]


def visitor(
    browser: Browser, installation: Installation, contexts: list[BrowserContext]
) -> OpenConsole:
    """Return ``open(role, …)``: a window of a size, logged in as an account of that role, or as nobody."""

    def open_console(
        *roles: Role, size: tuple[int, int] = (1280, 800), username: str = "", **options: Any
    ) -> Console:
        chosen = {"locale": "vi-VN", "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **chosen)
        contexts.append(context)
        if roles:
            name = username or "-".join(role.value for role in roles)
            token = session_of(installation, name, roles)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": installation.url}])
        return Console(context.new_page(), installation)

    return open_console


def session_of(installation: Installation, username: str, roles: tuple[Role, ...]) -> str:
    """Log an account in, making it if need be; return its session's token."""
    engine = connect(installation.database_url)
    try:
        with transaction(engine) as session:
            account = accounts.get(session, username)
    except AccountNotFound:
        account = make_account(engine, username, roles, name=f"Cán bộ {username}")
    with transaction(engine) as session:
        reserve_writing(session)
        token = account_sessions.begin(session, account.id).token
    engine.dispose()
    return token


def log_in(console: Console, username: str, password: str = PASSWORD) -> None:
    """Fill in the login form, as a person does."""
    console.page.get_by_label("Tên đăng nhập").fill(username)
    console.page.get_by_label("Mật khẩu").fill(password)
    console.button("Đăng nhập").click()


def expect_no_overflow(console: Console) -> None:
    assert not console.is_wider_than_the_window, console.page.url
    expect(console.page.locator("main")).to_be_visible()
