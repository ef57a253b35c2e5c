"""Mask personal numbers before anything is stored, logged or sent on."""

from __future__ import annotations

import re

_SEPARATED = r"(?:[ .\-]?\d)"
_SPACED = r"(?:(?: - |[ .\-]?)\d)"  # "0912 - 345 - 678"; no amount begins with 0, so none is hit

# Longest first: a bank card must not be taken for an identity number plus rest.
# Amounts ("150000000 đồng") and procedure codes ("1.004605.000.00.00.H17") are no personal numbers.
_NOT_DATE = r"(?!\d{2}[.\-]\d{2}[.\-](?:19|20)\d{2}(?!\d))"  # "05-09-1990 10 giờ"
_NOT_CODE = r"(?!\d\.\d{6}(?!\d))"
_NOT_AMOUNT = r"(?!\d)(?!\s*(?:đ|đồng|dong|vnd|vnđ|triệu|nghìn|ngàn|usd)\b)"
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?<![\d.])" + _NOT_DATE + r"(?:\+?84|0)[ .\-]?[35789]" + _SPACED + r"{8}(?!\d)"), "[số điện thoại]"),
    (re.compile(r"(?<![\d.])" + _NOT_CODE + r"\d" + _SEPARATED + r"{15,18}(?!\d)"), "[số thẻ]"),
    (re.compile(r"(?<![\d.])0\d{2}" + _SPACED + r"{9}(?!\d)"), "[số căn cước]"),
    (re.compile(r"(?<![\d.])\d{12}(?!\d)", re.IGNORECASE), "[số căn cước]"),
    (re.compile(r"(?<![\d.])0\d{2}([ .\-])\d{3}\1\d{3}(?![\d.])"), "[số CMND]"),
    (re.compile(r"(?<![\d.])\d{9}" + _NOT_AMOUNT, re.IGNORECASE), "[số CMND]"),
    (re.compile(r"(?<![\d.])\d{13,15}(?!\d)"), "[số tài khoản]"),
    (re.compile(r"\b[A-Z]\d{7}\b", re.IGNORECASE), "[số hộ chiếu]"),
    (re.compile(r"\bH\d{2}(?:\.\d+)*-\d{6}-\d{3,}\b", re.IGNORECASE), "[mã hồ sơ]"),
    (re.compile(r"\b\d{3}(?:\.\d+)*\.H\d{2}-\d{6}-\d{3,}\b", re.IGNORECASE), "[mã hồ sơ]"),
)  # fmt: skip


def mask(text: str) -> str:
    """Return the text with identity, phone, card, passport and dossier numbers and e-mails replaced.

    CCCD has 12 digits, CMND 9, a mobile number 10 (or +84 and 9), a card 16–19, with or without
    spaces, dots or dashes between them. Procedure codes and amounts stay.
    """
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text
