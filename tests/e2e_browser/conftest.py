"""A real installation and Debian's chromium. A run of its own: Playwright and asyncio do not mix."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.installation import Installation, running

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ANSWER_MS = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Before the installation: without a browser nothing needs to be started."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def installation(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


@dataclass
class ChatPage:
    """The chat page as its reader uses it, and what it did behind her back."""

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Câu hỏi của bạn")

    @property
    def last_answer(self) -> Locator:
        return self.page.locator("#messages .bot").last

    def ask(self, text: str) -> Locator:
        """Type and press Gửi; return the answer."""
        count = self.page.locator("#messages .bot").count()
        self.field.fill(text)
        self.page.get_by_role("button", name="Gửi", exact=True).click()
        return self.answer_after(count)

    def answer_after(self, count: int) -> Locator:
        """Wait for the next message of the assistant after the first ``count``."""
        expect(self.page.locator("#messages .bot")).to_have_count(count + 1, timeout=ANSWER_MS)
        return self.last_answer

    @property
    def foreign_requests(self) -> list[str]:
        own = urlsplit(self.url).netloc
        return [url for url in self.requests if urlsplit(url).netloc != own]


@pytest.fixture
def open_chat(browser: Browser, installation: Installation) -> Iterator[Callable[..., ChatPage]]:
    """Open the page in a window of a size and colour scheme; closed after the test."""
    contexts = []

    def open_chat(width: int = 1280, height: int = 800, scheme: str = "light") -> ChatPage:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="vi-VN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        chat = ChatPage(page, installation.url)
        page.on("console", lambda m: m.type in ("error", "warning") and chat.errors.append(m.text))
        page.on("pageerror", lambda error: chat.errors.append(str(error)))
        page.on("request", lambda request: chat.requests.append(request.url))
        page.goto(installation.url)
        return chat

    yield open_chat
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core 4 from npm; the test is skipped where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here: axe-core cannot be fetched")
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run(
            [npm, "pack", "axe-core@4", "--silent"],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=60,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm pack axe-core@4 did not work: {error}")
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    return Path(folder / "package/axe.min.js").read_text(encoding="utf-8")
