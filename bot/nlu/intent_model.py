"""A linear model of what is asked: one dialogue act or aspect, and every aspect at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import scipy.special
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MultiLabelBinarizer

ASPECTS = (
    "documents", "fee", "time", "place", "online", "steps", "conditions", "result", "legal", "form",
)  # fmt: skip
ELSEWHERE = (  # acts that ask for no procedure's facts
    "out_of_scope", "smalltalk", "insult", "manipulate", "unsafe", "emergency", "self_harm", "complaint",
    "human", "help", "bot_challenge", "greet", "thanks", "goodbye", "compare_terms", "dossier_status", "useful", "wrong",
)  # fmt: skip
SEVERAL = "ask_several"
OVERVIEW = "ask_overview"
LIFE_EVENT = "life_event"


@dataclass(frozen=True)
class Example:
    """A training question: its features, its intent, and the aspects it asks for."""

    features: Sequence[str]
    intent: str
    aspects: frozenset[str]


@dataclass(frozen=True)
class Prediction:
    """Intents by confidence (0.0–1.0, best first) and each aspect's own probability."""

    ranking: list[tuple[str, float]]
    aspects: dict[str, float]
    elsewhere: float  # chance that the question is about no procedure at all


class IntentModel:
    """Logistic regressions over intents, aspects and scope, on the same TF-IDF features."""

    def __init__(
        self,
        vectorizer: TfidfVectorizer,
        intents: dict[str, LogisticRegression],
        aspects: list[LogisticRegression],
        scope: LogisticRegression,
    ) -> None:
        self._rows = vectorizer.vocabulary_
        self._rarity = vectorizer.idf_.astype(np.float32)
        self._labels = list(intents)
        # One table for all of them: asked one by one, each checks the question anew, which takes longer
        # than the answer. Columns: an intent each, an aspect each, the scope.
        models = [*intents.values(), *aspects, scope]
        self._weights = np.vstack([m.coef_ for m in models]).T.astype(np.float32, order="C")
        self._offsets = np.concatenate([m.intercept_ for m in models])

    @classmethod
    def train(
        cls, examples: Sequence[Example], about_procedures: Sequence[Sequence[str]] = ()
    ) -> IntentModel:
        """Fit on all examples in seconds; deterministic. Raises ValueError with fewer than two intents,
        or an aspect that none asks for.

        ``about_procedures``: features of more questions that are about procedures, intent unknown;
        they teach only what is no talk about something else.
        """
        vectorizer = TfidfVectorizer(analyzer=_as_they_are, min_df=2, sublinear_tf=True)
        vectorizer.fit([*(example.features for example in examples), *about_procedures])
        table = vectorizer.transform([example.features for example in examples])
        labels = MultiLabelBinarizer()
        wanted = labels.fit_transform([(example.intent,) for example in examples])
        intents = dict(zip(labels.classes_, _fit_each(table, wanted), strict=True))
        aspects = _fit_aspects(table, examples)
        scope = _fit_scope(table, examples, vectorizer.transform(list(about_procedures) or [[]]))
        return cls(vectorizer, intents, aspects, scope)

    def predict(self, features: Sequence[str]) -> Prediction:
        """Classify one question."""
        # As TfidfVectorizer would, which sums up the rarities of all 145,000 features for each question.
        counted = Counter(row for f in features if (row := self._rows.get(f)) is not None)
        rows = np.fromiter(counted, dtype=int, count=len(counted))
        tf = 1 + np.log(np.fromiter(counted.values(), dtype=np.float32, count=len(counted)))
        values = tf * self._rarity[rows]
        values /= np.linalg.norm(values) or 1.0
        chances = scipy.special.expit(values @ self._weights[rows] + self._offsets)
        confidences = chances[: len(self._labels)]
        confidences /= confidences.sum()
        order = np.argsort(-confidences)
        return Prediction(
            ranking=[(self._labels[i], float(confidences[i])) for i in order[:10]],
            aspects=dict(zip(ASPECTS, map(float, chances[len(self._labels) : -1]), strict=True)),
            elsewhere=float(chances[-1]),
        )


def is_asking(intent: str) -> bool:
    """Whether an intent is a question about a procedure."""
    return intent.startswith("ask_") or intent in ("correct_procedure", LIFE_EVENT)


def _fit_aspects(table: csr_matrix, examples: Sequence[Example]) -> list[LogisticRegression]:
    asking = [row for row, example in enumerate(examples) if example.intent.startswith("ask_")]
    labels = MultiLabelBinarizer(classes=ASPECTS).fit_transform(
        [examples[row].aspects for row in asking]
    )
    return _fit_each(table[asking], labels)


def _fit_each(table: csr_matrix, labels: np.ndarray) -> list[LogisticRegression]:
    """A model for every column of ``labels``, against all the rest."""
    # liblinear takes 1 s where lbfgs takes 24, for the same accuracy.
    return [LogisticRegression(C=20, solver="liblinear").fit(table, one) for one in labels.T]


def _fit_scope(
    table: csr_matrix, examples: Sequence[Example], more: csr_matrix
) -> LogisticRegression:
    inside = [row for row, example in enumerate(examples) if is_asking(example.intent)]
    outside = [row for row, example in enumerate(examples) if example.intent in ELSEWHERE]
    rows = scipy.sparse.vstack([table[inside], more, table[outside]])
    labels = [0] * (len(inside) + more.shape[0]) + [1] * len(outside)
    scope = LogisticRegression(C=20, solver="liblinear", class_weight="balanced")
    return scope.fit(rows, labels)


def _as_they_are(features: Sequence[str]) -> Sequence[str]:
    return features
