"""Late messages and officials' replies arrive as server-sent events, in every process, once and in order."""

import contextlib
import json
import queue
import signal
import threading
import time

import httpx
import pytest
import uvicorn
from sse_starlette.sse import AppStatus

from bot.app import create_app
from bot.channels import late_messages
from bot.settings import Settings
from procedures_db import outbox
from procedures_db.connection import transaction

HERE, THERE = "conversation-a", "conversation-b"
SECONDS = 10


@contextlib.contextmanager
def serving(settings):
    """A web process, over real HTTP: the address."""
    config = uvicorn.Config(create_app(settings), port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.handle_exit(signal.SIGTERM, None)  # what uvicorn does when it is told to stop
        thread.join(SECONDS)
        AppStatus.should_exit = False  # one flag for all servers of a Python process
        assert not thread.is_alive(), "an open stream kept the process from ending"


class Stream:
    """A browser's EventSource: a thread reads what comes."""

    def __init__(self, url, conversation_id=HERE, after="", **headers):
        self._events = queue.Queue()
        self._opened = threading.Event()
        self.address = f"{url}/api/chat/{conversation_id}/events?after={after}"
        self._headers = headers
        threading.Thread(target=self._read, daemon=True).start()
        assert self._opened.wait(SECONDS)

    def _read(self):
        with (
            contextlib.suppress(httpx.HTTPError),
            httpx.stream("GET", self.address, headers=self._headers, timeout=SECONDS) as response,
        ):
            self.headers = response.headers
            for line in response.iter_lines():
                self._opened.set()
                if line.startswith("data: "):
                    self._events.put(json.loads(line.removeprefix("data: ")))

    def next(self):
        return self._events.get(timeout=SECONDS)

    @property
    def nothing_more(self):
        return self._events.empty()


@pytest.fixture
def settings(rasa, engine, monkeypatch):
    monkeypatch.setattr(late_messages, "LOOK_EVERY_SECONDS", 0.05)
    return Settings(
        rasa_url=rasa.url,
        database_url=engine.url.render_as_string(hide_password=False),
        log_level="ERROR",
        allowed_origins="https://binhan.example.vn",
    )


@pytest.fixture
def url(settings):
    with serving(settings) as url:
        yield url


@pytest.fixture
def put(engine):
    def put(text, conversation_id=HERE, **fields):
        with transaction(engine, write=True) as session:
            return outbox.put(session, conversation_id, "web", {"text": text}, **fields)

    return put


def test_an_officials_reply_arrives_while_the_page_is_open(url, put, engine):
    stream = Stream(url)
    number = put("Bà mang theo tờ khai nhé", author="Cán bộ Lan")
    event = stream.next()
    assert (event["id"], event["kind"], event["author"]) == (number, "staff", "Cán bộ Lan")
    assert event["reply"] == {"text": "Bà mang theo tờ khai nhé"}
    assert event["created_at"].endswith("+00:00")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store"
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with transaction(engine) as session:
            if outbox.after(session, HERE, 0)[0].delivered_at:
                return
        time.sleep(0.02)
    pytest.fail("the message is not marked as delivered")


def test_what_came_while_the_page_was_closed_arrives_when_it_opens(url, put):
    put("một")
    put("hai")
    stream = Stream(url)
    assert [stream.next()["reply"]["text"] for _ in range(2)] == ["một", "hai"]


def test_a_stream_goes_on_after_the_last_message_that_was_seen(url, put):
    first = put("một")
    put("hai")
    by_header = Stream(url, **{"Last-Event-ID": str(first)})
    by_address = Stream(url, after=first)
    put("ba")
    for stream in (by_header, by_address):
        assert [stream.next()["reply"]["text"] for _ in range(2)] == ["hai", "ba"]
        assert stream.nothing_more


def test_each_conversation_hears_its_own_messages_only(url, put):
    here, there = Stream(url, HERE), Stream(url, THERE)
    put("cho bên kia", THERE)
    put("cho bên này", HERE)
    assert there.next()["reply"]["text"] == "cho bên kia"
    assert here.next()["reply"]["text"] == "cho bên này"
    assert here.nothing_more and there.nothing_more


def test_every_process_delivers_whoever_wrote_the_message(settings, put):
    with serving(settings) as one, serving(settings) as two:
        streams = [Stream(one), Stream(two)]
        for text in ("một", "hai", "ba"):
            put(text)
        for stream in streams:
            assert [stream.next()["reply"]["text"] for _ in range(3)] == ["một", "hai", "ba"]


def test_many_messages_at_once_arrive_in_order(url, engine):
    stream = Stream(url)
    with transaction(engine, write=True) as session:
        for number in range(30):
            outbox.put(session, HERE, "web", {"text": str(number)})
    assert [stream.next()["reply"]["text"] for _ in range(30)] == [str(n) for n in range(30)]


def test_an_allowed_site_may_listen(url):
    stream = Stream(url, Origin="https://binhan.example.vn")
    assert stream.headers["access-control-allow-origin"] == "https://binhan.example.vn"


@pytest.mark.parametrize(
    "address", ["ngắn/events", "conversation-a/events?after=x", "conversation-a/events?after=-1"]
)
def test_a_wrong_address_is_a_4xx_with_a_reason(url, address):
    response = httpx.get(f"{url}/api/chat/{address}", timeout=SECONDS)
    assert response.status_code == 400
    assert "sai" in response.json()["error"]


def test_a_process_with_too_many_streams_says_so(url, monkeypatch):
    monkeypatch.setattr(late_messages, "MOST_STREAMS", 1)
    Stream(url)
    response = httpx.get(f"{url}/api/chat/{HERE}/events", timeout=SECONDS)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0


def test_a_stream_that_was_closed_makes_room(url, monkeypatch):
    monkeypatch.setattr(late_messages, "MOST_STREAMS", 1)
    address = f"{url}/api/chat/{HERE}/events"
    with httpx.stream("GET", address, timeout=SECONDS) as response:
        next(response.iter_lines())
    deadline = time.monotonic() + SECONDS
    status = 503
    while status == 503 and time.monotonic() < deadline:
        with httpx.stream("GET", address, timeout=SECONDS) as response:
            status = response.status_code
    assert status == 200
