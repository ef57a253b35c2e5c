"""The links at the top of every page: those that the visitor's roles allow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.consoles.permissions import Action, may
from procedures_db.account import Role


@dataclass(frozen=True)
class Entry:
    """A page to go to. ``group``: the console it belongs to."""

    path: str
    label: str
    action: Action
    group: str


STAFF, ADMIN, OWN = "Một cửa", "Quản trị", "Của tôi"

ENTRIES = (
    Entry("/staff", "Yêu cầu", Action.VIEW_ENQUIRIES, STAFF),
    Entry("/staff/counter", "Tại quầy", Action.USE_COUNTER, STAFF),
    Entry("/staff/canned", "Câu mẫu", Action.WRITE_CANNED_ANSWERS, STAFF),
    Entry("/staff/calendar", "Lịch làm việc", Action.USE_COUNTER, STAFF),
    Entry("/admin/procedures", "Thủ tục", Action.VIEW_PROCEDURES, ADMIN),
    Entry("/admin/drafts", "Bản nháp", Action.VIEW_PROCEDURES, ADMIN),
    Entry("/admin/imports", "Nạp tệp", Action.IMPORT_PROCEDURES, ADMIN),
    Entry("/admin/changes", "Thay đổi", Action.VIEW_PROCEDURES, ADMIN),
    Entry("/admin/quality", "Chất lượng", Action.VIEW_QUALITY, ADMIN),
    Entry("/admin/faqs", "Câu hỏi thường gặp", Action.VIEW_FAQS, ADMIN),
    Entry("/admin/wording", "Lời văn", Action.VIEW_WORDS, ADMIN),
    Entry("/admin/sayings", "Lời dân, cách hỏi", Action.VIEW_WORDS, ADMIN),
    Entry("/admin/life-events", "Sự kiện cuộc đời", Action.VIEW_WORDS, ADMIN),
    Entry("/admin/glossary", "Từ ngữ", Action.VIEW_WORDS, ADMIN),
    Entry("/admin/channels", "Kênh", Action.SWITCH_CHANNELS, ADMIN),
    Entry("/admin/announcements", "Thông báo", Action.ANNOUNCE, ADMIN),
    Entry("/admin/settings", "Cấu hình", Action.VIEW_SETTINGS, ADMIN),
    Entry("/admin/accounts", "Tài khoản", Action.MANAGE_ACCOUNTS, ADMIN),
    Entry("/admin/audit", "Nhật ký", Action.READ_AUDIT, ADMIN),
    Entry("/admin/learning", "Học từ câu hỏi", Action.REVIEW_QUESTIONS, ADMIN),
    Entry("/admin/learning/wordings", "Duyệt cách nói", Action.VIEW_WORDS, ADMIN),
    Entry("/admin/dashboard", "Thống kê", Action.VIEW_DASHBOARD, ADMIN),
    Entry("/account", "Tài khoản của tôi", Action.OWN_ACCOUNT, OWN),
)


def entries_for(roles: Collection[Role]) -> dict[str, list[Entry]]:
    """The entries by group, in their order; groups without an entry are left out."""
    found: dict[str, list[Entry]] = {}
    for entry in ENTRIES:
        if may(roles, entry.action):
            found.setdefault(entry.group, []).append(entry)
    return found


def current(path: str) -> str:
    """Path of the entry to which a page belongs: the longest one above it."""
    above = [e.path for e in ENTRIES if path == e.path or path.startswith(f"{e.path}/")]
    return max(above, key=len, default="")


def first_page(roles: Collection[Role]) -> str:
    """Where somebody arrives after login."""
    return next((entry.path for entry in ENTRIES if may(roles, entry.action)), "/account")


def is_ours(path: str) -> bool:
    """Whether a path is a page of the consoles here: nothing else is gone to after login."""
    plain = all(" " <= c <= "~" and c != "\\" for c in path) and "//" not in path
    return plain and path.split("?")[0].split("/")[1:2] in (["staff"], ["admin"], ["account"])
