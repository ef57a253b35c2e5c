"""``motcua export``: all procedures into a file that ``motcua import`` takes back."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.commands.terminal import fail, open_database, out


def export(
    file: Path = typer.Argument(..., dir_okay=False, help="Tệp .jsonl hoặc .jsonl.xz sẽ ghi."),
) -> None:
    """Ghi toàn bộ thủ tục ra tệp, mỗi dòng một thủ tục; `motcua import` đọc lại được."""
    from procedures_db.exchange import exporting

    file = file.resolve()
    try:
        written = exporting.export(open_database(), file)
    except exporting.UnknownForm as error:
        fail(f"Không ghi: {error}.")
    except OSError as error:
        fail(f"Không ghi được {file}: {error.strerror}.")
    out.print(f"Đã ghi {written} thủ tục vào {file}", markup=False)
