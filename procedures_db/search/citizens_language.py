"""Evidence from citizens' language for every known class, independent of what the database holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procedures_db.search.language import Language
from procedures_db.search.paraphrase_classifier import ParaphraseClassifier
from procedures_db.search.paraphrase_index import ParaphraseIndex
from procedures_db.search.query import Query, make_query


@dataclass(frozen=True)
class LanguageScores:
    """Arrays over the classes (codes that have paraphrases)."""

    best: np.ndarray  # similarity of the nearest paraphrase
    mass: np.ndarray  # how many are near
    classifier: np.ndarray

    def without(self, number: int) -> LanguageScores:
        """The scores as if the class had no paraphrases; for learning."""
        arrays = [array.copy() for array in (self.best, self.mass, self.classifier)]
        for array in arrays:
            array[number] = 0.0
        return LanguageScores(*arrays)


class CitizensLanguage:
    """The paraphrase index and its classifier; built once per state of ``nlu_data/``."""

    def __init__(self, language: Language) -> None:
        self.codes = tuple(language.paraphrases)
        examples = [
            (number, make_query(question, language).words)
            for number, known in enumerate(language.paraphrases.values())
            for question in (*known.questions, known.label)
        ]
        self.index = ParaphraseIndex(examples, len(self.codes))
        self.classifier = ParaphraseClassifier(self.index)

    def score(self, query: Query) -> LanguageScores:
        """Score every class for a question."""
        similarities = self.similarities(query)
        return self.scores(similarities, self.classifier.scores(similarities))

    def scores(self, similarities: np.ndarray, classified: np.ndarray) -> LanguageScores:
        best, mass = self.index.by_class(similarities)
        return LanguageScores(best, mass, np.clip(classified, 0.0, 1.0))

    def similarities(self, query: Query) -> np.ndarray:
        """Cosine with every paraphrase, with or without the question's fillers."""
        whole = self.index.similarities(query.words)
        if not query.content or query.content == query.words:
            return whole
        return np.maximum(whole, self.index.similarities(query.content))

    def at(self, positions: Sequence[int], scores: LanguageScores, size: int) -> LanguageScores:
        """Spread class scores over a catalogue: ``positions[class]`` is its place there, or −1."""
        at = np.asarray(positions, dtype=int)
        present = np.flatnonzero(at >= 0)
        spread = np.zeros((3, size))
        spread[:, at[present]] = [
            array[present] for array in (scores.best, scores.mass, scores.classifier)
        ]
        return LanguageScores(*spread)
