"""Facts in the form Vietnamese readers expect: money, periods, dates, lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from procedures_db.record import Fee, TimeLimit


def number(amount: Decimal) -> str:
    """20000 → "20.000"; 0.5 → "0,5"."""
    text = f"{amount:,f}".rstrip("0").rstrip(".") if amount % 1 else f"{amount:,.0f}"
    return text.replace(",", "_").replace(".", ",").replace("_", ".")


def money(amount: Decimal, currency: str) -> str:
    """20000, VND → "20.000 đồng"; 10, USD → "10 USD"."""
    return f"{number(amount)} {'đồng' if currency == 'VND' else currency}"


def fee(entry: Fee) -> str:
    """The amount with its conditions: an exemption must never be parted from the amount."""
    if entry.amount is None:
        return f"{entry.kind.value}: {one_line(entry.text)}"
    text = f"{entry.kind.value} {money(entry.amount, entry.currency)}"
    if entry.text.startswith("/"):
        return f"{text}{one_line(entry.text)}"  # "2.000 đồng/trang"
    return f"{text} ({one_line(entry.text)})" if entry.text else text


def period(limit: TimeLimit) -> str:
    """7, WORKING_DAY → "7 ngày làm việc"."""
    return f"{number(limit.amount)} {limit.unit.value}"


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def listed(items: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(items))


def one_line(text: str) -> str:
    return " ".join(text.split())


def clip(text: str, limit: int) -> tuple[str, bool]:
    """Cut at a line or sentence end before ``limit`` characters; say whether anything was cut."""
    if len(text) <= limit:
        return text, False
    head = text[:limit]
    end = max(head.rfind("\n"), head.rfind(". ") + 1, head.rfind("; ") + 1)
    return head[: end if end > limit // 2 else head.rfind(" ")].rstrip(), True
