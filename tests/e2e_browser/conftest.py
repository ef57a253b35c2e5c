"""A real installation, Debian's chromium, and communes' sites. A run of its own: Playwright and asyncio do not mix."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.e2e_browser.sites import Site
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.in_memory import use_memory
from tests.installation import PROJECT, Installation, running

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# How long a test waits for what it expects; only a failure takes so long, and a busy machine may.
PATIENCE_MS = 30_000
ANSWER_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
use_memory()
# A page on which nothing is as usual: everything unset and hidden, a body that moves what is fixed to the window.
WILD = """* { all: unset !important; display: none !important; opacity: 0 !important; direction: rtl !important }
html, body, h1, p { display: block !important; opacity: 1 !important }
body { transform: translateZ(0) !important; filter: grayscale(1) !important; height: 4000px !important }"""
BOTH_SIZES = ("test_answers", "test_chat_page", "test_reliability")
SIZES = {"phone": (390, 844), "desk": (1280, 800)}


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
def sites(browser: Browser) -> Iterator[list[Site]]:
    """Three communes that may embed the assistant, one whose page fights, and last one that may not."""
    sites = [
        Site("Xã Bình An", ' data-address="Số 1 đường Trần Phú, xã Bình An"'
                           ' data-map="https://maps.example.vn/binh-an"'),
        Site("Xã Hòa Phú", ' data-position="left" data-color="#ffd500" data-title="Một cửa Hòa Phú"'
                           ' data-greeting="Hòa Phú xin chào!" data-questions="Đăng ký kết hôn|Khai tử"'),
        Site("Phường Sơn Trà", ' data-lang="en" data-theme="dark"'),
        Site("Xã Nghịch Cảnh", ' data-province="tỉnh Bắc Ninh"', 'dir="rtl" lang="ar"', WILD),
        Site("Trang lạ"),
    ]  # fmt: skip
    yield sites
    for site in sites:
        site.stop()


@pytest.fixture(scope="session")
def telegram() -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    yield fake
    fake.stop()


@pytest.fixture(scope="session")
def installation(
    sites: list[Site], telegram: FakeTelegram, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """On the web and on Telegram."""
    settings = {
        "MOTCUA_ALLOWED_ORIGINS": " ".join(site.origin for site in sites[:-1]),
        "MOTCUA_TELEGRAM_TOKEN": TOKEN,
        "MOTCUA_TELEGRAM_API_URL": telegram.url,
    }
    with running(tmp_path_factory.mktemp("installation"), **settings) as installation:
        for site in sites:
            site.assistant = installation.url
        yield installation


@dataclass
class ChatPage:
    """A page with the assistant as its reader uses it, and what it did behind her back."""

    page: Page
    installation: Installation
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("console", lambda m: m.type in ("error", "warning") and self.errors.append(m.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    @property
    def field(self) -> Locator:
        return self.page.locator("motcua-chat textarea")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".message.bot:not(.greeting)")

    @property
    def mine(self) -> Locator:
        return self.page.locator(".message.me")

    @property
    def status(self) -> Locator:
        return self.page.locator(".status [role=status]")

    def open(self) -> None:
        self.page.locator(".launcher").click()
        expect(self.field).to_be_visible()

    def type(self, text: str) -> None:
        """Type and press Gửi."""
        self.field.fill(text)
        self.page.locator("motcua-chat .send").click()

    def ask(self, text: str) -> Locator:
        """Type, press Gửi and return the answer."""
        count = self.answers.count()
        self.type(text)
        return self.answer_after(count)

    def answer_after(self, count: int) -> Locator:
        """Wait for the next message of the assistant after the first ``count``: that one, whatever follows it."""
        expect(self.answers).to_have_count(count + 1, timeout=ANSWER_MS)
        return self.answers.nth(count)

    def saved(self, name: str) -> str:
        """A field of what the widget keeps on the device."""
        return self.page.evaluate(
            "name => JSON.parse(localStorage[Object.keys(localStorage)"
            ".find(key => key.startsWith('motcua:'))])[name]",
            name,
        )

    @property
    def heard(self) -> list[str]:
        """What of this conversation reached Rasa, in order."""
        with sqlite3.connect(f"file:{self.installation.tracker_file}?mode=ro", uri=True) as tracker:
            rows = tracker.execute(
                "SELECT json_extract(data, '$.text') FROM events "
                "WHERE sender_id = ? AND type_name = 'user' ORDER BY id",
                (self.saved("conversation"),),
            )
            return [text for (text,) in rows]

    @property
    def foreign_requests(self) -> list[str]:
        own = urlsplit(self.installation.url).netloc
        return [url for url in self.requests if urlsplit(url).netloc != own]


@pytest.fixture
def new_page(browser: Browser, installation: Installation) -> Iterator[Callable[..., ChatPage]]:
    """A window of a size and colour scheme, at an address; closed after the test."""
    contexts: list[BrowserContext] = []

    def open_page(
        url: str, size: tuple[int, int] = SIZES["desk"], *, context: BrowserContext | None = None,
        **options: object,
    ) -> ChatPage:  # fmt: skip
        if context is None:
            chosen = {"locale": "vi-VN", "reduced_motion": "reduce", **options}
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                **chosen,  # type: ignore[arg-type]
            )
            contexts.append(context)
        chat = ChatPage(context.new_page(), installation)
        chat.page.goto(url)
        return chat

    yield open_page
    for context in contexts:
        context.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What people do with the chat they do on a phone and on a desk: such tests run in both sizes."""
    chosen = {"default_size", "size"} & set(metafunc.fixturenames)
    if metafunc.module.__name__.rpartition(".")[2] in BOTH_SIZES and chosen == {"default_size"}:
        metafunc.parametrize("default_size", SIZES, indirect=True)


@pytest.fixture
def default_size(request: pytest.FixtureRequest) -> str:
    """Of a page that is opened without saying how large."""
    return getattr(request, "param", "desk")


@pytest.fixture
def open_chat(
    new_page: Callable[..., ChatPage], installation: Installation, default_size: str
) -> Callable[..., ChatPage]:
    """Open the full page."""

    def open_page(size: tuple[int, int] = SIZES[default_size], **options: object) -> ChatPage:
        return new_page(installation.url, size, **options)

    return open_page


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as `make widget` installs it."""
    path = Path(PROJECT / "widget/node_modules/axe-core/axe.min.js")
    if not path.exists():
        pytest.skip("axe-core is not here: `make widget` installs it, which needs npm")
    return path.read_text(encoding="utf-8")
