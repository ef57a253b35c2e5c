"""Expressions that officials list, looked for in what a citizen wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from procedures_db.text.folding import fold, normalize

_WORD = re.compile(r"\w+")
_GAP = r"(?:\S+ ){0,6}"  # what "…" may stand for


def words_of(text: str) -> str:
    """The words in lower case, diacritics as typed, single spaces: what expressions are looked for in."""
    return " ".join(_WORD.findall(normalize(text).lower()))


class Expressions:
    """Finds any of some expressions; "kiện … ra tòa" leaves room for a few words.

    Each word matches as it is written and without its diacritics: folding both sides would take
    "bảng giá đất" for "bằng giả". "=tự vẫn" matches only with its diacritics ("tu van" is tư vấn).
    """

    def __init__(self, expressions: Iterable[str]) -> None:
        parts = sorted(map(_pattern, expressions), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<= )(?:{'|'.join(parts)}) ") if parts else None

    def in_words(self, words: str) -> bool:
        return bool(self._pattern and self._pattern.search(f" {words} "))

    def cut_from(self, words: str) -> str:
        """The words without the expressions."""
        if self._pattern is None:
            return words
        return " ".join(self._pattern.sub("", f" {words} ").split())


def _pattern(expression: str) -> str:
    spelled: Callable[[str], str] = str if expression.startswith("=") else _spellings
    pieces = (" ".join(map(spelled, words_of(p).split())) for p in expression.split("…"))
    return f" {_GAP}".join(pieces)


def _spellings(word: str) -> str:
    plain = fold(word)
    return word if plain == word else f"(?:{word}|{plain})"
