"""``/admin/procedures/CODE``: what is published, the draft beside it, the history; and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.admin.procedure_list import LABELS as STATE_LABELS
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import editing, history
from procedures_db.changes import ChangeKind
from procedures_db.checking import InvalidRecord, today
from procedures_db.describing import LABELS, as_text
from procedures_db.differences import differences
from procedures_db.editing import EditedMeanwhile, WrongState
from procedures_db.history import Revision, RevisionNotFound
from procedures_db.record import BadCode, ProcedureRecord, national_code

SHOWN = 20  # revisions, unless all are asked for
KINDS = {
    ChangeKind.IMPORT: "nạp tệp", ChangeKind.EDIT: "sửa", ChangeKind.UNDO: "hoàn tác",
    ChangeKind.SYNC: "đồng bộ", ChangeKind.SEED: "dữ liệu có sẵn",
}  # fmt: skip

Deed = Callable[..., int]


def page(visit: Visit) -> Response:
    return show(visit, visit.request.path_params["code"])


def show(visit: Visit, code: str, *, status: int = 200, wrong: str = "") -> Response:
    """The page; ``wrong`` says why what was asked for was not done."""
    with visit.reading() as session:
        opened = editing.open_procedure(session, code)
        limit = None if visit.query("history") == "all" else SHOWN
        revisions = history.revisions(session, code, limit=limit)
    if opened.current is None and opened.draft is None and not revisions:
        return visit.page("refused.html", status=404, sentence=f"Không có thủ tục mang mã {code}.")
    draft = opened.draft
    shown = opened.current or (draft.record if draft else None)
    return visit.page(
        "admin/procedure.html",
        status=status, wrong=wrong, opened=opened, record=shown, facts=_facts(shown),
        draft_changes=differences(opened.current, draft.record) if draft else [],
        outdated=differences(draft.base, opened.current) if draft and opened.is_outdated else [],
        revisions=revisions, all_shown=limit is None or len(revisions) < limit,
        is_abolished=bool(opened.current and opened.current.is_abolished(today())),
        latest_edit=_latest_edit(revisions), STATE_LABELS=STATE_LABELS, KINDS=KINDS,
    )  # fmt: skip


def _latest_edit(revisions: list[Revision]) -> int:
    """The number of the last public revision if it was an edit: what was before may be no revision at
    all (data from before the history), but the edit can be undone. 0: none."""
    last = next((one for one in revisions if one.public), None)
    is_edit = last is not None and last.change_set.kind in (ChangeKind.EDIT, ChangeKind.UNDO)
    return last.number if last and is_edit else 0


def _facts(record: ProcedureRecord | None) -> list[tuple[str, str]]:
    """Every field that is stated, with its label."""
    if record is None:
        return []
    told = ((label, as_text(getattr(record, name))) for name, label in LABELS.items())
    return [(label, text) for label, text in told if text]


def _done(visit: Visit, action: str, said: str, deed: Callable[[Session], int]) -> Response:
    """Do it and say so, or show the page with the reason why not."""
    code = visit.request.path_params["code"]
    try:
        with visit.changing(procedures=True) as session:
            version = deed(session)
            visit.note(session, action, code, version=version)
    except EditedMeanwhile as error:
        return show(visit, code, status=409, wrong=told(error))
    except WrongState as error:
        state = STATE_LABELS[error.state.value]
        sentence = f"Không làm được: đang ở trạng thái “{state}”. Có thể người khác vừa làm xong."
        return show(visit, code, status=409, wrong=sentence)
    except (InvalidRecord, RevisionNotFound, BadCode, ValueError) as error:
        return show(visit, code, status=422, wrong=f"Không làm được: {error}.")
    return visit.go(f"/admin/procedures/{code}", said)


def told(error: EditedMeanwhile) -> str:
    """Who was faster, when, and what is different."""
    what = ", ".join(error.fields) or "trạng thái"
    return f"{error.by} vừa sửa thủ tục này lúc {as_text(error.at)} ({what}). Chưa có gì bị ghi đè."


def _version(visit: Visit) -> int:
    given = visit.text("version")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else -1


def _simple(name: str, said: str, deed: Deed, *, needs_note: bool = False) -> Callable[[Visit], Response]:  # fmt: skip
    """An endpoint that does one of ``editing``'s deeds to the procedure."""

    def endpoint(visit: Visit) -> Response:
        code, note = visit.request.path_params["code"], visit.text("note")[:1000]
        if needs_note and not note:
            return show(visit, code, status=422, wrong="Xin ghi lý do.")
        given: dict[str, Any] = {
            "expected_version": _version(visit),
            "actor": visit.account.username,
            "note": note,
        }
        return _done(visit, f"procedure.{name}", said, lambda s: deed(s, code, **given))

    endpoint.__name__ = f"procedure_{name}"
    return endpoint


def rebase(visit: Visit) -> Response:
    """Put the draft's own changes on top of what is published now; ``keep`` names its side of a dispute."""
    code = visit.request.path_params["code"]
    keep = [name for name in visit.form.getlist("keep") if name in ProcedureRecord.model_fields]
    given: dict[str, Any] = {
        "expected_version": _version(visit),
        "actor": visit.account.username,
        "keep": keep,
    }
    said = "Bản nháp đã theo bản công bố mới nhất."
    return _done(visit, "procedure.rebase", said, lambda s: editing.rebase_draft(s, code, **given))


def roll_back(visit: Visit) -> Response:
    """Answer from an earlier revision again."""
    code, number = visit.request.path_params["code"], visit.request.path_params["number"]
    given: dict[str, Any] = {"expected_version": _version(visit), "actor": visit.account.username}
    said = f"Đã khôi phục phiên bản {number}. Người dân được trả lời theo bản này ngay bây giờ."
    return _done(
        visit, "procedure.roll_back", said, lambda s: editing.roll_back(s, code, number, **given)
    )


def abolish(visit: Visit) -> Response:
    """State the last day in force and the successors."""
    code = visit.request.path_params["code"]
    given: dict[str, Any] = {"expected_version": _version(visit), "actor": visit.account.username}
    said = "Đã ghi ngày hết hiệu lực."

    def deed(session: Session) -> int:
        last = date.fromisoformat(visit.text("effective_to"))
        successors = [national_code(one) for one in visit.text("replaced_by").split()]
        return editing.abolish(
            session, code, effective_to=last, replaced_by=successors, **given
        )  # fmt: skip

    return _done(visit, "procedure.abolish", said, deed)


def _post(deed: str, endpoint: Callable[[Visit], Response], action: Action) -> ConsoleRoute:
    return ConsoleRoute(f"/admin/procedures/{{code}}/{deed}", endpoint, action=action, methods=["POST"])  # fmt: skip


_PUBLISHED = "Đã công bố. Người dân được trả lời theo bản này ngay bây giờ."

routes = [
    ConsoleRoute("/admin/procedures/{code}", page, action=Action.VIEW_PROCEDURES),
    _post(
        "submit",
        _simple("submit", "Đã gửi duyệt.", editing.submit_for_review),
        Action.EDIT_PROCEDURES,
    ),
    _post(
        "discard",
        _simple("discard", "Đã bỏ bản nháp.", editing.discard_draft),
        Action.EDIT_PROCEDURES,
    ),
    _post("rebase", rebase, Action.EDIT_PROCEDURES),
    _post("publish", _simple("publish", _PUBLISHED, editing.publish), Action.PUBLISH_PROCEDURES),
    _post(
        "reject",
        _simple("reject", "Đã trả lại bản nháp.", editing.reject, needs_note=True),
        Action.PUBLISH_PROCEDURES,
    ),
    _post(
        "withdraw",
        _simple("withdraw", "Đã gỡ khỏi câu trả lời.", editing.withdraw, needs_note=True),
        Action.PUBLISH_PROCEDURES,
    ),
    _post("abolish", abolish, Action.PUBLISH_PROCEDURES),
    _post("revisions/{number:int}/restore", roll_back, Action.PUBLISH_PROCEDURES),
]
