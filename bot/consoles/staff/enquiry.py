"""One enquiry: what was said, who answers, the answer on its way to the citizen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.staff.queue import CHANNELS, STATUSES, fingerprint
from bot.consoles.visit import Visit
from procedures_db import accounts, canned_answers, enquiries, faqs, procedures, staff_absences
from procedures_db.enquiry import AlreadyClosed, AlreadyTaken, EnquiryNotFound, NotYours
from procedures_db.enquiry_replies import through_outbox
from procedures_db.faqs import BadFaq
from procedures_db.learning_loop import jobs, wordings
from procedures_db.learning_loop.wordings import BadWording
from procedures_db.learning_loop.words import topic_words
from procedures_db.working_hours import today

LONGEST_ANSWER = 3_000
_OFFICIAL = "Cán bộ"
EVENTS = {
    "opened": "người dân gửi yêu cầu",
    "taken": "nhận xử lý",
    "released": "trả lại hàng chờ",
    "taken_over": "trực tiếp trả lời, trợ lý tự động im lặng",
    "handed_back": "giao lại cho trợ lý tự động",
    "idle": "quá 15 phút không nhắn: trợ lý tự động trả lời tiếp",
    "answered": "trả lời xong",
    "closed": "đóng yêu cầu",
}

Deed = Callable[[Session, int, str], Any]


def enquiry_page(visit: Visit) -> Response:
    return _page(visit, number_of(visit))


def talk_part(visit: Visit) -> Response:
    """The conversation, and what may be done now: the page asks for them every few seconds; 204 when both
    are as it shows them."""
    with visit.reading() as session:
        content = _content(visit, session, number_of(visit))
    if content["seen"] == visit.query("seen"):
        return Response(status_code=204)
    return visit.page("staff/talk_part.html", **content)


def take(visit: Visit) -> Response:
    """Become its owner; who comes second is told who was first."""

    def deed(session: Session, number: int, staff: str) -> None:
        enquiries.take(session, number, staff, away=staff_absences.away(session, today()))

    return _do(visit, deed, "enquiry.take", "Bạn đang xử lý yêu cầu này.")


def release(visit: Visit) -> Response:
    return _do(visit, enquiries.release, "enquiry.release", "Đã trả lại hàng chờ.", to="/staff")


def take_over(visit: Visit) -> Response:
    """Talk to the citizen directly: the bot is silent, the citizen sees who answers."""

    def deed(session: Session, number: int, staff: str) -> None:
        enquiries.take(session, number, staff, away=staff_absences.away(session, today()))
        enquiries.take_over(session, number, staff, author=shown_name(visit))

    said = "Bạn đang trực tiếp trả lời; trợ lý tự động im lặng."
    return _do(visit, deed, "enquiry.take_over", said)


def hand_back(visit: Visit) -> Response:
    said = "Trợ lý tự động trả lời tiếp."
    return _do(visit, enquiries.hand_back, "enquiry.hand_back", said)


def say(visit: Visit) -> Response:
    """Send a message; the enquiry stays open."""
    return _send(visit, enquiries.say, "enquiry.say", "Đã gửi tin nhắn cho người dân.")


def answer(visit: Visit) -> Response:
    """Send the answer: the enquiry is settled, the bot speaks again."""
    return _send(visit, enquiries.answer, "enquiry.answer", "Đã gửi câu trả lời cho người dân.")


def close(visit: Visit) -> Response:
    return _do(visit, enquiries.close, "enquiry.close", "Đã đóng yêu cầu.", to="/staff")


def make_faq(visit: Visit) -> Response:
    """Keep question and answer as a draft for who approves them."""
    number = number_of(visit)
    try:
        with visit.changing() as session:
            found = enquiries.get(session, number)
            text = faqs.checked(
                question=visit.text("question") or found.question[:500],
                answer=visit.text("answer") or found.answer or "",
                source=visit.text("source"),
                procedures=tuple(found.codes[:1]),
            )
            made = faqs.add(session, text, author=visit.account.username)
            visit.note(session, "faq.add", str(made.id), enquiry=number)
    except BadFaq as error:
        return _page(visit, number, wrong=f"Chưa lập được câu hỏi thường gặp: {error}", status=422)
    except EnquiryNotFound:
        raise _gone() from None
    return visit.go(_address(number), "Đã lập bản nháp câu hỏi thường gặp, chờ duyệt.")


def teach(visit: Visit) -> Response:
    """Propose the citizen's wording for a procedure, or a word of it for a term; its effect is measured
    before anybody accepts it."""
    number = number_of(visit)
    try:
        with visit.changing() as session:
            found = enquiries.get(session, number)
            made = wordings.propose(
                session, visit.text("code"), visit.text("text") or found.question,
                by=visit.account.username, words=topic_words(), origin=f"yêu cầu {number}",
                terms=visit.text("terms").split(","),
            )  # fmt: skip
            jobs.ask(session, jobs.EFFECT, by=visit.account.username, wording=made.id)
            visit.note(session, "wording.propose", str(made.id), code=made.code, enquiry=number)
    except BadWording as error:
        return _page(visit, number, wrong=f"Chưa dạy được: {error}.", status=422)
    except EnquiryNotFound:
        raise _gone() from None
    means = ", ".join(made.terms) or f"thủ tục {made.code}"
    return visit.go(_address(number), f"Đã đề nghị dạy “{made.text}” là {means}.")


def _do(visit: Visit, deed: Deed, action: str, said: str, *, to: str = "") -> Response:
    number = number_of(visit)
    try:
        with visit.changing() as session:
            deed(session, number, visit.account.username)
            visit.note(session, action, str(number))
    except EnquiryNotFound:
        raise _gone() from None
    except (AlreadyTaken, NotYours, AlreadyClosed) as error:
        return _page(visit, number, wrong=_why_not(visit, error), status=409)
    return visit.go(to or _address(number), said)


def _send(visit: Visit, deed: Callable[..., None], action: str, said: str) -> Response:
    number, text = number_of(visit), visit.text("text")
    if not text or len(text) > LONGEST_ANSWER:
        wrong = f"Nội dung cần từ 1 đến {LONGEST_ANSWER} ký tự."
        return _page(visit, number, wrong=wrong, status=422, typed=text)
    try:
        with visit.changing() as session:
            deliver = through_outbox(session, number, author=shown_name(visit))
            deed(session, number, visit.account.username, text, deliver=deliver)
            visit.note(session, action, str(number))
    except EnquiryNotFound:
        raise _gone() from None
    except (NotYours, AlreadyClosed) as error:
        return _page(visit, number, wrong=_why_not(visit, error), status=409, typed=text)
    return visit.go(_address(number), said)


def _why_not(visit: Visit, error: Exception) -> str:
    if isinstance(error, AlreadyClosed):
        return "Yêu cầu này đã đóng."
    with visit.reading() as session:
        owner = enquiries.get(session, number_of(visit)).assigned_to
        name = accounts.names(session).get(owner or "", owner)
    if owner is None:
        return "Yêu cầu này chưa có người xử lý: hãy nhận trước. Nội dung bạn gõ vẫn còn."
    return f"{name} đang xử lý yêu cầu này. Chưa có gì được gửi đi."


def _page(visit: Visit, number: int, *, wrong: str = "", status: int = 200, typed: str = "") -> Response:  # fmt: skip
    with visit.reading() as session:
        content = _content(visit, session, number)
        content["canned"] = canned_answers.every(session, first=content["enquiry"].commune)
    return visit.page("staff/enquiry.html", status=status, wrong=wrong, typed=typed, **content)


def _content(visit: Visit, session: Session, number: int) -> dict[str, Any]:
    try:
        found = enquiries.get(session, number)
    except EnquiryNotFound:
        raise _gone() from None
    state = (found.status, found.assigned_to, found.taken_over_by, len(found.messages))
    return {
        "seen": fingerprint(state),
        "enquiry": found,
        "owner": accounts.names(session).get(found.assigned_to or "", found.assigned_to),
        "is_mine": found.assigned_to == visit.account.username,
        "away": staff_absences.away(session, today()),
        "names": procedures.names(session, found.codes),
        "people": accounts.names(session),
        "channels": CHANNELS,
        "statuses": STATUSES,
        "events": EVENTS,
        "longest": LONGEST_ANSWER,
        "aspects": ASPECTS,
    }


# What staff insert most, in the order of a citizen's needs.
ASPECTS = {
    "documents": "Giấy tờ",
    "fee": "Phí",
    "time": "Thời hạn",
    "place": "Nơi nộp",
    "online": "Nộp trực tuyến",
    "steps": "Các bước",
    "conditions": "Điều kiện",
}


def number_of(visit: Visit) -> int:
    return int(visit.request.path_params["number"])


def shown_name(visit: Visit) -> str:
    """What the citizen reads: "Cán bộ Lan"."""
    name = visit.account.name
    return name if name.startswith(_OFFICIAL) else f"{_OFFICIAL} {name}"


def _address(number: int) -> str:
    return f"/staff/enquiries/{number}"


def _gone() -> Refused:
    return Refused(404, "Không có yêu cầu này, hoặc đã quá thời gian lưu.", "no such enquiry")


def _post(name: str, endpoint: Callable[[Visit], Response]) -> ConsoleRoute:
    path = f"/staff/enquiries/{{number:int}}/{name}"
    return ConsoleRoute(path, endpoint, action=Action.ANSWER_ENQUIRIES, methods=["POST"])


routes = [
    ConsoleRoute("/staff/enquiries/{number:int}", enquiry_page, action=Action.VIEW_ENQUIRIES),
    ConsoleRoute(
        "/staff/enquiries/{number:int}/talk", talk_part, action=Action.VIEW_ENQUIRIES, is_poll=True
    ),
    _post("take", take),
    _post("release", release),
    _post("take-over", take_over),
    _post("hand-back", hand_back),
    _post("say", say),
    _post("answer", answer),
    _post("close", close),
    _post("faq", make_faq),
    _post("teach", teach),
]
