"""Evidence from citizens' language: how near a question is to the known ways of asking."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

_GRAM = 4  # characters; long enough to be rare, short enough to survive a typing error


def features(words: Sequence[str]) -> Counter[str]:
    """Words, word pairs and character pieces of folded words; the pieces forgive misspellings."""
    counted: Counter[str] = Counter(words)
    counted.update(f"{a}_{b}" for a, b in itertools.pairwise(words))
    sentence = f" {' '.join(words)} "
    counted.update(f"#{sentence[i : i + _GRAM]}" for i in range(len(sentence) - _GRAM + 1))
    return counted


@dataclass(frozen=True)
class _Posting:
    rows: np.ndarray
    weights: np.ndarray
    idf: float


class ParaphraseIndex:
    """TF-IDF cosine between a question and every known paraphrase; a code scores its best one."""

    def __init__(self, examples: Iterable[tuple[int, Sequence[str]]]) -> None:
        """``examples``: (group, folded words of the paraphrase); groups are small non-negative ints."""
        pairs = [(group, features(words)) for group, words in examples if words]
        self._groups = np.array([group for group, _ in pairs], dtype=int)
        self._postings = _postings([counted for _, counted in pairs])

    def __len__(self) -> int:
        return len(self._groups)

    def similarities(self, words: Sequence[str]) -> np.ndarray:
        """Cosine with each paraphrase, 0.0–1.0, in the order given to the index."""
        scores = np.zeros(len(self._groups), dtype=np.float32)
        norm = 0.0
        for feature, count in features(words).items():
            posting = self._postings.get(feature)
            if posting is None:
                norm += count * count * 25.0  # unseen: as surprising as a rare feature
                continue
            weight = (1 + np.log(count)) * posting.idf
            norm += weight * weight
            scores[posting.rows] += weight * posting.weights
        return scores / np.sqrt(norm) if norm else scores

    def best_by_group(self, words: Sequence[str], groups: int) -> np.ndarray:
        """The best cosine of each group, 0.0 where a group has no paraphrase."""
        best = np.zeros(groups, dtype=np.float32)
        if len(self._groups):
            np.maximum.at(best, self._groups, self.similarities(words))
        return best


def _postings(documents: list[Counter[str]]) -> dict[str, _Posting]:
    rows: dict[str, list[int]] = defaultdict(list)
    counts: dict[str, list[int]] = defaultdict(list)
    for position, document in enumerate(documents):
        for feature, count in document.items():
            rows[feature].append(position)
            counts[feature].append(count)
    size = len(documents)
    idf = {feature: float(np.log((1 + size) / (1 + len(at))) + 1) for feature, at in rows.items()}
    squares = np.zeros(size)
    weighted = {}
    for feature, at in rows.items():
        where = np.array(at)
        weights = (1 + np.log(np.array(counts[feature], dtype=float))) * idf[feature]
        squares[where] += weights**2
        weighted[feature] = (where, weights)
    norms = np.sqrt(squares)
    return {
        feature: _Posting(where, (weights / norms[where]).astype(np.float32), idf[feature])
        for feature, (where, weights) in weighted.items()
    }
