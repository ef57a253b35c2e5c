"""Pages over entries that officials edit: a list, a form, the history; life events and terms are two of them.

The database's version wins over the file's from the next look of the searchers on (half a second).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import kept_texts
from procedures_db.describing import as_text
from procedures_db.entry_checking import BadEntry
from procedures_db.kept_texts import (
    Content,
    Deed,
    EditedMeanwhile,
    Kind,
    Version,
    VersionNotFound,
    slug,
)  # fmt: skip
from procedures_db.text.folding import fold

PAGE_SIZE = 50
Raw = dict[str, Any]  # what stands in the fields of a form


@dataclass(frozen=True)
class Section:
    """One kind of entry: where its pages are and how it is read, shown, typed and checked."""

    kind: Kind
    path: str
    title: str
    one: str  # "sự kiện"
    template: str
    in_file: Callable[[], dict[str, Content]]  # the file's entries by key
    name: Callable[[Content], str]
    summary: Callable[[Content], str]
    raw: Callable[[Content | None], Raw]
    posted: Callable[[Visit], Raw]
    check: Callable[[Session, Raw, str, Content | None, Mapping[str, Content]], Content]
    new_key: Callable[[Raw], str]
    rows: Callable[[Visit, Raw], str | None] = field(default=lambda visit, raw: None)
    beside: Callable[[Session, Content], dict[str, Any]] = field(default=lambda session, one: {})


@dataclass(frozen=True)
class _Entry:
    """One entry as it stands; ``content`` is what is answered from, None while it is not used."""

    key: str
    filed: Content | None
    version: Version | None

    @property
    def content(self) -> Content | None:
        return None if self.version and self.version.deed is Deed.RETIRE else self.shown

    @property
    def shown(self) -> Content | None:
        """What the form begins with: a retired entry may be used again."""
        return (self.version.content if self.version else None) or self.filed

    @property
    def seen(self) -> int:
        return self.version.id if self.version else 0


class KeptTextPages:
    """The routes of a section."""

    def __init__(self, section: Section) -> None:
        self._section = section
        path = section.path
        may, post = Action.ACCEPT_WORDS, ["POST"]
        self.routes = [
            ConsoleRoute(path, self.entries, action=Action.VIEW_WORDS),
            ConsoleRoute(f"{path}/new", self.new_form, action=may),
            ConsoleRoute(f"{path}/new", self.add, action=may, methods=post),
            ConsoleRoute(f"{path}/{{key}}", self.form, action=may),
            ConsoleRoute(f"{path}/{{key}}", self.save, action=may, methods=post),
            ConsoleRoute(f"{path}/{{key}}/retire", self.retire, action=may, methods=post),
            ConsoleRoute(f"{path}/{{key}}/reset", self.reset, action=may, methods=post),
            ConsoleRoute(
                f"{path}/{{key}}/versions/{{number:int}}", self.roll_back, action=may, methods=post
            ),
        ]

    def entries(self, visit: Visit) -> Response:
        """All of them, edited ones first; found by words."""
        words, page = visit.query("words")[:200], visit.page_number()
        with visit.reading() as session:
            known = self._known(session)
        wanted = fold(words).split()
        found = [one for one in known.values() if _says(one.shown, wanted)]
        found.sort(key=lambda one: one.version is None)
        return visit.page(
            "admin/kept_texts.html", section=self._section, words=words, page=page, size=PAGE_SIZE,
            total=len(found), rows=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], Deed=Deed,
            address=lambda number: f"{self._section.path}?{urlencode({'words': words, 'page': number})}",
        )  # fmt: skip

    def new_form(self, visit: Visit) -> Response:
        return self._page(visit, None, self._section.raw(None))

    def form(self, visit: Visit) -> Response:
        entry = self._entry(visit)
        if entry is None or entry.shown is None:
            return self._gone(visit)
        return self._page(visit, entry, self._section.raw(entry.shown))

    def add(self, visit: Visit) -> Response:
        raw = self._section.posted(visit)
        if (focus := self._section.rows(visit, raw)) is not None:
            return self._page(visit, None, raw, focus=focus)
        key = self._section.new_key(raw)
        with visit.reading() as session:
            is_known = key in self._known(session) or key == "new"
        if is_known:
            wrong = "Chưa lưu: đã có mục mang tên này."
            return self._page(visit, None, raw, status=422, wrong=wrong)
        return self._save(visit, _Entry(key, None, None), raw)

    def save(self, visit: Visit) -> Response:
        """Save, or add, move and remove a row: the pressed button says which. Nothing typed is lost."""
        entry = self._entry(visit)
        if entry is None:
            return self._gone(visit)
        raw = self._section.posted(visit)
        if (focus := self._section.rows(visit, raw)) is not None:
            return self._page(visit, entry, raw, focus=focus)
        return self._save(visit, entry, raw)

    def retire(self, visit: Visit) -> Response:
        return self._do(visit, Deed.RETIRE, "retire", "Đã ngừng dùng.")

    def reset(self, visit: Visit) -> Response:
        return self._do(visit, Deed.RESET, "reset", "Đã dùng lại bản có sẵn.")

    def roll_back(self, visit: Visit) -> Response:
        """Let an earlier version hold again."""
        key, number = visit.request.path_params["key"], visit.request.path_params["number"]
        kind = self._section.kind

        def deed(session: Session) -> Version:
            return kept_texts.roll_back(
                session, kind, key, number, by=visit.account.username, seen=_seen(visit)
            )

        said = f"Đã khôi phục bản số {number}. Người dân được trả lời theo bản này sau một giây."
        return self._change(visit, deed, "roll_back", said, version=number)

    def _do(self, visit: Visit, what: Deed, action: str, said: str) -> Response:
        key, kind = visit.request.path_params["key"], self._section.kind
        entry = self._entry(visit)
        if entry is None:
            return self._gone(visit)
        content = entry.shown if what is Deed.RETIRE else None

        def deed(session: Session) -> Version:
            return kept_texts.save(
                session, kind, key, what, content, by=visit.account.username, seen=_seen(visit)
            )

        return self._change(visit, deed, action, said)

    def _change(
        self, visit: Visit, deed: Callable[[Session], Version], action: str, said: str, **detail: Any
    ) -> Response:  # fmt: skip
        key = visit.request.path_params["key"]
        try:
            with visit.changing() as session:
                deed(session)
                visit.note(session, f"{self._section.kind.value}.{action}", key, **detail)
        except VersionNotFound:
            return self._gone(visit)
        except EditedMeanwhile as error:
            entry = self._entry(visit)
            assert entry is not None
            wrong = f"Chưa đổi gì: {_who(error)}. Xem lại rồi bấm lần nữa."
            raw = self._section.raw(entry.shown)
            return self._page(visit, entry, raw, status=409, wrong=wrong)
        return visit.go(self._section.path, said)

    def _save(self, visit: Visit, entry: _Entry, raw: Raw) -> Response:
        section = self._section
        try:
            with visit.changing() as session:
                others = self._contents(session, but=entry.key)
                content = section.check(session, raw, entry.key, entry.shown, others)
                kept_texts.save(
                    session, section.kind, entry.key, Deed.KEEP, content,
                    by=visit.account.username, seen=_seen(visit),
                )  # fmt: skip
                visit.note(session, f"{section.kind.value}.save", entry.key, content=content)
        except BadEntry as error:
            wrong = "Chưa lưu: xem các chỗ báo lỗi bên dưới."
            shown = None if entry.seen == 0 and entry.filed is None else entry
            return self._page(visit, shown, raw, status=422, wrong=wrong, problems=error.problems)
        except EditedMeanwhile as error:
            with visit.reading() as session:
                latest = self._known(session)[entry.key]
            wrong = (
                f"Chưa lưu: {_who(error)}. Phần bạn gõ vẫn còn đây; bản của người kia ở phần Lịch sử. "
                "Lưu lần nữa là thay bằng phần của bạn."
            )
            return self._page(visit, latest, raw, status=409, wrong=wrong)
        return visit.go(section.path, "Đã lưu. Người dân được trả lời theo bản này sau một giây.")

    def _page(
        self, visit: Visit, entry: _Entry | None, raw: Raw, *, status: int = 200, wrong: str = "",
        problems: Mapping[str, str] | None = None, focus: str = "",
    ) -> Response:  # fmt: skip
        section = self._section
        with visit.reading() as session:
            history = kept_texts.history(session, section.kind, entry.key) if entry else []
            content = entry.content if entry else None
            beside = section.beside(session, content) if content else {}
        return visit.page(
            section.template, status=status, wrong=wrong, section=section, entry=entry, raw=raw,
            problems=problems or {}, focus=focus, history=history, Deed=Deed,
            seen=entry.seen if entry else 0, **beside,
        )  # fmt: skip

    def _known(self, session: Session) -> dict[str, _Entry]:
        """Every entry by key; one that was reset and is in no file any more is gone."""
        filed, kept = self._section.in_file(), kept_texts.latest(session, self._section.kind)
        entries = {key: _Entry(key, filed.get(key), kept.get(key)) for key in {**filed, **kept}}
        return {key: one for key, one in entries.items() if one.shown is not None}

    def _contents(self, session: Session, *, but: str) -> dict[str, Content]:
        known = self._known(session)
        return {key: one.content for key, one in known.items() if one.content and key != but}

    def _entry(self, visit: Visit) -> _Entry | None:
        """The entry of the address, also one that is not used any more."""
        key = visit.request.path_params["key"]
        with visit.reading() as session:
            kept = kept_texts.latest(session, self._section.kind).get(key)
        filed = self._section.in_file().get(key)
        return _Entry(key, filed, kept) if filed or kept else None

    def _gone(self, visit: Visit) -> Response:
        return visit.page("refused.html", status=404, sentence=f"Không có {self._section.one} này.")


def new_key(raw: Raw, name: str) -> str:
    """The key of a new entry, from what was typed as its name."""
    return slug(str(raw[name])) or "muc_moi"


def _seen(visit: Visit) -> int:
    given = visit.text("seen")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _who(error: EditedMeanwhile) -> str:
    return f"{error.latest.author} vừa sửa lúc {as_text(error.latest.created_at)}"


def _says(content: Content | None, wanted: list[str]) -> bool:
    text = fold(" ".join(map(str, (content or {}).values())))
    return all(word in text for word in wanted)
