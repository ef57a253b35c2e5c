"""``/admin/glossary``: what terms mean and how they differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.consoles.admin.kept_texts import KeptTextPages, Raw, Section, new_key
from bot.consoles.visit import Visit
from procedures_db.entry_checking import checked_term
from procedures_db.glossary import GLOSSARY, key_of
from procedures_db.kept_texts import Content, Kind
from procedures_db.yaml_file import read_yaml_once

FIELDS = ("terms", "text", "questions", "codes")


def _in_file() -> dict[str, Content]:
    return {key_of(entry): entry for entry in read_yaml_once(GLOSSARY)["từ ngữ"]}


def _raw(content: Content | None) -> Raw:
    given = content or {}
    return {
        "terms": ", ".join(map(str, given.get("từ", ()))),
        "text": given.get("trả lời", ""),
        "questions": "\n".join(map(str, given.get("hỏi", ()))),
        "codes": " ".join(map(str, given.get("thủ tục", ()))),
    }


def _posted(visit: Visit) -> Raw:
    return {name: visit.text(name) for name in FIELDS}


def _check(session: Session, raw: Raw, key: str, before: Content | None, others: Any) -> Content:
    return checked_term(session, raw, before=before)


routes = KeptTextPages(
    Section(
        kind=Kind.TERM,
        path="/admin/glossary",
        title="Giải thích từ ngữ",
        one="mục từ",
        template="admin/term.html",
        in_file=_in_file,
        name=lambda content: ", ".join(map(str, content["từ"])),
        summary=lambda content: str(content["trả lời"]),
        raw=_raw,
        posted=_posted,
        check=_check,
        new_key=lambda raw: new_key(raw, "terms"),
    )
).routes
