"""Evidence from vocabulary: which of a question's words occur in any text known about a procedure.

The text index asks how well a question fits the official name; the paraphrase index, how near it is to
one known question. This asks whether each word was ever used for the procedure, by officials (names,
keywords, results) or by citizens (all paraphrases together): "cấp lại" was, for one of two near-twins.
"""

from __future__ import annotations

import copy
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

_SATURATION = 1.2  # paraphrases with a term after which further ones say little (BM25's k1)


@dataclass(frozen=True)
class VocabularyScores:
    """Arrays over the entries, 0.0–1.0."""

    coverage: np.ndarray  # share of the question's terms that are known of the entry, by rarity
    pairs: np.ndarray  # the same over pairs of neighbouring words
    missing: np.ndarray  # rarity of the rarest word that is not known of it
    usual: np.ndarray  # share of the terms that many of its paraphrases have

    def at(self, positions: np.ndarray) -> np.ndarray:
        """A table with one row a position."""
        return np.column_stack(
            [self.coverage[positions], self.pairs[positions], self.missing[positions],
             self.usual[positions]]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)  # tens of thousands
class _Posting:
    documents: np.ndarray  # ascending
    official: np.ndarray  # whether an official text of the document has the term
    counts: np.ndarray  # how many of its paraphrases have it
    idf: float

    @property
    def usual(self) -> np.ndarray:
        """``counts``, saturated."""
        return self.counts / (self.counts + _SATURATION)

    def without(self, position: int) -> _Posting:
        kept = self.documents != position
        return _Posting(self.documents[kept], self.official[kept], self.counts[kept], self.idf)

    def also(self, position: int, official: bool, count: int) -> _Posting:
        place = int(np.searchsorted(self.documents, position))
        return _Posting(
            np.insert(self.documents, place, position),
            np.insert(self.official, place, official),
            np.insert(self.counts, place, count),
            self.idf,
        )

    def at(self, position: int) -> tuple[bool, int]:
        """Whether officially, and in how many paraphrases, one document has the term."""
        place = int(np.searchsorted(self.documents, position))
        if place == len(self.documents) or self.documents[place] != position:
            return False, 0
        return bool(self.official[place]), int(self.counts[place])


Vocabulary = tuple[AbstractSet[str], Counter[str]]  # official terms; term → paraphrases with it


class VocabularyIndex:
    """``official[i]``: terms of all official texts of entry i; ``asked[i]``: term → its paraphrases with it."""

    def __init__(self, official: Iterable[AbstractSet[str]], asked: Iterable[Counter[str]]) -> None:
        rows: dict[str, list[tuple[int, bool, int]]] = defaultdict(list)
        self.size = 0
        for position, (texts, counts) in enumerate(zip(official, asked, strict=True)):
            self.size = position + 1
            for term in texts | counts.keys():
                rows[term].append((position, term in texts, counts[term]))
        self._rarest_idf = math.log(1 + self.size) or 1.0
        self._postings = {term: self._posting(found) for term, found in rows.items()}

    def patched(self, changed: Iterable[tuple[int, Vocabulary, Vocabulary]]) -> VocabularyIndex:
        """The index after a few changes: (position, vocabulary before, vocabulary now)."""
        made = copy.copy(self)
        made._postings = dict(self._postings)
        for position, (old_official, old_asked), (official, asked) in changed:
            made.size = max(made.size, position + 1)
            for term in old_official | old_asked.keys():
                made._postings[term] = made._postings[term].without(position)
            for term in official | asked.keys():
                posting = made._postings.get(term) or self._posting([(position, True, 0)]).without(
                    position
                )
                made._postings[term] = posting.also(position, term in official, asked[term])
        return made

    def score(self, weighted: dict[str, float]) -> VocabularyScores:
        """Score every entry for a question's terms with weights in 0–1."""
        coverage, pairs, usual = (np.zeros(self.size) for _ in range(3))
        total, pair_total = self._totals(weighted)
        words = []
        for term, weight in weighted.items():
            posting = self._postings.get(term)
            worth = weight * self._idf(posting)
            if "_" not in term:
                words.append((worth / self._rarest_idf, posting))
            if posting:
                coverage[posting.documents] += worth
                usual[posting.documents] += worth * posting.usual
                if "_" in term:
                    pairs[posting.documents] += worth
        return VocabularyScores(
            coverage / total, pairs / pair_total, self._missing(words), usual / total
        )

    def score_without(
        self, weighted: dict[str, float], position: int, own: AbstractSet[str] | None
    ) -> VocabularyScores:
        """As ``score``, as if the entry at ``position`` lacked one paraphrase with the terms ``own``,
        or (None) all of its paraphrases; for learning."""
        total, pair_total = self._totals(weighted)
        coverage = pairs = usual = missing = 0.0
        for term, weight in weighted.items():
            posting = self._postings.get(term)
            worth = weight * self._idf(posting)
            official, count = posting.at(position) if posting else (False, 0)
            count = 0 if own is None else count - (term in own)
            if official or count > 0:
                coverage += worth
                pairs += worth if "_" in term else 0.0
                usual += worth * _saturated(max(count, 0))
            elif "_" not in term:
                missing = max(missing, worth / self._rarest_idf)
        scores = self.score(weighted)
        scores.coverage[position] = coverage / total
        scores.pairs[position] = pairs / pair_total
        scores.missing[position] = missing
        scores.usual[position] = usual / total
        return scores

    def _posting(self, found: list[tuple[int, bool, int]]) -> _Posting:
        documents, official, counts = zip(*found, strict=True)
        return _Posting(
            documents=np.array(documents, dtype=np.int32),
            official=np.array(official, dtype=bool),
            counts=np.array(counts, dtype=np.int16),
            idf=math.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5)),
        )

    def _idf(self, posting: _Posting | None) -> float:
        # A word that no procedure knows still counts as something that an entry lacks.
        return posting.idf if posting else self._rarest_idf / 2

    def _totals(self, weighted: dict[str, float]) -> tuple[float, float]:
        worths = {t: w * self._idf(self._postings.get(t)) for t, w in weighted.items()}
        pairs = sum(worth for term, worth in worths.items() if "_" in term)
        return sum(worths.values()) or 1.0, pairs or 1.0

    def _missing(self, words: list[tuple[float, _Posting | None]]) -> np.ndarray:
        missing = np.zeros(self.size)
        for rarity, posting in sorted(words, key=lambda word: word[0]):  # rarer ones overwrite
            lacking = np.full(self.size, rarity)
            if posting:
                lacking[posting.documents] = missing[posting.documents]
            missing = lacking
        return missing


def _saturated(count: int) -> float:
    return count / (count + _SATURATION)
