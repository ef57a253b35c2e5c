"""Families of twins in a resolution: a telling word decides, else the talk, else the citizen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from procedures_db.search.language import Language
from procedures_db.search.query import Query
from procedures_db.search.resolution import (
    Ambiguous,
    Candidate,
    Context,
    Found,
    NothingFits,
    Resolution,
)

# A family's name with so many words beside it tells what is meant, if the likeliest is this likely.
TOLD, TOLD_SURE = 4, 0.7
CLEAR = 0.5  # chance of a procedure from which a message needs no talk around it
BARELY = 0.5  # strength of a twin that only a telling word speaks for


class Published(Protocol):
    """What is asked of the finder about published procedures."""

    language: Language

    def candidate(self, code: str, score: float = 1.0) -> Candidate | None: ...
    def are_kin(self, one: str, other: str) -> bool: ...
    def shares_name(self, code: str, other: str) -> bool: ...
    def telling(self, query: Query) -> list[str]: ...


def among(finder: Published, decided: Resolution, query: Query, context: Context) -> Resolution:
    """Where the question names a family of twins, a telling word decides, or else the citizen."""
    if isinstance(decided, NothingFits):
        return _told_in_talk(finder, decided, query, context) or decided
    first = decided.likeliest
    likely = decided.candidates if isinstance(decided, Ambiguous) else (first,)
    named = next(
        (found for one in likely if (found := finder.language.families.of(one.code, query.words))),
        None,
    )
    if named is None:
        return _told_in_talk(finder, decided, query, context) or decided
    family, name = named
    twins = [
        replace(known, label=member.label)
        for member in family.members
        if (known := finder.candidate(member.code))
    ]
    settled = [member.code for member in family.settled(query.words)]
    if not settled and (kin := _kin(finder, family.codes, context)):
        settled = [kin]
    meant = [twin for twin in twins if twin.code in settled]
    if len(meant) == 1:
        return Found(meant[0], strength=decided.strength)
    if meant and isinstance(decided, Ambiguous):
        return Ambiguous(tuple(meant), strength=decided.strength, question=family.question)
    if settled or len(twins) < 2:
        return decided
    if usual := next((twin for twin in twins if twin.code == family.usual), None):
        return Found(usual, strength=decided.strength, named=decided.named)
    if family.usual or _is_told(finder, first, query, name):
        return decided
    return Ambiguous(tuple(twins), strength=decided.strength, question=family.question)


def of_topic(finder: Published, topic: Resolution, context: Context) -> Resolution:
    """The topic's procedure that the talk is about: "bản sao" is that of the birth certificate."""
    if not isinstance(topic, Ambiguous):
        return topic
    kin = _kin(finder, [c.code for c in topic.candidates], context)
    known = finder.candidate(kin) if kin else None
    return Found(known, strength=topic.strength) if known else topic


def _told_in_talk(
    finder: Published, decided: Resolution, query: Query, context: Context
) -> Found | None:
    """The twin of what is under discussion that a telling word speaks for ("cháu 9 tuổi thôi"), where
    the message by itself is not clearly about something."""
    if context.procedure is None or _is_clear(decided):
        return None
    told = finder.language.families.told([context.procedure], query.words)
    twin = finder.candidate(told.pop()) if len(told) == 1 else None
    strength = BARELY if isinstance(decided, NothingFits) else decided.strength
    return Found(twin, strength=strength, named=False) if twin else None


def _is_clear(decided: Resolution) -> bool:
    if isinstance(decided, NothingFits):
        return False
    is_likely = isinstance(decided, Found) and decided.strength * decided.candidate.score >= CLEAR
    return decided.named or is_likely


def _kin(finder: Published, codes: Sequence[str], context: Context) -> str | None:
    """The one of the codes that is of the field under discussion; the procedure itself comes first."""
    if context.procedure in codes:
        return context.procedure
    spoken_of = context.procedure or next(iter(context.options), None)
    if spoken_of is None:
        return None
    kin = [code for code in codes if finder.are_kin(code, spoken_of)]
    if len(kin) > 1:  # "đăng ký lại", of births or marriages
        kin = [code for code in kin if finder.shares_name(spoken_of, code)]
    return kin[0] if len(kin) == 1 else None


def _is_told(finder: Published, first: Candidate, query: Query, name: Sequence[str]) -> bool:
    """Whether so much is told beside the family's name that the ranking may be believed."""
    beside = set(finder.telling(query)) - set(name)
    return len(beside) >= TOLD and first.score >= TOLD_SURE
