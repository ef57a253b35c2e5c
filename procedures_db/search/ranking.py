"""One score from all evidence, and the decision it leads to."""

from __future__ import annotations

import numpy as np

from procedures_db.search.evidence import FEATURES, Evidence

# First estimate by hand; `feature: weight` in logits.
WEIGHTS = {
    "bm25": 3.0,
    "name_coverage": 5.0,
    "question_coverage": 4.0,
    "name_in_question": 1.5,
    "paraphrase": 9.0,
    "asked": 1.6,
    "commune": 0.5,
    "everyday": 0.4,
    "internal": -3.0,
    "one_province": -1.2,
    "not_for_citizens": -0.4,
    "qualifier_missing": -0.8,
    "qualifier_extra": -1.2,
    "under_discussion": 1.2,
    "replaced": -0.5,
    "name_length": -0.3,
}
_VECTOR = np.array([WEIGHTS[feature] for feature in FEATURES])

FOUND = 0.55  # answer when the likeliest has at least this probability
LISTED = 0.05  # an option is worth showing from here on
WEAK = 0.34  # below this share of the question explained nothing fits


def probabilities(evidence: Evidence) -> np.ndarray:
    """Softmax over the candidates: given that one of them is meant, how likely is each."""
    logits = evidence.table @ _VECTOR
    exponentials = np.exp(logits - logits.max(initial=0.0))
    return exponentials / exponentials.sum()


def fit_strength(evidence: Evidence, position: int) -> float:
    """How much of the question the candidate explains at all, 0.0–1.0."""
    return float(
        max(
            evidence.column("question_coverage")[position] * 0.9,
            evidence.column("paraphrase")[position],
        )
    )
