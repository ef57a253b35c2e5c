"""A Rasa that is none: the REST channel's address, over real HTTP on loopback."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeRasa:
    """Answers what the test tells it to, and remembers what it was sent."""

    def __init__(self) -> None:
        self.answer: Any = [{"recipient_id": "x", "text": "Xin chào!"}]
        self.status = 200
        self.received: list[dict[str, str]] = []
        self.reply: Callable[[str], Any] | None = None  # makes the answer of the message, when set
        self.seconds = 0.0  # how long an answer takes
        self.may_answer = threading.Event()  # cleared: questions wait, as at a busy Rasa
        self.may_answer.set()
        rasa = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                rasa.received.append({"path": self.path, **given})
                rasa.may_answer.wait(10)
                time.sleep(rasa.seconds)
                answer = rasa.reply(given["message"]) if rasa.reply else rasa.answer
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
        self.reply, self.seconds = None, 0.0
        self.may_answer.set()
        self.answer, self.status, self.received = (
            [{"recipient_id": "x", "text": "Xin chào!"}],
            200,
            [],
        )

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
