"""Evidence from citizens' language: how near a question is to the known ways of asking."""

from __future__ import annotations

import copy
import hashlib
import itertools
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse

_GRAM = 4  # characters; long enough to be rare, short enough to survive a typing error
_UNSEEN_WEIGHT = 5.0  # an unknown feature is as surprising as a rare one


def features(words: Sequence[str]) -> Counter[str]:
    """Words, word pairs and character pieces of folded words; the pieces forgive misspellings."""
    counted: Counter[str] = Counter(words)
    counted.update(f"{a}_{b}" for a, b in itertools.pairwise(words))
    sentence = f" {' '.join(words)} "
    counted.update(f"#{sentence[i : i + _GRAM]}" for i in range(len(sentence) - _GRAM + 1))
    return counted


Vector = dict[str, float]  # feature → its share of a vector of length 1


@dataclass(frozen=True, slots=True)  # tens of thousands
class _Posting:
    rows: np.ndarray
    weights: np.ndarray
    idf: float


class ParaphraseIndex:
    """TF-IDF cosine between a question and every known paraphrase; paraphrases belong to classes."""

    def __init__(self, examples: Iterable[tuple[int, Sequence[str]]], classes: int) -> None:
        """``examples``: (class, folded words of the paraphrase), classes from 0."""
        known = [(number, tuple(words)) for number, words in examples if words]
        self.fingerprint = hashlib.sha256(repr((classes, known)).encode()).hexdigest()
        self._classify(np.array([number for number, _ in known], dtype=int), classes)
        self._postings = _postings([words for _, words in known])
        self._muted = np.array([], dtype=int)

    def _classify(self, class_of: np.ndarray, classes: int) -> None:
        self.classes, self.class_of = classes, class_of
        self._by_class = np.argsort(class_of, kind="stable")
        ordered = class_of[self._by_class]
        self._present, self._starts = np.unique(ordered, return_index=True)

    def patched(
        self, examples: Iterable[tuple[int, Sequence[str]]], classes: int
    ) -> ParaphraseIndex:
        """The index with a few examples more; this one goes on serving who holds it.

        The rarity of known features stays as it was: a handful of wordings among thousands moves none.
        """
        known = [(number, tuple(words)) for number, words in examples if words]
        made = copy.copy(self)
        digest = f"{self.fingerprint} {(classes, known)!r}"
        made.fingerprint = hashlib.sha256(digest.encode()).hexdigest()
        class_of = np.append(self.class_of, np.array([number for number, _ in known], dtype=int))
        made._classify(class_of, classes)
        made._postings = _joined(self._postings, [words for _, words in known], len(self))
        return made

    def muted(self, rows: Sequence[int]) -> ParaphraseIndex:
        """The index in which these paraphrases are like nothing; the classifier goes on knowing them."""
        made = copy.copy(self)
        made._muted = np.array(rows, dtype=int)
        return made

    def __len__(self) -> int:
        return len(self.class_of)

    def vector(self, words: Sequence[str]) -> Vector:
        """The question's known features; the unknown ones only lengthen it."""
        known = {}
        norm = 0.0
        for feature, count in features(words).items():
            posting = self._postings.get(feature)
            if posting is None:
                norm += (count * _UNSEEN_WEIGHT) ** 2
                continue
            weight = (1 + math.log(count)) * posting.idf
            norm += weight * weight
            known[feature] = weight
        length = math.sqrt(norm) or 1.0
        return {feature: weight / length for feature, weight in known.items()}

    def similarities(self, view: Vector) -> np.ndarray:
        """Cosine with each paraphrase, 0.0–1.0, in the order given to the index."""
        postings = [self._postings[feature] for feature in view]
        if not postings:
            return np.zeros(len(self))
        # One count over all postings, four times faster than adding them up one by one.
        lengths = [len(posting.rows) for posting in postings]
        weights = np.concatenate([posting.weights for posting in postings])
        weights *= np.repeat(np.array(list(view.values()), dtype=np.float32), lengths)
        rows = np.concatenate([posting.rows for posting in postings])
        scores = np.bincount(rows, weights, minlength=len(self))
        scores[self._muted] = 0.0
        return scores

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

    def table(self) -> tuple[scipy.sparse.csr_matrix, list[str]]:
        """The paraphrases' vectors as rows, and the features that the columns stand for."""
        postings = self._postings.values()
        columns = np.repeat(np.arange(len(postings)), [len(p.rows) for p in postings])
        rows = np.concatenate([p.rows for p in postings])
        weights = np.concatenate([p.weights for p in postings])
        shape = (len(self), len(postings))
        made = scipy.sparse.csr_matrix((weights, (rows, columns)), shape=shape, dtype=np.float32)
        return made, list(self._postings)


def _joined(
    postings: dict[str, _Posting], added: Sequence[Sequence[str]], size: int
) -> dict[str, _Posting]:
    """The postings with documents more, whose rows follow the ``size`` known ones."""
    unseen = float(np.log((1 + size) / 2) + 1)
    rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, words in enumerate(added, start=size):
        weighted = {
            feature: (1 + math.log(count))
            * (postings[feature].idf if feature in postings else unseen)
            for feature, count in features(words).items()
        }
        length = math.sqrt(sum(weight * weight for weight in weighted.values()))
        for feature, weight in weighted.items():
            rows[feature].append((row, weight / length))
    made = dict(postings)
    for feature, found in rows.items():
        at = np.array([row for row, _ in found], dtype=np.int32)
        weights = np.array([weight for _, weight in found], dtype=np.float32)
        old = postings.get(feature)
        made[feature] = (
            _Posting(np.append(old.rows, at), np.append(old.weights, weights), old.idf)
            if old
            else _Posting(at, weights, unseen)
        )
    return made


def _postings(documents: Sequence[Sequence[str]]) -> dict[str, _Posting]:
    # The features of one document at a time: held all at once they take 400 MB, which stay with the process.
    rows: dict[str, array[int]] = defaultdict(lambda: array("i"))
    counts: dict[str, array[int]] = defaultdict(lambda: array("i"))
    for position, document in enumerate(documents):
        for feature, count in features(document).items():
            rows[feature].append(position)
            counts[feature].append(count)
    size = len(documents)
    idf = {feature: float(np.log((1 + size) / (1 + len(at))) + 1) for feature, at in rows.items()}
    squares = np.zeros(size)
    weighted = {}
    for feature, at in rows.items():
        where = np.array(at, dtype=np.int32)
        weights = (1 + np.log(np.array(counts[feature], dtype=float))) * idf[feature]
        squares[where] += weights**2
        weighted[feature] = (where, weights)
    norms = np.sqrt(squares)
    return {
        feature: _Posting(where, (weights / norms[where]).astype(np.float32), idf[feature])
        for feature, (where, weights) in weighted.items()
    }
