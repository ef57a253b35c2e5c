"""``motcua import``: show what files would change, ask, and write it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.commands.columns import advice, ask_mapping, read_mapping
from bot.commands.terminal import can_ask, err, fail, open_database, out, who

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from procedures_db.sync.previewing import Planned, Preview
    from procedures_db.sync.reading import Place

_SHOWN = 10  # changed procedures, and fields of each, that the preview shows


def import_(
    files: list[Path] = typer.Argument(
        ...,
        help="Tệp của cổng (.json, .jsonl, .xz, .doc, .xlsx), bảng .xlsx/.csv, hoặc .zip.",
    ),
    preview: bool = typer.Option(False, "--preview", help="Chỉ xem trước, không ghi gì."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Ghi luôn, không hỏi lại."),
    actor: str = typer.Option("", help="Tên người nạp, ghi vào lịch sử; mặc định: tên đăng nhập."),
    as_of: datetime | None = typer.Option(
        None,
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Ngày của dữ liệu; mặc định lấy từ tên tệp, nếu có.",
    ),
    columns: Path | None = typer.Option(
        None,
        "--columns",
        help="Tệp JSON nói cột nào chứa gì, cho bảng có tiêu đề lạ; được nhớ lại.",
    ),
) -> None:
    """Nạp tệp thủ tục: xem trước từng thay đổi, hỏi lại rồi mới ghi. Hoàn tác được bằng `motcua undo`.

    Khi không chạy trên màn hình dòng lệnh (trong kịch bản, cron), lệnh ghi luôn mà không hỏi. Không có
    thủ tục nào nạp được thì mã thoát là 1.
    """
    files = [_existing(file).resolve() for file in files]
    mapping = read_mapping(columns) if columns else None
    engine = open_database()
    ask = not yes and can_ask()
    useless = []
    for file in files:
        found = _read(engine, file, as_of.date() if as_of else None, mapping)
        _show(found, file if len(files) > 1 else None)
        if not (found.planned or found.unchanged):
            useless.append(file.name)
        if preview or not (found.planned or found.mapping):
            continue
        if ask and not typer.confirm("Ghi các thay đổi này?"):
            out.print("Không ghi gì.")
            continue
        _write(engine, found, file, who(actor))
    if useless:
        fail(f"Không có thủ tục nào nạp được từ {', '.join(useless)}.")


def _existing(file: Path) -> Path:
    if not file.is_file():
        fail(f"Không có tệp {file}.")
    return file


def _read(
    engine: Engine, file: Path, as_of: date | None, mapping: dict[str, str] | None
) -> Preview:
    """Preview a file; for a table with unknown headings ask which column holds what."""
    from procedures_db.sync.readers import MappingNeeded, UnreadableFile

    try:
        try:
            return _preview(engine, file, as_of, mapping)
        except MappingNeeded as needed:
            if not (can_ask() and needed.headers):
                fail(f"Không nạp tệp {file.name}: {needed}.\n{advice(file, needed.headers)}")
            return _preview(engine, file, as_of, ask_mapping(needed.headers))
    except UnreadableFile as error:
        fail(f"Không nạp tệp {file.name}: {error}. Dữ liệu giữ nguyên như trước.")
    except OSError as error:
        fail(f"Không đọc được {file}: {error.strerror}.")


def _preview(
    engine: Engine, file: Path, as_of: date | None, mapping: dict[str, str] | None
) -> Preview:
    from procedures_db.sync.importing import preview_file

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(f"Đang đọc {file.name}")
        return preview_file(
            engine, file, as_of=as_of, mapping=mapping,
            on_progress=lambda done: progress.update(
                task, description=f"Đang đọc {file.name}: {done} thủ tục"
            ),
        )  # fmt: skip


def _write(engine: Engine, found: Preview, file: Path, actor: str) -> None:
    from procedures_db.changes import Source
    from procedures_db.connection import DatabaseBusy
    from procedures_db.sync.applying import PreviewOutdated, apply

    try:
        with err.status("Đang ghi …"):
            done = apply(engine, found, actor=actor, source=Source.of(file))
    except (PreviewOutdated, DatabaseBusy) as error:
        fail(f"Không ghi gì: {error}. Hãy chạy lại lệnh này.")
    if done:
        out.print(f"Đã ghi, lần thay đổi số {done.id}. Hoàn tác: motcua undo {done.id}")


def _show(found: Preview, file: Path | None) -> None:
    for refusal in found.refused:
        where = ", mã ".join(filter(None, [_where(refusal.place), refusal.code]))
        err.print(f"Từ chối {where}: {refusal.reason}", markup=False)
    for note in found.notes:
        err.print(f"Lưu ý {_where(note.place)}: {note.text}", markup=False)
    for planned in [one for one in found.changed if not one.only_newer_day][:_SHOWN]:
        _show_changes(planned)
    newer = sum(one.only_newer_day for one in found.changed)
    hidden = len(found.changed) - newer - _SHOWN
    if hidden > 0:
        out.print(f"… và {hidden} thủ tục thay đổi khác")
    if file:
        out.print(file.name, markup=False)
    counted = f" ({newer} chỉ đổi ngày dữ liệu)" if newer else ""
    out.print(
        f"Mới: {len(found.new)} · thay đổi: {len(found.changed)}{counted}"
        f" · không đổi: {found.unchanged} · từ chối: {len(found.refused)}"
    )


def _show_changes(planned: Planned) -> None:
    from procedures_db.changes import State

    marks = ["đang gỡ khỏi câu trả lời"] if planned.state is State.WITHDRAWN else []
    if planned.draft_by:
        marks.append(f"{planned.draft_by} đang soạn bản nháp")
    title = f"{planned.code} {planned.new.name}" + "".join(f" ({mark})" for mark in marks)
    out.print(title, style="bold", markup=False)
    changes = planned.field_changes
    for change in changes[:_SHOWN]:
        old, new = change.brief()
        out.print(f"  {change.label}: {old or '(trống)'} → {new or '(trống)'}", markup=False)
    if len(changes) > _SHOWN:
        out.print(f"  … và {len(changes) - _SHOWN} chỗ khác")


def _where(place: Place) -> str:
    sheet = f"trang {place.sheet}" if place.sheet else ""
    row = f"dòng {place.row}" if place.row else ""
    # Of an archive the file is told too: many have a row 2.
    file = "" if (sheet or row) and "›" not in place.file else f"tệp {place.file}"
    return " ".join(filter(None, [file, sheet, row]))
