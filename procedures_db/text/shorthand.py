"""Write out how people type on a phone: "dk tam tru can j" → "đăng ký tạm trú cần gì"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from procedures_db.text.folding import fold, normalize
from procedures_db.text.phrases import Phrases

_WORD = re.compile(r"\w+")
_ALWAYS = ("viết tắt", "tiếng địa phương", "lỗi chính tả")
_CONTEXT_WORDS = 3  # how far a neighbour phrase may reach on each side


@dataclass(frozen=True)
class _InContext:
    """A rewriting that holds only next to one of these folded words."""

    replacement: str
    neighbours: tuple[str, ...]


class Shorthand:
    """The rewritings of ``nlu_data/shorthand.yml``."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._phrases: Phrases[str | _InContext] = Phrases(_entries(content))

    @classmethod
    def load(cls, path: Path) -> Shorthand:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def expand(self, text: str) -> str:
        """Return the text with shorthand written out; everything else stays as it is."""
        found = list(_WORD.finditer(text))
        words = [match.group().lower() for match in found]
        pieces, position = [], 0
        for match in self._phrases.find(words):
            replacement = self._replacement(match.value, words, match.start, match.end)
            if replacement is None:
                continue
            pieces += [text[position : found[match.start].start()], replacement]
            position = found[match.end - 1].end()
        return "".join([*pieces, text[position:]])

    @staticmethod
    def _replacement(value: str | _InContext, words: list[str], start: int, end: int) -> str | None:
        if isinstance(value, str):
            return value
        before = fold(" ".join(words[max(0, start - _CONTEXT_WORDS) : start]))
        after = fold(" ".join(words[end : end + _CONTEXT_WORDS]))
        beside = any(
            f" {before}".endswith(f" {near}") or f"{after} ".startswith(f"{near} ")
            for near in value.neighbours
        )
        return value.replacement if beside else None


def _entries(content: dict[str, Any]) -> Iterator[tuple[list[str], str | _InContext]]:
    for entry in content.get("theo ngữ cảnh") or ():
        rule = _InContext(entry["thành"], tuple(fold(word) for word in entry["cạnh"]))
        yield _words(entry["từ"]), rule
    for section in _ALWAYS:
        for short, full in (content.get(section) or {}).items():
            yield _words(short), full


def _words(text: object) -> list[str]:
    return _WORD.findall(normalize(str(text)).lower())
