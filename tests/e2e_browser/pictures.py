"""What taking the pictures of docs/screenshots shares: a browser, an installation, a page of one size."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.e2e_browser.conftest import FLAGS, SIZES
from tests.installation import PROJECT, Installation, running

FOLDER = PROJECT / "docs/screenshots"


def context_of(browser: Browser, size: str, scheme: str) -> BrowserContext:
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="vi-VN",
        reduced_motion="reduce",
    )


def run(*takes: Callable[[Browser, Installation], None]) -> None:
    """Start a browser, and for each an installation in which nobody else has left anything."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is not here: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for take in takes:
            with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as installation:
                take(browser, installation)
        browser.close()
