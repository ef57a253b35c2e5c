"""Links that lead to a closed portal, to an unsafe address or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procedures_db.quality.finding import Check, Finding, Part, texts
from procedures_db.record import ProcedureRecord

_NATIONAL = {"dichvucong.gov.vn", "www.dichvucong.gov.vn"}
# An address with its scheme, or a bare host under .vn; not the end of an e-mail address.
_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^\s/\"'<>()\[\],;”“]+)|(?<![@\w./-])(?P<bare>(?:[\w-]+\.+)+vn)\b",
    re.IGNORECASE,
)
# Provinces' and ministries' own portals: the provinces' public side closed on 1/7/2025.
_OLD_PORTAL = re.compile(r"^(?:www\.)?(?:dvc|hcc|motcua|egov|tthc)\.|dichvucong|dvctt")


class OldLink(Check):
    name = "old-link"
    title = "Đường dẫn cũ hoặc hỏng"
    explanation = (
        "Từ ngày 01/7/2025 Cổng Dịch vụ công quốc gia là cổng duy nhất cho người dân;"
        " cổng riêng của tỉnh đã đóng, cổng cũ của bộ, địa chỉ http và địa chỉ gõ sai có thể không mở được."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        seen: set[tuple[Part, str]] = set()
        for part, text in (*texts(record), (Part.SOURCE, record.source_url)):
            if "://" not in text and ".vn" not in text:
                continue  # nearly all texts; looking closer at each takes seconds
            for link in _LINK.finditer(text):
                shown = link.group().rstrip(".")
                problem = _problem(link)
                if problem and (part, shown) not in seen:
                    seen.add((part, shown))
                    what, suggestion = problem
                    yield Finding(record.code, part, f"{what}: {shown}", suggestion)


def _problem(link: re.Match[str]) -> tuple[str, str] | None:
    """What is wrong with a link and what to do about it; None if nothing is."""
    host = (link["host"] or link["bare"]).lower().rstrip(".").partition(":")[0]
    if ".." in host:
        return "Địa chỉ gõ sai", "Sửa lại địa chỉ."
    if host not in _NATIONAL and _OLD_PORTAL.search(host):
        return (
            "Cổng riêng của bộ hoặc địa phương",
            "Mở thử; nếu đã đóng, thay bằng https://dichvucong.gov.vn.",
        )
    if link["scheme"] and link["scheme"].lower() == "http":
        return "Địa chỉ http", "Mở thử bằng https:// và thay; nếu không mở được thì bỏ."
    return None
