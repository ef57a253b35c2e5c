"""A Rasa that is none: the REST channel's address, over real HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class FakeRasa:
    """Answers what the test tells it to, and remembers what it was sent."""

    def __init__(self) -> None:
        self.answer: Any = [{"recipient_id": "x", "text": "Xin chào!"}]
        self.status = 200
        self.received: list[dict[str, str]] = []
        rasa = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                rasa.received.append({"path": self.path, **json.loads(body)})
                answer = rasa.answer
                self._send(
                    answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                )

            def do_GET(self) -> None:
                self._send(b"Hello from Rasa: 3.6.21")

            def _send(self, body: bytes) -> None:
                self.send_response(rasa.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def messages(self) -> list[str]:
        return [received["message"] for received in self.received]

    def reset(self) -> None:
        self.answer, self.status, self.received = (
            [{"recipient_id": "x", "text": "Xin chào!"}],
            200,
            [],
        )

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def _one_rasa() -> Iterator[FakeRasa]:
    rasa = FakeRasa()
    yield rasa
    rasa.stop()


@pytest.fixture
def rasa(_one_rasa: FakeRasa) -> FakeRasa:
    _one_rasa.reset()
    return _one_rasa


@pytest.fixture(scope="session")
def nowhere() -> str:
    """An address at which nothing listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_port
    server.server_close()
    return f"http://127.0.0.1:{port}"
