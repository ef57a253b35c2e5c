"""The command line: ``motcua serve``, ``ask``, ``train``, ``import``, ``eval``."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.settings import Settings, SettingsError, settings

app = typer.Typer(
    name="motcua", no_args_is_help=True, help="motcua — trợ lý thủ tục hành chính.",
    pretty_exceptions_enable=False, add_completion=False,
)  # fmt: skip
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

PROJECT = Path(__file__).parents[1]


def _settings() -> Settings:
    os.chdir(PROJECT)  # Rasa and the default paths want the project folder
    try:
        return settings()
    except SettingsError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    err.print(f"[red]{message}[/red]")
    raise typer.Exit(1)


def _prepare(chosen: Settings) -> None:
    """Migrate, and load the built-in procedures that the database lacks."""
    from procedures_db.connection import connect
    from procedures_db.migrating import migrate
    from procedures_db.sync.seeding import seed

    engine = connect(chosen.database_url)
    migrate(engine)
    added = seed(engine)
    if added:
        out.print(f"Đã nạp {added} thủ tục có sẵn.")


@app.command()
def serve() -> None:
    """Chạy toàn bộ: Rasa, máy chủ hành động và trang web, cho đến khi bấm Ctrl-C."""
    from bot import training
    from bot.observability import configure_logging
    from bot.supervisor import StartupError, Supervisor, parts

    chosen = _settings()
    configure_logging(chosen.log_level)
    _prepare(chosen)
    if not training.is_current():
        _train()
    address = f"http://{chosen.host}:{chosen.port}"
    out.print("Đang khởi động (khoảng nửa phút) …")

    def on_ready(part: str) -> None:
        out.print(f"  {part}: sẵn sàng")
        if part == "web":
            out.print(f"[green]Mở {address} để hỏi thủ tục.[/green] Ctrl-C để dừng.")

    try:
        Supervisor(parts(chosen, str(training.MODEL)), on_ready=on_ready).run()
    except StartupError as error:
        _fail(str(error))


@app.command()
def train() -> None:
    """Huấn luyện lại phần hiểu câu hỏi từ nlu_data/."""
    _settings()
    _train()


def _train() -> None:
    from bot import training

    with out.status("Đang huấn luyện phần hiểu câu hỏi (khoảng một phút) …"):
        try:
            training.train()
        except training.TrainingFailed as error:
            _fail(f"Huấn luyện không thành công:\n{error}")
    out.print("Đã huấn luyện xong.")


@app.command()
def ask(
    question: str, conversation: str = typer.Option("", help="Mã cuộc trò chuyện để hỏi tiếp.")
) -> None:
    """Hỏi một câu, trả lời ngay trên màn hình (cần `motcua serve` đang chạy)."""
    import httpx

    chosen = _settings()
    url = f"http://{chosen.host}:{chosen.port}/api/chat"
    body = {"conversation_id": conversation or None, "text": question}
    try:
        response = httpx.post(url, json=body, timeout=chosen.rasa_timeout_seconds + 5)
    except httpx.HTTPError:
        _fail(f"Không nối được tới {url}. Hãy chạy `motcua serve` (hoặc `make run`) trước.")
    content = response.json()
    if response.status_code != 200:
        _fail(content.get("error", response.text))
    for reply in content["replies"]:
        out.print(reply["text"], markup=False)
        if reply["buttons"]:
            titles = " · ".join(button["title"] for button in reply["buttons"])
            out.print(f"[dim]{titles}[/dim]")
    out.print(f"[dim]cuộc trò chuyện: {content['conversation_id']}[/dim]")


@app.command(name="import")
def import_(
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, help="Tệp .json, .jsonl hoặc .xz."
    ),
    as_of: datetime | None = typer.Option(
        None,
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Ngày của dữ liệu; mặc định lấy từ tên tệp, nếu có.",
    ),
) -> None:
    """Nạp tệp chi tiết thủ tục của Cổng Dịch vụ công quốc gia."""
    from procedures_db.connection import connect
    from procedures_db.migrating import migrate
    from procedures_db.sync.importing import BrokenFile, date_in_name, import_portal_file

    file = file.resolve()
    chosen = _settings()
    engine = connect(chosen.database_url)
    migrate(engine)
    day = as_of.date() if as_of else date_in_name(file.name)
    columns = (TextColumn("Đang nạp"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as progress:
        task = progress.add_task("", total=None)
        try:
            summary = import_portal_file(
                engine, file, as_of=day,
                on_progress=lambda done, total: progress.update(task, completed=done, total=total),
            )  # fmt: skip
        except BrokenFile as error:
            _fail(f"Không nạp tệp này: {error}. Dữ liệu giữ nguyên như trước.")
    for refusal in summary.refused:
        err.print(f"Từ chối dòng {refusal.line}, mã {refusal.code}: {refusal.reason}", markup=False)
    out.print(
        f"Mới: {summary.new} · thay đổi: {summary.changed} · không đổi: {summary.unchanged}"
        f" · từ chối: {len(summary.refused)}"
    )


@app.command(name="eval")
def eval_(
    files: list[Path] = typer.Argument(..., exists=True, dir_okay=False),
    as_json: bool = typer.Option(False, "--json", help="In kết quả dạng JSON cho máy đọc."),
    misses: bool = typer.Option(False, "--misses", help="In từng câu trả lời chưa đúng."),
    aliases: Path | None = typer.Option(None, help="Tệp JSON các mã tương đương (mã mới → mã cũ)."),
) -> None:
    """Chấm điểm trên các tệp câu hỏi mẫu (cần `motcua serve` đang chạy)."""
    from bot import evaluation

    chosen = _settings()
    url = f"http://{chosen.host}:{chosen.port}"
    try:
        report = evaluation.run(files, url=url, database_url=chosen.database_url, aliases=aliases)
    except evaluation.NotServing:
        _fail(f"Không nối được tới {url}. Hãy chạy `motcua serve` trước.")
    out.print(report.as_json() if as_json else report.as_text(), markup=False)
    if misses:
        for miss in report.misses:
            out.print(miss, markup=False)


if __name__ == "__main__":
    app()
