"""Fit the ranking's network: maximum likelihood of the right candidate under a softmax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from procedures_db.search.evidence import Evidence
from procedures_db.search.ranking import Network

_UNITS = 16
_L2 = (
    1e-3  # measured on held-out procedures: 3e-4 and 24 units learn the training questions by heart
)
_STEPS = 400
_SEED = 20261122


@dataclass(frozen=True)
class Asked:
    """A question with its evidence and where the right answer stands in it."""

    code: str
    evidence: Evidence
    right: int  # −1: the procedure is no candidate
    weight: float
    long_tail: bool


class _Stack:
    """Evidence of many questions as one long table: ``start[i]`` is the first row of question i."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        sizes = [len(question.evidence.positions) for question in asked]
        self.start = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
        self.question = np.repeat(np.arange(len(asked)), sizes)
        self.table = np.concatenate([question.evidence.table for question in asked])
        self.right = self.start + np.array([question.right for question in asked])
        weights = np.array([question.weight for question in asked])
        self.weights = weights / weights.sum()

    def chances(self, scores: np.ndarray) -> np.ndarray:
        """Softmax within each question."""
        highest = np.maximum.reduceat(scores, self.start)
        exponentials = np.exp(scores - highest[self.question])
        return exponentials / np.add.reduceat(exponentials, self.start)[self.question]

    def loss(self, chances: np.ndarray) -> float:
        return float(-(self.weights * np.log(chances[self.right] + 1e-9)).sum())


def fit(asked: Sequence[Asked]) -> Network:
    """Learn from questions whose right answer is among the candidates; the same every time."""
    stack = _Stack(asked)
    mean, spread = stack.table.mean(0), stack.table.std(0)
    scale = np.where(spread > 1e-6, spread, 1.0)  # a feature that never varied says nothing
    scaled = ((stack.table - mean) / scale).astype(np.float32)
    shapes = [(scaled.shape[1], _UNITS), (_UNITS,), (_UNITS,), (scaled.shape[1],)]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def parts(vector: np.ndarray) -> list[np.ndarray]:
        pieces = np.split(vector, cuts)
        return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        hidden, bias, out, direct = (part.astype(np.float32) for part in parts(vector))
        units = np.tanh(scaled @ hidden + bias)
        chances = stack.chances(units @ out + scaled @ direct)
        error = chances * stack.weights[stack.question]
        error[stack.right] -= stack.weights
        error = error.astype(np.float32)
        back = error[:, None] * out * (1 - units * units)
        gradient = np.concatenate(
            [(scaled.T @ back).ravel(), back.sum(0), units.T @ error, scaled.T @ error]
        )
        value = stack.loss(chances) + _L2 * float((vector**2).sum())
        return value, gradient.astype(float) + 2 * _L2 * vector

    random = np.random.default_rng(_SEED)
    start = np.concatenate(
        [random.normal(0, 0.3 if len(shape) == 2 else 0.1, shape).ravel() for shape in shapes]
    )
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return Network(mean, scale, *parts(found.x))


def fit_temperature(asked: Sequence[Asked], network: Network) -> float:
    """The divisor of the scores that makes the chances of questions not learned from truest
    (Guo et al., "On Calibration of Modern Neural Networks", 2017)."""
    stack = _Stack(asked)
    scores = network.scores(stack.table)
    found = minimize_scalar(
        lambda divisor: stack.loss(stack.chances(scores / divisor)),
        bounds=(0.5, 5.0),
        method="bounded",
    )
    return round(float(found.x), 3)
