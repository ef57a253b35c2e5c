"""Whether a question is about any procedure at all."""

from __future__ import annotations

import numpy as np

from procedures_db.search.evidence import FEATURES, Evidence

_OF_THE_BEST = (
    "bm25", "name_coverage", "question_coverage", "rarest_found", "rarest_missing",
    "paraphrase_mass", "classifier",
)  # fmt: skip
_OVER_ALL = ("paraphrase", "classifier", "question_coverage")
SCOPE_FEATURES = (
    *(f"best {name}" for name in _OF_THE_BEST),
    *(f"highest {name}" for name in _OVER_ALL),
    "first chance",
    "first three chances",
)


def scope_features(evidence: Evidence, chances: np.ndarray) -> np.ndarray:
    """What tells a question about procedures from small talk; ``chances``: the ranking's."""
    order = np.argsort(-chances)
    best = evidence.table[order[0]]
    return np.array(
        [
            *(best[FEATURES.index(name)] for name in _OF_THE_BEST),
            *(evidence.column(name).max() for name in _OVER_ALL),
            chances[order[0]],
            chances[order[:3]].sum(),
        ]
    )


class Scope:
    """A logistic model learned by ``learning.py``."""

    def __init__(self, weights: dict[str, float], intercept: float) -> None:
        self._vector = np.array([weights[name] for name in SCOPE_FEATURES])
        self._intercept = intercept

    def probability(self, evidence: Evidence, chances: np.ndarray) -> float:
        """Chance, 0.0–1.0, that the question is about one of the procedures."""
        logit = scope_features(evidence, chances) @ self._vector + self._intercept
        return float(1 / (1 + np.exp(-logit)))
