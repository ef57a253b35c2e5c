"""A linear classifier over the paraphrases: which everyday procedure do words like these belong to.

Kernel ridge regression on the cosine kernel of ``ParaphraseIndex`` (one target a class). It is exact,
trains in seconds, and gives leave-one-out scores in closed form, which the ranking is learned from:
score without row i = Y_i − α_i / (K + λI)⁻¹_ii  (Rifkin & Lippert, "Notes on Regularized Least
Squares", 2007). What is kept is the equivalent linear model, one weight a feature and class, as 16-bit
whole numbers with one scale a feature: as exact as half floats, and processors convert them six times
as fast.
"""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.linalg

from procedures_db.search.paraphrase_index import ParaphraseIndex, Vector

RIDGE = 0.5
_SEEN = 2  # a feature of one paraphrase alone tells no more than that paraphrase's similarity does
_LARGEST = np.iinfo(np.int16).max

logger = logging.getLogger(__name__)


class ParaphraseClassifier:
    """Scores each class of the index, about 0.0–1.0."""

    def __init__(
        self, index: ParaphraseIndex, weights: np.ndarray, scales: np.ndarray, rows: dict[str, int]
    ) -> None:
        self._index = index
        self._weights = weights  # (features, classes), int16
        self._scales = scales  # (features,), float32: what a weight of 1 stands for
        self._rows = rows  # feature → row of ``weights``

    @classmethod
    def learn(cls, index: ParaphraseIndex) -> ParaphraseClassifier:
        """Solve for the weights: seconds, and memory for a square of the number of paraphrases."""
        if not len(index):
            return cls(index, np.zeros((0, index.classes), np.int16), np.zeros(0, np.float32), {})
        solved = scipy.linalg.cho_solve(_factor(index), _targets(index), overwrite_b=True)
        table, features = index.table(seen=_SEEN)
        weights = table.T @ solved
        scales = np.abs(weights).max(axis=1, initial=np.finfo(np.float32).tiny) / _LARGEST
        weights /= scales[:, None]
        rows = {feature: row for row, feature in enumerate(features)}
        return cls(index, np.rint(weights, out=weights).astype(np.int16), scales, rows)

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
                    return cls(index, kept["weights"], kept["scales"], rows)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            return None
        return None

    def scores(self, views: Sequence[Vector]) -> np.ndarray:
        """Return one score a class for a question: the best that any view of its words gets."""
        known = list(dict.fromkeys(f for view in views for f in view if f in self._rows))
        at = np.array([self._rows[feature] for feature in known], dtype=int)
        values = np.array([[view.get(f, 0.0) for f in known] for view in views], dtype=np.float32)
        by_view = (values * self._scales[at]) @ self._weights[at].astype(np.float32)
        return by_view.max(axis=0, initial=0.0)

    def keep(self, path: Path) -> None:
        """Write it beside the model; a folder that cannot be written is no failure."""
        partial = path.with_suffix(".partial.npz")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                partial, fingerprint=_fingerprint(self._index), weights=self._weights,
                scales=self._scales, features=np.array(list(self._rows)),
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
