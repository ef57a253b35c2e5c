"""How soon a citizen can begin: from the widget's script having arrived to its launcher, and to the cursor in the field.

No installation is needed: the page and the script come from a server on loopback. The times are those of a clock, so
that other work of the machine is in them; the processor time beside them is the page's own, whoever else is busy.
"""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks import workbench
from benchmarks.result import Figure, Result, Skipped

ROUNDS = 20
TARGET_MS = 100
PHONE_SLOWDOWN = 6  # a cheap phone against a desk computer, as Chromium's own tools take it
_LONGEST_MS = 30_000
# Of the page's main thread, in seconds: all that it did for script, styles and layout.
_WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
SCRIPT = workbench.PROJECT / "bot/static/widget.js"
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# At once: the launcher stands and is laid out; pressed in the same moment, until the cursor is in the field.
# Later (?later): pressed when the page has had a second for itself, as people do.
_PAGE = b"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><script src="/widget.js" defer></script></head>
<body><script>
const open = from => {
  const root = document.querySelector("motcua-chat").shadowRoot;
  root.querySelector(".launcher").click();
  const field = root.querySelector("textarea");
  field.focus();
  field.getBoundingClientRect();
  return root.activeElement === field ? performance.now() - from : NaN;
};
document.addEventListener("DOMContentLoaded", () => {
  const arrived = performance.getEntriesByType("resource").find(one => one.name.endsWith("widget.js")).responseEnd;
  document.querySelector("motcua-chat").shadowRoot.querySelector(".launcher").getBoundingClientRect();
  const launcher = performance.now() - arrived;
  if (location.search) setTimeout(() => { window.took = {launcher, later: open(performance.now())}; }, 1000);
  else window.took = {launcher, atOnce: open(arrived)};
});</script></body></html>"""


def run() -> Result:
    """Raises Skipped where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise Skipped("no chromium here: apt-get install chromium")
    size = len(gzip.compress(SCRIPT.read_bytes(), 9)) / 1000
    figures = [Figure("script, gzip", size, "kB", 20)]
    with _server() as url:
        for device, slowdown in (("desk", 1), (f"{PHONE_SLOWDOWN} times slower", PHONE_SLOWDOWN)):
            at_once = _times(chromium, url, slowdown=slowdown)
            later = _times(chromium, f"{url}?later", slowdown=slowdown)
            if slowdown == 1:  # slowing down is done by waiting, which costs no processor time
                work = workbench.percentile([one["work"] for one in at_once], 50)
                name = f"{device}: pressed at once, processor time p50"
                figures.append(Figure(name, work, "ms", TARGET_MS))
            times = {
                "launcher ready": [one["launcher"] for one in at_once],
                "pressed at once, cursor in the field": [one["atOnce"] for one in at_once],
                "pressed later, cursor in the field": [one["later"] for one in later],
            }
            for what, ms in times.items():
                for share in (50, 95):
                    name = f"{device}: {what} p{share}"
                    figures.append(Figure(name, workbench.percentile(ms, share), "ms", TARGET_MS))
    return Result(figures=tuple(figures))


def _times(chromium: str, url: str, *, slowdown: int) -> list[dict[str, float]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        times = []
        for _ in range(ROUNDS + 1):
            page = browser.new_page()
            tools = page.context.new_cdp_session(page)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
            tools.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(url)
            page.wait_for_function("window.took", timeout=_LONGEST_MS)
            metrics = tools.send("Performance.getMetrics")["metrics"]
            work = sum(one["value"] for one in metrics if one["name"] in _WORK) * 1000
            times.append({**page.evaluate("window.took"), "work": work})
            page.close()
        browser.close()
    return times[1:]  # the first one warms the browser up


@contextmanager
def _server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/widget.js"  # the page has a query
            body = SCRIPT.read_bytes() if is_script else _PAGE
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
