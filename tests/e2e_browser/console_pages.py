"""Pages of the consoles in a real browser: logging in, axe, what a test does with them again and again."""

from __future__ import annotations

from collections.abc import Callable, Collection

from playwright.sync_api import Page, expect
from sqlalchemy.engine import Engine

from procedures_db import accounts
from procedures_db.account import Role
from procedures_db.connection import transaction
from tests.consoles import PASSWORD, make_account
from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.installation import Installation

NewPage = Callable[..., ChatPage]


class Desk:
    """The consoles of an installation, as several members of staff use them."""

    def __init__(self, installation: Installation, engine: Engine, new_page: NewPage) -> None:
        self.installation, self.engine, self._new_page = installation, engine, new_page

    def log_in(
        self, username: str, roles: Collection[Role], *, name: str = "", size: str = "desk",
        **options: object,
    ) -> ChatPage:  # fmt: skip
        """Type user name and password; the first page of the roles is open then."""
        self._employ(username, roles, name)
        page = self._new_page(f"{self.installation.url}/login", SIZES[size], **options)
        page.page.get_by_label("Tên đăng nhập").fill(username)
        page.page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.page.get_by_role("button", name="Đăng nhập").click()
        expect(page.page.get_by_role("button", name="Đăng xuất")).to_be_visible()
        return page

    def _employ(self, username: str, roles: Collection[Role], name: str) -> None:
        """Make the account, or give the one that another test made these roles."""
        with transaction(self.engine) as session:
            known = username in accounts.names(session)
        if not known:
            make_account(self.engine, username, roles, name=name)
            return
        with transaction(self.engine, write=True) as session:
            name = name or accounts.names(session)[username]
            accounts.change(session, username, name=name, roles=roles)

    def go(self, page: ChatPage, path: str) -> Page:
        page.page.goto(self.installation.url + path)
        return page.page
