"""A Telegram that is none: the Bot API's methods over real HTTP on loopback.

It keeps what it promises: updates stay until they are confirmed by a higher offset or a webhook's 200, a
message too long, with broken HTML or with a button key over 64 bytes is refused, a blocked chat forbids.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.installation import NO_TLS

TOKEN = "123456789:AAfakefakefakefakefakefakefakefakefa"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Một cửa", "username": "motcua_bot"}
_TAGS = {"a", "b", "i", "u", "s", "code", "pre"}


@dataclass
class Sent:
    """A message that the fake has taken."""

    chat_id: int
    text: str  # as shown
    html: str
    keyboard: list[list[dict[str, str]]]
    reply_to: int | None
    at: float

    @property
    def buttons(self) -> list[dict[str, str]]:
        return [button for row in self.keyboard for button in row]


@dataclass
class Refusal(Exception):
    """What the Bot API answers instead of a result."""

    code: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.open = "", []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _TAGS:
            raise Refusal(400, f"Bad Request: can't parse entities: Unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refusal(400, "Bad Request: can't parse entities: unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(html: str) -> str:
    """The words of a message as a phone shows them. Raises Refusal for HTML that Telegram does not read."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open or re.search(r"&(?!(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);)", html):
        raise Refusal(400, "Bad Request: can't parse entities: unclosed")
    return reader.text


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections break off when a bot is killed: nothing to tell."""


class FakeTelegram:
    """Chats with one bot. ``refuse`` is asked before each sendMessage and may raise a Refusal."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.webhook: dict[str, Any] = {}
        self.refuse: Callable[[Sent], None] = lambda sent: None
        self.send_seconds = 0.0  # how long a sendMessage takes, after it has taken effect
        self.down = False
        self.disorder: random.Random | None = None  # shuffles what one getUpdates returns
        self.polls = self.most_polls_at_once = 0
        self._updates: list[dict[str, Any]] = []
        self._next_update, self._next_message = 1000, 1
        self._arrived = threading.Condition(self.lock)
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                fake._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # What citizens do

    def message(self, chat_id: int, text: str | None = None, **fields: Any) -> dict[str, Any]:
        """Make an update with a message, not yet delivered; ``deliver`` brings it to the bot."""
        with self.lock:
            self._next_update += 1
            self._next_message += 1
            kind = "private" if chat_id > 0 else "supergroup"
            user = {"id": abs(chat_id), "is_bot": False, "first_name": "Lan"}
            message = {
                "message_id": self._next_message, "date": int(time.time()), "from": user,
                "chat": {"id": chat_id, "type": kind, "first_name": "Lan", "title": "Tổ dân phố"}, **fields,
            }  # fmt: skip
            if text is not None:
                message["text"] = text
                message.setdefault("entities", _entities(text))
            return {"update_id": self._next_update, "message": message}

    def press(self, chat_id: int, key: str) -> dict[str, Any]:
        """Make an update in which a button is pressed."""
        made = self.message(chat_id, "…")
        pressed = {"id": str(made["update_id"]), "from": made["message"]["from"], "chat_instance": "1",
                   "data": key, "message": {**made["message"], "from": BOT}}  # fmt: skip
        return {"update_id": made["update_id"], "callback_query": pressed}

    def deliver(self, *updates: dict[str, Any]) -> None:
        """Put updates where getUpdates finds them, in this order."""
        with self.lock:
            self._updates += updates
            self._arrived.notify_all()

    def say(self, chat_id: int, text: str) -> None:
        self.deliver(self.message(chat_id, text))

    def push(self, update: dict[str, Any], secret: str, url: str) -> int:
        """Call a webhook as Telegram does; return the status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return httpx.post(url, json=update, headers=headers, timeout=30, verify=NO_TLS).status_code

    # What the test looks at

    def sent_to(self, chat_id: int) -> list[Sent]:
        with self.lock:
            return [sent for sent in self.sent if sent.chat_id == chat_id]

    def texts(self, chat_id: int) -> list[str]:
        with self.lock:
            return [sent.text for sent in self.sent if sent.chat_id == chat_id]

    def count(self, method: str) -> int:
        with self.lock:
            return sum(called == method for called, _ in self.calls)

    # The Bot API

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        token, _, method = handler.path.removeprefix("/bot").partition("/")
        try:
            if self.down:
                raise Refusal(502, "Bad Gateway")
            if token != TOKEN:
                raise Refusal(401, "Unauthorized")
            result = self._call(method, _form(handler, body))
            status, answer = 200, {"ok": True, "result": result}
        except Refusal as error:
            status = error.code
            answer = {"ok": False, "error_code": error.code, "description": error.description,
                      "parameters": error.parameters}  # fmt: skip
        content = json.dumps(answer).encode()
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
        except OSError:  # the bot was killed meanwhile
            pass

    def _call(self, method: str, given: dict[str, Any]) -> Any:
        with self.lock:
            self.calls.append((method, given))
        if method == "getMe":
            return BOT
        if method == "getUpdates":
            return self._get_updates(given)
        if method == "sendMessage":
            return self._send_message(given)
        if method == "setWebhook":
            self.webhook = given
        if method == "deleteWebhook":
            self.webhook = {}
        return True

    def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(given.get("offset", 0))
        deadline = time.monotonic() + min(float(given.get("timeout", 0)), 5)
        with self._arrived:
            self.polls += 1
            self.most_polls_at_once = max(self.polls, self.most_polls_at_once)
            # As the real one does: confirms whatever stands before the first update from the offset on.
            if offset:
                self._updates = [u for u in self._updates if u["update_id"] >= offset]
            while not self._updates and time.monotonic() < deadline:
                self._arrived.wait(deadline - time.monotonic())
            self.polls -= 1
            batch = self._updates[: int(given.get("limit", 100))]
            if self.disorder:
                self.disorder.shuffle(batch)
            return batch

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        html = given["text"]
        text = shown(html) if given.get("parse_mode") == "HTML" else html
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        keyboard = given.get("reply_markup", {}).get("inline_keyboard", [])
        if any(len(b["callback_data"].encode()) > 64 for row in keyboard for b in row):
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        reply_to = given.get("reply_parameters", {}).get("message_id")
        sent = Sent(int(given["chat_id"]), text, html, keyboard, reply_to, time.monotonic())
        with self.lock:
            self.refuse(sent)
            self.sent.append(sent)
            self._next_message += 1
            number = self._next_message
        time.sleep(self.send_seconds)
        return {"message_id": number, "date": int(time.time()), "text": text,
                "chat": {"id": sent.chat_id, "type": "private"}}  # fmt: skip


def _form(handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
    """Parameters as python-telegram-bot sends them: a form whose values may be JSON."""
    if "json" in handler.headers.get("Content-Type", ""):
        return json.loads(body or b"{}")
    given: dict[str, Any] = dict(parse_qsl(body.decode(), keep_blank_values=True))
    for key in ("reply_markup", "reply_parameters", "allowed_updates", "commands"):
        if key in given:
            given[key] = json.loads(given[key])
    return given


def _entities(text: str) -> list[dict[str, Any]]:
    def units(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2

    return [
        {"type": "bot_command" if match[0][0] == "/" else "mention",
         "offset": units(text[: match.start()]), "length": units(match[0])}
        for match in re.finditer(r"(?:^/\w+(?:@\w+)?)|@\w+", text)
    ]  # fmt: skip
