"""``/admin/quality``: what in the data officials should look at, often asked procedures first."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.quality_keeper import QualityKeeper
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db.text.folding import fold

PAGE_SIZE = 50


def quality(visit: Visit) -> Response:
    keeper: QualityKeeper = visit.request.app.state.quality
    kept, is_coming = keeper.latest()
    check, words, page = visit.query("check"), visit.query("words")[:200], visit.page_number()
    wanted = fold(words).split()
    found = [
        one
        for one in (kept.findings if kept else [])
        if (not check or one["check"] == check) and all(word in one["folded"] for word in wanted)
    ]
    asked = urlencode({"check": check, "words": words})
    return visit.page(
        "admin/quality.html",
        kept=kept, is_coming=is_coming, check=check, words=words, page=page, size=PAGE_SIZE,
        total=len(found), found=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        titles={one["name"]: one["title"] for one in (kept.checks if kept else [])},
        address=lambda number: f"/admin/quality?{asked}&page={number}",
    )  # fmt: skip


routes = [ConsoleRoute("/admin/quality", quality, action=Action.VIEW_QUALITY)]
