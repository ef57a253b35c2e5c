"""Read fees (phí, lệ phí) from a cell.

Nothing is guessed: an amount is taken as a number only where it stands with its currency and nothing
else but its condition; everything else stays text, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from procedures_db.record import Fee, FeeKind
from procedures_db.sync.official_text import lines, stated
from procedures_db.sync.readers.cells import Value, row_numbers, text
from procedures_db.text.folding import fold

# "Phí : 10.000 Đồng (điều kiện)", as the portal's detail form prints each fee.
_FEE_START = re.compile(r"^(?=(?:phí|lệ phí|giá)\s*:)", re.IGNORECASE | re.MULTILINE)
_FEE = re.compile(
    r"(?P<kind>phí|lệ phí|giá)\s*:\s*(?P<value>[^(\n]*?)\s*"
    r"(?P<currency>đồng|vnđ|vnd|usd|đô la mỹ)?\s*(?:\((?P<text>.*)\))?",
    re.IGNORECASE | re.DOTALL,
)
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")
_ONLY_MONEY = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(đồng|vnđ|vnd|đ|usd)", re.IGNORECASE)
# "- 5.000 đồng" with a space is an item of a list.
_NEGATIVE = re.compile(
    r"(?:(?:phí|lệ phí|giá)\s*:\s*)?(-[\d.,]*\d)\s*(?:đồng|vnđ|vnd|đ|usd)?\s*(?:\(.*\))?",
    re.IGNORECASE | re.DOTALL,
)
_NOTHING_TO_PAY = re.compile(r"\b(mien|khong (thu|mat|phai nop))\b")
_KINDS = {"phi": FeeKind.FEE, "le phi": FeeKind.SERVICE_FEE, "gia": FeeKind.PRICE_LEVEL}


def read_fees(value: Value) -> tuple[Fee, ...]:
    """Fees of a cell. 0 without a condition is "not stated"; words are kept word for word.

    Raises ValueError for a negative amount.
    """
    given = stated(text(value))
    if not given:
        return ()
    found = (_fee(part.strip()) for part in _FEE_START.split(given) if part.strip())
    return tuple(fee for fee in found if fee)


def only_words(value: Value) -> bool:
    """Whether a fee is stated of which no amount was taken, nor that there is none to pay."""
    found = read_fees(value)
    return bool(found) and not any(
        fee.amount or _NOTHING_TO_PAY.search(fold(fee.text)) for fee in found
    )


def fees_in_words(rows: Sequence[int]) -> str:
    """What to tell of the rows where ``only_words`` is true."""
    return f"phí, lệ phí không rõ số tiền, giữ nguyên văn: dòng {row_numbers(rows)}"


def _fee(given: str) -> Fee | None:
    if negative := _NEGATIVE.fullmatch(given):
        raise ValueError(f"mức phí âm: “{negative.group(1)}”")
    if match := _FEE.fullmatch(given):
        return _labelled_fee(match)
    kind = FeeKind.SERVICE_FEE if fold(given).startswith("le phi") else FeeKind.FEE
    if match := _ONLY_MONEY.fullmatch(given):
        return _fee_of(match.group(1), match.group(2), "", kind)
    return None if given == "0" else Fee(kind=kind, text=given)


def _labelled_fee(match: re.Match[str]) -> Fee | None:
    kind, money = _KINDS[fold(match["kind"])], match["value"] or "0"
    currency, condition = match["currency"] or "", lines(match["text"])
    if _MONEY.fullmatch(money):
        return _fee_of(money, currency, condition, kind)
    # "Miễn phí Đồng (…)": the currency is the form's; beside figures it is the official's.
    words = [money, currency if re.search(r"\d", money) else "", condition and f"({condition})"]
    return Fee(kind=kind, text=" ".join(filter(None, words)))


def _fee_of(money: str, currency: str, condition: str, kind: FeeKind) -> Fee | None:
    amount = Decimal(re.sub(r"[.,]", "", money))
    if not amount and not condition:
        return None
    unit = "USD" if fold(currency) in ("usd", "do la my") else "VND"
    return Fee(kind=kind, amount=amount or None, currency=unit, text=condition)
