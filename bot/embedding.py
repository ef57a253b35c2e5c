"""Which sites may embed the assistant: the chat API answers to them and refuses other sites (CORS)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
_PREFLIGHT_SECONDS = 24 * 60 * 60
_ORIGIN = re.compile(r"^https?://(?:\*\.)?[a-z0-9.\-\[\]:]+$")


class OriginError(ValueError):
    """What was configured is no origin; the message is for the administrator."""


class Origins:
    """Allowed origins: ``https://xa.example.vn``, or ``https://*.example.vn`` for every sub-domain."""

    def __init__(self, given: Iterable[str]) -> None:
        self._exact: set[str] = set()
        self._endings: set[tuple[str, str]] = set()  # ("https://", ".example.vn")
        for origin in given:
            scheme, star, domain = _checked(origin).partition("*")
            if star:
                self._endings.add((scheme, domain))
            else:
                self._exact.add(scheme)

    @classmethod
    def read(cls, text: str) -> Origins:
        """Read a list separated by commas or spaces. Raises OriginError."""
        return cls(text.replace(",", " ").split())

    def allow(self, origin: str) -> bool:
        origin = origin.lower()
        return origin in self._exact or any(
            origin.startswith(scheme) and origin.endswith(domain) and _is_plain(origin)
            for scheme, domain in self._endings
        )


def _checked(origin: str) -> str:
    origin = origin.lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin) or origin.endswith("//*."):
        raise OriginError(f"“{origin}” không phải địa chỉ gốc như https://xa.example.vn")
    return origin


def _is_plain(origin: str) -> bool:
    """Whether it has the form that browsers send: nothing but scheme, host and port."""
    return "*" not in origin and _ORIGIN.fullmatch(origin) is not None


class EmbeddingSites:
    """ASGI middleware: answers preflights, lets allowed sites read answers, refuses the rest with 403.

    The site's own pages always may. A request without an Origin comes from no foreign page.
    """

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        if origin is None or not scope["path"].startswith(API) or _is_own(origin, headers):
            await self._app(scope, receive, send)
        elif not self._origins.allow(origin):
            await _refusal(origin)(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(origin)(scope, receive, send)
        else:
            await self._app(scope, receive, _readable_by(origin, send))


async def permission(request: Request) -> JSONResponse:
    """``/embedding``: whether the asking page may embed. Every page may read this answer.

    To a page that is refused, a refusal looks like a lost connection: here its script learns which.
    """
    origin = request.headers.get("origin", "")
    origins: Origins = request.app.state.settings.embedding_origins
    allowed = not origin or _is_own(origin, request.headers) or origins.allow(origin)
    content: dict[str, object] = {"allowed": allowed}
    if not allowed:
        content["error"] = _refused(origin)
    return JSONResponse(
        content, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    )


def _is_own(origin: str, headers: Headers) -> bool:
    # Behind a proxy that ends TLS our own scheme is not known; host and port tell enough.
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


def _readable_by(origin: str, send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Retry-After"
            headers.add_vary_header("Origin")
        await send(message)

    return send_with_headers


def _preflight(origin: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type, Last-Event-ID",
            "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
            "Vary": "Origin",
        },
    )


def _refusal(origin: str) -> Response:
    return JSONResponse({"error": _refused(origin)}, status_code=403, headers={"Vary": "Origin"})


def _refused(origin: str) -> str:
    return (
        f"Trang {origin} chưa được phép nhúng trợ lý. "
        "Quản trị viên thêm địa chỉ này vào MOTCUA_ALLOWED_ORIGINS."
    )


routes = [Route("/embedding", permission)]
