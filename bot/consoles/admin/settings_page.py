"""``/admin/settings``: what this installation is set to, from where, and how it is changed; no secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from bot.settings import PREFIX, Settings

_PASSWORD = re.compile(r"(://[^/@:\s]*):[^@\s]*@")

# By what an official looks for: name → what it is about. A test compares with ``Settings``.
GROUPS: dict[str, dict[str, str]] = {
    "Máy chủ": {
        "host": "địa chỉ mạng mà trang web nhận yêu cầu",
        "port": "cổng của trang web",
        "database_url": "cơ sở dữ liệu thủ tục",
        "log_level": "mức ghi nhật ký của máy chủ",
        "max_import_mb": "tệp nạp lớn nhất, MB",
    },
    "Hiểu câu hỏi": {
        "rasa_url": "địa chỉ của Rasa; trống: Rasa chạy cùng máy",
        "rasa_port": "cổng của Rasa chạy cùng máy",
        "actions_url": "địa chỉ máy chủ trả lời; trống: chạy cùng máy",
        "actions_port": "cổng máy chủ trả lời chạy cùng máy",
        "endpoints": "tệp nối Rasa với máy chủ trả lời và nơi giữ cuộc trò chuyện",
        "rasa_timeout_seconds": "chờ một câu trả lời lâu nhất, giây",
        "questions_at_once": "số câu hỏi xử lý cùng lúc",
        "max_question_chars": "câu hỏi dài nhất, ký tự",
    },
    "Giới hạn": {
        "rate_limit_conversation": "số câu hỏi của một cuộc trò chuyện",
        "rate_limit_address": "số câu hỏi từ một địa chỉ mạng",
        "rate_limit_total": "số câu hỏi của tất cả",
        "rate_limit_exempt": "mạng không bị giới hạn",
        "rate_limit_storage": "nơi đếm câu hỏi",
        "rate_limit_login": "số lần thử đăng nhập từ một địa chỉ mạng",
    },
    "Đăng nhập": {
        "session_idle_minutes": "không bấm gì bấy nhiêu phút thì tự thoát",
        "session_hours": "sau bấy nhiêu giờ phải đăng nhập lại",
    },
    "Dữ liệu của người dân": {
        "keep_questions_days": "giữ câu hỏi, đánh giá, yêu cầu đã xong, ngày",
        "keep_conversations_days": "giữ cuộc trò chuyện không hoạt động, ngày",
        "telegram_retention_days": "giữ cuộc trò chuyện Telegram không hoạt động, ngày",
    },
    "Nhúng và dữ liệu mở": {
        "allowed_origins": "trang web khác được nhúng trợ lý",
        "publisher": "đơn vị công bố dữ liệu mở",
        "open_data_licence": "giấy phép của dữ liệu mở",
    },
    "Telegram": {
        "telegram_token": "mã bí mật của bot",
        "telegram_webhook_url": "địa chỉ nhận tin của Telegram; trống: tự hỏi tin mới",
        "telegram_api_url": "máy chủ Telegram",
        "telegram_messages_per_second": "số tin gửi đi mỗi giây",
    },
}


@dataclass(frozen=True)
class Shown:
    """One setting as the page tells it."""

    variable: str  # MOTCUA_PORT
    about: str
    value: str
    is_given: bool  # by the environment; else it is the default


def settings_page(visit: Visit) -> Response:
    settings: Settings = visit.request.app.state.settings
    groups = {
        title: [_shown(settings, name, about) for name, about in names.items()]
        for title, names in GROUPS.items()
    }
    return visit.page("admin/settings.html", groups=groups)


def _shown(settings: Settings, name: str, about: str) -> Shown:
    is_given = name in settings.model_fields_set
    return Shown(f"{PREFIX}{name.upper()}", about, told(getattr(settings, name)), is_given)


def told(value: Any) -> str:
    """A value for people: secrets and passwords in addresses are never told."""
    if isinstance(value, SecretStr):
        return "đã đặt, không hiện" if value.get_secret_value() else ""
    return _PASSWORD.sub(r"\1:***@", str(value))


routes = [ConsoleRoute("/admin/settings", settings_page, action=Action.VIEW_SETTINGS)]
