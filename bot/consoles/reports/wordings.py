"""Wordings taught: what waits for a decision, its measured effect, the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db import accounts
from procedures_db.learning_loop import cases, jobs, wordings
from procedures_db.learning_loop.wordings import (
    ACCEPTED,
    PROPOSED,
    REFUSED,
    AlreadyDecided,
    EffectUnknown,
    Wording,
    WordingNotFound,
)

PER_PAGE = 20
_PAGE = "/admin/learning/wordings"
STATES = {PROPOSED: "chờ duyệt", ACCEPTED: "đang dùng", REFUSED: "không dùng"}


def wordings_page(visit: Visit) -> Response:
    """``?state=&page=``."""
    state = visit.query("state", PROPOSED)
    state = state if state in STATES else PROPOSED
    page = visit.page_number()
    with visit.reading() as session:
        found = wordings.page(session, state=state, page=page, per_page=PER_PAGE)
        people, kept = accounts.names(session), cases.count(session)
    last = max(1, -(-found.total // PER_PAGE))
    return visit.page(
        "reports/wordings.html", found=found, state=state, states=STATES, number=page, last=last,
        people=people, kept=kept,
    )  # fmt: skip


def wording_page(visit: Visit) -> Response:
    return visit.page("reports/wording.html", **_content(visit))


def effect_part(visit: Visit) -> Response:
    """The effect alone: the page asks for it until it is measured."""
    return visit.page("reports/effect.html", **_content(visit))


def measure(visit: Visit) -> Response:
    """Measure (again)."""
    number = _number(visit)
    with visit.changing() as session:
        _found(session, number)
        jobs.ask(session, jobs.EFFECT, by=visit.account.username, wording=number)
    return visit.go(f"{_PAGE}/{number}", "Đang đo tác động.")


def accept(visit: Visit) -> Response:
    return _decide(
        visit, wordings.accept, "wording.accept", "Đã duyệt: trợ lý hiểu ngay từ bây giờ."
    )


def refuse(visit: Visit) -> Response:
    return _decide(visit, wordings.refuse, "wording.refuse", "Đã từ chối cách nói này.")


def take_back(visit: Visit) -> Response:
    return _decide(visit, wordings.take_back, "wording.take_back", "Đã thôi dùng cách nói này.")


def _decide(visit: Visit, deed: Callable[..., Wording], action: str, said: str) -> Response:
    number = _number(visit)
    try:
        with visit.changing() as session:
            deed(session, number, by=visit.account.username)
            visit.note(session, action, str(number))
    except WordingNotFound:
        raise _gone() from None
    except AlreadyDecided as error:
        wrong = f"{error.by or 'Người khác'} đã quyết định rồi: {STATES[error.state]}."
        return visit.page("reports/wording.html", status=409, wrong=wrong, **_content(visit))
    except EffectUnknown:
        wrong = "Chưa đo xong tác động: xin chờ rồi duyệt."
        return visit.page("reports/wording.html", status=409, wrong=wrong, **_content(visit))
    return visit.go(_PAGE, said)


def _content(visit: Visit) -> dict[str, Any]:
    number = _number(visit)
    with visit.reading() as session:
        wording = _found(session, number)
        job = jobs.latest(session, jobs.EFFECT, wording=number)
        people = accounts.names(session)
    waiting = job is not None and job.state in (jobs.WAITING, jobs.RUNNING)
    return {
        "wording": wording,
        "effect": wording.effect,
        "job": job,
        "waiting": waiting,
        "people": people,
        "states": STATES,
    }


def _found(session: Session, number: int) -> Wording:
    try:
        return wordings.get(session, number)
    except WordingNotFound:
        raise _gone() from None


def _number(visit: Visit) -> int:
    return int(visit.request.path_params["number"])


def _gone() -> Refused:
    return Refused(404, "Không có cách nói này.", "no such wording")


_ONE = f"{_PAGE}/{{number:int}}"

routes = [
    ConsoleRoute(_PAGE, wordings_page, action=Action.VIEW_WORDS),
    ConsoleRoute(_ONE, wording_page, action=Action.VIEW_WORDS),
    ConsoleRoute(f"{_ONE}/effect", effect_part, action=Action.VIEW_WORDS, is_poll=True),
    ConsoleRoute(f"{_ONE}/measure", measure, action=Action.SUGGEST_WORDS, methods=["POST"]),
    ConsoleRoute(f"{_ONE}/accept", accept, action=Action.ACCEPT_WORDS, methods=["POST"]),
    ConsoleRoute(f"{_ONE}/refuse", refuse, action=Action.ACCEPT_WORDS, methods=["POST"]),
    ConsoleRoute(f"{_ONE}/take-back", take_back, action=Action.ACCEPT_WORDS, methods=["POST"]),
]
