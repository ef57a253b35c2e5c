"""``/admin/imports``: a file is uploaded, looked through, applied; ``/admin/changes``: taken back."""

from __future__ import annotations

from datetime import date

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.consoles.admin.procedure_page import KINDS
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from bot.settings import Settings
from procedures_db import history
from procedures_db.history import ChangeSetNotFound
from procedures_db.sync import applying, column_mapping, pending
from procedures_db.sync.applying import NothingToUndo, UndoConflict
from procedures_db.sync.column_mapping import FIELDS, IGNORED
from procedures_db.sync.file_errors import BadMapping, UnreadableFile
from procedures_db.sync.pending import PendingNotFound, PreviewChanged

PAGE_SIZE = 30
_GONE = "Tệp này không còn chờ nữa: đã được áp dụng, bỏ đi, hoặc để quá một ngày."


def imports(visit: Visit) -> Response:
    return _front(visit)


def upload(visit: Visit) -> Response:
    """Read the file and show what it would change; nothing is written yet."""
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _front(visit, status=422, wrong="Xin chọn một tệp.")
    try:
        as_of = date.fromisoformat(visit.text("as_of")) if visit.text("as_of") else None
        kept = pending.keep(
            visit.engine, sent.filename, sent.file.read(), as_of=as_of, by=visit.account.username
        )  # fmt: skip
    except UnreadableFile as error:
        return _front(visit, status=422, wrong=f"Không nạp tệp {sent.filename}: {error}. Dữ liệu giữ nguyên.")  # fmt: skip
    except ValueError:
        return _front(visit, status=422, wrong="Ngày của dữ liệu không đúng.")
    with visit.changing() as session:
        visit.note(session, "import.upload", kept.filename, id=kept.id)
    return visit.go(f"/admin/imports/{kept.id}")


def pending_page(visit: Visit) -> Response:
    return _show(visit)


def apply(visit: Visit) -> Response:
    """Write exactly what was shown."""
    number = visit.request.path_params["number"]
    try:
        done = pending.apply(visit.engine, number, actor=visit.account.username)
    except PendingNotFound:
        return _front(visit, status=404, wrong=_GONE)
    except PreviewChanged:
        sentence = (
            "Dữ liệu đã thay đổi từ lúc xem trước. Chưa ghi gì; dưới đây là thay đổi tính lại."
        )
        return _show(visit, status=409, wrong=sentence)
    except UnreadableFile as error:
        return _front(visit, status=422, wrong=f"Không nạp được: {error}.")
    if done is None:
        return visit.go("/admin/imports", "Tệp không có gì mới: không ghi gì.")
    with visit.changing() as session:
        visit.note(session, "import.apply", done.source.name, change_set=done.id)
    said = "Đã áp dụng. Người dân được trả lời theo dữ liệu mới ngay bây giờ."
    return visit.go(f"/admin/changes/{done.id}", said)


def map_columns(visit: Visit) -> Response:
    """Say what the columns of a table are; kept for every table with these headings."""
    number = visit.request.path_params["number"]
    try:
        with visit.changing() as session:
            headers = pending.get(session, number).overview.get("headers", [])
            mapping = {
                heading: visit.text(f"column.{i}") for i, heading in enumerate(headers) if heading
            }
            column_mapping.save(session, headers, mapping)
            visit.note(session, "import.columns", pending.get(session, number).filename)
        pending.look_again(visit.engine, number)
    except PendingNotFound:
        return _front(visit, status=404, wrong=_GONE)
    except BadMapping as error:
        return _show(visit, status=422, wrong=f"Chưa ghép được: {error}.")
    except UnreadableFile as error:
        return _show(visit, status=422, wrong=f"Không đọc được tệp: {error}.")
    return visit.go(f"/admin/imports/{number}")


def discard(visit: Visit) -> Response:
    number = visit.request.path_params["number"]
    with visit.changing() as session:
        pending.discard(session, number)
        visit.note(session, "import.discard", str(number))
    return visit.go("/admin/imports", "Đã bỏ tệp, không ghi gì.")


def changes(visit: Visit) -> Response:
    """Every change of the data: files, edits, undoings."""
    page = visit.page_number()
    with visit.reading() as session:
        found = history.change_sets(session, page=page, size=PAGE_SIZE)
    return visit.page(
        "admin/changes_list.html", found=found, page=page, size=PAGE_SIZE, KINDS=KINDS,
        address=lambda number: f"/admin/changes?page={number}",
    )  # fmt: skip


def change(visit: Visit) -> Response:
    return _change(visit)


def undo(visit: Visit) -> Response:
    """Put back what was there before, all of it or all but the procedures that were edited since."""
    number = visit.request.path_params["number"]
    leaving = [code for code in visit.form.getlist("leaving") if isinstance(code, str)]
    try:
        done = applying.undo(visit.engine, number, actor=visit.account.username, leaving=leaving)
    except ChangeSetNotFound:
        return visit.page("refused.html", status=404, sentence="Không có lần thay đổi này.")
    except NothingToUndo:
        return _change(visit, status=409, wrong="Không có gì để hoàn tác.")
    except UndoConflict as error:
        return _change(visit, status=409, conflicts=error.conflicts,
                       wrong="Chưa hoàn tác: có thủ tục đã được sửa sau đó.")  # fmt: skip
    with visit.changing() as session:
        visit.note(session, "import.undo", str(number), change_set=done.id)
    return visit.go(f"/admin/changes/{done.id}", f"Đã hoàn tác lần thay đổi số {number}.")


def _front(visit: Visit, *, status: int = 200, wrong: str = "") -> Response:
    with visit.reading() as session:
        waiting = pending.every(session)
    most = visit.request.app.state.settings.max_import_mb
    return visit.page("admin/imports.html", status=status, wrong=wrong, waiting=waiting, most=most)


def _show(visit: Visit, *, status: int = 200, wrong: str = "") -> Response:
    try:
        with visit.reading() as session:
            kept = pending.get(session, visit.request.path_params["number"])
    except PendingNotFound:
        return _front(visit, status=404, wrong=_GONE)
    labels = [(IGNORED, "(bỏ cột này)"), *((name, said[0]) for name, said in FIELDS.items())]
    guessed = {
        heading: column_mapping.VOCABULARY.field(heading) or IGNORED
        for heading in kept.overview.get("headers", ())
    }
    return visit.page(
        "admin/import.html", status=status, wrong=wrong, kept=kept, labels=labels, guessed=guessed
    )  # fmt: skip


def _change(visit: Visit, *, status: int = 200, **content: object) -> Response:
    number, page = visit.request.path_params["number"], visit.page_number()
    try:
        with visit.reading() as session:
            found = history.change_set(session, number)
            revisions, total = history.page_of(session, number, page=page, size=PAGE_SIZE)
    except ChangeSetNotFound:
        return visit.page("refused.html", status=404, sentence="Không có lần thay đổi này.")
    return visit.page(
        "admin/change.html", status=status, found=found, revisions=revisions, total=total, page=page,
        size=PAGE_SIZE, KINDS=KINDS, address=lambda n: f"/admin/changes/{number}?page={n}", **content,
    )  # fmt: skip


def _largest(settings: Settings) -> int:
    return (settings.max_import_mb + 1) * 1024 * 1024  # the form around the file


def _post(path: str, endpoint, **options):  # type: ignore[no-untyped-def]
    return ConsoleRoute(path, endpoint, action=Action.IMPORT_PROCEDURES, methods=["POST"], **options)  # fmt: skip


routes = [
    ConsoleRoute("/admin/imports", imports, action=Action.IMPORT_PROCEDURES),
    _post("/admin/imports", upload, largest_body=_largest),
    ConsoleRoute("/admin/imports/{number:int}", pending_page, action=Action.IMPORT_PROCEDURES),
    _post("/admin/imports/{number:int}/apply", apply),
    _post("/admin/imports/{number:int}/columns", map_columns),
    _post("/admin/imports/{number:int}/discard", discard),
    ConsoleRoute("/admin/changes", changes, action=Action.VIEW_PROCEDURES),
    ConsoleRoute("/admin/changes/{number:int}", change, action=Action.VIEW_PROCEDURES),
    _post("/admin/changes/{number:int}/undo", undo),
]
