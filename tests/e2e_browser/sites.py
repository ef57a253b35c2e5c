"""Communes' pages on ports of their own: other origins, each with a strict policy and a style sheet that shouts."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = """<!doctype html><html {html}><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/site.css"></head>
<body><h1>{name}</h1><p>Tin tức của xã. <a href="/khac">Trang khác</a></p>
<script src="{assistant}/widget.js" defer data-commune="{name}"{attributes}></script></body></html>"""
# What a site's own style sheet may do to everything on it.
_CSS = "* { color: red !important; font-size: 9px } button, form, textarea { display: none !important }"


@dataclass
class Site:
    """One site; ``assistant`` is told once the installation's address is known."""

    name: str
    attributes: str = ""
    html: str = 'lang="vi"'
    css: str = _CSS
    assistant: str = ""
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.paths.append(self.path)
                is_css = self.path == "/site.css"
                body = site.css if is_css else site.page
                self.send_response(200)
                kind = "text/css" if is_css else "text/html"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def page(self) -> str:
        return _PAGE.format(
            name=self.name, assistant=self.assistant, attributes=self.attributes, html=self.html
        )

    @property
    def policy(self) -> str:
        """As docs/widget.md says it: no 'unsafe-inline', no 'unsafe-eval'."""
        return (
            f"default-src 'none'; script-src {self.assistant}; connect-src {self.assistant}; "
            "style-src 'self'; img-src 'self'; base-uri 'none'; require-trusted-types-for 'script'"
        )

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
