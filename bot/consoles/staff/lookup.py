"""Parts of a page: procedures that fit some words, and a fact with its source to be inserted."""

from __future__ import annotations

import re

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.staff.assistant import ask
from bot.consoles.staff.enquiry import ASPECTS
from bot.consoles.visit import Visit

_CODE = re.compile(r"\d\.\d{6}")


async def search_part(visit: Visit) -> Response:
    """``?q=``: what the assistant would answer or offer."""
    words = visit.query("q")
    reply = await ask(visit, words) if words else None
    found = reply.procedures[:8] if reply else []
    return visit.page(
        "staff/found.html", words=words, reply=reply, found=found, aspects=ASPECTS
    )  # fmt: skip


async def fact_part(visit: Visit) -> Response:
    """``?code=&aspect=``: the fact as citizens read it, with its source, and a button that inserts it."""
    code, aspect = visit.query("code"), visit.query("aspect")
    if not _CODE.fullmatch(code) or aspect not in ASPECTS:
        raise Refused(404, "Không có mục này.", "no such fact")
    reply = await ask(visit, f"@{aspect} {code}")
    return visit.page("staff/fact.html", reply=reply, code=code, aspect=ASPECTS[aspect])


routes = [
    ConsoleRoute("/staff/search", search_part, action=Action.USE_COUNTER),
    ConsoleRoute("/staff/fact", fact_part, action=Action.USE_COUNTER),
]
