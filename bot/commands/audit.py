"""``motcua audit``: the audit log for a security operations centre."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import typer

from bot.commands.terminal import fail, open_database, out

app = typer.Typer(no_args_is_help=True, help="Nhật ký kiểm tra: ai làm gì, lúc nào, từ đâu.")


@app.command()
def export(
    target: Path | None = typer.Argument(
        None, metavar="[TỆP]", help="Tệp đích; bỏ trống: ra màn hình."
    ),
    since: datetime | None = typer.Option(None, help="Từ ngày này (giờ Việt Nam)."),
    until: datetime | None = typer.Option(None, help="Đến trước ngày này (giờ Việt Nam)."),
    after: int = typer.Option(0, min=0, help="Chỉ các việc có số lớn hơn, để lấy tiếp."),
) -> None:
    """Xuất nhật ký, mỗi dòng một đối tượng JSON, theo thứ tự thời gian."""
    from procedures_db import audit
    from procedures_db.audit import Filter
    from procedures_db.connection import transaction
    from procedures_db.describing import VIETNAM

    path = target.absolute() if target else None
    chosen = Filter(
        since=since and since.replace(tzinfo=VIETNAM), until=until and until.replace(tzinfo=VIETNAM)
    )
    with transaction(open_database()) as session:
        lines = (
            json.dumps(event.as_json(), ensure_ascii=False) + "\n"
            for event in audit.export(session, chosen, after=after)
        )
        if path is None:
            sys.stdout.writelines(lines)
            return
        try:
            with path.open("w", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError as error:
            fail(f"Không ghi được {path}: {error.strerror}.")
    out.print(f"Đã ghi {path}", markup=False)
