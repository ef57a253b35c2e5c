"""The classifier learned anew: in the background, its result first, then the swap, and the way back."""

from __future__ import annotations

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db import accounts
from procedures_db.learning_loop import classifiers, jobs
from procedures_db.learning_loop.classifiers import ClassifierNotFound

_PAGE = "/admin/learning/classifiers"


def classifiers_page(visit: Visit) -> Response:
    return visit.page("reports/classifiers.html", **_content(visit))


def state_part(visit: Visit) -> Response:
    """The state of the work alone: the page asks for it while it lasts."""
    return visit.page("reports/retraining.html", **_content(visit))


def retrain(visit: Visit) -> Response:
    with visit.changing() as session:
        number = jobs.ask(session, jobs.RETRAIN, by=visit.account.username)
        visit.note(session, "classifier.retrain", str(number))
    return visit.go(_PAGE, "Đang học lại ở phía sau; trợ lý vẫn trả lời như cũ.")


def use(visit: Visit) -> Response:
    """Put one into use; 0 is the one of the files, without what staff taught."""
    number = int(visit.request.path_params["number"])
    try:
        with visit.changing() as session:
            classifiers.use(session, number or None, by=visit.account.username)
            visit.note(session, "classifier.use", str(number))
    except ClassifierNotFound:
        raise Refused(404, "Không còn bản này.", "no such classifier") from None
    return visit.go(_PAGE, "Đã chuyển; các cuộc trò chuyện không bị gián đoạn.")


def _content(visit: Visit) -> dict:
    with visit.reading() as session:
        job = jobs.latest(session, jobs.RETRAIN)
        return {
            "kept": classifiers.every(session),
            "job": job,
            "waiting": job is not None and job.state in (jobs.WAITING, jobs.RUNNING),
            "people": accounts.names(session),
        }


routes = [
    ConsoleRoute(_PAGE, classifiers_page, action=Action.RETRAIN),
    ConsoleRoute(f"{_PAGE}/state", state_part, action=Action.RETRAIN, is_poll=True),
    ConsoleRoute(f"{_PAGE}/retrain", retrain, action=Action.RETRAIN, methods=["POST"]),
    ConsoleRoute(f"{_PAGE}/{{number:int}}/use", use, action=Action.RETRAIN, methods=["POST"]),
]
