"""One score from all evidence: weights learned by ``learning.py``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from procedures_db.search.evidence import FEATURES, Evidence
from procedures_db.search.scope import Scope

WEIGHTS_FILE = Path(__file__).with_name("ranking_weights.json")


class Ranking:
    """Turns evidence into probabilities."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._vector = np.array([weights[feature] for feature in FEATURES])

    def probabilities(self, evidence: Evidence) -> np.ndarray:
        """Softmax over the candidates: given that one of them is meant, how likely is each."""
        logits = evidence.table @ self._vector
        exponentials = np.exp(logits - logits.max(initial=-np.inf))
        return exponentials / exponentials.sum()


def load() -> tuple[Ranking, Scope]:
    """The learned models. Raises OSError or KeyError when the file lacks a feature: learn anew."""
    content = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    scope = content["scope"]
    return Ranking(content["weights"]), Scope(scope["weights"], scope["intercept"])
