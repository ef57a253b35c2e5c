"""Phrases that say for certain what is asked: "nộp ở đâu", "mấy ngày"."""

from __future__ import annotations

from pathlib import Path

import yaml

from procedures_db.text.folding import fold
from procedures_db.text.phrases import Phrases

_NOT_ASKING = "trừ khi"


class AspectWords:
    """The phrases of ``nlu_data/aspect_words.yml``."""

    def __init__(self, content: dict[str, list[str]]) -> None:
        self._phrases: Phrases[str] = Phrases(
            (fold(phrase).split(), aspect)
            for aspect, phrases in content.items()
            for phrase in phrases
        )

    @classmethod
    def load(cls, path: Path) -> AspectWords:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def words(self, text: str) -> set[str]:
        """The folded words that the phrases found are made of."""
        words = fold(text).split()
        return {
            word for match in self._phrases.find(words) for word in words[match.start : match.end]
        }

    def find(self, text: str) -> list[str]:
        """Return the aspects named, in the order of the text; the longest phrase wins at each place."""
        found = [match.value for match in self._phrases.find(fold(text).split())]
        return list(dict.fromkeys(aspect for aspect in found if aspect != _NOT_ASKING))
