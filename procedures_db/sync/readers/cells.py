"""Read what officials write into a cell: codes, dates, copies, periods, agencies.

Every function raises ValueError with a Vietnamese message. Nothing is guessed. Fees: ``fees``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procedures_db.record import (
    Agency,
    AgencyRole,
    GovernmentLevel,
    OnlineLevel,
    SubmissionMethod,
    TimeLimit,
    TimeUnit,
    national_code,
)
from procedures_db.sync.official_text import lines, one_line, stated
from procedures_db.sync.spreadsheet_safety import plain_cell
from procedures_db.text.folding import fold


@dataclass(frozen=True)
class Unusable:
    """A cell whose value cannot be had: a formula never calculated, #REF! and the like."""

    reason: str


Value = str | int | float | bool | date | datetime | Unusable | None


def text(value: Value) -> str:
    """The cell as text, line breaks kept; whole numbers without ".0", days as dd/mm/yyyy."""
    if isinstance(value, Unusable):
        raise ValueError(value.reason)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return plain_cell(lines("" if value is None else str(value)))


_TOO_SHORT = re.compile(r"\d(\.\d{1,5})?")


def code(value: Value) -> str:
    """National code. Excel drops the last zeros of 1.001200 when it takes a code for a number."""
    given = f"{value:.6f}" if isinstance(value, float) else text(value)
    if not given.strip():
        raise ValueError("thiếu mã thủ tục")
    if _TOO_SHORT.fullmatch(given.strip()):
        raise ValueError(f"mã thủ tục thiếu chữ số: “{given}” (Excel có thể đã bỏ số 0 ở cuối)")
    try:
        return national_code(given)
    except ValueError as error:
        raise ValueError(f"không phải mã thủ tục: “{given[:60]}”") from error


def is_code(value: Value) -> bool:
    try:
        code(value)
    except ValueError:
        return False
    return True


_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_DAY_IN_WORDS = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE
)


def day(value: Value) -> date | None:
    """A day as written in Viet Nam: 16/01/2026, 16-01-2026, "ngày 16 tháng 01 năm 2026"; None if blank."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    given = one_line(stated(text(value)))
    if not given:
        return None
    parts = [int(part) for part in _day_parts(given)]
    try:
        found = date(*parts)
    except ValueError as error:
        raise ValueError(f"ngày không có thật: “{given}”") from error
    if not 1945 <= found.year <= 2100:
        raise ValueError(f"năm không hợp lý: “{given}”")
    return found


def _day_parts(given: str) -> tuple[str, str, str]:
    if iso := _ISO_DAY.fullmatch(given):
        return iso.group(1), iso.group(2), iso.group(3)
    if match := _DAY.fullmatch(given) or _DAY_IN_WORDS.fullmatch(given):
        return match.group(3), match.group(2), match.group(1)
    raise ValueError(f"không phải ngày: “{given[:60]}” (cần dạng ngày/tháng/năm)")


_COUNT = re.compile(r"(?:bản (?:chính|sao)\s*:\s*)?(-?\d{1,6})(?:\s*(?:bản|bộ|tờ))?", re.IGNORECASE)


def count(value: Value) -> int:
    """A number of copies; blank is 0."""
    given = one_line(text(value))
    if not given:
        return 0
    match = _COUNT.fullmatch(given)
    if not match:
        raise ValueError(f"không phải số bản: “{given[:60]}”")
    if int(match.group(1)) < 0:
        raise ValueError(f"số bản âm: “{given}”")
    return int(match.group(1))


_UNITS = {
    "ngay lam viec": TimeUnit.WORKING_DAY, "ngay": TimeUnit.DAY, "gio": TimeUnit.HOUR,
    "gio lam viec": None, "thang": TimeUnit.MONTH, "nam": TimeUnit.YEAR, "khac": None,
}  # fmt: skip
_PERIOD = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s+(\D+)")


def period(value: Value) -> tuple[TimeLimit | None, str]:
    """Return (time limit, "") for "03 Ngày làm việc", else (None, the words as they stand)."""
    given = stated(text(value))
    match = _PERIOD.fullmatch(given)
    unit = fold(match.group(2)) if match else ""
    if not match or unit not in _UNITS:
        return None, given
    if unit == "khac":  # the form's "other": its number means nothing
        return None, ""
    amount = Decimal(match.group(1).replace(",", "."))
    known = _UNITS[unit]
    if not known:
        return None, given
    return (TimeLimit(amount=amount, unit=known), "") if amount else (None, "")


_METHODS = {"buu chinh": SubmissionMethod.POSTAL, "truc tuyen": SubmissionMethod.ONLINE,
            "truc tiep": SubmissionMethod.DIRECT}  # fmt: skip


def methods(value: Value) -> tuple[SubmissionMethod, ...]:
    """The ways to submit that a cell names, each once, in the order of ``SubmissionMethod``."""
    given = text(value)
    found = {method for words, method in _METHODS.items() if words in fold(given)}
    if given and not found:
        raise ValueError(f"không rõ hình thức nộp: “{given[:60]}”")
    return tuple(method for method in SubmissionMethod if method in found)


_LEVELS = {
    "bo": GovernmentLevel.MINISTRY, "trung uong": GovernmentLevel.MINISTRY,
    "tinh": GovernmentLevel.PROVINCE, "xa": GovernmentLevel.COMMUNE,
    "phuong": GovernmentLevel.COMMUNE, "dac khu": GovernmentLevel.COMMUNE,
    "nganh doc": GovernmentLevel.VERTICAL, "co quan khac": GovernmentLevel.OTHER,
    "huyen": None,  # abolished on 1/7/2025: the rest of the cell counts
}  # fmt: skip
_LEVEL_IN_TITLE = re.compile(r"\bcap (bo|trung uong|tinh|xa)\b")


def levels(value: Value) -> tuple[GovernmentLevel, ...]:
    """Levels that a cell lists: "Cấp Tỉnh, Cấp Xã"."""
    found = []
    for part in re.split(r"[,;/\n]| và ", text(value)):
        words = fold(part).removeprefix("cap ")
        if words and words not in _LEVELS:
            raise ValueError(f"không rõ cấp thực hiện: “{one_line(part)[:60]}”")
        found.append(_LEVELS.get(words))
    return tuple(level for level in GovernmentLevel if level in found)


def levels_in_title(title: str) -> tuple[GovernmentLevel, ...]:
    """Levels that a title names: "B. THỦ TỤC HÀNH CHÍNH CẤP XÃ"."""
    found = [_LEVELS[name] for name in _LEVEL_IN_TITLE.findall(fold(title))]
    return tuple(level for level in GovernmentLevel if level in found)


_ONLINE = {
    "toan trinh": OnlineLevel.FULL, "mot phan": OnlineLevel.PARTIAL,
    "cung cap thong tin": OnlineLevel.INFORMATION_ONLY,
}  # fmt: skip


# Numbered levels of before Nghị định 42/2022/NĐ-CP: a convention, no legal equivalence.
_OLD_LEVELS = {
    "1": OnlineLevel.INFORMATION_ONLY, "2": OnlineLevel.INFORMATION_ONLY,
    "3": OnlineLevel.PARTIAL, "4": OnlineLevel.FULL,
}  # fmt: skip
_OLD_LEVEL = re.compile(r"(?:muc |muc do |dvc muc )*([1-4])")


def online_level(value: Value) -> tuple[OnlineLevel, bool] | None:
    """Mức trực tuyến and whether it is inferred (from an old level 1–4); None if blank."""
    given = text(value)
    words = fold(given)
    found = [level for name, level in _ONLINE.items() if name in words]
    if len(found) == 1:
        return found[0], False
    if old := _OLD_LEVEL.fullmatch(words):
        return _OLD_LEVELS[old.group(1)], True
    if given:
        raise ValueError(
            f"không rõ mức trực tuyến: “{given[:60]}” (cần: toàn trình, một phần, cung cấp thông tin)"
        )
    return None


def ticked(value: Value) -> bool:
    """A column where a mark says yes: x, X, ✓, 1, có."""
    given = fold(text(value)) or text(value)
    if given in ("", "0", "khong", "false"):
        return False
    if given in ("x", "✓", "✔", "√", "v", "1", "co", "true"):
        return True
    raise ValueError(f"không rõ có đánh dấu hay không: “{given[:60]}”")


def names(value: Value) -> tuple[str, ...]:
    """One name a line (or between semicolons), each once."""
    parts = (one_line(part).lstrip("-+• ") for part in re.split(r"[;\n]", stated(text(value))))
    return tuple(dict.fromkeys(filter(None, parts)))


# A comma separates two names only outside brackets and before a capital: names hold commas too
# ("Sở Văn hóa, Thể thao và Du lịch"), so the second must also begin like an agency.
_AGENCY_HEADS = (
    "ủy ban", "uỷ ban", "ubnd", "chi cục", "sở ", "cục ", "bộ ", "cơ quan", "chủ tịch", "thuế ",
    "văn phòng", "ngân hàng", "công an", "cảng vụ", "ban ", "phòng ", "bảo hiểm", "trung tâm",
    "thủ t", "vụ ", "quỹ ", "biên phòng", "đội ", "hải quan", "giám đốc", "hội ", "tòa án",
    "quân ", "tổng cục", "kho bạc", "tổ ", "trường ", "thanh tra", "khu ", "đồn ", "viện ",
    "bệnh viện", "đại sứ", "thi hành án", "hạt ", "đơn vị",
)  # fmt: skip


def listed(value: Value) -> tuple[str, ...]:
    """Names joined with ", " in one line, as the detail form prints results and subjects."""
    given = one_line(stated(text(value)))
    starts = [0]
    for match in re.finditer(r", (?=\w)", given):
        before = given[: match.start()]
        if before.count("(") <= before.count(")") and given[match.end()].isupper():
            starts.append(match.end())
    pieces = (given[a:b].strip(", ") for a, b in zip(starts, [*starts[1:], None], strict=True))
    return tuple(dict.fromkeys(filter(None, pieces)))


def agencies(value: Value, role: AgencyRole) -> tuple[Agency, ...]:
    """Agencies of one role, one a line or joined with commas."""
    found: list[str] = []
    for line in names(value):
        pieces = [""]
        for piece in listed(line):
            if pieces[-1] and not piece.lower().startswith(_AGENCY_HEADS):
                pieces[-1] += f", {piece}"
            else:
                pieces.append(piece)
        found += pieces
    return tuple(Agency(role=role, name=name) for name in dict.fromkeys(filter(None, found)))


def link(value: Value) -> str:
    """An address of a web page; blank stays blank."""
    given = one_line(text(value))
    if given and not re.fullmatch(r"https?://[^\s<>\"']+", given):
        raise ValueError(f"không phải địa chỉ trang web: “{given[:60]}”")
    return given


_NUMBERS_SHOWN = 20


def row_numbers(rows: Sequence[int]) -> str:
    """ "2, 5, 9 …": which rows, in one line."""
    more = " …" if len(rows) > _NUMBERS_SHOWN else ""
    return ", ".join(map(str, rows[:_NUMBERS_SHOWN])) + more
