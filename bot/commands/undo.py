"""``motcua undo``: take a change set back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.commands.history import told
from bot.commands.terminal import can_ask, fail, open_database, out, who

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from procedures_db.history import ChangeSetSummary


def undo(
    number: int | None = typer.Argument(
        None, metavar="[SỐ]", help="Số của lần thay đổi (xem `motcua history`); mặc định: lần cuối."
    ),
    leave: list[str] = typer.Option([], help="Mã thủ tục giữ nguyên như hiện nay; dùng nhiều lần."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Hoàn tác luôn, không hỏi lại."),
    actor: str = typer.Option("", help="Tên người hoàn tác; mặc định: tên đăng nhập."),
) -> None:
    """Hoàn tác một lần nạp hay một lần sửa: đưa các thủ tục về như trước đó."""
    engine = open_database()
    chosen = _chosen(engine, number)
    out.print(f"Hoàn tác {told(chosen)}", markup=False)
    if not yes:
        if not can_ask():
            fail("Thêm --yes để hoàn tác khi không chạy trên màn hình dòng lệnh.")
        typer.confirm("Tiếp tục?", abort=True)
    _undo(engine, chosen.change_set.id, leave, who(actor))


def _chosen(engine: Engine, number: int | None) -> ChangeSetSummary:
    from procedures_db import history
    from procedures_db.connection import transaction

    with transaction(engine) as session:
        if number is None:
            latest = history.change_sets(session, size=1).items
            return latest[0] if latest else fail("Chưa có thay đổi nào.")
        try:
            return history.change_set(session, number)
        except history.ChangeSetNotFound:
            fail(f"Không có lần thay đổi số {number}: xem `motcua history`.")


def _undo(engine: Engine, number: int, leave: list[str], actor: str) -> None:
    from procedures_db.connection import DatabaseBusy
    from procedures_db.describing import as_text
    from procedures_db.sync import applying

    try:
        done = applying.undo(engine, number, actor=actor, leaving=leave)
    except applying.UndoConflict as error:
        listed = [
            f"  {one.code} {one.name}: {one.by} sửa lúc {as_text(one.at)}"
            for one in error.conflicts
        ]
        spare = " ".join(f"--leave {one.code}" for one in error.conflicts[:3])
        fail("\n".join([
            "Không hoàn tác, vì có thủ tục đã được sửa sau đó:", *listed,
            f"Để giữ các thủ tục này và hoàn tác phần còn lại: motcua undo {number} {spare}"
            + (" …" if len(error.conflicts) > 3 else ""),
        ]))  # fmt: skip
    except applying.NothingToUndo:
        fail(
            f"Lần thay đổi số {number} không đổi gì trong câu trả lời, nên không có gì để hoàn tác."
        )
    except DatabaseBusy as error:
        fail(f"Không hoàn tác: {error}.")
    out.print(f"Đã hoàn tác, lần thay đổi số {done.id}.")
