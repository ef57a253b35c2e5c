"""The kept question nearest to a citizen's: for what officials write themselves, found by meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from procedures_db.search.language import Language
from procedures_db.search.paraphrase_index import ParaphraseIndex
from procedures_db.search.query import make_query

_REMEMBERED = 16  # messages: a turn asks several times for the same one


@dataclass(frozen=True)
class Nearest:
    """An entry's number and how near its nearest question is, 0.0–1.0 (cosine)."""

    number: int
    similarity: float


class QuestionIndex:
    """Questions of numbered entries; the same evidence as the procedures' paraphrases."""

    def __init__(self, questions: Sequence[Iterable[str]], language: Language) -> None:
        """``questions``: for each entry, the ways it may be asked."""
        self._language = language
        examples = [
            (number, self._words(question))
            for number, several in enumerate(questions)
            for question in several
        ]
        self._index = ParaphraseIndex(examples, len(questions))
        self._nearest_of = lru_cache(maxsize=_REMEMBERED)(self._search)

    def nearest(self, text: str) -> Nearest | None:
        """The entry with the nearest question; None when there is no entry or nothing in common."""
        return self._nearest_of(text)

    def _search(self, text: str) -> Nearest | None:
        if not len(self._index):
            return None
        similarities = self._index.similarities(self._index.vector(self._words(text)))
        best = int(np.argmax(similarities))
        near = float(similarities[best])
        return Nearest(int(self._index.class_of[best]), near) if near > 0 else None

    def _words(self, text: str) -> Sequence[str]:
        return make_query(text, self._language).words  # what is asked counts: fillers stay
