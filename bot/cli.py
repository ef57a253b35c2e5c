"""The command line: ``motcua serve``, ``ask``, ``train``, ``eval``, and those of bot/commands."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.commands import audit, channel, report, user
from bot.commands.backup import backup, restore
from bot.commands.export import export
from bot.commands.history import history
from bot.commands.import_ import import_
from bot.commands.sync import sync
from bot.commands.terminal import connect_database, open_database, out, usable_database
from bot.commands.terminal import err as err
from bot.commands.terminal import fail as _fail
from bot.commands.terminal import read_settings as _settings
from bot.commands.undo import undo
from bot.settings import Settings

app = typer.Typer(
    name="motcua", no_args_is_help=True, help="motcua — trợ lý thủ tục hành chính.",
    pretty_exceptions_enable=False, add_completion=False,
)  # fmt: skip
app.command(name="import")(import_)
app.command()(undo)
app.command()(history)
app.command()(export)
app.command()(sync)
app.add_typer(report.app, name="report")
app.command()(backup)
app.command()(restore)
app.add_typer(channel.app, name="channel")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")


def _prepare() -> None:
    """Migrate, and load the built-in procedures that the database lacks."""
    from procedures_db.connection import DatabaseBusy
    from procedures_db.sync.seeding import seed

    # endpoints.yml: conversations live there whatever the database
    Path("data").mkdir(exist_ok=True)
    engine = open_database()
    try:
        added = seed(engine)
    except DatabaseBusy as error:
        _fail(f"Không nạp được thủ tục có sẵn: {error}.")
    if added:
        out.print(f"Đã nạp {added} thủ tục có sẵn.")


@app.command()
def serve() -> None:
    """Chạy toàn bộ: Rasa, máy chủ hành động và trang web, cho đến khi bấm Ctrl-C."""
    from bot.observability import configure_logging
    from procedures_db.backup.errors import BeingRestored
    from procedures_db.backup.in_use import serving

    chosen = _settings()
    configure_logging(chosen.log_level)
    try:
        with serving(chosen.database_url):
            _serve(chosen)
    except BeingRestored as error:
        _fail(str(error))


def _serve(chosen: Settings) -> None:
    from bot import training
    from bot.supervisor import StartupError, Supervisor, parts

    _prepare()
    if not training.is_current():
        _train()
    address = f"http://{chosen.host}:{chosen.port}"
    out.print("Đang khởi động (khoảng nửa phút) …")
    out.print(f"  {channel.telegram_state(chosen)}")

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


@app.command(name="eval")
def eval_(
    files: list[Path] | None = typer.Argument(None, exists=True, dir_okay=False),
    accepted: bool = typer.Option(
        False, "--accepted", help="Chấm cả các câu hỏi thật đã duyệt trong cơ sở dữ liệu."
    ),
    as_json: bool = typer.Option(False, "--json", help="In kết quả dạng JSON cho máy đọc."),
    misses: bool = typer.Option(False, "--misses", help="In từng câu trả lời chưa đúng."),
    aliases: Path | None = typer.Option(None, help="Tệp JSON các mã tương đương (mã mới → mã cũ)."),
) -> None:
    """Chấm điểm trên các tệp câu hỏi mẫu (cần `motcua serve` đang chạy)."""
    from bot import evaluation
    from procedures_db.migrating import require_current
    from procedures_db.procedures import ProcedureNotFound

    given = [file.resolve() for file in files or ()]
    aliases = aliases and aliases.resolve()
    chosen = _settings()
    if not given and not accepted:
        _fail("Cần tệp câu hỏi, hoặc --accepted.")
    with usable_database():
        require_current(connect_database())
    url = f"http://{chosen.host}:{chosen.port}"
    try:
        report = evaluation.run(
            given, url=url, database_url=chosen.database_url, aliases=aliases, accepted=accepted
        )
    except evaluation.NotServing:
        _fail(f"Không nối được tới {url}. Hãy chạy `motcua serve` trước.")
    except ProcedureNotFound as error:
        _fail(
            f"Trợ lý trả lời thủ tục {error} mà cơ sở dữ liệu của lệnh này không có:"
            " MOTCUA_DATABASE_URL phải là của motcua serve."
        )
    out.print(report.as_json() if as_json else report.as_text(), markup=False)
    if misses:
        for miss in report.misses:
            out.print(miss, markup=False)


if __name__ == "__main__":
    app()
