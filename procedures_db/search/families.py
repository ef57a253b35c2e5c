"""Families of near-twin procedures: what tells them apart, and what to ask when nothing does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from procedures_db.text.folding import fold
from procedures_db.text.phrases import Phrases

AS_RANKED = "tự xét"  # the search may be believed, nobody is asked


@dataclass(frozen=True)
class Member:
    """A procedure of a family; ``said`` are the phrases that leave no other member."""

    code: str
    label: str  # among its twins: "Cấp lại (mất, hỏng)"
    said: Phrases[bool]


@dataclass(frozen=True)
class Family:
    """Twins that one name covers (``nói``), with the question that splits them."""

    question: str
    members: tuple[Member, ...]  # the most often meant first
    usual: str  # what is meant when nothing is said: a member, or AS_RANKED; empty: ask

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(member.code for member in self.members)

    def settled(self, words: Sequence[str]) -> tuple[Member, ...]:
        """The members that the folded words speak for; none: ask.

        A phrase within another's longer one says nothing: "bản sao" in "chứng thực bản sao".
        """
        spans = [[range(m.start, m.end) for m in one.said.find(words)] for one in self.members]
        longer = {span for several in spans for span in several}
        return tuple(
            member
            for member, several in zip(self.members, spans, strict=True)
            if any(not _within(span, longer) for span in several)
        )


class Families:
    """The families of ``nlu_data/families/``, found by what citizens call them."""

    def __init__(self, entries: Iterable[dict[str, Any]] = ()) -> None:
        """Raises KeyError when an entry lacks a part."""
        named: dict[tuple[str, ...], list[Family]] = {}
        self._all: list[Family] = []
        for entry in entries:
            family = _family(entry)
            self._all.append(family)
            for phrase in entry["nói"]:
                named.setdefault(tuple(fold(str(phrase)).split()), []).append(family)
        self._named = Phrases((words, tuple(several)) for words, several in named.items())

    def of(self, code: str, words: Sequence[str]) -> tuple[Family, tuple[str, ...]] | None:
        """The family that the folded words name and that ``code`` belongs to, and its name there.

        Of several the one with the longest name.
        """
        matches = self._named.find_all(words)
        for match in sorted(matches, key=lambda match: match.start - match.end):  # longest first
            for family in match.value:
                if code in family.codes:
                    return family, tuple(words[match.start : match.end])
        return None

    def told(self, codes: Collection[str], words: Sequence[str]) -> set[str]:
        """The codes that the folded words speak for in any family of one of ``codes``."""
        return {
            member.code
            for family in self._all
            if not set(codes).isdisjoint(family.codes)
            for member in family.settled(words)
        }

    def with_all(self, codes: Collection[str]) -> Family | None:
        """The family that was asked about, known by the options shown."""
        return next((family for family in self._all if set(codes) <= set(family.codes)), None)


def _within(span: range, spans: Iterable[range]) -> bool:
    return any(len(span) < len(other) and set(span) <= set(other) for other in spans)


def _family(entry: dict[str, Any]) -> Family:
    members = (
        Member(
            code=code,
            label=member["nhãn"],
            said=Phrases((fold(str(phrase)).split(), True) for phrase in member["khi nói"]),
        )
        for code, member in entry["chọn"].items()
    )
    return Family(
        question=entry["hỏi"], members=tuple(members), usual=entry.get("không nói gì", "")
    )
