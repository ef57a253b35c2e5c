"""Find the procedure a citizen means: the way of a question, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.engine import Engine

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.search import ranking
from procedures_db.search.catalogue import Entry, load_entries
from procedures_db.search.citizens_language import CitizensLanguage
from procedures_db.search.evidence import Evidence, EvidenceBuilder
from procedures_db.search.language import Language
from procedures_db.search.query import Query, make_query
from procedures_db.search.resolution import (
    Ambiguous,
    Candidate,
    Context,
    Found,
    NothingFits,
    Question,
    Reason,
    Resolution,
)
from procedures_db.search.text_index import folded_name

IN_SCOPE = 0.15  # below this chance of being about procedures nothing fits
FOUND, CLEARLY = 0.4, 1.4  # the likeliest is answered from this probability on, if so far ahead …
AHEAD = 2.0  # … or when it is this many times as likely as the next
# Folded words that may stand around a topic; none is also a piece of an official term ("bạn" is: bản sao).
_WISHES = frozenset(
    [
        "toi",
        "em",
        "minh",
        "chau",
        "muon",
        "can",
        "xin",
        "lam",
        "di",
        "hoi",
        "cho",
        "ve",
        "cac",
        "nhung",
        "a",
        "nhe",
        "giup",
        "duoc",
    ]
)
LISTED = 0.04  # an option is worth showing from here on


def is_clear(candidates: tuple[Candidate, ...]) -> bool:
    """Whether the first candidate may be answered; if not, the citizen is asked."""
    if len(candidates) == 1:
        return True
    needed = CLEARLY if candidates[0].score >= FOUND else AHEAD
    return candidates[0].score >= needed * candidates[1].score


@dataclass(frozen=True)
class _State:
    """The indexes over one version of the data: replaced as a whole, never changed."""

    version: int
    entries: list[Entry]
    positions: dict[str, int] = field(repr=False)
    evidence: EvidenceBuilder = field(repr=False)
    names: dict[str, set[int]] = field(repr=False)  # folded name or alias → positions


class Finder:
    """Resolves questions against the database's published procedures.

    The first call builds the index (seconds for thousands of procedures); ``refresh`` rebuilds it when
    the data has changed (``is_stale``). Threads may call ``resolve`` while another refreshes.
    """

    def __init__(self, engine: Engine, language: Language) -> None:
        self._engine = engine
        self._language = language
        self._citizens = CitizensLanguage(language)
        self._ranking, self._scope = ranking.load()
        self._state: _State | None = None

    def is_stale(self) -> bool:
        """Whether procedures have changed since the index was built."""
        with transaction(self._engine) as session:
            version = procedures.data_version(session)
        return self._state is None or self._state.version != version

    def refresh(self) -> None:
        """Build the index from what the database holds now."""
        with transaction(self._engine) as session:
            version = procedures.data_version(session)
            entries = load_entries(session)
        self._state = _State(
            version=version,
            entries=entries,
            positions={entry.code: i for i, entry in enumerate(entries)},
            evidence=EvidenceBuilder(entries, self._language, self._citizens),
            names=_names(entries),
        )

    def resolve(
        self, question: Question, context: Context = Context(), *, limit: int = 5
    ) -> Resolution:
        """Decide which procedure is meant: Found, Ambiguous (2–``limit`` candidates) or NothingFits.

        Raises ValueError if the text is blank.
        """
        if not question.text.strip():
            raise ValueError("câu hỏi trống")
        query = make_query(question.text, self._language)
        if query.codes:
            return self._by_code(query)
        if named := self._by_name(query):
            return named
        if query.is_bare and context.procedure:
            return self._by_context(context)
        topic = self._by_topic(query)
        if topic and not context.procedure:
            return topic
        if query.is_bare:
            return self._by_context(context)
        evidence = self._ready().evidence.gather(query, context=context.procedure)
        decided = self._decide(evidence, limit)
        # In a conversation "gia hạn" means that of the procedure under discussion, if there is one.
        return decided if isinstance(decided, Found) or topic is None else topic

    def candidate(self, code: str, score: float = 1.0) -> Candidate | None:
        """The candidate for a code; None when no published procedure carries it."""
        state = self._ready()
        position = state.positions.get(code)
        return None if position is None else self._candidate(state, position, score)

    def _ready(self) -> _State:
        if self._state is None:
            self.refresh()
        assert self._state is not None
        return self._state

    def _by_code(self, query: Query) -> Resolution:
        found = [c for c in map(self.candidate, query.codes) if c]
        if not found:
            return NothingFits(Reason.UNKNOWN_CODE)
        return Found(found[0], others=tuple(found[1:]))

    def _by_context(self, context: Context) -> Resolution:
        candidate = self.candidate(context.procedure) if context.procedure else None
        if candidate is None:
            return NothingFits(Reason.NO_TOPIC)
        return Found(candidate, from_context=True)

    def _by_name(self, query: Query) -> Resolution | None:
        """The one procedure whose official or other name the question is, to the word."""
        state = self._ready()
        for words in (query.words, query.content):
            positions = state.names.get(" ".join(words).removeprefix("thu tuc "), ())
            if len(positions) == 1:
                return Found(self._candidate(state, next(iter(positions)), 1.0))
        return None

    def _by_topic(self, query: Query) -> Resolution | None:
        """Ask back when the question is nothing but a broad topic ("bảo hiểm", "thủ tục đất đai")."""
        for words in (query.words, query.content, _trimmed(query.content)):
            codes = self._language.topics.get(tuple(words), ())
            known = [c for c in map(self.candidate, codes) if c]
            if len(known) > 1:
                return Ambiguous(tuple(known))
        return None

    def _decide(self, evidence: Evidence, limit: int) -> Resolution:
        if not len(evidence.positions):
            return NothingFits(Reason.NO_MATCH)
        chances = self._ranking.probabilities(evidence)
        strength = self._scope.probability(evidence, chances)
        order = np.argsort(-chances)[:limit]
        if evidence.column("name_in_question")[order[0]]:
            strength = (
                1.0  # an official name typed in full is about that procedure, whatever else is said
            )
        state = self._ready()
        candidates = tuple(
            self._candidate(state, int(evidence.positions[i]), float(chances[i])) for i in order
        )
        if strength < IN_SCOPE:
            return NothingFits(Reason.NO_MATCH, others=candidates)
        if is_clear(candidates):
            return Found(candidates[0], others=candidates[1:], strength=strength)
        listed = tuple(c for c in candidates if c.score >= LISTED)
        return Ambiguous(listed if len(listed) > 1 else candidates[:2], strength=strength)

    def _candidate(self, state: _State, position: int, score: float) -> Candidate:
        entry = state.entries[position]
        known = self._language.paraphrases.get(entry.code)
        return Candidate(entry.code, entry.name, known.label if known else entry.name, score)


def _names(entries: list[Entry]) -> dict[str, set[int]]:
    names: dict[str, set[int]] = {}
    for position, entry in enumerate(entries):
        for name in (entry.name, *entry.aliases):
            names.setdefault(folded_name(name), set()).add(position)
    return names


def _trimmed(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those of a wish at the ends: "em muốn xin bảo hiểm ạ" → "bảo hiểm"."""
    start, end = 0, len(words)
    while start < end and words[start] in _WISHES:
        start += 1
    while end > start and words[end - 1] in _WISHES:
        end -= 1
    return words[start:end]
