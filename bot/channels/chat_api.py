"""The chat API (docs/architecture.md): ``POST /api/chat``."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.conversation import Conversation, Question, new_conversation_id

MAX_BODY_BYTES = 64 * 1024
_CONVERSATION_ID = re.compile(r"^[\w\-]{8,64}$", re.ASCII)


class BadRequest(ValueError):
    """The request is not of the contract's form; the message is for the page's developer."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


async def post_message(request: Request) -> JSONResponse:
    """Answer one message. 200 with replies, or 4xx with ``{"error": …}``."""
    try:
        conversation_id, text = _parse(await _body(request))
    except BadRequest as error:
        return JSONResponse({"error": str(error)}, status_code=error.status)
    conversation: Conversation = request.app.state.conversation
    conversation_id = conversation_id or new_conversation_id()
    replies = await conversation.answer(Question(conversation_id, text, channel="web"))
    return JSONResponse(
        {"conversation_id": conversation_id, "replies": [reply.as_dict() for reply in replies]}
    )


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadRequest(f"Nội dung gửi lên quá lớn (tối đa {MAX_BODY_BYTES} byte).", 413)
    return body


def _parse(body: bytes) -> tuple[str | None, str]:
    try:
        content: Any = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, a number of 4,301 digits
        raise BadRequest("Nội dung gửi lên phải là JSON mã hóa UTF-8.") from error
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise BadRequest('Cần một đối tượng JSON có "text" là chuỗi.')
    conversation_id = content.get("conversation_id")
    if conversation_id is None:
        return None, content["text"]
    if not isinstance(conversation_id, str) or not _CONVERSATION_ID.fullmatch(conversation_id):
        raise BadRequest('"conversation_id" phải là mã do hệ thống cấp, hoặc null.')
    return conversation_id, content["text"]


routes = [Route("/api/chat", post_message, methods=["POST"])]
