"""A linear classifier over the paraphrases: which everyday procedure do words like these belong to.

Kernel ridge regression on the cosine kernel of ``ParaphraseIndex`` (one target a class). It is exact,
trains in seconds, and gives leave-one-out scores in closed form, which the ranking is learned from:
score without row i = Y_i − α_i / (K + λI)⁻¹_ii  (Rifkin & Lippert, "Notes on Regularized Least
Squares", 2007). What is kept is the equivalent linear model, one weight a feature and class.
"""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.linalg

from procedures_db.search.paraphrase_index import ParaphraseIndex

RIDGE = 0.5
_SEEN = 2  # a feature of one paraphrase alone tells no more than that paraphrase's similarity does

logger = logging.getLogger(__name__)


class ParaphraseClassifier:
    """Scores each class of the index, about 0.0–1.0."""

    def __init__(self, index: ParaphraseIndex, weights: np.ndarray, rows: dict[str, int]) -> None:
        self._index = index
        self._weights = weights  # (features, classes), float16
        self._rows = rows  # feature → row of ``weights``

    @classmethod
    def learn(cls, index: ParaphraseIndex) -> ParaphraseClassifier:
        """Solve for the weights: seconds, and memory for a square of the number of paraphrases."""
        if not len(index):
            return cls(index, np.zeros((0, index.classes), np.float16), {})
        solved = scipy.linalg.cho_solve(_factor(index), _targets(index), overwrite_b=True)
        table, features = index.table(seen=_SEEN)
        weights = (table.T @ solved).astype(np.float16)
        return cls(index, weights, {feature: row for row, feature in enumerate(features)})

    @classmethod
    def load_or_learn(cls, index: ParaphraseIndex, path: Path) -> ParaphraseClassifier:
        """The classifier kept at ``path`` if it was learned from these paraphrases; else learn and keep it."""
        kept = cls.load(index, path)
        if kept is not None:
            return kept
        logger.info("no classifier of these paraphrases at %s: learning", path)
        learned = cls.learn(index)
        learned.keep(path)
        return learned

    @classmethod
    def load(cls, index: ParaphraseIndex, path: Path) -> ParaphraseClassifier | None:
        """The classifier kept at ``path``; None if it is damaged or was learned from other paraphrases."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                if str(kept["fingerprint"]) == _fingerprint(index):
                    rows = {feature: row for row, feature in enumerate(kept["features"].tolist())}
                    return cls(index, kept["weights"], rows)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            return None
        return None

    def scores(self, words: Sequence[str]) -> np.ndarray:
        """Return one score a class for the folded words of a question."""
        at, values = [], []
        for feature, value in self._index.vector(words):
            row = self._rows.get(feature)
            if row is not None:
                at.append(row)
                values.append(value)
        if not at:
            return np.zeros(self._weights.shape[1], dtype=np.float32)
        return np.array(values, dtype=np.float32) @ self._weights[at].astype(np.float32)

    def keep(self, path: Path) -> None:
        """Write it beside the model; a folder that cannot be written is no failure."""
        partial = path.with_suffix(".partial.npz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                partial, fingerprint=_fingerprint(self._index), weights=self._weights,
                features=np.array(list(self._rows)),
            )  # fmt: skip
            partial.replace(path)
        except OSError as error:  # a read-only installation learns at every start
            logger.warning("classifier_not_kept: %s", error)


def leave_one_out(index: ParaphraseIndex) -> np.ndarray:
    """Return, for each paraphrase, the scores it would get had it not been learned from."""
    identity = np.eye(len(index), dtype=np.float32)
    inverse = scipy.linalg.cho_solve(_factor(index), identity, overwrite_b=True)
    return _targets(index) - (inverse @ _targets(index)) / np.diag(inverse)[:, None]


def _fingerprint(index: ParaphraseIndex) -> str:
    return hashlib.sha256(f"{RIDGE} {_SEEN} {index.fingerprint}".encode()).hexdigest()


def _factor(index: ParaphraseIndex):  # type: ignore[no-untyped-def]
    kernel = index.kernel()
    kernel[np.diag_indices_from(kernel)] += RIDGE
    # LAPACK wants columns: on the transpose it works in place, without a second copy of 8,000² numbers.
    return scipy.linalg.cho_factor(kernel.T, lower=False, overwrite_a=True, check_finite=False)


def _targets(index: ParaphraseIndex) -> np.ndarray:
    targets = np.zeros((len(index), index.classes), dtype=np.float32)
    targets[np.arange(len(index)), index.class_of] = 1.0
    return targets
