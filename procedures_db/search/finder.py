"""Find the procedure a citizen means: the way of a question, step by step."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlalchemy.engine import Engine

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.learning_loop import wordings
from procedures_db.learning_loop.wordings import TaughtWord
from procedures_db.search import ranking, twins
from procedures_db.search.catalogue import Entry, changes, load_entries
from procedures_db.search.choosing import choose
from procedures_db.search.citizens_language import CitizensLanguage, Taught
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
from procedures_db.search.state import State, names_of
from procedures_db.search.taught import Classifiers, TaughtState, read_taught
from procedures_db.search.text_index import folded_name
from procedures_db.text.folding import fold
from procedures_db.text.phrases import covers

IN_SCOPE = 0.15  # below this chance of being about procedures nothing fits
FOUND, CLEARLY = 0.4, 1.4  # the likeliest is answered from this probability on, if so far ahead …
AHEAD = 2.0  # … or when it is this many times as likely as the next
PATCHED_AT_MOST = 300  # more changes than that are faster taken in by building the index anew
# A procedure is named when the question covers this share of its name, or is this near a known wording.
NAMED_BY_NAME, NAMED_AS_KNOWN = 0.6, 0.7
# In a talk procedures of the field under discussion are so many times as likely; more where the words lean on it.
KIN, LEANING_KIN = 4.0, 12.0
TWIN = 3.0  # and those whose names have most of its name so many times again
LISTED = 0.04  # an option is worth showing from here on


def is_clear(candidates: tuple[Candidate, ...]) -> bool:
    """Whether the first candidate may be answered; if not, the citizen is asked."""
    if len(candidates) == 1:
        return True
    needed = CLEARLY if candidates[0].score >= FOUND else AHEAD
    return candidates[0].score >= needed * candidates[1].score


class Finder:
    """Resolves questions against the database's published procedures.

    The first call builds the index (seconds for thousands of procedures); ``refresh`` rebuilds it when
    the data has changed (``is_stale``). Threads may call ``resolve`` while another refreshes.
    """

    def __init__(
        self, engine: Engine, language: Language, *, classifier: Path | None = None
    ) -> None:
        """``classifier``: file where what is learned from the paraphrases is kept between starts."""
        self._engine = engine
        self.language = language
        self._classifiers = Classifiers(language, classifier)
        self._ranking, self._scope = ranking.load()
        self._state: State | None = None

    def is_stale(self) -> bool:
        """Whether procedures or taught wordings have changed since the index was built."""
        with transaction(self._engine) as session:
            versions = procedures.data_version(session), wordings.version(session)
        return self._state is None or (self._state.version, self._state.taught.version) != versions

    def refresh(self) -> None:
        """Take in what the database holds now: a few changes at once, many by building anew."""
        with transaction(self._engine) as session:
            version = procedures.data_version(session)
            taught = read_taught(session)
            old = self._state
            same = old is not None and old.version == version
            entries = [] if same else load_entries(session)
        state = old if same else self._updated(version, entries)
        self._state = self._with_taught(state or self._built(version, entries, taught), taught)

    def trying(self, *more: Taught, words: Sequence[TaughtWord] = ()) -> Finder:
        """This finder as it would be with wordings more; the database stays as it is."""
        state = self._ready()
        known = state.taught
        tried = replace(known, wordings=(*known.wordings, *more), words=(*known.words, *words))
        made = copy.copy(self)
        made._state = self._with_taught(state, tried)
        return made

    def answering_with(self, citizens: CitizensLanguage) -> Finder:
        """This finder as it would be with another state of citizens' language."""
        state = self._ready()
        made = copy.copy(self)
        evidence = state.evidence.with_citizens(citizens, state.entries)
        made._state = replace(state, evidence=evidence, citizens=citizens)
        return made

    def _with_taught(self, state: State, taught: TaughtState) -> State:
        if state.taught == taught:
            return state
        citizens = self._classifiers.citizens(taught)
        return replace(
            state,
            evidence=state.evidence.with_citizens(citizens, state.entries),
            taught=taught,
            language=taught.spoken(self.language),
            taught_names=self._taught_names(taught),
            citizens=citizens,
        )

    def _built(self, version: int, entries: list[Entry], taught: TaughtState) -> State:
        citizens = self._classifiers.citizens(taught)
        return State(
            version=version,
            entries=tuple(entries),
            positions={entry.code: i for i, entry in enumerate(entries)},
            evidence=EvidenceBuilder(entries, self.language, citizens),
            names=names_of(enumerate(entries)),
            taught=taught,
            language=taught.spoken(self.language),
            taught_names=self._taught_names(taught),
            citizens=citizens,
        )

    def _updated(self, version: int, entries: list[Entry]) -> State | None:
        old = self._state
        changed = changes(old.entries, entries) if old else []
        if old is None or len(changed) > PATCHED_AT_MOST:
            return None
        if not changed:
            return replace(old, version=version)
        kept: list[Entry | None] = list(old.entries)
        for change in changed:
            kept[change.position : change.position + 1] = [change.new]
        published = [(i, entry) for i, entry in enumerate(kept) if entry is not None]
        return replace(
            old,
            version=version,
            entries=tuple(kept),
            positions={entry.code: i for i, entry in published},
            evidence=old.evidence.patched(changed),
            names=names_of(published),
        )

    def _taught_names(self, taught: TaughtState) -> dict[str, set[str]]:
        names: dict[str, set[str]] = {}
        for code, text in taught.wordings:
            names.setdefault(" ".join(make_query(text, self.language).words), set()).add(code)
        return names

    def resolve(
        self, question: Question, context: Context = Context(), *, limit: int = 5
    ) -> Resolution:
        """Decide which procedure is meant: Found, Ambiguous (2–``limit`` candidates) or NothingFits.

        Raises ValueError if the text is blank.
        """
        if not question.text.strip():
            raise ValueError("câu hỏi trống")
        query = make_query(question.text, self._ready().language)
        if query.codes:
            return self._by_code(query)
        if named := self._by_name(query):
            return named
        if query.is_bare and context.procedure:
            return self._by_context(context)
        topic = self._by_topic(query)
        if topic and not context.procedure:
            return twins.among(self, twins.of_topic(self, topic, context), query, context)
        if query.is_bare:
            return self._by_context(context)
        evidence = self._ready().evidence.gather(query, context=context.procedure)
        decided = twins.among(self, self._decide(evidence, context, limit), query, context)
        if isinstance(decided, Found) or topic is None:
            return decided
        return twins.of_topic(self, topic, context)

    def told(self, question: Question, options: Sequence[str]) -> str | None:
        """The code, among those shown, that a telling word of the family they make up speaks for."""
        family = self.language.families.with_all(options)
        if family is None:
            return None
        settled = family.settled(make_query(question.text, self._ready().language).words)
        return settled[0].code if len(settled) == 1 else None

    def choose(self, question: Question, options: Sequence[str]) -> str | None:
        """The code, among those shown, of which the message says a part or a telling word."""
        if told := self.told(question, options):
            return told
        query = make_query(question.text, self._ready().language)
        spoken_for = self.language.families.told(options, query.words).intersection(options)
        if len(spoken_for) == 1 and not self.language.families.with_all(options):
            return spoken_for.pop()
        shown = [c for c in map(self.candidate, options) if c]
        chosen = choose(self.telling(query), [fold(f"{c.label} {c.name}").split() for c in shown])
        return None if chosen is None else shown[chosen].code

    def by_province(self, code: str) -> dict[str, str]:
        """The codes under which a procedure of this name is published, by province; "" is the nation's.

        Where it is published itself it stands for all of its name, elsewhere the first does.
        """
        state = self._ready()
        position = state.positions.get(code)
        entry = None if position is None else state.entries[position]
        if entry is None:
            return {}
        same = sorted(state.names.get(folded_name(entry.name), ()))
        found = {entry.province: code}
        for other in (state.entries[at] for at in same):
            if other is not None:
                found.setdefault(other.province, other.code)
        return found

    def are_kin(self, one: str, other: str) -> bool:
        """Whether two published procedures belong to one field (lĩnh vực)."""
        state = self._ready()
        fields = {
            state.field_of(p) for c in (one, other) if (p := state.positions.get(c)) is not None
        }
        return len(fields) == 1

    def content_words(self, text: str) -> list[str]:
        """The folded words of a question that may name something: no fillers, no light words."""
        return self.telling(make_query(text, self.language))

    def telling(self, query: Query) -> list[str]:
        return [word for word in query.content if word not in self.language.light_words]

    def candidate(self, code: str, score: float = 1.0) -> Candidate | None:
        """The candidate for a code; None when no published procedure carries it."""
        state = self._ready()
        position = state.positions.get(code)
        return None if position is None else self._candidate(state, position, score)

    def _ready(self) -> State:
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
        """The one procedure whose official or other name, or a wording of which, the question is, to the
        word. An official name comes first: no wording takes it away."""
        state = self._ready()
        for words in (query.words, query.content):
            said = " ".join(words)
            codes = state.taught_names.get(said, ())
            taught = {state.positions[code] for code in codes if code in state.positions}
            for positions in (state.names.get(said.removeprefix("thu tuc "), ()), taught):
                if len(positions) == 1:
                    return Found(self._candidate(state, next(iter(positions)), 1.0))
        return None

    def _by_topic(self, query: Query) -> Resolution | None:
        """Ask back when the question names nothing but a broad topic ("bảo hiểm", "hỏi về đất đai ạ").

        A topic of one procedure is that one ("làm căn cước").
        """
        matches = self.language.topics.find_all(query.words)
        for match in sorted(matches, key=lambda match: match.start - match.end):  # longest first
            beside = (query.words[: match.start], query.words[match.end :])
            if all(covers(self.language.around_topics, words) for words in beside):
                known = [c for c in map(self.candidate, match.value) if c]
                if len(known) == 1 == len(match.value):
                    return Found(known[0], named=True)
                if len(known) > 1:
                    return Ambiguous(tuple(known))
        return None

    def _decide(self, evidence: Evidence, context: Context, limit: int) -> Resolution:
        if not len(evidence.positions):
            return NothingFits(Reason.NO_MATCH)
        chances = self._ranking.probabilities(evidence)
        strength = self._scope.probability(evidence, chances)
        chances = self._in_talk(evidence, chances, context)
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
        named = _is_named(evidence, int(order[0]))
        if is_clear(candidates):
            return Found(candidates[0], others=candidates[1:], strength=strength, named=named)
        listed = tuple(c for c in candidates if c.score >= LISTED)
        listed = listed if len(listed) > 1 else candidates[:2]
        return Ambiguous(listed, strength=strength, named=named)

    def _in_talk(self, evidence: Evidence, chances: np.ndarray, context: Context) -> np.ndarray:
        """The chances, given what is under discussion: "thế mất bằng thì sao" stays with driving licences."""
        state = self._ready()
        position = state.positions.get(context.procedure or "")
        if position is None:
            return chances
        weight = LEANING_KIN if context.leans else KIN
        kin = [state.field_of(p) == state.field_of(position) for p in evidence.positions]
        twins = [state.shares_name(position, p) for p in evidence.positions]
        weighed = np.where(kin, weight, 1.0) * np.where(twins, TWIN, 1.0) * chances
        return weighed / weighed.sum()

    def shares_name(self, code: str, other: str) -> bool:
        """Whether most of what the name of one published procedure says stands in the other's."""
        state = self._ready()
        if code not in state.positions or other not in state.positions:
            return False
        return state.shares_name(state.positions[code], state.positions[other])

    def _candidate(self, state: State, position: int, score: float) -> Candidate:
        entry = state.entries[position]
        assert entry is not None  # positions of what is gone are in no index
        known = self.language.paraphrases.get(entry.code)
        return Candidate(entry.code, entry.name, known.label if known else entry.name, score)


def _is_named(evidence: Evidence, row: int) -> bool:
    by_name = evidence.column("name_coverage")[row] >= NAMED_BY_NAME
    return bool(by_name or evidence.column("paraphrase")[row] >= NAMED_AS_KNOWN)
