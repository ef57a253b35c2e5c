"""All evidence for a question, as a small table: one row a candidate procedure, one column a feature."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procedures_db.record import GovernmentLevel, ProcedureKind
from procedures_db.search.catalogue import Change, Entry
from procedures_db.search.citizens_language import CitizensLanguage, LanguageScores
from procedures_db.search.language import HOW_OFTEN, Language
from procedures_db.search.query import Query, name_qualifiers
from procedures_db.search.text_index import (
    TextIndex,
    TextScores,
    folded_name,
    official_terms,
    terms,
)
from procedures_db.search.vocabulary import Vocabulary, VocabularyIndex, VocabularyScores

POOL = 40  # candidates that get all features
OFFICIAL_WEIGHT = 0.8  # terms that a citizen word stands for, against 1.0 for words really typed
LIGHT_WEIGHT = 0.2  # "em", "cho", "giấy": they occur in names too, by chance
CONTEXT_WEIGHT = 0.35  # words of the procedure under discussion in a short follow-up
_FOLLOW_UP_WORDS = 3

FEATURES = (
    "bm25", "name_coverage", "question_coverage", "rarest_found", "rarest_missing",
    "name_in_question", "paraphrase", "paraphrase_mass", "paraphrase_behind", "classifier",
    "classifier_behind", "asked", "commune", "everyday", "internal", "one_province",
    "not_for_citizens", "replaced", "qualifier_missing", "qualifier_extra", "qualifier_found",
    "under_discussion", "name_length", "known_words", "known_pairs", "unknown_word", "usual_words",
)  # fmt: skip

_CITIZENS = ("công dân", "người việt nam", "cá nhân", "người nước ngoài")
_PRIORS = (
    "asked",
    "commune",
    "everyday",
    "internal",
    "one_province",
    "not_for_citizens",
    "replaced",
)
_ASKED_COLUMN, _EVERYDAY_COLUMN = _PRIORS.index("asked"), _PRIORS.index("everyday")


@dataclass(frozen=True)
class Evidence:
    """``table[i]`` holds the features of the entry at ``positions[i]``."""

    positions: np.ndarray
    table: np.ndarray

    def column(self, feature: str) -> np.ndarray:
        return self.table[:, FEATURES.index(feature)]


@dataclass(frozen=True)
class Hidden:
    """What learning hides of a procedure: one of its paraphrases (its words), or with None all of
    them and that it is asked at all."""

    code: str
    paraphrase: tuple[str, ...] | None = None


class EvidenceBuilder:
    """The text index over one state of the catalogue, and what is constant about each entry."""

    def __init__(
        self, entries: Sequence[Entry], language: Language, citizens: CitizensLanguage
    ) -> None:
        self._citizens = citizens
        self._language = language
        self._labels = {code: known.label for code, known in language.paraphrases.items()}
        self._asked = dict(zip(citizens.codes, citizens.vocabularies, strict=True))
        self._light_words = language.light_words
        self._special = frozenset(q.name for q in language.qualifiers if q.special)
        self._text = TextIndex(entries, self._labels)
        self._vocabulary = VocabularyIndex(
            official_terms(entries), (self._asked_terms(entry) for entry in entries)
        )
        self._names = [folded_name(entry.name) for entry in entries]
        self._qualifiers = [name_qualifiers(name, language) for name in self._names]
        priors = [_priors(entry, language) for entry in entries]
        self._priors = np.array(priors, dtype=float).reshape(-1, len(_PRIORS))
        self._place({entry.code: i for i, entry in enumerate(entries)})

    def patched(self, changed: Sequence[Change]) -> EvidenceBuilder:
        """The builder after a few changes; this one goes on serving who holds it."""
        made = copy.copy(self)
        made._text = self._text.patched(changed, self._labels)
        made._vocabulary = self._vocabulary.patched(
            (change.position, self._terms(change.old), self._terms(change.new))
            for change in changed
        )
        extra = made._text.size - self._text.size
        made._names = self._names + [""] * extra
        made._qualifiers = self._qualifiers + [frozenset()] * extra
        made._priors = np.vstack([self._priors, np.zeros((extra, len(_PRIORS)))])
        position_of = dict(self._position)
        for change in changed:
            if change.old:
                position_of.pop(change.old.code, None)
            if change.new:
                position_of[change.new.code] = change.position
                made._names[change.position] = folded_name(change.new.name)
                made._qualifiers[change.position] = name_qualifiers(
                    made._names[change.position], self._language
                )
                made._priors[change.position] = _priors(change.new, self._language)
        made._place(position_of)
        return made

    def with_citizens(
        self, citizens: CitizensLanguage, entries: Sequence[Entry | None]
    ) -> EvidenceBuilder:
        """The builder with another state of citizens' language, over the same entries."""
        made = copy.copy(self)
        made._citizens = citizens
        made._asked = dict(zip(citizens.codes, citizens.vocabularies, strict=True))
        codes = {*self._asked, *made._asked}
        changed = {code for code in codes if self._asked.get(code) != made._asked.get(code)}
        made._vocabulary = self._vocabulary.patched(
            (position, self._terms(entry), made._terms(entry))
            for position, entry in enumerate(entries)
            if entry is not None and entry.code in changed
        )
        made._place(self._position)
        return made

    def _place(self, position_of: dict[str, int]) -> None:
        self._position = position_of
        classes = self._citizens.codes
        self._class_positions = np.array([position_of.get(code, -1) for code in classes], int)
        self._name_lengths = np.array([len(name.split()) for name in self._names]) / 20

    def _asked_terms(self, entry: Entry) -> Counter[str]:
        return self._asked.get(entry.code, Counter())

    def _terms(self, entry: Entry | None) -> Vocabulary:
        if entry is None:
            return frozenset(), Counter()
        return next(official_terms([entry])), self._asked_terms(entry)

    def gather(self, query: Query, *, context: str | None = None) -> Evidence:
        """Return features of the most promising entries; ``context``: code under discussion."""
        return self.gather_with(query, self._citizens.score(query), context=context)

    def gather_with(
        self,
        query: Query,
        scores: LanguageScores,
        *,
        context: str | None = None,
        hidden: Hidden | None = None,
    ) -> Evidence:
        """As ``gather``, with given language scores; ``hidden``: what to treat as unknown."""
        size = self._text.size
        text = self._text.score(self._weighted_terms(query, context))
        citizens = self._citizens.at(self._class_positions, scores, size)
        priors = self._priors
        if hidden and hidden.paraphrase is None:
            priors = priors.copy()
            priors[self._position[hidden.code], [_ASKED_COLUMN, _EVERYDAY_COLUMN]] = 0.0
        pool = self._pool(text, citizens, priors)
        table = np.column_stack(
            [
                text.bm25[pool],
                text.name_coverage[pool],
                np.minimum(text.question_coverage[pool], 1.0),
                text.rarest_found[pool],
                text.rarest_missing[pool],
                self._named(pool, query),
                citizens.best[pool],
                citizens.mass[pool],
                citizens.best.max(initial=0.0) - citizens.best[pool],
                citizens.classifier[pool],
                citizens.classifier.max(initial=0.0) - citizens.classifier[pool],
                priors[pool],
                self._qualifier_counts(pool, query),
                pool == self._position.get(context or "", -1),
                self._name_lengths[pool],
                self._vocabulary_scores(query, hidden).at(pool),
            ]
        )
        return Evidence(pool, table)

    def _pool(self, text: TextScores, citizens: LanguageScores, priors: np.ndarray) -> np.ndarray:
        """Positions of the entries that look promising by the cheap scores."""
        promise = (
            2 * text.bm25
            + 0.7 * text.name_coverage
            + 2 * citizens.best
            + citizens.classifier
            + 0.1 * priors[:, _ASKED_COLUMN]
        )
        everything = np.arange(len(promise))
        pool = np.argpartition(-promise, POOL)[:POOL] if len(promise) > POOL else everything
        return pool[(text.bm25[pool] > 0) | (citizens.best[pool] > 0)]

    def _weighted_terms(self, query: Query, context: str | None) -> dict[str, float]:
        weighted: dict[str, float] = {}
        if context in self._position and len(query.content) <= _FOLLOW_UP_WORDS:
            name = self._names[self._position[context]].split()
            weighted.update(dict.fromkeys(terms(name), CONTEXT_WEIGHT))
        for phrase in query.official:
            weighted.update(dict.fromkeys(terms(phrase), OFFICIAL_WEIGHT))
        return weighted | self._content_terms(query)

    def _content_terms(self, query: Query) -> dict[str, float]:
        return {
            term: LIGHT_WEIGHT if self._light_words.issuperset(term.split("_")) else 1.0
            for term in terms(query.content)
        }

    def _vocabulary_scores(self, query: Query, hidden: Hidden | None) -> VocabularyScores:
        weighted = self._content_terms(query)
        if hidden is None:
            return self._vocabulary.score(weighted)
        own = None if hidden.paraphrase is None else set(terms(hidden.paraphrase))
        return self._vocabulary.score_without(weighted, self._position[hidden.code], own)

    def _named(self, pool: np.ndarray, query: Query) -> np.ndarray:
        """1.0 where the whole official name stands in the question."""
        sentence = f" {' '.join(query.words)} "
        return np.array([float(f" {self._names[p]} " in sentence) for p in pool])

    def _qualifier_counts(self, pool: np.ndarray, query: Query) -> np.ndarray:
        """How many of the question's qualifiers a name lacks, how many special ones it has in excess,
        and how many it shares with the question."""
        asked = query.qualifiers
        counts = [
            (
                min(len(asked - self._qualifiers[p]), 2),
                min(len((self._qualifiers[p] & self._special) - asked), 3),
                min(len(asked & self._qualifiers[p]), 2),
            )
            for p in pool
        ]
        return np.array(counts, dtype=float).reshape(-1, 3)


def _priors(entry: Entry, language: Language) -> list[float]:
    known = language.paraphrases.get(entry.code)
    subjects = " ".join(entry.subjects).lower()
    return [
        HOW_OFTEN.get(known.asked, 0.0) if known else 0.0,
        float(GovernmentLevel.COMMUNE in entry.levels),
        float(known is not None),
        float(entry.kind is ProcedureKind.STANDARD_INTERNAL),
        float(entry.kind is ProcedureKind.SPECIFIC),
        float(bool(subjects) and not any(word in subjects for word in _CITIZENS)),
        float(bool(entry.replaced_by)),
    ]
