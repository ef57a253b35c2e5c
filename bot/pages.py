"""Pages: the full-page chat, the embedding demo, the privacy notice, and one answer under its own link."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot import headings
from bot.conversation import Conversation, Question, Reply, new_conversation_id
from bot.housekeeping import KEEP_MESSAGES, KEEP_REPLIES
from bot.rate_limits import TooManyQuestions
from bot.settings import Settings

_FOLDER = Path(__file__).parent
_templates = Jinja2Templates(_FOLDER / "templates")
_static = StaticFiles(directory=_FOLDER / "static", check_dir=False)

# As in `actions`, which this package does not import; a test compares the two.
ASPECTS = ("documents", "fee", "time", "place", "online", "steps", "conditions", "result", "legal", "form", "overview")  # fmt: skip
_MOST_ASPECTS = 4  # of one link: each is a question to Rasa
_CODE = re.compile(r"^\d\.\d{6}$")
_EVENT = re.compile(r"^[\w\-]{1,64}$", re.ASCII)
_REASONS = {429: "Bạn chờ một lát", 503: "Trợ lý đang bận"}  # why a page has no answer now
_LINK = re.compile(r"(https?://[^\s]+[^\s.,;)])")
_MARKS = {"☐ ": "papers", "- ": "points"}
_CASE = "Trường hợp: "
Parts = list[tuple[str, str]]  # plain text, the address that follows it
Lines = tuple[str, list[Parts]]  # what kind of lines, the lines
_SHORT = {"Cache-Control": "public, max-age=300"}


def chat_page(request: Request) -> Response:
    """The full-page chat; ``?q=`` asks at once when it is a button's payload, else fills the field."""
    return _templates.TemplateResponse(request, "chat.html")


def demo_page(request: Request) -> Response:
    """A page of some commune with the assistant on it, and the code that put it there."""
    address = str(request.base_url).rstrip("/")
    return _templates.TemplateResponse(request, "demo.html", {"address": address})


def privacy_page(request: Request) -> Response:
    """What is kept, where and how long."""
    chosen: Settings = request.app.state.settings
    kept = {
        "reply_hours": int(KEEP_REPLIES.total_seconds() // 3600),
        "message_days": KEEP_MESSAGES.days,
        "question_days": chosen.keep_questions_days,
        "conversation_days": chosen.keep_conversations_days,
        "telegram_days": chosen.telegram_retention_days if request.app.state.telegram else 0,
    }
    return _templates.TemplateResponse(request, "privacy.html", kept)


async def answer_page(request: Request) -> Response:
    """``/tra-loi/CODE/ASPECT[,ASPECT]``: what the assistant answers, as a page to send, read or print."""
    code = request.path_params["code"]
    aspects = list(dict.fromkeys(request.path_params["aspects"].split(",")))
    known = set(aspects) <= set(ASPECTS) and len(aspects) <= _MOST_ASPECTS
    if not known or not _CODE.fullmatch(code):
        return _no_answer(request, 404)
    return await _answer(request, [f"@{aspect} {code}" for aspect in aspects])


async def event_page(request: Request) -> Response:
    """``/tra-loi/su-kien/EVENT``: the plan of a life event, as a page."""
    event = request.path_params["event"]
    return await _answer(request, [f"@event {event}"]) if _EVENT.fullmatch(event) else _no_answer(request, 404)  # fmt: skip


async def _answer(request: Request, payloads: list[str]) -> Response:
    """Ask each payload as if its button had been pressed, each counted as a question."""
    conversation: Conversation = request.app.state.conversation
    replies: list[Reply] = []
    for payload in payloads:
        try:
            await request.app.state.rate_limits.admit_request(request, None)
        except TooManyQuestions as refused:
            return _too_many(request, refused)
        question = Question(new_conversation_id(), payload, channel="link")
        replies += await conversation.answer(question)
    outcomes = {reply.outcome for reply in replies}
    if outcomes != {"answer"}:
        return _no_answer(request, 503 if "unavailable" in outcomes else 404, replies)
    content = {
        "title": _title(replies[0]),
        "code": "" if "kind" in replies[0].card else replies[0].procedures[0]["code"],
        "sections": [section for reply in replies for section in sections(reply)],
        "source": parts(replies[0].text.rpartition("\n\n")[2]),
        "payload": payloads[0],
    }
    return _templates.TemplateResponse(request, "answer.html", content, headers=_SHORT)


def _title(reply: Reply) -> str:
    """A plan's first line; else the procedure's name, without the code that stands behind it in the text."""
    return reply.text.split("\n")[0] if "kind" in reply.card else reply.procedures[0]["name"]


def _too_many(request: Request, refused: TooManyQuestions) -> Response:
    text = request.app.state.wording.say("utter_too_many", seconds=refused.retry_after)
    page = _no_answer(request, 429, text=text)
    page.headers["Retry-After"] = str(refused.retry_after)
    return page


def _no_answer(
    request: Request, status: int, replies: list[Reply] | None = None, *, text: str = ""
) -> Response:
    said = text or (replies[0].text if replies else "Không có trang này.")
    title = _REASONS.get(status, "Không có câu trả lời ở địa chỉ này")
    return _templates.TemplateResponse(
        request, "no_answer.html", {"title": title, "text": said}, status_code=status
    )


def sections(reply: Reply) -> list[tuple[str, list[Lines]]]:
    """An answer's text without title and source, as (heading, its lines); headings may be empty."""
    known = headings.titles(reply)
    title, *body = reply.text.split("\n\n")[:-1]
    opening = title.partition("\n")[2]
    divided = [headings.split(block, known) for block in body]
    return [(heading, lines(rest)) for heading, rest in [("", opening)] * bool(opening) + divided]


def lines(text: str) -> list[Lines]:
    """Lines of one kind together: "papers" (☐), "points" (-), "case", else "text"; each cut into parts."""
    marked = [_marked(line) for line in text.split("\n") if line]
    return [
        (kind, [parts(line) for _, line in group])
        for kind, group in groupby(marked, key=lambda one: one[0])
    ]


def _marked(line: str) -> tuple[str, str]:
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            return kind, line[len(mark) :]
    return "case" if line.startswith(_CASE) else "text", line


def parts(text: str) -> Parts:
    """Cut a text into (plain text, address that follows it or "")."""
    cut = _LINK.split(text)
    return [(cut[i], cut[i + 1] if i + 1 < len(cut) else "") for i in range(0, len(cut), 2)]


async def widget_script(request: Request) -> Response:
    """The widget, as built from widget/; browsers ask again after five minutes whether it changed."""
    response = await _static.get_response("widget.js", request.scope)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


routes = [
    Route("/", chat_page),
    Route("/demo", demo_page),
    Route("/privacy", privacy_page),
    Route("/tra-loi/su-kien/{event}", event_page),
    Route("/tra-loi/{code}/{aspects}", answer_page),
    Route("/widget.js", widget_script),
    Mount("/static", _static),
]
