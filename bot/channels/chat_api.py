"""The chat API (docs/architecture.md): ``POST /api/chat``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.channels.answered_once import AnsweredOnce, Replies, StillAnswering
from bot.conversation import Conversation, Question, new_conversation_id
from procedures_db.text.folding import normalize

MAX_BODY_BYTES = 64 * 1024
_ID = re.compile(r"^[\w\-]{8,64}$", re.ASCII)
_RETRY_AFTER_SECONDS = 1
_LONGEST_PLACE = 120


class BadRequest(ValueError):
    """The request is not of the contract's form; the message is for the page's developer."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Message:
    """What a client posts. With a ``message_id`` it may post it again and is not answered twice."""

    conversation_id: str | None
    text: str
    message_id: str | None
    commune: str = ""  # of the page, as the page says
    province: str = ""  # likewise


async def post_message(request: Request) -> JSONResponse:
    """Answer one message. 200 with replies, or 4xx with ``{"error": …}``; 409: ask again soon.

    Raises TooManyQuestions, which is answered 429.
    """
    try:
        message = _parse(await _body(request))
    except BadRequest as error:
        return JSONResponse({"error": str(error)}, status_code=error.status)
    conversation_id = message.conversation_id or new_conversation_id()
    try:
        replies = await _answer(request, conversation_id, message)
    except StillAnswering:
        return JSONResponse(
            {"error": "Tin nhắn này đang được trả lời, xin hỏi lại sau giây lát."},
            status_code=409,
            headers={"Retry-After": str(_RETRY_AFTER_SECONDS)},
        )
    return JSONResponse({"conversation_id": conversation_id, "replies": replies})


async def _answer(request: Request, conversation_id: str, message: Message) -> Replies:
    await request.app.state.rate_limits.admit_request(request, message.conversation_id)
    conversation: Conversation = request.app.state.conversation
    once: AnsweredOnce = request.app.state.answered_once

    async def ask() -> Replies:
        question = Question(
            conversation_id, message.text, channel="web",
            commune=message.commune, province=message.province, site=_site(request),
        )  # fmt: skip
        return [reply.as_dict() for reply in await conversation.answer(question)]

    if message.message_id is None:
        return await ask()
    return await once.replies(conversation_id, message.message_id, ask)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadRequest(f"Nội dung gửi lên quá lớn (tối đa {MAX_BODY_BYTES} byte).", 413)
    return body


def _parse(body: bytes) -> Message:
    try:
        content: Any = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, a number of 4,301 digits
        raise BadRequest("Nội dung gửi lên phải là JSON mã hóa UTF-8.") from error
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise BadRequest('Cần một đối tượng JSON có "text" là chuỗi.')
    return Message(
        conversation_id=_id(content, "conversation_id"),
        text=content["text"],
        message_id=_id(content, "message_id"),
        commune=_place(content, "commune"),
        province=_place(content, "province"),
    )


def _place(content: dict[str, Any], name: str) -> str:
    given = content.get(name)
    return normalize(given)[:_LONGEST_PLACE] if isinstance(given, str) else ""


def _site(request: Request) -> str:
    """The host of the page that embeds the assistant; empty on our own pages."""
    host = urlsplit(request.headers.get("origin", "")).netloc
    return "" if host == request.url.netloc else host[:_LONGEST_PLACE]


def _id(content: dict[str, Any], name: str) -> str | None:
    value = content.get(name)
    if value is None or is_id(value):
        return value
    raise BadRequest(f'"{name}" phải gồm 8–64 chữ cái không dấu, chữ số, "_" hoặc "-", hoặc null.')


def is_id(value: Any) -> bool:
    """Whether it has the form of the ids of conversations and messages."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


routes = [Route("/api/chat", post_message, methods=["POST"])]
