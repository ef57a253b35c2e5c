"""``/admin/faqs``: questions often asked, with their answers, sources and the day to look at them again."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import faqs
from procedures_db.checking import today
from procedures_db.describing import as_text
from procedures_db.faqs import BadFaq, Faq, FaqNotFound, FaqState, FaqText
from procedures_db.text.folding import fold

PAGE_SIZE = 50
FIELDS = ("question", "variants", "answer", "source", "procedures", "review_by")
_GONE = "Không có câu hỏi này."


class _EditedMeanwhile(RuntimeError):
    """Somebody else saved the question since the form was opened."""

    def __init__(self, faq: Faq) -> None:
        super().__init__(str(faq.id))
        self.faq = faq


def faq_list(visit: Visit) -> Response:
    """All questions, those that are due first; by words and state."""
    words, state, page = visit.query("words")[:200], visit.query("state"), visit.page_number()
    with visit.reading() as session:
        found = faqs.every(session, state=_state(state))
    wanted, day = fold(words).split(), today()
    chosen = [
        one for one in found
        if all(word in fold(" ".join([one.question, *one.variants])) for word in wanted)
        and (state != "due" or _is_due(one))
    ]  # fmt: skip
    chosen.sort(key=lambda one: not _is_due(one))
    return visit.page(
        "admin/faqs.html", found=chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], total=len(chosen),
        page=page, size=PAGE_SIZE, words=words, state=state, states=list(FaqState), today=day,
        address=lambda number: f"/admin/faqs?{urlencode({'words': words, 'state': state, 'page': number})}",
    )  # fmt: skip


def new_form(visit: Visit) -> Response:
    typed = dict.fromkeys(FIELDS, "")
    return visit.page("admin/faq.html", faq=None, typed=typed, seen="")


def form(visit: Visit) -> Response:
    try:
        with visit.reading() as session:
            faq = faqs.get(session, visit.request.path_params["number"])
    except FaqNotFound:
        return visit.page("refused.html", status=404, sentence=_GONE)
    return visit.page("admin/faq.html", faq=faq, typed=_typed(faq), seen=_mark(faq))


def add(visit: Visit) -> Response:
    """Keep a new question, as a draft or published at once."""
    try:
        with visit.changing() as session:
            made = faqs.add(session, _text(visit), author=visit.account.username)
            visit.note(session, "faq.add", str(made.id))
            _publish(visit, session, made)
    except BadFaq as error:
        return _again(visit, None, 422, f"Chưa lưu: {error}.")
    return visit.go("/admin/faqs", "Đã lưu câu hỏi.")


def save(visit: Visit) -> Response:
    """Save what was typed, unless somebody else was faster."""
    number = visit.request.path_params["number"]
    faq: Faq | None = None
    try:
        with visit.changing() as session:
            faq = faqs.get(session, number)
            if _mark(faq) != visit.text("seen"):
                raise _EditedMeanwhile(faq)
            if faq.state is FaqState.PUBLISHED and not visit.may(Action.PUBLISH_FAQS):
                sentence = "Câu hỏi đã công bố: chỉ người duyệt được sửa."
                return visit.page("refused.html", status=403, sentence=sentence)
            saved = faqs.update(session, number, _text(visit), author=visit.account.username)
            visit.note(session, "faq.save", str(number))
            _publish(visit, session, saved)
    except FaqNotFound:
        return visit.page("refused.html", status=404, sentence=_GONE)
    except BadFaq as error:
        return _again(visit, faq, 422, f"Chưa lưu: {error}.", visit.text("seen"))
    except _EditedMeanwhile as error:
        other = error.faq
        sentence = (
            f"{other.author} vừa sửa câu hỏi này lúc {as_text(other.updated_at)}. Phần bạn gõ vẫn còn đây; "
            "câu trả lời của người kia ở dưới. Lưu lần nữa là thay bằng phần của bạn."
        )
        return _again(visit, other, 409, sentence, _mark(other))
    return visit.go("/admin/faqs", "Đã lưu câu hỏi.")


def set_state(visit: Visit) -> Response:
    """Publish, retire, take back to draft."""
    number, state = visit.request.path_params["number"], _state(visit.text("state"))
    if state is None:
        return visit.page("refused.html", status=422, sentence="Không có trạng thái này.")
    try:
        with visit.changing() as session:
            faqs.set_state(session, number, state, author=visit.account.username)
            visit.note(session, "faq.state", str(number), state=state.value)
    except FaqNotFound:
        return visit.page("refused.html", status=404, sentence=_GONE)
    return visit.go("/admin/faqs", f"Câu hỏi số {number}: {state.value}.")


def _publish(visit: Visit, session, faq: Faq) -> None:  # type: ignore[no-untyped-def]
    """Answer citizens from it at once where that button was pressed by somebody who may."""
    if visit.text("then") == "publish" and visit.may(Action.PUBLISH_FAQS):
        faqs.set_state(session, faq.id, FaqState.PUBLISHED, author=visit.account.username)
        visit.note(session, "faq.state", str(faq.id), state=FaqState.PUBLISHED.value)


def _again(visit: Visit, faq: Faq | None, status: int, wrong: str, seen: str = "") -> Response:
    typed = {name: visit.text(name) for name in FIELDS}
    theirs = faq if status == 409 else None
    return visit.page(
        "admin/faq.html", status=status, wrong=wrong, faq=faq, typed=typed, seen=seen, theirs=theirs
    )  # fmt: skip


def _text(visit: Visit) -> FaqText:
    """What was typed. Raises BadFaq."""
    return faqs.checked(
        question=visit.text("question"),
        variants=[line.strip() for line in visit.text("variants").splitlines() if line.strip()],
        answer=visit.text("answer"),
        source=visit.text("source"),
        procedures=visit.text("procedures").split(),
        review_by=visit.text("review_by") or None,
    )


def _typed(faq: Faq) -> dict[str, str]:
    return {
        "question": faq.question,
        "variants": "\n".join(faq.variants),
        "answer": faq.answer,
        "source": faq.source,
        "procedures": " ".join(faq.procedures),
        "review_by": faq.review_by.isoformat() if faq.review_by else "",
    }


def _mark(faq: Faq) -> str:
    return faq.updated_at.isoformat()


def _is_due(faq: Faq) -> bool:
    return faq.state is FaqState.PUBLISHED and faq.is_due(today())


def _state(value: str) -> FaqState | None:
    return next((state for state in FaqState if state.value == value), None)


routes = [
    ConsoleRoute("/admin/faqs", faq_list, action=Action.VIEW_FAQS),
    ConsoleRoute("/admin/faqs/new", new_form, action=Action.EDIT_FAQS),
    ConsoleRoute("/admin/faqs", add, action=Action.EDIT_FAQS, methods=["POST"]),
    ConsoleRoute("/admin/faqs/{number:int}", form, action=Action.EDIT_FAQS),
    ConsoleRoute("/admin/faqs/{number:int}", save, action=Action.EDIT_FAQS, methods=["POST"]),
    ConsoleRoute(
        "/admin/faqs/{number:int}/state", set_state, action=Action.PUBLISH_FAQS, methods=["POST"]
    ),
]
