"""The queue: who waits, who is being served, what was answered."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit, templates
from procedures_db import accounts, enquiries, procedures, staff_absences
from procedures_db.enquiry import ANSWERED, CLOSED, NEW, TAKEN
from procedures_db.models.base import now
from procedures_db.reports.table import grouped
from procedures_db.working_hours import today

PER_PAGE = 20
CHANNELS = {"web": "trang web", "telegram": "Telegram"}
STATUSES = {NEW: "mới", TAKEN: "đang xử lý", ANSWERED: "đã trả lời", CLOSED: "đã đóng"}
# (name in the address, label, statuses, only one's own, newest first)
VIEWS: dict[str, tuple[str, tuple[str, ...], bool, bool]] = {
    "new": ("Mới", (NEW,), False, False),
    "mine": ("Của tôi", (TAKEN,), True, False),
    "taken": ("Đang có người xử lý", (TAKEN,), False, False),
    "answered": ("Đã xong", (ANSWERED, CLOSED), False, True),
}


def queue_page(visit: Visit) -> Response:
    """``?view=``, ``?q=`` (words of the question), ``?page=``."""
    with visit.reading() as session:
        return visit.page("staff/queue.html", **_content(visit, session))


def queue_part(visit: Visit) -> Response:
    """The list alone: the page asks for it every few seconds; 204 when it shows the same already."""
    with visit.reading() as session:
        content = _content(visit, session)
    if content["seen"] == visit.query("seen"):
        return Response(status_code=204)
    return visit.page("staff/queue_list.html", **content)


def _content(visit: Visit, session: Session) -> dict[str, Any]:
    view = visit.query("view", "new")
    view = view if view in VIEWS else "new"
    _, statuses, mine, newest = VIEWS[view]
    page = visit.page_number()
    found = enquiries.queue(
        session, statuses=statuses, assigned_to=visit.account.username if mine else None,
        words=visit.query("q")[:100], newest_first=newest, page=page, per_page=PER_PAGE,
    )  # fmt: skip
    first_codes = [item.codes[0] for item in found.items if item.codes]
    shown = [(item.id, item.status, item.assigned_to, item.taken_over_by) for item in found.items]
    return {
        "seen": fingerprint((found.total, shown, now().minute)),  # ages grow by the minute
        "view": view,
        "views": VIEWS,
        "words": visit.query("q")[:100],
        "found": found,
        "number": page,
        "last": max(1, -(-found.total // PER_PAGE)),
        "counts": enquiries.counts(session),
        "mine": enquiries.count_of(session, visit.account.username),
        "names": procedures.names(session, first_codes),
        "people": accounts.names(session),
        "away": staff_absences.away(session, today()),
        "channels": CHANNELS,
        "statuses": STATUSES,
    }


def fingerprint(shown: object) -> str:
    """Tells whether a part of a page would look the same: a swap would take the keyboard's place away."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def age(moment: datetime) -> str:
    """How long ago, in words: "5 phút", "3 giờ", "2 ngày"."""
    minutes = int((now() - moment).total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 0)} phút"
    return f"{minutes // 60} giờ" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} ngày"


templates.env.filters["age"] = age
templates.env.filters["grouped"] = grouped  # 10000 → "10.000"

routes = [
    ConsoleRoute("/staff", queue_page, action=Action.VIEW_ENQUIRIES),
    ConsoleRoute("/staff/queue", queue_part, action=Action.VIEW_ENQUIRIES, is_poll=True),
]
