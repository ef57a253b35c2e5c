"""Real questions by meaning, the badly answered first: each gets its procedure, or is no procedure's."""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db import browsing, procedures
from procedures_db.browsing import Filter, Listed
from procedures_db.changes import State
from procedures_db.learning_loop import cases, jobs, topics, wordings
from procedures_db.learning_loop.topics import OPEN, SETTLED, TopicNotFound
from procedures_db.learning_loop.wordings import BadWording
from procedures_db.learning_loop.words import topic_words
from procedures_db.text.folding import fold

PER_PAGE = 20
_FOUND = 8  # procedures shown for some words
_PAGE = "/admin/learning"


def topics_page(visit: Visit) -> Response:
    """``?state=open|settled&q=&page=``."""
    state = SETTLED if visit.query("state") == SETTLED else OPEN
    words, page = visit.query("q")[:100], visit.page_number()
    with visit.reading() as session:
        found = topics.worst(
            session, state=state, words=fold(words).split(), page=page, per_page=PER_PAGE
        )
        names = procedures.names(session, [one.code for one in found.items if one.code])
        waiting = wordings.page(session, per_page=1).total
    last = max(1, -(-found.total // PER_PAGE))
    return visit.page(
        "reports/topics.html", found=found, state=state, words=words, number=page, last=last,
        names=names, waiting=waiting,
    )  # fmt: skip


def topic_page(visit: Visit) -> Response:
    """``?q=`` looks for a procedure that the assistant did not think of."""
    return _page(visit)


def assign(visit: Visit) -> Response:
    """The right procedure: a wording to be weighed, and a case that later changes are measured on."""
    number, by = _number(visit), visit.account.username
    try:
        with visit.changing() as session:
            topics.get(session, number)
            made = wordings.propose(
                session, visit.text("code"), visit.text("text"), by=by, words=topic_words(),
                origin=f"nhóm {number}", topic=number,
            )  # fmt: skip
            jobs.ask(session, jobs.EFFECT, by=by, wording=made.id)
            topics.settle(session, number, by=by, code=made.code)
            visit.note(session, "wording.propose", str(made.id), code=made.code, topic=number)
    except TopicNotFound:
        raise _gone() from None
    except BadWording as error:
        return _page(visit, wrong=f"Chưa gán được: {error}.", status=422)
    said = "Đã đề nghị dạy. Tác động đang được đo; xem rồi mới duyệt."
    return visit.go(f"{_PAGE}/wordings/{made.id}", said)


def no_procedure(visit: Visit) -> Response:
    """It is about no procedure: kept as a case that must not be answered with one."""
    number, by = _number(visit), visit.account.username
    try:
        with visit.changing() as session:
            sample = topics.get(session, number).sample
            cases.add_out_of_scope(session, visit.text("text") or sample, by=by)
            topics.settle(session, number, by=by)
            visit.note(session, "topic.no_procedure", str(number))
    except TopicNotFound:
        raise _gone() from None
    return visit.go(_PAGE, "Đã ghi là câu hỏi ngoài thủ tục hành chính.")


def settle(visit: Visit) -> Response:
    """Nothing to learn from it; it comes back if it goes wrong again."""
    return _change(visit, topics.settle, "topic.settle", "Đã bỏ qua nhóm này.")


def reopen(visit: Visit) -> Response:
    def deed(session, number: int, *, by: str) -> None:  # type: ignore[no-untyped-def]
        topics.reopen(session, number)

    return _change(visit, deed, "topic.reopen", "Đã đưa nhóm này trở lại danh sách.")


def cases_file(visit: Visit) -> Response:
    """The accepted cases, for ``motcua eval``."""
    with visit.reading() as session:
        lines = "".join(cases.as_jsonl(session))
    headers = {"Content-Disposition": 'attachment; filename="motcua-cases.jsonl"'}
    return Response(lines, media_type="application/x-ndjson", headers=headers)


def _change(visit: Visit, deed, action: str, said: str) -> Response:  # type: ignore[no-untyped-def]
    number = _number(visit)
    try:
        with visit.changing() as session:
            deed(session, number, by=visit.account.username)
            visit.note(session, action, str(number))
    except TopicNotFound:
        raise _gone() from None
    return visit.go(_PAGE, said)


def _page(visit: Visit, *, wrong: str = "", status: int = 200) -> Response:
    words = visit.query("q")[:200] or visit.text("code")
    try:
        with visit.reading() as session:
            topic = topics.get(session, _number(visit))
            asked = topics.questions_of(session, topic.id)
            offered = list(dict.fromkeys(code for one in asked for code in one.codes))[:8]
            names = procedures.names(session, [*offered, topic.code])
            found = _found(session, words) if words else []
    except TopicNotFound:
        raise _gone() from None
    chosen = visit.text("text") or (asked[0].text if asked else topic.sample)
    return visit.page(
        "reports/topic.html", status=status, wrong=wrong, topic=topic, asked=asked,
        offered=[code for code in offered if code in names], names=names, chosen=chosen,
        words=words, found=found,
    )  # fmt: skip


def _found(session: Session, words: str) -> list[Listed]:
    wanted = Filter(words=words, state=State.PUBLISHED.value)
    return browsing.procedures(session, wanted, size=_FOUND).items


def _number(visit: Visit) -> int:
    return int(visit.request.path_params["number"])


def _gone() -> Refused:
    return Refused(404, "Không còn nhóm câu hỏi này.", "no such topic")


_TOPIC = f"{_PAGE}/topics/{{number:int}}"
_POST, _REVIEW = ["POST"], Action.REVIEW_QUESTIONS

routes = [
    ConsoleRoute(_PAGE, topics_page, action=_REVIEW),
    ConsoleRoute(f"{_PAGE}/cases.jsonl", cases_file, action=_REVIEW),
    ConsoleRoute(_TOPIC, topic_page, action=_REVIEW),
    ConsoleRoute(f"{_TOPIC}/assign", assign, action=_REVIEW, methods=_POST),
    ConsoleRoute(f"{_TOPIC}/no-procedure", no_procedure, action=_REVIEW, methods=_POST),
    ConsoleRoute(f"{_TOPIC}/settle", settle, action=_REVIEW, methods=_POST),
    ConsoleRoute(f"{_TOPIC}/reopen", reopen, action=_REVIEW, methods=_POST),
]
