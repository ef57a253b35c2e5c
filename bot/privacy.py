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
# What only the words before it give away: six digits may be anything, after "otp" they are a secret.
_BETWEEN = r"(?: \w+){0,3}?\s*[:=]?\s*"  # "otp của em là", "stk:"
_OTP = r"(?:otp|m[ãa] x[áa]c (?:nh[ậa]n|th[ựu]c)|m[ãa] b[ảa]o m[ậa]t|m[ãa] pin|cvv)"
_ACCOUNT = r"(?:stk|s[ốo] t[àa]i kho[ảa]n|t[àa]i kho[ảa]n|s[ốo] tk)"
_INSURANCE_OR_TAX = (
    r"(?:mst|m[ãa] s[ốo] thu[ếe]|bhxh|bhyt|b[ảa]o hi[ểe]m x[ãa] h[ộo]i|b[ảa]o hi[ểe]m y t[ếe])"
)
_PASSWORD = r"(?:m[ậa]t kh[ẩa]u|password|passcode|pass|mk)"
_LANDLINE = r"(?:\+84|0) ?2\d{1,2}"  # area codes since 2017 begin with 2

_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b({_OTP}{_BETWEEN})(?<!\d)\d(?:[ .\-]?\d){{2,7}}(?!\d)", re.IGNORECASE), r"\1[mã OTP]"),
    (re.compile(rf"\b({_PASSWORD}(?: \w+){{0,3}}?\s*(?:là|la|:|=)\s*)(?=\S*[\d@#$%!])[^\s,;\[]+", re.IGNORECASE), r"\1[mật khẩu]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?<![\d.])" + _NOT_DATE + r"(?:\+?84|0)[ .\-]?[35789]" + _SPACED + r"{8}(?!\d)"), "[số điện thoại]"),
    (re.compile(r"(?<![\d.])\(?" + _LANDLINE + r"\)?(?:[ .\-]?\d){7,8}(?!\d)"), "[số điện thoại]"),
    (re.compile(rf"\b({_ACCOUNT}{_BETWEEN})(?<!\d){_NOT_CODE}\d(?:[ .\-]?\d){{5,18}}(?!\d)" + _NOT_AMOUNT, re.IGNORECASE), r"\1[số tài khoản]"),
    (re.compile(rf"\b({_INSURANCE_OR_TAX}{_BETWEEN})(?<!\d)\d{{10}}(?:-\d{{3}})?(?!\d)", re.IGNORECASE), r"\1[mã số]"),
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
    """Return the text with personal numbers, secrets and e-mail addresses replaced by labels.

    CCCD has 12 digits, CMND 9, a mobile number 10 (or +84 and 9), a landline 10–11 from 02, a card
    16–19, with or without spaces, dots or dashes between them. One-time codes, passwords, account,
    insurance and tax numbers are known by the words before them. Procedure codes and amounts stay.
    """
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


_SECRETS = ("[số căn cước]", "[số CMND]", "[số thẻ]", "[số tài khoản]", "[mã OTP]", "[mật khẩu]")


def tells_a_secret(text: str, masked: str) -> bool:
    """Whether something was masked that nobody should send to a chat: identity, bank, password."""
    return any(label in masked and label not in text for label in _SECRETS)
