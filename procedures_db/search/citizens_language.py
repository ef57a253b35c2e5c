"""Evidence from citizens' language for every known class, independent of what the database holds."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from procedures_db.search.language import Language
from procedures_db.search.paraphrase_classifier import ParaphraseClassifier
from procedures_db.search.paraphrase_index import ParaphraseIndex, Vector
from procedures_db.search.query import Query, make_query
from procedures_db.search.text_index import terms


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


Taught = tuple[str, str]  # code, a wording that staff taught beside the files


class CitizensLanguage:
    """The paraphrase index and its classifier; built once per state of ``nlu_data/``."""

    def __init__(
        self, language: Language, *, kept_at: Path | None = None, taught: Sequence[Taught] = ()
    ) -> None:
        """``kept_at``: where the learned classifier is kept between starts; learned anew if None.

        taught: wordings that the classifier learns from too.
        """
        self._prepare(language, taught)
        self.classifier = (
            ParaphraseClassifier.load_or_learn(self.index, kept_at)
            if kept_at
            else ParaphraseClassifier.learn(self.index)
        )

    @classmethod
    def kept(
        cls, language: Language, path: Path, taught: Sequence[Taught]
    ) -> CitizensLanguage | None:
        """The state whose classifier is kept at ``path``; None if that is none of these wordings."""
        made = cls.__new__(cls)
        made._prepare(language, taught)
        classifier = ParaphraseClassifier.load(made.index, path)
        if classifier is None:
            return None
        made.classifier = classifier
        return made

    def _prepare(self, language: Language, taught: Sequence[Taught]) -> None:
        self._language = language
        self.learned_from = tuple(taught)
        known = {code: [*one.questions, one.label] for code, one in language.paraphrases.items()}
        for code, text in taught:
            known.setdefault(code, []).append(text)
        self.codes = tuple(known)
        said = [
            (number, question, make_query(question, language).words)
            for number, questions in enumerate(known.values())
            for question in questions
        ]
        examples = [(number, words) for number, _, words in said]
        kept = ((number, text) for number, text, words in said if words)  # as the index has them
        self._rows = {(self.codes[number], text): row for row, (number, text) in enumerate(kept)}
        self.index = ParaphraseIndex(examples, len(self.codes))
        self.vocabularies = _vocabularies(examples, len(self.codes))

    def also(self, taught: Sequence[Taught]) -> CitizensLanguage:
        """This state with wordings more: found as neighbours at once, the classifier knows nothing of them."""
        made = copy.copy(self)
        numbers = {code: number for number, code in enumerate(self.codes)}
        examples = [
            (numbers.setdefault(code, len(numbers)), make_query(text, self._language).words)
            for code, text in taught
        ]
        made.codes = tuple(numbers)
        made.index = self.index.patched(examples, len(made.codes))
        made.vocabularies = [*self.vocabularies, *([Counter()] * (len(numbers) - len(self.codes)))]
        for number, words in examples:
            made.vocabularies[number] = made.vocabularies[number] + Counter(set(terms(words)))
        return made

    def without(self, retired: Iterable[Taught]) -> CitizensLanguage:
        """This state in which some paraphrases of the files are no neighbours any more."""
        gone = [one for one in retired if one in self._rows]
        if not gone:
            return self
        made = copy.copy(self)
        made.index = self.index.muted([self._rows[one] for one in gone])
        made.vocabularies = list(self.vocabularies)
        for code, text in gone:
            number = self.codes.index(code)
            asked = Counter(set(terms(make_query(text, self._language).words)))
            made.vocabularies[number] = made.vocabularies[number] - asked
        return made

    def score(self, query: Query) -> LanguageScores:
        """Score every class for a question, the better of with and without its fillers."""
        views = self.views(query)
        classified = np.zeros(len(self.codes), dtype=np.float32)
        known = self.classifier.scores(views)  # it was not taught the last ones
        classified[: len(known)] = known
        return self.scores(self.similarities(views), classified)

    def scores(self, similarities: np.ndarray, classified: np.ndarray) -> LanguageScores:
        best, mass = self.index.by_class(similarities)
        return LanguageScores(best, mass, np.clip(classified, 0.0, 1.0))

    def views(self, query: Query) -> list[Vector]:
        """The question's words with and, where there are any, without its fillers."""
        said = [query.words]
        if query.content and query.content != query.words:
            said.append(query.content)
        return [self.index.vector(words) for words in said]

    def similarities(self, views: Sequence[Vector]) -> np.ndarray:
        """Cosine of every paraphrase with the view it is nearest to."""
        return np.max([self.index.similarities(view) for view in views], axis=0)

    def at(self, positions: np.ndarray, scores: LanguageScores, size: int) -> LanguageScores:
        """Spread class scores over a catalogue: ``positions[class]`` is its place there, or −1."""
        present = np.flatnonzero(positions >= 0)
        spread = np.zeros((3, size))
        spread[:, positions[present]] = [
            array[present] for array in (scores.best, scores.mass, scores.classifier)
        ]
        return LanguageScores(*spread)


def _vocabularies(
    examples: Iterable[tuple[int, Sequence[str]]], classes: int
) -> list[Counter[str]]:
    """For each class: term → how many of its paraphrases have it."""
    found: list[Counter[str]] = [Counter() for _ in range(classes)]
    for number, words in examples:
        found[number].update(set(terms(words)))
    return found
