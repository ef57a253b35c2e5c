"""Canned answers: kept by the staff, inserted into answers."""

from __future__ import annotations

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db import accounts, canned_answers
from procedures_db.canned_answers import BadCannedAnswer, CannedAnswerNotFound

_PAGE = "/staff/canned"


def canned_page(visit: Visit) -> Response:
    return _page(visit)


def add(visit: Visit) -> Response:
    fields = {name: visit.text(name) for name in ("title", "text", "office")}
    try:
        with visit.changing() as session:
            made = canned_answers.add(session, **fields, by=visit.account.username)
            visit.note(session, "canned.add", str(made.id))
    except BadCannedAnswer as error:
        return _page(visit, wrong=f"Chưa lưu: {error}.", status=422, typed=fields)
    return visit.go(_PAGE, "Đã thêm câu mẫu.")


def save(visit: Visit) -> Response:
    number = int(visit.request.path_params["number"])
    fields = {name: visit.text(name) for name in ("title", "text", "office")}
    try:
        with visit.changing() as session:
            canned_answers.update(session, number, **fields, by=visit.account.username)
            visit.note(session, "canned.change", str(number))
    except CannedAnswerNotFound:
        raise _gone() from None
    except BadCannedAnswer as error:
        return _page(visit, wrong=f"Chưa lưu: {error}.", status=422, typed={**fields, "id": number})
    return visit.go(_PAGE, "Đã lưu câu mẫu.")


def remove(visit: Visit) -> Response:
    number = int(visit.request.path_params["number"])
    try:
        with visit.changing() as session:
            gone = canned_answers.remove(session, number)
            visit.note(session, "canned.remove", str(number), title=gone.title)
    except CannedAnswerNotFound:
        raise _gone() from None
    return visit.go(_PAGE, "Đã xóa câu mẫu.")


def _page(visit: Visit, *, wrong: str = "", status: int = 200, typed: dict | None = None) -> Response:  # fmt: skip
    with visit.reading() as session:
        content = {
            "answers": canned_answers.every(session, office=visit.query("office") or None),
            "people": accounts.names(session),
        }
    return visit.page("staff/canned.html", status=status, wrong=wrong, typed=typed or {}, **content)


def _gone() -> Refused:
    return Refused(404, "Không có câu mẫu này.", "no such canned answer")


routes = [
    ConsoleRoute(_PAGE, canned_page, action=Action.WRITE_CANNED_ANSWERS),
    ConsoleRoute(_PAGE, add, action=Action.WRITE_CANNED_ANSWERS, methods=["POST"]),
    ConsoleRoute(
        f"{_PAGE}/{{number:int}}", save, action=Action.WRITE_CANNED_ANSWERS, methods=["POST"]
    ),
    ConsoleRoute(
        f"{_PAGE}/{{number:int}}/remove", remove, action=Action.WRITE_CANNED_ANSWERS, methods=["POST"]
    ),
]  # fmt: skip
