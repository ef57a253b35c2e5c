"""One score from all evidence: a small network with weights learned by ``learning.py``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from procedures_db.search.evidence import FEATURES, Evidence
from procedures_db.search.scope import Scope

WEIGHTS_FILE = Path(__file__).with_name("ranking_weights.json")


@dataclass(frozen=True)
class Network:
    """score = tanh(x·hidden + bias)·out + x·direct, for standardised features x.

    The direct part is a linear model; the few hidden units let one kind of evidence speak for or
    against another (a near paraphrase counts less when a word of the question was never used so).
    """

    mean: np.ndarray  # (features,)
    scale: np.ndarray  # (features,)
    hidden: np.ndarray  # (features, units)
    bias: np.ndarray  # (units,)
    out: np.ndarray  # (units,)
    direct: np.ndarray  # (features,)

    def scores(self, table: np.ndarray) -> np.ndarray:
        """Return one score a row of features."""
        scaled = (table - self.mean) / self.scale
        return np.tanh(scaled @ self.hidden + self.bias) @ self.out + scaled @ self.direct

    def as_json(self) -> dict[str, Any]:
        """Rounded: five digits decide nothing, and the file stays readable in a diff."""
        return {name: np.round(array, 5).tolist() for name, array in vars(self).items()}


class Ranking:
    """Turns evidence into probabilities."""

    def __init__(self, network: Network, temperature: float = 1.0) -> None:
        self._network = network
        self._temperature = temperature

    def probabilities(self, evidence: Evidence) -> np.ndarray:
        """Softmax over the candidates: given that one of them is meant, how likely is each."""
        logits = self._network.scores(evidence.table) / self._temperature
        exponentials = np.exp(logits - logits.max(initial=-np.inf))
        return exponentials / exponentials.sum()


def load() -> tuple[Ranking, Scope]:
    """The learned models. Raises OSError, KeyError or ValueError when the file does not fit: learn anew."""
    content = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    if content["features"] != list(FEATURES):
        raise ValueError(f"{WEIGHTS_FILE.name} was learned from other features: learn anew")
    network = Network(**{name: np.array(values) for name, values in content["network"].items()})
    scope = content["scope"]
    return Ranking(network, content["temperature"]), Scope(scope["weights"], scope["intercept"])
