"""``/admin/wording``: the sentences citizens read, changed with a preview as one types."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import kept_wording
from procedures_db.kept_wording import BadSentence, KeptWording
from procedures_db.text.folding import fold
from procedures_db.wording import Wording

PAGE_SIZE = 50
_SAMPLES = {
    "code": "1.004222", "fee": "20.000 đồng", "time": "7 ngày làm việc", "name": "Đăng ký thường trú",
    "agency": "Công an cấp xã", "agencies": "Công an cấp xã", "as_of": "18/07/2026", "author": "Cán bộ Lan",
    "number": "12", "count": "3", "seconds": "30", "decision": "1523/QĐ-BCA-C06", "event": "sinh con",
    "url": "https://dichvucong.gov.vn/…", "day": "thứ hai", "date": "30/11/2026", "methods": "trực tuyến",
}  # fmt: skip


def sentences(visit: Visit) -> Response:
    """All sentences, changed ones first; found by words."""
    words, page = visit.query("words")[:200], visit.page_number()
    original = _original(visit)
    with visit.reading() as session:
        changed = kept_wording.changes(session)
    wanted = fold(words).split()
    rows = []
    for key in sorted(original.keys(), key=lambda key: (key not in changed, key)):
        text = changed[key].text if key in changed else original.text(key)
        if all(word in fold(f"{key} {text}") for word in wanted):
            rows.append((key, text, changed.get(key)))
    return visit.page(
        "admin/sentences.html", rows=rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], total=len(rows),
        words=words, page=page, size=PAGE_SIZE,
        address=lambda number: f"/admin/wording?{urlencode({'words': words, 'page': number})}",
    )  # fmt: skip


def form(visit: Visit) -> Response:
    key, original = visit.request.path_params["key"], _original(visit)
    if key not in original:
        return visit.page("refused.html", status=404, sentence="Không có câu này.")
    with visit.reading() as session:
        changed = kept_wording.changes(session).get(key)
    return _form(visit, key, changed.text if changed else original.text(key))


def preview(visit: Visit) -> Response:
    """What a citizen would read, or why the sentence cannot be said."""
    key, original = visit.request.path_params["key"], _original(visit)
    if key not in original:
        return visit.page("refused.html", status=404, sentence="Không có câu này.")
    shown, wrong = _shown(original.text(key), visit.text("text"))
    return visit.page("admin/sentence_preview.html", shown=shown, problem=wrong)


def save(visit: Visit) -> Response:
    key, original = visit.request.path_params["key"], _original(visit)
    if key not in original:
        return visit.page("refused.html", status=404, sentence="Không có câu này.")
    resets = visit.text("then") == "reset"
    try:
        text = "" if resets else kept_wording.checked(original.text(key), visit.text("text"))
    except BadSentence as error:
        return _form(visit, key, visit.text("text"), 422, str(error))
    with visit.changing() as session:
        if resets or text == original.text(key):
            kept_wording.reset(session, key)
        else:
            kept_wording.change(session, key, text, by=visit.account.username)
        visit.note(session, "wording.reset" if resets else "wording.change", key, text=text)
    return visit.go("/admin/wording", "Đã lưu. Người dân đọc câu mới sau một giây.")


def _form(visit: Visit, key: str, text: str, status: int = 200, wrong: str = "") -> Response:
    original = _original(visit)
    shown, problem = _shown(original.text(key), text)
    return visit.page(
        "admin/sentence.html", status=status, wrong=wrong, key=key, text=text, original=original.text(key),
        facts=sorted(original.placeholders(key)), shown=shown, problem=problem, longest=kept_wording.LONGEST,
    )  # fmt: skip


def _shown(original: str, text: str) -> tuple[str, str]:
    """The sentence with sample facts, and what is wrong with it."""
    try:
        wording = Wording({"utter_": kept_wording.checked(original, text)})
    except BadSentence as error:
        return "", str(error)
    facts = {name: _SAMPLES.get(name, "…") for name in wording.placeholders("utter_")}
    return wording.text("utter_").format(**facts), ""


def _original(visit: Visit) -> Wording:
    kept: KeptWording = visit.request.app.state.kept_wording
    return kept.original


routes = [
    ConsoleRoute("/admin/wording", sentences, action=Action.VIEW_WORDS),
    ConsoleRoute("/admin/wording/{key}", form, action=Action.ACCEPT_WORDS),
    ConsoleRoute("/admin/wording/{key}", save, action=Action.ACCEPT_WORDS, methods=["POST"]),
    ConsoleRoute(
        "/admin/wording/{key}/preview", preview, action=Action.ACCEPT_WORDS, methods=["POST"]
    ),
]
