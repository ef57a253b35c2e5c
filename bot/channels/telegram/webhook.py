"""The address that Telegram calls when a webhook is set."""

from __future__ import annotations

import hashlib
import hmac
import json

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PATH = "/telegram/webhook"
MAX_BODY_BYTES = 256 * 1024  # an update is a few kilobytes
_HEADER = "X-Telegram-Bot-Api-Secret-Token"

logger = structlog.get_logger()


def secret_of(token: str) -> str:
    """The secret that Telegram sends along: made from the token, so that all processes know the same."""
    return hmac.new(token.encode(), b"motcua webhook", hashlib.sha256).hexdigest()


def is_genuine(given: str, expected: str) -> bool:
    """Compare in constant time; two empty secrets are equal to ``compare_digest``, so refuse them first."""
    return bool(given and expected) and hmac.compare_digest(given.encode(), expected.encode())


async def receive(request: Request) -> Response:
    """200 once the update is stored; anything else makes Telegram send it again."""
    channel = request.app.state.telegram
    if channel is None or not channel.by_webhook:
        return JSONResponse({"error": "Không có trang này."}, status_code=404)
    if not is_genuine(request.headers.get(_HEADER, ""), channel.webhook_secret):
        return JSONResponse({"error": "Không được phép."}, status_code=403)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return JSONResponse({"error": "Nội dung gửi lên quá lớn."}, status_code=413)
    try:
        update = json.loads(body)
    except ValueError:
        return JSONResponse({"error": "Nội dung gửi lên phải là JSON."}, status_code=400)
    if not channel.is_known:  # who we are decides what is meant for us: Telegram tries again
        return JSONResponse({"error": "Chưa sẵn sàng."}, status_code=503)
    await channel.accept([update])
    return Response()


routes = [Route(PATH, receive, methods=["POST"])]
