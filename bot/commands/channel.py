"""``motcua channel``: switch channels off, with a message to citizens, and on again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.commands.terminal import fail, open_database, out, who
from bot.settings import Settings

if TYPE_CHECKING:
    from procedures_db.channels import Switch

app = typer.Typer(no_args_is_help=True, help="Tắt, bật các kênh trả lời người dân.")
_CHANNEL = typer.Argument(..., metavar="KÊNH", help="web hoặc telegram.")
_BY = typer.Option("", "--by", help="Tên người tắt, bật; mặc định là người dùng của máy.")


@app.command()
def off(
    channel: str = _CHANNEL,
    message: str = typer.Option("", help="Câu người dân đọc được trong lúc tắt."),
    by: str = _BY,
) -> None:
    """Tắt một kênh: ai hỏi cũng chỉ nhận được câu báo tạm ngừng. Có hiệu lực trong một giây."""
    _switch(channel, on=False, message=message, by=by)


@app.command()
def on(channel: str = _CHANNEL, by: str = _BY) -> None:
    """Bật lại một kênh."""
    _switch(channel, on=True, by=by)


@app.command(name="list")
def list_() -> None:
    """Xem kênh nào đang bật, kênh nào đang tắt."""
    from procedures_db import channels

    for state in channels.switches(open_database()):
        out.print(_line(state), markup=False)


def telegram_state(settings: Settings) -> str:
    """One line for whoever starts the installation: how Telegram is reached, or what to set."""
    if not settings.telegram_token.get_secret_value():
        return "Telegram: không dùng, chỉ trả lời trên web (đặt MOTCUA_TELEGRAM_TOKEN để bật, xem docs/telegram.md)"
    if settings.telegram_webhook_url:
        return f"Telegram: nhận tin tại {settings.telegram_webhook_url}"
    return "Telegram: tự hỏi máy chủ Telegram để nhận tin, không cần địa chỉ công khai"


def _switch(channel: str, *, on: bool, message: str = "", by: str) -> None:
    from procedures_db import channels

    try:
        state = channels.switch(open_database(), channel, on=on, message=message, by=who(by))
    except channels.UnknownChannel:
        fail(f"Không có kênh “{channel}”. Các kênh: {', '.join(channels.CHANNELS)}.")
    out.print(_line(state), markup=False)


def _line(state: Switch) -> str:
    said = f" — người dân đọc: “{state.message}”" if state.message else ""
    by = f" ({state.changed_by})" if state.changed_by else ""
    return f"{state.channel}: {'đang bật' if state.is_on else 'đang TẮT'}{by}{said}"
