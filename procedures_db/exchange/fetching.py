"""Fetch from a source over HTTP: patiently where waiting helps, and never more than we can take."""

from __future__ import annotations

import ssl
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

import httpx

from procedures_db.exchange.errors import (
    BadAddress,
    SourceRefused,
    SourceUnreachable,
    TooLarge,
    Untrusted,
)

LONGEST_BODY = 1 << 30  # unpacked bytes; all national procedures are 49 MB
_IN_MEMORY = 8 << 20  # larger bodies go to a temporary file
_REDIRECTS = 5
_PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before asking again
_LONGEST_PAUSE = 60.0
_TIMEOUT = httpx.Timeout(30, connect=10)  # seconds of silence
_LONGEST_REQUEST = 900.0  # seconds in all: a byte every 29 seconds would go on for ever
_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Temporary(Exception):
    """Asking again may help; ``wait`` is how long the source wants us to, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Fetched:
    """An answer of status 200 or 304; ``body`` stands at its beginning."""

    status: int
    etag: str
    body: IO[bytes]


class Fetcher:
    """Fetches; one for a whole sync, so that connections are reused."""

    def __init__(
        self, client: httpx.Client | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client = client or httpx.Client(timeout=_TIMEOUT)  # certificates are verified
        self._sleep = sleep

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        etag: str = "",
        longest: int = LONGEST_BODY,
    ) -> Fetched:
        """Return the answer. Raises SyncError of every kind that the network can cause."""
        asked = check_address(url)
        if params:
            asked = asked.copy_merge_params(dict(params))
        headers = {"If-None-Match": etag} if etag else {}
        for pause in (*_PAUSES, None):
            try:
                return self._follow(asked, headers, longest)
            except _Temporary as error:
                if pause is None:
                    raise SourceUnreachable(
                        f"{url} không trả lời được sau {len(_PAUSES) + 1} lần thử: {error}"
                    ) from error
                self._sleep(min(max(pause, error.wait), _LONGEST_PAUSE))
        raise AssertionError("unreachable")

    def _follow(self, url: httpx.URL, headers: dict[str, str], longest: int) -> Fetched:
        for _ in range(_REDIRECTS + 1):
            try:
                with self._client.stream("GET", url, headers=headers) as response:
                    target = response.next_request
                    if target is None:
                        return _read(response, longest)
            except httpx.InvalidURL as error:
                raise BadAddress(f"nguồn chuyển tới địa chỉ sai: {error}") from error
            except httpx.RequestError as error:
                raise _explained(error, url) from error
            if url.scheme == "https" and target.url.scheme != "https":
                raise Untrusted(f"{url} chuyển từ https sang {target.url}: không theo")
            url = check_address(str(target.url))
        raise SourceUnreachable(f"{url}: chuyển địa chỉ quá {_REDIRECTS} lần")


def check_address(url: str) -> httpx.URL:
    """Raises BadAddress unless the address is http(s), names a host and holds no password."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadAddress(f"địa chỉ sai: {url} ({error})") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadAddress(f"chỉ lấy dữ liệu qua http:// hoặc https://, không phải {url}")
    if parsed.userinfo:
        raise BadAddress("địa chỉ không được chứa tên đăng nhập hay mật khẩu")
    return parsed


def _read(response: httpx.Response, longest: int) -> Fetched:
    if response.status_code in _TEMPORARY:
        raise _Temporary(f"mã trạng thái {response.status_code}", _retry_after(response))
    if response.status_code not in (200, 304):
        start = _start(response)
        message = f"{response.url} từ chối, mã trạng thái {response.status_code}"
        raise SourceRefused(message, status=response.status_code, body=start)
    body: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 the caller reads it
    deadline, size = time.monotonic() + _LONGEST_REQUEST, 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > longest:
            raise TooLarge(f"{response.url} gửi quá {longest >> 20} MB")
        if time.monotonic() > deadline:
            raise _Temporary(f"chưa gửi xong sau {_LONGEST_REQUEST:.0f} giây")
        body.write(chunk)
    body.seek(0)
    return Fetched(response.status_code, response.headers.get("ETag", ""), body)


def _start(response: httpx.Response, size: int = 4096) -> bytes:
    """The first bytes of a refusal, to read its reason."""
    return next(response.iter_bytes(size), b"")


def _retry_after(response: httpx.Response) -> float:
    seconds = response.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0.0  # a date is rare: our own pause will do


def _explained(error: httpx.RequestError, url: httpx.URL) -> Exception:
    if isinstance(error, httpx.UnsupportedProtocol):
        return BadAddress(f"nguồn chuyển tới địa chỉ không phải http(s): {error}")
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Untrusted(f"chứng chỉ của {url.host} không hợp lệ: {cause.verify_message}")
        cause = cause.__cause__ or cause.__context__
    return _Temporary(str(error) or type(error).__name__)
