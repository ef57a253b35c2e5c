"""What the tests of the web application share: a Rasa that is none."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.fake_rasa import FakeRasa


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
