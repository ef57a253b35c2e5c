"""``GET /api/chat/{conversation_id}/events``: late messages and officials' replies as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.chat_api import is_id
from bot.channels.late_messages import LateMessages
from procedures_db.outbox import OutgoingMessage

PING_SECONDS = 15  # proxies close connections on which nothing is said
_LARGEST_ID = 2**63 - 1  # of a database's integer


async def events(request: Request) -> Response:
    """Stream the messages after ``Last-Event-ID`` (a browser sends it by itself) or ``?after=``."""
    conversation_id = request.path_params["conversation_id"]
    last_id = _last_id(request)
    if not is_id(conversation_id) or last_id is None:
        return JSONResponse({"error": "Mã cuộc trò chuyện hoặc mã tin cuối sai."}, status_code=400)
    late: LateMessages = request.app.state.late_messages
    if late.is_full:
        return JSONResponse(
            {"error": "Máy chủ đang bận, xin thử lại sau."},
            status_code=503,
            headers={"Retry-After": "30"},
        )
    return EventSourceResponse(_told(late, conversation_id, last_id), ping=PING_SECONDS)


async def _told(
    late: LateMessages, conversation_id: str, last_id: int
) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open", retry=3000)  # a proxy passes the headers on at once
    async for message in late.of(conversation_id, last_id):
        yield ServerSentEvent(
            data=json.dumps(as_dict(message), ensure_ascii=False), id=str(message.id)
        )


def as_dict(message: OutgoingMessage) -> dict[str, object]:
    """The message in the chat API's form (docs/architecture.md)."""
    return {
        "id": message.id,
        "kind": message.kind.value,
        "author": message.author,
        "reply": message.reply,
        "created_at": message.created_at.isoformat(),
    }


def _last_id(request: Request) -> int | None:
    given = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    if not given.isascii() or not given.isdigit() or len(given) > 19:
        return None
    return min(int(given), _LARGEST_ID)


routes = [Route("/api/chat/{conversation_id}/events", events, methods=["GET"])]
