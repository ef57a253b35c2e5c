"""Evidence from citizens' language: how near a question is to the known ways of asking."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse

_GRAM = 4  # characters; long enough to be rare, short enough to survive a typing error
_UNSEEN_WEIGHT = 5.0  # an unknown feature is as surprising as a rare one
_BLOCK = 500  # rows of the kernel computed at a time: the sparse product takes twice their memory


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
    """TF-IDF cosine between a question and every known paraphrase; paraphrases belong to classes."""

    def __init__(self, examples: Iterable[tuple[int, Sequence[str]]], classes: int) -> None:
        """``examples``: (class, folded words of the paraphrase), classes from 0."""
        pairs = [(number, features(words)) for number, words in examples if words]
        self.classes = classes
        self.class_of = np.array([number for number, _ in pairs], dtype=int)
        self._by_class = np.argsort(self.class_of, kind="stable")
        ordered = self.class_of[self._by_class]
        self._present, self._starts = np.unique(ordered, return_index=True)
        self._postings = _postings([counted for _, counted in pairs])

    def __len__(self) -> int:
        return len(self.class_of)

    def similarities(self, words: Sequence[str]) -> np.ndarray:
        """Cosine with each paraphrase, 0.0–1.0, in the order given to the index."""
        scores = np.zeros(len(self), dtype=np.float32)
        norm = 0.0
        for feature, count in features(words).items():
            posting = self._postings.get(feature)
            if posting is None:
                norm += (count * _UNSEEN_WEIGHT) ** 2
                continue
            weight = (1 + math.log(count)) * posting.idf
            norm += weight * weight
            scores[posting.rows] += weight * posting.weights
        return scores / math.sqrt(norm) if norm else scores

    def by_class(self, similarities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each class's best similarity, and its mass: how many paraphrases are near at all."""
        best = np.zeros(self.classes, dtype=np.float32)
        mass = np.zeros(self.classes)
        if len(self):
            # Ten times faster than maximum.at and bincount over the unordered rows.
            near = similarities[self._by_class]
            cubes = (near * near * near).astype(float)
            best[self._present] = np.maximum.reduceat(near, self._starts)
            mass[self._present] = np.add.reduceat(cubes, self._starts)
        return best, np.cbrt(mass)

    def kernel(self) -> np.ndarray:
        """Cosines between all paraphrases, (n, n) float32; only the lower triangle is filled."""
        postings = list(self._postings.values())
        columns = np.repeat(np.arange(len(postings)), [len(p.rows) for p in postings])
        rows = np.concatenate([p.rows for p in postings])
        weights = np.concatenate([p.weights for p in postings])
        shape = (len(self), len(postings))
        table = scipy.sparse.csr_matrix((weights, (rows, columns)), shape=shape, dtype=np.float32)
        kernel = np.zeros((len(self), len(self)), dtype=np.float32)
        for start in range(0, len(self), _BLOCK):
            end = min(start + _BLOCK, len(self))
            kernel[start:end, :end] = (table[start:end] @ table[:end].T).toarray()
        return kernel


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
