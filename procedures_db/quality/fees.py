"""Fees (phí, lệ phí) that are missing, zero, vague or about to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from procedures_db.quality.finding import Check, Finding, Part, excerpt
from procedures_db.record import Fee, ProcedureRecord

SOON = timedelta(days=60)  # how long before its end a fee cut is worth a warning


class FeeNotStated(Check):
    name = "fee-not-stated"
    title = "Không ghi phí, lệ phí"
    explanation = (
        "Người dân hỏi phí chỉ nhận được câu “chưa công bố trong dữ liệu”."
        " Không ghi không có nghĩa là miễn phí."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        without = [method.method.value for method in record.methods if not method.fees]
        if len(without) == len(record.methods):
            yield Finding(
                record.code, Part.FEES, "Không có dòng phí, lệ phí nào.",
                "Ghi mức thu, hoặc ghi rõ “Không thu phí, lệ phí” kèm căn cứ.",
            )  # fmt: skip
        elif without:
            names = ", ".join(dict.fromkeys(without))
            yield Finding(
                record.code, Part.FEES, f"Hình thức {names} không ghi phí, hình thức khác có ghi.",
                f"Ghi mức thu khi nộp {names}, kể cả khi bằng hình thức khác.",
            )  # fmt: skip


_ZERO = re.compile(r"(?<![\d.,/])0+\s*(?:đ\b|đồng|vnđ|vnd)|^\s*0+\s*$", re.IGNORECASE)


class ZeroFee(Check):
    name = "fee-zero"
    title = "Phí, lệ phí ghi bằng 0"
    explanation = (
        "Số 0 có thể là miễn phí, có thể là ô bỏ trống, có thể chỉ đúng với một trường hợp."
        " Trợ lý không được nói “miễn phí” khi dữ liệu chỉ ghi số 0."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        for text in _fee_texts(record):
            found = _ZERO.search(text)
            if found:
                yield Finding(
                    record.code, Part.FEES, f"Ghi “{excerpt(text, *found.span())}”.",
                    "Ghi rõ miễn thu cho ai, theo văn bản nào; nếu chưa biết thì bỏ số 0.",
                )  # fmt: skip


_AMOUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+\s*(?:đồng|đ\b|%|usd)", re.IGNORECASE)
_EXEMPT = re.compile(r"miễn|không thu|không phải nộp|không mất phí", re.IGNORECASE)


class VagueFee(Check):
    name = "fee-vague"
    title = "Phí, lệ phí không có mức thu"
    explanation = (
        "Chỉ ghi “Không”, “Theo quy định …” hay tên văn bản: người dân đọc xong vẫn không biết"
        " phải nộp bao nhiêu."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        fees = [fee for method in record.methods for fee in method.fees]
        if fees and not any(_tells(fee) for fee in fees):
            shown = excerpt(fees[0].text, 0, 0)
            yield Finding(
                record.code, Part.FEES, f"Không dòng nào có mức thu, ví dụ “{shown}”.",
                "Ghi mức thu bằng số kèm điều kiện; nếu không thu thì ghi “Không thu phí, lệ phí”.",
            )  # fmt: skip


def _tells(fee: Fee) -> bool:
    return bool(fee.amount or _AMOUNT.search(fee.text) or _EXEMPT.search(fee.text))


_UNTIL = re.compile(
    r"(?:đến|tới)\s+(?:hết\s+)?(?:ngày\s+)?"
    r"(?:(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})"
    r"|(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4}))",
    re.IGNORECASE,
)
_ABOUT_FEES = re.compile(r"phí|mức thu", re.IGNORECASE)


class ExpiringFee(Check):
    name = "fee-expiring"
    title = "Mức thu hết hoặc sắp hết thời hạn áp dụng"
    explanation = (
        "Nhiều mức phí chỉ được giảm đến một ngày, như Thông tư 64/2025/TT-BTC đến hết 31/12/2026."
        " Qua ngày đó, con số đang trả lời là sai."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        seen: set[str] = set()
        for text in [*_fee_texts(record), *_other_texts(record)]:
            for found in _UNTIL.finditer(text):
                day = _date(found)
                stamp = str(day or found.group())
                if stamp in seen or (day and day > self.today + SOON):
                    continue
                seen.add(stamp)
                yield self._finding(record.code, day, excerpt(text, *found.span()))

    def _finding(self, code: str, day: date | None, words: str) -> Finding:
        if day is None:
            what, suggestion = "Ngày không có thật", "Sửa lại ngày hết áp dụng."
        elif day < self.today:
            what = f"Đã hết áp dụng từ sau ngày {day:%d/%m/%Y}"
            suggestion = "Bỏ mức thu đã hết hạn, ghi mức đang áp dụng."
        else:
            what = f"Áp dụng đến ngày {day:%d/%m/%Y}"
            suggestion = "Chuẩn bị mức thu áp dụng từ ngày tiếp theo."
        return Finding(code, Part.FEES, f"{what}: “{words}”.", suggestion)


def _date(found: re.Match[str]) -> date | None:
    day, month, year = (int(number) for number in found.groups() if number)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _fee_texts(record: ProcedureRecord) -> list[str]:
    """Each different text once: the portal repeats it for every method."""
    return list(dict.fromkeys(fee.text for method in record.methods for fee in method.fees))


def _other_texts(record: ProcedureRecord) -> list[str]:
    """Notes and remarks that speak of fees."""
    notes = [*(method.note for method in record.methods), *record.remarks]
    return [text for text in dict.fromkeys(notes) if _ABOUT_FEES.search(text)]
