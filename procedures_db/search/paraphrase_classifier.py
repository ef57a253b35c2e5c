"""A linear classifier over the paraphrases: which everyday procedure do words like these belong to.

Kernel ridge regression on the cosine kernel of ``ParaphraseIndex`` (one target a class). It is exact,
trains in seconds, and gives leave-one-out scores in closed form, which the ranking is learned from:
score without row i = Y_i − α_i / (K + λI)⁻¹_ii  (Rifkin & Lippert, "Notes on Regularized Least
Squares", 2007).
"""

from __future__ import annotations

import numpy as np
import scipy.linalg
import scipy.sparse

from procedures_db.search.paraphrase_index import ParaphraseIndex

RIDGE = 0.5
_NEAR = 0.02  # similarities below this are noise: leaving them out saves most of the work
_PARTS = 32  # partial sums: thousands of float32 added one by one would lose a digit


class ParaphraseClassifier:
    """Scores each class of the index, about 0.0–1.0."""

    def __init__(self, index: ParaphraseIndex) -> None:
        self._coefficients = np.zeros((len(index), index.classes), dtype=np.float32)
        if len(index):
            solved = scipy.linalg.cho_solve(_factor(index), _targets(index), overwrite_b=True)
            self._coefficients = np.ascontiguousarray(solved, dtype=np.float32)

    def scores(self, similarities: np.ndarray) -> np.ndarray:
        """Return one score a class for a question's similarities with every paraphrase."""
        near = np.flatnonzero(similarities > _NEAR)
        # A sparse product reads the near rows in place; a dense one copies them and wakes BLAS threads.
        bounds = np.linspace(0, len(near), _PARTS + 1).astype(int)
        shape = (_PARTS, len(similarities))
        parts = scipy.sparse.csr_matrix((similarities[near], near, bounds), shape=shape)
        return (parts @ self._coefficients).sum(axis=0)

    def leave_one_out(self, index: ParaphraseIndex) -> np.ndarray:
        """Return, for each paraphrase, the scores it would get had it not been learned from."""
        identity = np.eye(len(index), dtype=np.float32)
        inverse = scipy.linalg.cho_solve(_factor(index), identity, overwrite_b=True)
        return _targets(index) - self._coefficients / np.diag(inverse)[:, None]


def _factor(index: ParaphraseIndex):  # type: ignore[no-untyped-def]
    kernel = index.kernel()
    kernel[np.diag_indices_from(kernel)] += RIDGE
    # LAPACK wants columns: on the transpose it works in place, without a second copy of 8,000² numbers.
    return scipy.linalg.cho_factor(kernel.T, lower=False, overwrite_a=True, check_finite=False)


def _targets(index: ParaphraseIndex) -> np.ndarray:
    targets = np.zeros((len(index), index.classes), dtype=np.float32)
    targets[np.arange(len(index)), index.class_of] = 1.0
    return targets
