"""``/admin/life-events``: what a citizen's story asks to be done, in order."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.consoles.admin.kept_texts import KeptTextPages, Raw, Section, new_key
from bot.consoles.visit import Visit
from procedures_db import procedures
from procedures_db.entry_checking import checked_event
from procedures_db.kept_texts import Content, Kind
from procedures_db.life_events import LIFE_EVENTS, event_of, key_of
from procedures_db.shared_papers import shared_papers
from procedures_db.yaml_file import read_yaml_once

STEP = ("code", "why", "deadline", "only_if", "replaces")
_MOST_ROWS = 50
_IN_FILE = {"code": "thủ tục", "why": "vì sao", "deadline": "khi nào", "only_if": "chỉ khi"}


def _in_file() -> dict[str, Content]:
    return {key_of(entry): entry for entry in read_yaml_once(LIFE_EVENTS)["sự kiện"]}


def _raw(content: Content | None) -> Raw:
    given = content or {}
    return {
        "name": given.get("tên", ""),
        "opening": given.get("lời dẫn", ""),
        "said": _lines(given.get("nói", ())),
        "named": _lines(given.get("nêu rõ", ())),
        "stories": _lines(given.get("hỏi", ())),
        "steps": [_raw_step(step) for step in given.get("các bước", ())] or [dict.fromkeys(STEP, "")],
    }  # fmt: skip


def _raw_step(step: Content) -> dict[str, str]:
    given = {name: str(step.get(label, "")) for name, label in _IN_FILE.items()}
    return {**given, "replaces": " ".join(step.get("thay cho", ()))}


def _posted(visit: Visit) -> Raw:
    raw: Raw = {name: visit.text(name) for name in ("name", "opening", "said", "named", "stories")}
    count = 0
    while count < _MOST_ROWS and f"steps.{count}.code" in visit.form:
        count += 1
    raw["steps"] = [
        {name: visit.text(f"steps.{at}.{name}") for name in STEP} for at in range(count)
    ]
    return raw


def _rows(visit: Visit, raw: Raw) -> str | None:
    """Add, move up or remove a step where such a button was pressed; the field that comes into focus."""
    steps = raw["steps"]
    if visit.text("add"):
        steps.append(dict.fromkeys(STEP, ""))
        return f"steps.{len(steps) - 1}.code"
    for deed in ("up", "remove"):
        given = visit.text(deed)
        if given.isascii() and given.isdigit() and int(given) < len(steps):
            at = int(given)
            step = steps.pop(at)
            if deed == "up":
                steps.insert(max(0, at - 1), step)
            return f"steps.{max(0, min(at - 1, len(steps) - 1))}.code"
    return None


def _check(
    session: Session, raw: Raw, key: str, before: Content | None, others: Any
) -> Content:  # fmt: skip
    return checked_event(
        session, raw, key=key, before=before, others=[event_of(one) for one in others.values()]
    )


def _beside(session: Session, content: Content) -> dict[str, Any]:
    """Names of the steps' procedures, and the papers that several of them ask for."""
    codes = [str(step["thủ tục"]) for step in content["các bước"]]
    names = procedures.names(session, codes)
    records = [(names[code], procedures.get(session, code)) for code in codes if code in names]
    return {"names": names, "papers": shared_papers(records)}


def _summary(content: Content) -> str:
    return f"{len(content['các bước'])} thủ tục, {len(content['nói'])} cách nói"


def _lines(entries: Any) -> str:
    return "\n".join(map(str, entries))


routes = KeptTextPages(
    Section(
        kind=Kind.LIFE_EVENT,
        path="/admin/life-events",
        title="Sự kiện cuộc đời",
        one="sự kiện",
        template="admin/life_event.html",
        in_file=_in_file,
        name=lambda content: str(content["tên"]),
        summary=_summary,
        raw=_raw,
        posted=_posted,
        check=_check,
        new_key=lambda raw: new_key(raw, "name"),
        rows=_rows,
        beside=_beside,
    )
).routes
