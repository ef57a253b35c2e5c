"""``/admin/procedures/CODE/edit``: the form of a procedure with all its rows.

Every field carries a mark of what stood in it when the form was opened. So only what the editor has
changed is saved, and when somebody else was faster his typing is put on top of theirs, field by field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.admin import form_fields
from bot.consoles.admin.form_fields import FIELDS, mark
from bot.consoles.admin.procedure_page import told
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import editing
from procedures_db.changes import State
from procedures_db.checking import InvalidRecord, today
from procedures_db.describing import LABELS, as_text
from procedures_db.editing import EditedMeanwhile, Opened
from procedures_db.record import BadCode, ProcedureRecord, national_code


@dataclass
class Form:
    """What the page shows: what stands in the fields, the marks of what they were opened with, and at
    which version; problems by path; ``theirs``: what others wrote where the editor wrote too."""

    code: str
    version: int
    raw: dict[str, Any]
    seen: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    focus: str = ""
    is_new: bool = False

    @property
    def changed(self) -> dict[str, Any]:
        """What stands in the fields that the editor has changed."""
        return {name: one for name, one in self.raw.items() if mark(one) != self.seen.get(name)}


def open_form(visit: Visit) -> Response:
    code = visit.request.path_params["code"]
    with visit.reading() as session:
        opened = editing.open_procedure(session, code)
    record = _edited(opened)
    if record is None:
        return visit.page("refused.html", status=404, sentence=f"Không có thủ tục mang mã {code}.")
    raw = form_fields.raw_of(record)
    return _page(visit, Form(code, opened.version, raw, _marks(raw)))


def new_form(visit: Visit) -> Response:
    return _page(visit, _blank_form())


def save(visit: Visit) -> Response:
    """Save, or add, move and remove a row: the pressed button says which. Nothing typed is ever lost."""
    form = _received(visit, visit.request.path_params["code"])
    if form.raw and _change_rows(visit, form):
        return _page(visit, form)
    return _save(visit, form)


def save_new(visit: Visit) -> Response:
    """Begin a procedure that does not exist yet."""
    form = _received(visit, visit.text("code"))
    form.is_new, form.version = True, 0
    if form.raw and _change_rows(visit, form):
        return _page(visit, form)
    try:
        form.code = national_code(form.code)
    except BadCode:
        form.problems["code"] = "Mã thủ tục có dạng 1.004222."
        return _page(visit, form, status=422)
    return _save(visit, form)


def _save(visit: Visit, form: Form) -> Response:
    publishes = visit.text("then") == "publish"
    if publishes and not visit.may(Action.PUBLISH_PROCEDURES):
        return visit.page("refused.html", status=403, sentence="Bạn không được công bố.")
    values = form_fields.values_of(form.changed)
    try:
        with visit.changing(procedures=True) as session:
            version = _write(session, visit, form, values)
            name = {"publish": "publish", "submit": "submit"}.get(visit.text("then"), "save")
            visit.note(session, f"procedure.{name}", form.code, version=version, fields=sorted(values))  # fmt: skip
    except InvalidRecord as error:
        form.problems = {one.path: f"{one.label} {one.reason}" for one in error.problems}
        return _page(visit, form, status=422, wrong="Chưa lưu: xem các chỗ báo lỗi bên dưới.")
    except EditedMeanwhile as error:
        return _merged(visit, form, error)
    said = {
        "publish": "Đã công bố. Người dân được trả lời theo bản này ngay bây giờ.",
        "submit": "Đã lưu và gửi duyệt.",
    }.get(visit.text("then"), "Đã lưu bản nháp. Người dân vẫn được trả lời theo bản đang công bố.")
    return visit.go(f"/admin/procedures/{form.code}", said)


def _write(session: Session, visit: Visit, form: Form, values: dict[str, Any]) -> int:
    """Save as the pressed button says; return the new version."""
    code, note = form.code, visit.text("note")[:1000]
    given: dict[str, Any] = {"actor": visit.account.username, "note": note}
    opened = editing.open_procedure(session, code)
    then = visit.text("then")
    if then == "publish" and opened.state is State.PUBLISHED and not opened.draft:
        return editing.correct(session, code, values, expected_version=form.version, **given)
    version = editing.save_draft(session, code, values, expected_version=form.version, **given)
    draft = editing.open_procedure(session, code).draft
    if then and draft and draft.state is State.DRAFT:
        version = editing.submit_for_review(session, code, expected_version=version, **given)
    if then == "publish" and draft:
        version = editing.publish(session, code, expected_version=version, **given)
    return version


def _merged(visit: Visit, form: Form, error: EditedMeanwhile) -> Response:
    """The form again: what others wrote, with the editor's own changes on top; nothing is saved yet."""
    with visit.reading() as session:
        opened = editing.open_procedure(session, form.code)
    record = _edited(opened)
    if record is None:  # discarded meanwhile: what was typed can be saved as a new draft
        form.version, form.seen = opened.version, {}
        return _page(visit, form, status=409, wrong=told(error))
    now = form_fields.raw_of(record)
    mine = form.changed
    theirs = {name for name in mine if form.seen.get(name) != mark(now[name]) and mine[name] != now[name]}  # fmt: skip
    merged = Form(
        form.code, opened.version, {**now, **mine}, _marks(now),
        theirs={name: as_text(getattr(record, name)) for name in theirs},
    )  # fmt: skip
    sentence = (
        f"{told(error)} Phần bạn gõ vẫn còn đây, đặt lên bản mới nhất; xem lại rồi lưu lần nữa."
    )
    return _page(visit, merged, status=409, wrong=sentence)


def _received(visit: Visit, code: str) -> Form:
    given = visit.text("version")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1
    seen = {one.name: visit.text(f"seen.{one.name}") for one in FIELDS}
    return Form(code, version, form_fields.posted(visit.form), seen)


def _change_rows(visit: Visit, form: Form) -> bool:
    """Add, move up or remove a row where such a button was pressed."""
    for deed in ("add", "remove", "up"):
        if path := visit.text(deed):
            try:
                form.focus = _change(form.raw, deed, path)
            except (KeyError, ValueError):  # a path of no form of ours
                form.focus = ""
            return True
    return False


def _change(raw: dict[str, Any], deed: str, path: str) -> str:
    """Change the rows; return the path that comes into focus."""
    if deed == "add":
        rows = form_fields.rows_at(raw, path)
        rows.append(form_fields.new_row(form_fields.field_at(path)))
        return f"{path}.{len(rows) - 1}"
    above, _, number = path.rpartition(".")
    rows, position = form_fields.rows_at(raw, above), int(number)
    if not 0 <= position < len(rows):
        raise KeyError(path)
    row = rows.pop(position)
    if deed == "up":
        rows.insert(max(0, position - 1), row)
        return f"{above}.{max(0, position - 1)}"
    return above


def _page(visit: Visit, form: Form, *, status: int = 200, wrong: str = "") -> Response:
    return visit.page(
        "admin/procedure_form.html",
        status=status, wrong=wrong, form=form, fields=FIELDS, LABELS=LABELS,
    )  # fmt: skip


def _blank_form() -> Form:
    """Fields as a procedure has them of which only the day of the data is stated."""
    raw = {
        **form_fields.raw_of(ProcedureRecord(code="1.000000", name="?", as_of=today())),
        "name": "",
    }
    return Form("", 0, raw, _marks(raw), is_new=True)


def _edited(opened: Opened) -> ProcedureRecord | None:
    return opened.draft.record if opened.draft else opened.current


def _marks(raw: dict[str, Any]) -> dict[str, str]:
    return {name: mark(one) for name, one in raw.items()}


routes = [
    ConsoleRoute("/admin/procedures/new", new_form, action=Action.EDIT_PROCEDURES),
    ConsoleRoute(
        "/admin/procedures/new", save_new, action=Action.EDIT_PROCEDURES, methods=["POST"]
    ),
    ConsoleRoute("/admin/procedures/{code}/edit", open_form, action=Action.EDIT_PROCEDURES),
    ConsoleRoute(
        "/admin/procedures/{code}/edit", save, action=Action.EDIT_PROCEDURES, methods=["POST"]
    ),
]
