"""The district level (cấp huyện), abolished on 1/7/2025, still named in a record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procedures_db.quality.finding import Check, Finding, Part, excerpt, texts
from procedures_db.record import ProcedureRecord

# Huyện, quận, thị xã; and offices that only a district people's committee had (a commune's are
# Phòng Kinh tế, Phòng Văn hóa - Xã hội).
_DISTRICT = re.compile(
    r"\b(?i:huyện|quận|thị xã|thành phố thuộc tỉnh)\b"
    r"|\bPhòng (?:Tư pháp|Nội vụ|Y tế|Giáo dục và Đào tạo|Tài chính\s*[-–]\s*Kế hoạch"
    r"|Lao động|Tài nguyên và Môi trường)\b",
)
# "… do UBND cấp huyện cấp trước ngày 01/7/2025" is still true.
_BEFORE = re.compile(r"trước\s+(?:ngày\s+)?0?1\s*(?:/\s*0?7\s*/|tháng\s+0?7\s+năm)\s*2025")
_CLAUSE = re.compile(r"[.;\n]")


class DistrictLevel(Check):
    name = "district-level"
    title = "Còn nhắc đến cấp huyện"
    explanation = (
        "Từ ngày 01/7/2025 không còn cấp huyện: người dân theo chỉ dẫn này sẽ đi nhầm chỗ."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        for part, (words, times) in _mentions(record).items():
            more = f" (và {times - 1} chỗ khác)" if times > 1 else ""
            yield Finding(
                record.code, part, f"“{words}”{more}",
                "Thay bằng cơ quan cấp xã hoặc cấp tỉnh đang có thẩm quyền.",
            )  # fmt: skip


def _mentions(record: ProcedureRecord) -> dict[Part, tuple[str, int]]:
    """Part → the first mention and how many there are."""
    found: dict[Part, tuple[str, int]] = {}
    for part, text in texts(record):
        for match in _DISTRICT.finditer(text):
            if not _BEFORE.search(_clause(text, match.start())):
                words, times = found.get(part, (excerpt(text, *match.span()), 0))
                found[part] = (words, times + 1)
    return found


def _clause(text: str, position: int) -> str:
    """The clause around a position."""
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, position)), default=0)
    end = _CLAUSE.search(text, position)
    return text[start : end.start() if end else len(text)]
