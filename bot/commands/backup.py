"""``motcua backup`` and ``motcua restore`` for the embedded databases."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import yaml

from bot.commands.terminal import fail, out, read_settings
from bot.settings import Settings

if TYPE_CHECKING:
    from procedures_db.backup.manifest import Manifest

DEFAULT_FOLDER = Path("data/backups")

_CONVERSATIONS = typer.Option(
    False, "--with-conversations", help="Cả các cuộc trò chuyện (data/conversations.db)."
)


def backup(
    folder: Path | None = typer.Argument(
        None, file_okay=False, help="Thư mục chứa các bản sao lưu; mặc định data/backups."
    ),
    keep: int | None = typer.Option(
        None, min=1, help="Chỉ giữ chừng này bản mới nhất, xóa bản cũ hơn; mặc định giữ tất cả."
    ),
    with_conversations: bool = _CONVERSATIONS,
) -> None:
    """Sao lưu cơ sở dữ liệu vào một tệp, kiểm tra lại rồi mới báo xong; không cần dừng motcua."""
    from procedures_db.backup.errors import BackupError
    from procedures_db.backup.making import make_backup

    given = folder and folder.resolve()  # before the project folder becomes the current one
    chosen = read_settings()
    try:
        sources = _databases(chosen, with_conversations)
        made = make_backup(sources, given or DEFAULT_FOLDER.absolute(), keep=keep)
    except BackupError as error:
        fail(f"Chưa sao lưu. {error}")
    except OSError as error:
        fail(f"Chưa sao lưu. Không ghi được: {error.strerror} ({error.filename}).")
    out.print(f"Đã sao lưu và kiểm tra: {made.path}", markup=False)
    _describe(made.manifest)
    for old in made.removed:
        out.print(f"Đã xóa bản cũ: {old.name}", markup=False)


def restore(
    file: Path = typer.Argument(..., help="Tệp sao lưu .zip."),
    force: bool = typer.Option(False, "--force", help="Khôi phục cả khi motcua serve đang chạy."),
    check: bool = typer.Option(False, "--check", help="Chỉ kiểm tra tệp, không khôi phục."),
    with_conversations: bool = _CONVERSATIONS,
) -> None:
    """Khôi phục từ một bản sao lưu; dữ liệu đang dùng được giữ lại bên cạnh."""
    from procedures_db.backup import restoring
    from procedures_db.backup.archive import verify
    from procedures_db.backup.errors import BackupError

    file = file.resolve()
    chosen = read_settings()
    try:
        targets = _databases(chosen, with_conversations)
        if not file.is_file():
            fail(f"Không có tệp {file}.")
        if check:
            restoring.check(file, targets)
            with tempfile.TemporaryDirectory() as scratch:
                _describe(verify(file, Path(scratch)))
            out.print(f"{file.name} nguyên vẹn, khôi phục được.", markup=False)
            return
        done = restoring.restore(file, targets, force=force)
    except BackupError as error:
        fail(f"Chưa khôi phục, dữ liệu giữ nguyên. {error}")
    except OSError as error:
        fail(f"Chưa khôi phục. Lỗi đĩa: {error.strerror} ({error.filename}).")
    out.print(f"Đã khôi phục từ {file}", markup=False)
    _describe(done.manifest)
    for kept in done.kept:
        out.print(f"Dữ liệu trước đó còn ở {kept}", markup=False)


def _describe(manifest: Manifest) -> None:
    from procedures_db.sync.portal_json import VIETNAM

    made_at = manifest.made_at.astimezone(VIETNAM)
    out.print(f"  lúc {made_at:%H:%M:%S ngày %d/%m/%Y}")
    for name, facts in manifest.databases.items():
        table, unit = _COUNTED[name]
        version = "" if facts.data_version is None else f", phiên bản dữ liệu {facts.data_version}"
        out.print(
            f"  {name}: {facts.rows.get(table, 0)} {unit}, {facts.size / 1e6:.1f} MB{version},"
            f" SHA-256 {facts.sha256[:12]}…"
        )


_COUNTED = {"procedures": ("procedure", "thủ tục"), "conversations": ("events", "sự kiện")}


def _databases(chosen: Settings, with_conversations: bool) -> dict[str, Path]:
    """Name in the backup → file. Raises NotEmbedded, NoDatabase."""
    from procedures_db.backup.manifest import CONVERSATIONS, PROCEDURES
    from procedures_db.backup.sqlite_file import database_file

    found = {PROCEDURES: database_file(chosen.database_url)}
    if with_conversations:
        found[CONVERSATIONS] = conversations_file(Path(chosen.endpoints))
    return found


def conversations_file(endpoints: Path) -> Path:
    """The file of Rasa's SQL tracker store. Raises NotEmbedded if it is on a server."""
    from procedures_db.backup.errors import NotEmbedded

    content: dict[str, Any] = yaml.safe_load(endpoints.read_text("utf-8")) or {}
    store = content.get("tracker_store") or {}
    if store.get("dialect") != "sqlite" or not store.get("db"):
        raise NotEmbedded(
            f"{endpoints} để các cuộc trò chuyện ở nơi khác, không phải tệp SQLite:"
            " sao lưu riêng ở đó, ví dụ bằng pg_dump."
        )
    return Path(store["db"]).absolute()
