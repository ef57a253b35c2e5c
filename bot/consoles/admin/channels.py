"""``/admin/channels``: switch channels off and on with a message, say something to everybody."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import announcements, channels
from procedures_db.announcements import BadAnnouncement
from procedures_db.channels import UnknownChannel
from procedures_db.describing import VIETNAM

NAMES = {"web": "Trang hỏi đáp và tiện ích nhúng", "telegram": "Telegram"}
_LONGEST_MESSAGE = 500


def channels_page(visit: Visit) -> Response:
    return _show(visit)


def switch(visit: Visit) -> Response:
    """Switch one channel; citizens read the message within a second."""
    channel, on = visit.request.path_params["channel"], visit.text("on") == "1"
    message = visit.text("message")
    if len(message) > _LONGEST_MESSAGE:
        return _show(visit, 422, f"Lời nhắn dài nhất {_LONGEST_MESSAGE} ký tự.")
    try:
        channels.switch(visit.engine, channel, on=on, message=message, by=visit.account.username)
    except UnknownChannel:
        return visit.page("refused.html", status=404, sentence="Không có kênh này.")
    with visit.changing() as session:
        visit.note(session, f"channel.{'on' if on else 'off'}", channel, message=message)
    return visit.go("/admin/channels", f"{NAMES[channel]}: {'đã bật' if on else 'đã tắt'}.")


def announcements_page(visit: Visit) -> Response:
    return _show_announcements(visit)


def announce(visit: Visit) -> Response:
    """Say a sentence above every conversation, from now or a moment on."""
    try:
        begins, ends = _moment(visit.text("begins_at")), _moment(visit.text("ends_at"))
        with visit.changing() as session:
            made = announcements.announce(
                session, visit.text("text"), by=visit.account.username, begins_at=begins, ends_at=ends
            )  # fmt: skip
            visit.note(session, "announcement.make", str(made.id), text=made.text)
    except BadAnnouncement as error:
        return _show_announcements(visit, 422, str(error))
    except ValueError:
        return _show_announcements(visit, 422, "Thời điểm không đúng.")
    return visit.go("/admin/announcements", "Đã đặt thông báo.")


def take_down(visit: Visit) -> Response:
    number = visit.request.path_params["number"]
    with visit.changing() as session:
        announcements.take_down(session, number)
        visit.note(session, "announcement.take_down", str(number))
    return visit.go("/admin/announcements", "Đã gỡ thông báo.")


def _show(visit: Visit, status: int = 200, wrong: str = "") -> Response:
    states = channels.switches(visit.engine)
    return visit.page(
        "admin/channels.html", status=status, wrong=wrong, states=states, NAMES=NAMES,
        longest=_LONGEST_MESSAGE,
    )  # fmt: skip


def _show_announcements(visit: Visit, status: int = 200, wrong: str = "") -> Response:
    with visit.reading() as session:
        now, coming = announcements.current(session), announcements.coming(session)
    return visit.page(
        "admin/announcements.html", status=status, wrong=wrong, now=now, coming=coming,
        typed=visit.form, longest=announcements.LONGEST,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    """What a browser sends of a date and time: Viet Nam's. Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM) if text else None


routes = [
    ConsoleRoute("/admin/channels", channels_page, action=Action.SWITCH_CHANNELS),
    ConsoleRoute(
        "/admin/channels/{channel}", switch, action=Action.SWITCH_CHANNELS, methods=["POST"]
    ),
    ConsoleRoute("/admin/announcements", announcements_page, action=Action.ANNOUNCE),
    ConsoleRoute("/admin/announcements", announce, action=Action.ANNOUNCE, methods=["POST"]),
    ConsoleRoute(
        "/admin/announcements/{number:int}/end", take_down, action=Action.ANNOUNCE, methods=["POST"]
    ),
]
