"""Over real sockets: whatever a server does, there is a name for it and an end to it."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from procedures_db.exchange import errors
from procedures_db.exchange.fetching import Fetcher, check_address


class Server:
    """Hands each request to what the test wants done; counts them."""

    def __init__(self) -> None:
        self.count = 0
        self.behave: Callable[[BaseHTTPRequestHandler, int], None] = lambda handler, number: None
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.count += 1
                server.behave(self, server.count)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.socket = self._server
        self.url = f"http://127.0.0.1:{self._server.server_port}/x"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    headers = {"Content-Length": str(len(body)), **headers}
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def fetcher(waited: list[float]) -> Iterator[Fetcher]:
    fetcher = Fetcher(sleep=waited.append)
    yield fetcher
    fetcher.close()


def test_an_answer_is_handed_over_unpacked_with_its_etag(server, fetcher):
    server.behave = lambda handler, number: send(
        handler, 200, gzip.compress(b"[1]"), Content_Encoding="gzip", ETag='"a"'
    )
    fetched = fetcher.get(server.url)
    assert (fetched.body.read(), fetched.etag) == (b"[1]", '"a"')


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again_after_ever_longer_pauses(server, fetcher, waited, status):
    server.behave = lambda handler, number: send(handler, status if number < 4 else 200, b"[]")
    assert fetcher.get(server.url).body.read() == b"[]"
    assert waited == [1, 2, 4]


def test_the_source_says_how_long_to_wait_but_not_for_ever(server, fetcher, waited):
    waits = {1: "30", 2: "86400", 3: "Wed, 21 Oct 2026 07:28:00 GMT"}
    server.behave = lambda handler, number: send(
        handler, 503 if number < 4 else 200, Retry_After=waits.get(number, "")
    )
    fetcher.get(server.url)
    assert waited == [30, 60, 4]


def test_a_connection_cut_in_the_middle_is_tried_again(server, fetcher, waited):
    def cut_twice(handler: BaseHTTPRequestHandler, number: int) -> None:
        send(handler, 200, b"[1, 2", Content_Length="100" if number < 3 else "5")

    server.behave = cut_twice
    assert fetcher.get(server.url).body.read() == b"[1, 2"
    assert len(waited) == 2


def test_a_source_that_is_cut_every_time_is_given_up(server, fetcher, waited):
    server.behave = lambda handler, number: send(handler, 200, b"[1, 2", Content_Length="100")
    with pytest.raises(errors.SourceUnreachable, match="5 lần"):
        fetcher.get(server.url)
    assert waited == [1, 2, 4, 8] and server.count == 5


def test_nobody_at_the_address_is_said(server, fetcher):
    server.stop()
    with pytest.raises(errors.SourceUnreachable):
        fetcher.get(server.url)


def test_a_silent_source_is_not_waited_for_for_ever(server, waited):
    done = threading.Event()
    server.behave = lambda handler, number: done.wait(20) and None
    client = httpx.Client(timeout=0.05)
    with pytest.raises(errors.SourceUnreachable):
        Fetcher(client, sleep=waited.append).get(server.url)
    done.set()
    client.close()


def test_bytes_that_cannot_be_unpacked_are_given_up(server, fetcher):
    server.behave = lambda handler, number: send(handler, 200, b"no gzip", Content_Encoding="gzip")
    with pytest.raises(errors.SourceUnreachable):
        fetcher.get(server.url)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_final_and_tells_its_reason(server, fetcher, waited, status):
    server.behave = lambda handler, number: send(handler, status, b'{"reason": "x"}')
    with pytest.raises(errors.SourceRefused) as error:
        fetcher.get(server.url)
    assert (error.value.status, error.value.body) == (status, b'{"reason": "x"}')
    assert waited == []


def test_more_than_any_source_holds_is_not_taken(server, fetcher):
    bomb = gzip.compress(b" " * 5_000_000)
    server.behave = lambda handler, number: send(handler, 200, bomb, Content_Encoding="gzip")
    with pytest.raises(errors.TooLarge):
        fetcher.get(server.url, longest=1_000_000)
    assert server.count == 1


def test_a_redirect_is_followed_and_a_circle_is_not(server, fetcher):
    server.behave = lambda handler, number: (
        send(handler, 302, Location="/y") if number == 1 else send(handler, 200, b"[]")
    )
    assert fetcher.get(server.url).body.read() == b"[]"
    server.behave = lambda handler, number: send(handler, 302, Location="/x")
    with pytest.raises(errors.SourceUnreachable, match="chuyển địa chỉ"):
        fetcher.get(server.url)
    assert server.count == 2 + 6


@pytest.mark.parametrize(
    "target", ["ftp://x.example/", "file:///etc/passwd", "http://a:b@x.example/"]
)
def test_a_redirect_to_where_we_would_not_go_is_refused(server, fetcher, target):
    server.behave = lambda handler, number: send(handler, 302, Location=target)
    with pytest.raises(errors.BadAddress):
        fetcher.get(server.url)
    assert server.count == 1


def test_a_redirect_from_https_to_http_is_refused():
    transport = httpx.MockTransport(
        lambda request: httpx.Response(302, headers={"Location": "http://source.example/"})
    )
    with pytest.raises(errors.Untrusted):
        Fetcher(httpx.Client(transport=transport)).get("https://source.example/")


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server, fetcher, waited, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server.socket.socket = context.wrap_socket(server.socket.socket, server_side=True)
    with pytest.raises(errors.Untrusted, match="chứng chỉ"):
        fetcher.get(server.url.replace("http://", "https://"))
    assert waited == []


def self_signed(folder):
    """A certificate for 127.0.0.1 with its key, in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.mark.parametrize("url", ["https://x.example", "http://127.0.0.1:8000/a?b=c"])
def test_http_and_https_are_the_addresses_taken(url):
    assert str(check_address(url)).startswith(url)
