"""Find known phrases in a row of words, longest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True)
class Match(Generic[V]):
    """A phrase found at words[start:end]."""

    start: int
    end: int
    value: V


class Phrases(Generic[V]):
    """A dictionary of phrases, each a row of words, that can be looked for in a sentence."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], V]]) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], V]] = {}
        self._longest: dict[str, int] = {}
        for words, value in entries:
            key = tuple(words)
            if key:
                self._by_first.setdefault(key[0], {})[key] = value
                self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def items(self) -> Iterator[tuple[tuple[str, ...], V]]:
        """The phrases with their values."""
        for known in self._by_first.values():
            yield from known.items()

    def find(self, words: Sequence[str]) -> list[Match[V]]:
        """Return the matches from left to right, none overlapping, the longest at each place."""
        matches = []
        position = 0
        while position < len(words):
            match = self._at(words, position)
            if match:
                matches.append(match)
            position = match.end if match else position + 1
        return matches

    def find_all(self, words: Sequence[str]) -> list[Match[V]]:
        """Return every match, overlapping ones too."""
        matches = []
        for start, first in enumerate(words):
            known = self._by_first.get(first, {})
            for end in range(start + 1, start + self._longest.get(first, 0) + 1):
                key = tuple(words[start:end])
                if key in known and end <= len(words):
                    matches.append(Match(start, end, known[key]))
        return matches

    def _at(self, words: Sequence[str], start: int) -> Match[V] | None:
        known = self._by_first.get(words[start], {})
        for length in range(self._longest.get(words[start], 0), 0, -1):
            key = tuple(words[start : start + length])
            if len(key) == length and key in known:
                return Match(start, start + length, known[key])
        return None


def covers(phrases: Phrases, words: Sequence[str]) -> bool:
    """Whether known phrases make up all of the words; no words are covered by nothing."""
    return sum(match.end - match.start for match in phrases.find(words)) == len(words)
