"""Counter mode: shorthand in, a checklist on the screen, one printed page with a QR code to the answer."""

from __future__ import annotations

import re

import segno
from starlette.responses import Response

from bot import pages
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.staff.assistant import ask, facts
from bot.consoles.staff.sheet import LONG_TITLE, fitted
from bot.consoles.visit import Visit
from bot.conversation import Reply

SHEET = ("documents", "fee", "time", "place")
_CODE = re.compile(r"\d\.\d{6}")


async def counter_page(visit: Visit) -> Response:
    """``?q=`` asks; ``?code=`` shows that procedure's checklist."""
    words, code = visit.query("q"), visit.query("code")
    if _CODE.fullmatch(code):
        return await _checklist(visit, words, code)
    reply = await ask(visit, words) if words else None
    if reply and reply.outcome == "answer" and len(reply.procedures) == 1:
        return await _checklist(visit, words, reply.procedures[0]["code"])
    options = reply.procedures if reply else []
    labels = {b["payload"].partition(" ")[2]: b["title"] for b in reply.buttons} if reply else {}
    return visit.page(
        "staff/counter.html", words=words, reply=reply, options=options, labels=labels
    )


async def _checklist(visit: Visit, words: str, code: str) -> Response:
    replies = await facts(visit, code, SHEET)
    if {reply.outcome for reply in replies} != {"answer"}:
        return visit.page(
            "staff/counter.html", words=words, reply=replies[0], options=[], labels={}
        )
    procedure = replies[0].procedures[0]
    # A note on the whole procedure stands in each reply: once is enough on one page.
    parts = list(dict.fromkeys(section for reply in replies for section in plain(reply)))
    address = str(visit.request.base_url).rstrip("/") + f"/tra-loi/{code}/{','.join(SHEET)}"
    return visit.page(
        "staff/counter.html",
        words=words,
        procedure=procedure,
        long_title=LONG_TITLE,
        sheet=fitted(parts, title=procedure["name"]),
        source=replies[0].text.rpartition("\n\n")[2],
        address=address,
        image=segno.make(address, error="m").svg_data_uri(scale=4, dark="#000", light="#fff"),
    )


def plain(reply: Reply) -> list[tuple[str, str]]:
    """(heading, lines) of an answer's parts; papers to bring carry their box (☐)."""
    return [
        (heading, "\n".join(_line(kind, parts) for kind, lines in groups for parts in lines))
        for heading, groups in pages.sections(reply)
    ]


def _line(kind: str, parts: pages.Parts) -> str:
    text = "".join(f"{text}{address}" for text, address in parts)
    return f"☐ {text}" if kind == "papers" else text


routes = [ConsoleRoute("/staff/counter", counter_page, action=Action.USE_COUNTER)]
