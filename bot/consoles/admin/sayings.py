"""``/admin/sayings``: the citizen words and paraphrases that the search knows; more are proposed here, others retired."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db import procedures, sayings
from procedures_db.learning_loop import jobs, wordings
from procedures_db.learning_loop.wordings import (
    PARAPHRASE,
    WORD,
    AlreadyDecided,
    BadWording,
    WordingNotFound,
)  # fmt: skip
from procedures_db.learning_loop.words import topic_words
from procedures_db.sayings import Saying, SayingNotFound

PAGE_SIZE = 50
_PAGE = "/admin/sayings"
KINDS = {WORD: "Lời dân nói thay thuật ngữ", PARAPHRASE: "Cách hỏi một thủ tục"}
FIELDS = ("text", "terms", "code")


def sayings_page(visit: Visit) -> Response:
    """``?kind=&words=&state=&page=``."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Propose one: its effect is measured before anybody accepts it."""
    is_word = visit.text("kind") == WORD
    terms = visit.text("terms").split(",") if is_word else []
    try:
        if is_word and not visit.text("terms").strip(" ,"):
            raise BadWording("chưa ghi thuật ngữ mà lời này thay cho")
        with visit.changing() as session:
            made = wordings.propose(
                session, visit.text("code"), visit.text("text"), terms=terms,
                by=visit.account.username, words=topic_words(), origin="trang lời dân nói",
            )  # fmt: skip
            jobs.ask(session, jobs.EFFECT, by=visit.account.username, wording=made.id)
            visit.note(session, "wording.propose", str(made.id), code=made.code, terms=made.terms)
    except BadWording as error:
        return _page(visit, status=422, wrong=f"Chưa thêm được: {error}.")
    said = "Đã đề nghị. Đo tác động xong thì người duyệt đồng ý là dùng ngay."
    return visit.go(f"/admin/learning/wordings/{made.id}", said)


def retire(visit: Visit) -> Response:
    """Let a saying count no more: one of the files, or one that staff taught."""
    number = int(visit.request.path_params["number"])
    try:
        with visit.changing() as session:
            saying = sayings.get(session, number)
            if saying.taught_id is not None:
                wordings.take_back(session, saying.taught_id, by=visit.account.username)
                visit.note(session, "wording.take_back", str(saying.taught_id), text=saying.text)
            else:
                sayings.retire(session, number, by=visit.account.username)
                visit.note(session, "saying.retire", str(number), text=saying.text, target=saying.target)  # fmt: skip
    except (SayingNotFound, WordingNotFound, AlreadyDecided):
        raise _gone() from None
    return visit.go(_list_of(saying), f"Đã ngừng dùng “{saying.text}”.")


def restore(visit: Visit) -> Response:
    number = int(visit.request.path_params["number"])
    try:
        with visit.changing() as session:
            saying = sayings.restore(session, number)
            visit.note(session, "saying.restore", str(number), text=saying.text, target=saying.target)  # fmt: skip
    except SayingNotFound:
        raise _gone() from None
    return visit.go(_list_of(saying), f"Đã dùng lại “{saying.text}”.")


def _page(visit: Visit, *, status: int = 200, wrong: str = "") -> Response:
    sayings.bring_up_to_date(visit.engine)
    kind = visit.query("kind") or visit.text("kind")
    kind = kind if kind in KINDS else WORD
    words, retired, page = visit.query("words")[:200], visit.query("state") == "retired", visit.page_number()  # fmt: skip
    with visit.reading() as session:
        found = sayings.page(
            session, kind, words=words, retired=retired, page=page, per_page=PAGE_SIZE
        )
        codes = [one.target for one in found.items] if kind == PARAPHRASE else []
        names = procedures.names(session, codes)
    asked: dict[str, Any] = {"kind": kind, "words": words, "state": "retired" if retired else ""}
    return visit.page(
        "admin/sayings.html", status=status, wrong=wrong, found=found, names=names, kind=kind, kinds=KINDS,
        WORD=WORD, words=words, retired=retired, page=page, size=PAGE_SIZE,
        typed={name: visit.text(name) for name in FIELDS}, longest=wordings.LONGEST,
        address=lambda number: f"{_PAGE}?{urlencode({**asked, 'page': number})}",
    )  # fmt: skip


def _list_of(saying: Saying) -> str:
    return f"{_PAGE}?{urlencode({'kind': saying.kind})}"


def _gone() -> Refused:
    return Refused(404, "Không có lời này, hoặc người khác vừa bỏ.", "no such saying")


routes = [
    ConsoleRoute(_PAGE, sayings_page, action=Action.VIEW_WORDS),
    ConsoleRoute(_PAGE, add, action=Action.SUGGEST_WORDS, methods=["POST"]),
    ConsoleRoute(
        f"{_PAGE}/{{number:int}}/retire", retire, action=Action.ACCEPT_WORDS, methods=["POST"]
    ),
    ConsoleRoute(
        f"{_PAGE}/{{number:int}}/restore", restore, action=Action.ACCEPT_WORDS, methods=["POST"]
    ),
]
