"""``/admin/procedures``: all procedures, looked for and filtered; ``/admin/drafts``: what is being written."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import browsing, editing
from procedures_db.browsing import ABOLISHED, STATES, Filter
from procedures_db.describing import STATE_LABELS
from procedures_db.record import GovernmentLevel, OnlineLevel

PAGE_SIZE = 50
LABELS = {**STATE_LABELS, ABOLISHED: "bãi bỏ"}

E = TypeVar("E", bound=Enum)


def front(visit: Visit) -> Response:
    return visit.go("/admin/procedures")


def procedures(visit: Visit) -> Response:
    """The list; htmx takes its part of the page."""
    chosen, page = _chosen(visit), visit.page_number()
    with visit.reading() as session:
        found = browsing.procedures(session, chosen, page=page, size=PAGE_SIZE)
        fields, new_drafts = browsing.fields(session), browsing.new_drafts(session)
    asked = [(k, v) for k, v in visit.request.query_params.items() if v and k != "page"]
    return visit.page(
        "admin/procedures.html",
        chosen=chosen, found=found, page=page, size=PAGE_SIZE, fields=fields, new_drafts=new_drafts,
        levels=list(GovernmentLevel), online_levels=list(OnlineLevel), states=STATES,
        STATE_LABELS=LABELS,
        address=lambda number: f"/admin/procedures?{urlencode([*asked, ('page', number)])}",
    )  # fmt: skip


def drafts(visit: Visit) -> Response:
    """Everything that is being written or waits for review, the oldest first."""
    with visit.reading() as session:
        found = editing.drafts(session)
    return visit.page("admin/drafts.html", drafts=found, STATE_LABELS=LABELS)


def _chosen(visit: Visit) -> Filter:
    state = visit.query("state")
    return Filter(
        words=visit.query("words")[:200],
        field=visit.query("field"),
        agency=visit.query("agency")[:200],
        level=_one_of(GovernmentLevel, visit.query("level")),
        online_level=_one_of(OnlineLevel, visit.query("online_level")),
        state=state if state in STATES else "",
    )


def _one_of(kind: type[E], value: str) -> E | None:
    """The member with this value; anything else chooses nothing."""
    return next((member for member in kind if member.value == value), None)


routes = [
    ConsoleRoute("/admin", front, action=Action.VIEW_PROCEDURES),
    ConsoleRoute("/admin/procedures", procedures, action=Action.VIEW_PROCEDURES),
    ConsoleRoute("/admin/drafts", drafts, action=Action.VIEW_PROCEDURES),
]
