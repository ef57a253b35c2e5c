"""Several procedures in one message: "khai sinh cho con với đăng ký kết hôn luôn", or a list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from procedures_db.search.resolution import Found, Question, Resolution
from procedures_db.text.folding import fold

# Words that join two wishes. A bare comma does not: before it stands the story, after it the need.
_JOIN = re.compile(
    r"\s*(?:[;?!]|,?\s*\b(?:và|với|cùng với|còn|đồng thời|ngoài ra|sau đó|luôn tiện|tiện thể|rồi"
    r"|va|voi|cung voi|dong thoi|ngoai ra|sau do|luon tien|tien the|roi)\b)\s*",
    re.IGNORECASE,
)
_SPLITS = 4  # each costs two searches
_LIST = re.compile(r"\s*(?:[,;:\n]|\b\d{1,2}[.)]\s|\b(?:và|với|va|voi)\b)\s*", re.IGNORECASE)
_LISTED = 10  # wishes of a list that are looked at
_PLAIN = ("va", "voi", "cung voi")
# Both parts must be this likely, more so where one names nothing; else the message is one question.
_SURE, _SURER = 0.75, 0.85


@dataclass(frozen=True)
class Part:
    """A part of a message and the procedure that it names."""

    text: str
    found: Found


def several(
    question: Question, whole: Resolution, resolve: Callable[[Question], Resolution]
) -> list[Part]:
    """Return the parts if each names a procedure of its own, in the order said; else nothing.

    ``whole``: how the message was resolved as one. A procedure that fits all of it better than either
    part (a bundle: liên thông) stays the answer.
    """
    listed = _listed(question.text, resolve)
    if len(listed) > 2:
        return listed
    for left, right, is_plain in _splits(question.text):
        first = _named(left, resolve, is_plain=is_plain)
        second = first and _named(right, resolve, is_plain=is_plain)
        if first and second and _distinct(first.found, second.found, whole):
            return [first, second]
    return []


def _listed(text: str, resolve: Callable[[Question], Resolution]) -> list[Part]:
    """The wishes of a list with commas or numbers: "hỏi ba việc: thường trú, tạm trú, tách hộ"."""
    pieces = [piece for piece in _LIST.split(text) if fold(piece)]
    if len(pieces) < 3:
        return []
    parts: dict[str, Part] = {}
    for number, piece in enumerate(pieces[:_LISTED], start=1):
        if part := _named(piece, resolve):
            parts.setdefault(part.found.candidate.code, part)
        if len(parts) < number - 1:  # all but what introduces the list must name one
            return []
    return list(parts.values()) if len(parts) >= len(pieces) - 1 else []


def _splits(text: str) -> Iterator[tuple[str, str, bool]]:
    """The parts on both sides of a joining word, and whether that word only joins."""
    for match in list(_JOIN.finditer(text))[:_SPLITS]:
        left, right = text[: match.start()], text[match.end() :]
        if len(fold(left).split()) >= 2 and len(fold(right).split()) >= 2:
            yield left, right, fold(match.group()) in _PLAIN


def _named(
    text: str, resolve: Callable[[Question], Resolution], *, is_plain: bool = False
) -> Part | None:
    found = resolve(Question(text))
    if not isinstance(found, Found) or found.from_context:
        return None
    chance = found.candidate.score * found.strength
    if not found.named:
        return Part(text, found) if is_plain and chance >= _SURER else None
    return Part(text, found) if chance >= _SURE else None


def _distinct(left: Found, right: Found, whole: Resolution) -> bool:
    codes = {left.candidate.code, right.candidate.code}
    if len(codes) < 2:
        return False
    if isinstance(whole, Found) and whole.candidate.code not in codes:
        return whole.candidate.score < _SURE
    return True
