"""Evidence from text: BM25 over names, other names, results and fields, on folded words and word pairs.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); the fields are
joined with weights before saturation (BM25F, simple form).
"""

from __future__ import annotations

import copy
import itertools
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from procedures_db.search.catalogue import Change, Entry
from procedures_db.text.folding import fold

K1, B = 1.2, 0.5
_WEIGHTS = {"name": 1.0, "alias": 1.0, "keyword": 0.5, "result": 0.35, "field": 0.25}
_OPENING = "thu tuc "  # "Thủ tục đăng ký …": says nothing


@dataclass(frozen=True)
class TextScores:
    """Arrays over the entries."""

    bm25: np.ndarray  # share of the best score the question could get, 0.0–1.0
    name_coverage: np.ndarray  # share of the name that the question covers, by rarity
    question_coverage: np.ndarray  # share of the question that the name covers, by rarity
    rarest_found: np.ndarray  # rarity (0.0–1.0) of the rarest question word that the name has
    rarest_missing: np.ndarray  # … and of the rarest that it lacks


@dataclass(frozen=True, slots=True)  # tens of thousands
class _Posting:
    documents: np.ndarray
    weights: np.ndarray
    in_name: np.ndarray  # documents whose name has the term
    idf: float

    def without(self, position: int) -> _Posting:
        kept = self.documents != position
        in_name = self.in_name[self.in_name != position]
        return replace(
            self, documents=self.documents[kept], weights=self.weights[kept], in_name=in_name
        )

    def also(self, position: int, weight: float, *, in_name: bool) -> _Posting:
        return replace(
            self,
            documents=np.append(self.documents, position),
            weights=np.append(self.weights, weight),
            in_name=np.append(self.in_name, position) if in_name else self.in_name,
        )


def terms(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours: Vietnamese words are mostly two syllables.

    Interned: the indexes hold each of them many times.
    """
    pairs = (f"{a}_{b}" for a, b in itertools.pairwise(words))
    return [*map(sys.intern, words), *map(sys.intern, pairs)]


class TextIndex:
    """An in-memory inverted index over the catalogue's entries, addressed by position."""

    def __init__(self, entries: Sequence[Entry], labels: dict[str, str]) -> None:
        self.size = len(entries)
        self._postings: dict[str, _Posting] = {}
        folded = lru_cache(maxsize=None)(folded_name)  # fields and results repeat
        name_terms = [set(terms(folded(entry.name).split())) for entry in entries]
        documents = [_document(entry, labels.get(entry.code, ""), folded) for entry in entries]
        self._build(documents, name_terms)
        self._name_totals = np.array(
            [sum(self.idf(term) for term in names) or 1.0 for names in name_terms]
        )

    def patched(self, changed: Sequence[Change], labels: dict[str, str]) -> TextIndex:
        """The index after a few changes. The rarity of known terms and the mean length stay as they
        were: a handful of procedures among thousands moves neither."""
        made = copy.copy(self)
        made._postings = dict(self._postings)
        made.size = max([self.size, *(change.position + 1 for change in changed)])
        grown = np.ones(made.size - self.size)
        made._name_totals = np.concatenate([self._name_totals, grown])
        for change in changed:
            if change.old:
                for term in _document(change.old, labels.get(change.old.code, ""), folded_name):
                    made._postings[term] = made._postings[term].without(change.position)
            if change.new:
                made._add(change.position, change.new, labels.get(change.new.code, ""))
        return made

    def _add(self, position: int, entry: Entry, label: str) -> None:
        document = _document(entry, label, folded_name)
        names = set(terms(folded_name(entry.name).split()))
        length = sum(document.values())
        norm = K1 * (1 - B + B * length / self._mean_length)
        for term, tf in document.items():
            posting = self._postings.get(term) or _new_posting(self.size)
            weight = posting.idf * tf * (K1 + 1) / (tf + norm)
            self._postings[term] = posting.also(position, weight, in_name=term in names)
        self._name_totals[position] = sum(self.idf(term) for term in names) or 1.0

    def idf(self, term: str) -> float:
        """Inverse document frequency; 0.0 for a term that no procedure has."""
        posting = self._postings.get(term)
        return posting.idf if posting else 0.0

    def score(self, weighted_terms: dict[str, float]) -> TextScores:
        """Score every entry for query terms with weights in 0–1."""
        bm25 = np.zeros(self.size)
        overlap = np.zeros(self.size)
        total = possible = 0.0
        words = []
        for term, weight in weighted_terms.items():
            posting = self._postings.get(term)
            idf = posting.idf if posting else self._unknown_idf
            total += weight * idf
            possible += weight * idf * (K1 + 1)
            if posting:
                bm25[posting.documents] += weight * posting.weights
                overlap[posting.in_name] += weight * idf
            if "_" not in term and weight == 1.0:
                words.append((idf, posting))
        found, missing = self._rarest(words)
        return TextScores(
            bm25=bm25 / possible if possible else bm25,
            name_coverage=np.minimum(overlap / self._name_totals, 1.0),
            question_coverage=overlap / total if total else overlap,
            rarest_found=found,
            rarest_missing=missing,
        )

    def _rarest(self, words: list[tuple[float, _Posting | None]]) -> tuple[np.ndarray, np.ndarray]:
        """Rarity of the rarest word found in each name, and of the rarest not found."""
        found, missing = np.zeros(self.size), np.zeros(self.size)
        for idf, posting in sorted(words, key=lambda word: word[0]):  # rarer ones overwrite
            rarity = idf / self._rarest_idf
            lacking = np.full(self.size, rarity)
            if posting:
                found[posting.in_name] = rarity
                lacking[posting.in_name] = missing[posting.in_name]
            missing = lacking
        return found, missing

    def _build(self, documents: list[Counter[str]], name_terms: list[set[str]]) -> None:
        lengths = np.array([sum(document.values()) for document in documents], dtype=float)
        self._mean_length = float(lengths.mean()) if self.size else 1.0
        norms = K1 * (1 - B + B * lengths / (self._mean_length or 1.0))
        rows: dict[str, list[int]] = defaultdict(list)
        counts: dict[str, list[float]] = defaultdict(list)
        for position, document in enumerate(documents):
            for term, count in document.items():
                rows[term].append(position)
                counts[term].append(count)
        for term, where in rows.items():
            at, tf = np.array(where), np.array(counts[term])
            idf = _idf(len(where), self.size)
            self._postings[term] = _Posting(
                documents=at,
                weights=idf * tf * (K1 + 1) / (tf + norms[at]),
                in_name=np.array([p for p in where if term in name_terms[p]], dtype=int),
                idf=idf,
            )
        # A word that no procedure knows still counts as something the name does not cover.
        self._rarest_idf = math.log(1 + self.size) or 1.0
        self._unknown_idf = self._rarest_idf / 2


def _idf(documents: int, size: int) -> float:
    return math.log(1 + (size - documents + 0.5) / (documents + 0.5))


def _new_posting(size: int) -> _Posting:
    nothing = np.array([], dtype=int)
    return _Posting(nothing, np.array([], dtype=float), nothing, _idf(1, size))


def folded_name(name: str) -> str:
    """The name as searched: folded, without the opening "Thủ tục"."""
    return fold(name).removeprefix(_OPENING)


def official_terms(entries: Iterable[Entry]) -> Iterator[set[str]]:
    """For each entry every term of its official texts and other names."""
    folded = lru_cache(maxsize=None)(folded_name)
    return (set(_document(entry, "", folded)) for entry in entries)


def _document(entry: Entry, label: str, folded: Callable[[str], str]) -> Counter[str]:
    texts = [
        ("name", entry.name),
        ("alias", label),
        *(("alias", text) for text in entry.aliases),
        *(("keyword", text) for text in entry.keywords),
        *(("result", text) for text in entry.results[:4]),
        ("field", entry.field),
    ]
    document: Counter[str] = Counter()
    for part, text in texts:
        for term in terms(folded(text).split()[:80]):
            document[term] += _WEIGHTS[part]  # type: ignore[assignment]
    return document
