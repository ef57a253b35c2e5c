"""All evidence for a question, as a small table: one row a candidate procedure, one column a feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procedures_db.record import GovernmentLevel, ProcedureKind
from procedures_db.search.catalogue import Entry
from procedures_db.search.citizens_language import CitizensLanguage, LanguageScores
from procedures_db.search.language import Language
from procedures_db.search.query import Query, name_qualifiers
from procedures_db.search.text_index import TextIndex, TextScores, folded_name, terms

POOL = 40  # candidates that get all features
OFFICIAL_WEIGHT = 0.8  # terms that a citizen word stands for, against 1.0 for words really typed
LIGHT_WEIGHT = 0.2  # "em", "cho", "giấy": they occur in names too, by chance
CONTEXT_WEIGHT = 0.35  # words of the procedure under discussion in a short follow-up
_FOLLOW_UP_WORDS = 3

FEATURES = (
    "bm25", "name_coverage", "question_coverage", "rarest_found", "rarest_missing",
    "name_in_question", "paraphrase", "paraphrase_mass", "paraphrase_behind", "classifier",
    "classifier_behind", "asked", "commune", "everyday", "internal", "one_province",
    "not_for_citizens", "replaced", "qualifier_missing", "qualifier_extra", "under_discussion",
    "name_length",
)  # fmt: skip

_ASKED = {"hằng ngày": 1.0, "thường xuyên": 0.7, "thỉnh thoảng": 0.35, "hiếm": 0.1}
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


class EvidenceBuilder:
    """The text index over one state of the catalogue, and what is constant about each entry."""

    def __init__(
        self, entries: Sequence[Entry], language: Language, citizens: CitizensLanguage
    ) -> None:
        labels = {code: known.label for code, known in language.paraphrases.items()}
        self._text = TextIndex(entries, labels)
        self._position = {entry.code: i for i, entry in enumerate(entries)}
        self._citizens = citizens
        self._class_positions = [self._position.get(code, -1) for code in citizens.codes]
        self._light_words = language.light_words
        self._names = [folded_name(entry.name) for entry in entries]
        self._name_lengths = np.array([len(name.split()) for name in self._names]) / 20
        self._qualifiers = [name_qualifiers(name, language) for name in self._names]
        self._special = frozenset(q.name for q in language.qualifiers if q.special)
        priors = [_priors(entry, language) for entry in entries]
        self._priors = np.array(priors, dtype=float).reshape(-1, len(_PRIORS))

    def gather(self, query: Query, *, context: str | None = None) -> Evidence:
        """Return features of the most promising entries; ``context``: code under discussion."""
        return self.gather_with(query, self._citizens.score(query), context=context)

    def gather_with(
        self,
        query: Query,
        scores: LanguageScores,
        *,
        context: str | None = None,
        unknown: str | None = None,
    ) -> Evidence:
        """As ``gather``, with given language scores; ``unknown``: a code to treat as never asked."""
        size = self._text.size
        text = self._text.score(self._weighted_terms(query, context))
        citizens = self._citizens.at(self._class_positions, scores, size)
        priors = self._priors
        if unknown is not None:
            priors = priors.copy()
            priors[self._position[unknown], [_ASKED_COLUMN, _EVERYDAY_COLUMN]] = 0.0
        pool = self._pool(text, citizens, priors)
        missing, extra = self._qualifier_counts(pool, query)
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
                missing,
                extra,
                pool == self._position.get(context or "", -1),
                self._name_lengths[pool],
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
        for term in terms(query.content):
            light = all(word in self._light_words for word in term.split("_"))
            weighted[term] = LIGHT_WEIGHT if light else 1.0
        return weighted

    def _named(self, pool: np.ndarray, query: Query) -> np.ndarray:
        """1.0 where the whole official name stands in the question."""
        sentence = f" {' '.join(query.words)} "
        return np.array([float(f" {self._names[p]} " in sentence) for p in pool])

    def _qualifier_counts(self, pool: np.ndarray, query: Query) -> tuple[np.ndarray, np.ndarray]:
        missing = [len(query.qualifiers - self._qualifiers[p]) for p in pool]
        extra = [len((self._qualifiers[p] & self._special) - query.qualifiers) for p in pool]
        return np.minimum(missing, 2), np.minimum(extra, 3)


def _priors(entry: Entry, language: Language) -> list[float]:
    known = language.paraphrases.get(entry.code)
    subjects = " ".join(entry.subjects).lower()
    return [
        _ASKED.get(known.asked, 0.0) if known else 0.0,
        float(GovernmentLevel.COMMUNE in entry.levels),
        float(known is not None),
        float(entry.kind is ProcedureKind.STANDARD_INTERNAL),
        float(entry.kind is ProcedureKind.SPECIFIC),
        float(bool(subjects) and not any(word in subjects for word in _CITIZENS)),
        float(bool(entry.replaced_by)),
    ]
