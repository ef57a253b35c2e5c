"""All evidence for a question, as a small table: one row a candidate procedure, one column a feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procedures_db.record import GovernmentLevel, ProcedureKind
from procedures_db.search.catalogue import Entry
from procedures_db.search.language import Language
from procedures_db.search.paraphrase_index import ParaphraseIndex
from procedures_db.search.query import Query, make_query, name_qualifiers
from procedures_db.search.text_index import TextIndex, folded_name, terms

POOL = 40  # candidates that get all features
OFFICIAL_WEIGHT = 0.8  # terms that a citizen word stands for, against 1.0 for words really typed
CONTEXT_WEIGHT = 0.35  # words of the procedure under discussion in a short follow-up

FEATURES = (
    "bm25", "name_coverage", "question_coverage", "name_in_question", "paraphrase", "asked",
    "commune", "everyday", "internal", "one_province", "not_for_citizens", "qualifier_missing",
    "qualifier_extra", "under_discussion", "replaced", "name_length",
)  # fmt: skip

_ASKED = {"hằng ngày": 1.0, "thường xuyên": 0.7, "thỉnh thoảng": 0.35, "hiếm": 0.1}
_CITIZENS = ("công dân", "người việt nam", "cá nhân", "người nước ngoài")


@dataclass(frozen=True)
class Evidence:
    """``table[i]`` holds the features of the entry at ``positions[i]``."""

    positions: np.ndarray
    table: np.ndarray

    def column(self, feature: str) -> np.ndarray:
        return self.table[:, FEATURES.index(feature)]


class EvidenceBuilder:
    """The indexes over one state of the catalogue, and what is constant about each entry."""

    def __init__(self, entries: Sequence[Entry], language: Language) -> None:
        labels = {code: known.label for code, known in language.paraphrases.items()}
        self._text = TextIndex(entries, labels)
        self._position = {entry.code: i for i, entry in enumerate(entries)}
        self._paraphrases = ParaphraseIndex(_examples(self._position, language))
        self._names = [folded_name(entry.name) for entry in entries]
        self._qualifiers = [name_qualifiers(name, language) for name in self._names]
        self._special = frozenset(q.name for q in language.qualifiers if q.special)
        self._constant = np.array([_constant(entry, language) for entry in entries]).reshape(-1, 7)

    def gather(self, query: Query, *, context: str | None = None) -> Evidence:
        """Return features of the most promising entries; ``context``: code under discussion."""
        size = self._text.size
        text = self._text.score(self._weighted_terms(query, context))
        best_bm25 = text.bm25.max(initial=0.0) or 1.0
        paraphrase = self._paraphrases.best_by_group(query.words, size)
        if query.content and query.content != query.words:
            paraphrase = np.maximum(
                paraphrase, self._paraphrases.best_by_group(query.content, size)
            )
        promise = (
            text.bm25 / best_bm25 + text.name_coverage + 2 * paraphrase + 0.3 * self._constant[:, 0]
        )
        pool = np.argsort(-promise)[:POOL]
        pool = pool[(text.bm25[pool] > 0) | (paraphrase[pool] > 0)]
        missing, extra = self._qualifier_counts(pool, query)
        constant = self._constant[pool]
        context_position = self._position.get(context or "", -1)
        table = np.column_stack(
            [
                text.bm25[pool] / best_bm25,
                text.name_coverage[pool],
                np.minimum(text.question_coverage[pool], 1.0),
                self._named(pool, query),
                paraphrase[pool],
                constant[:, 0],
                constant[:, 1],
                constant[:, 2],
                constant[:, 3],
                constant[:, 4],
                constant[:, 5],
                missing,
                extra,
                (pool == context_position).astype(float),
                constant[:, 6],
                np.array([len(self._names[p].split()) for p in pool]) / 20,
            ]
        )
        return Evidence(pool, table)

    def _weighted_terms(self, query: Query, context: str | None) -> dict[str, float]:
        weighted = {}
        if context in self._position and len(query.content) <= 3:
            name = self._names[self._position[context]].split()
            weighted.update(dict.fromkeys(terms(name), CONTEXT_WEIGHT))
        for phrase in query.official:
            weighted.update(dict.fromkeys(terms(phrase), OFFICIAL_WEIGHT))
        weighted.update(dict.fromkeys(terms(query.content), 1.0))
        return weighted

    def _named(self, pool: np.ndarray, query: Query) -> np.ndarray:
        """1.0 where the whole official name stands in the question."""
        sentence = f" {' '.join(query.words)} "
        return np.array([float(f" {self._names[p]} " in sentence) for p in pool])

    def _qualifier_counts(self, pool: np.ndarray, query: Query) -> tuple[np.ndarray, np.ndarray]:
        missing = [len(query.qualifiers - self._qualifiers[p]) for p in pool]
        extra = [len((self._qualifiers[p] & self._special) - query.qualifiers) for p in pool]
        return np.minimum(missing, 2), np.minimum(extra, 3)


def _examples(position: dict[str, int], language: Language) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (position[known.code], words)
        for known in language.paraphrases.values()
        if known.code in position
        for question in (*known.questions, known.label)
        if (words := make_query(question, language).words)
    ]


def _constant(entry: Entry, language: Language) -> list[float]:
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
