"""The indexes over one version of the data, and what can be read off the entries themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from procedures_db.search.catalogue import Entry
from procedures_db.search.citizens_language import CitizensLanguage
from procedures_db.search.evidence import EvidenceBuilder
from procedures_db.search.language import Language
from procedures_db.search.taught import TaughtState
from procedures_db.search.text_index import folded_name

_IN_EVERY_NAME = frozenset((
    "thu", "tuc", "dang", "ky", "cap", "giay", "giai", "quyet", "thuc", "hien", "cho", "doi", "voi", "cua", "va",
))  # fmt: skip


@dataclass(frozen=True)
class State:
    """The indexes over one version of the data: replaced as a whole, never changed."""

    version: int
    entries: tuple[Entry | None, ...]  # None: no longer published
    positions: dict[str, int] = field(repr=False)
    evidence: EvidenceBuilder = field(repr=False)
    names: dict[str, set[int]] = field(repr=False)  # folded name or alias → positions
    taught: TaughtState
    language: Language = field(repr=False)  # with the citizen words that staff taught
    taught_names: dict[str, set[str]] = field(repr=False)  # folded wording → codes
    citizens: CitizensLanguage = field(repr=False)

    def field_of(self, position: int) -> str:
        entry = self.entries[position]
        return entry.field if entry else ""

    def shares_name(self, position: int, other: int) -> bool:
        """Whether most of what the name at ``position`` says stands in the other's: its twin."""
        one, two = self.entries[position], self.entries[other]
        if one is None or two is None:
            return False
        said = set(folded_name(one.name).split()) - _IN_EVERY_NAME
        return len(said & set(folded_name(two.name).split())) > len(said) / 2


def names_of(entries: Iterable[tuple[int, Entry]]) -> dict[str, set[int]]:
    names: dict[str, set[int]] = {}
    for position, entry in entries:
        for name in (entry.name, *entry.aliases):
            names.setdefault(folded_name(name), set()).add(position)
    return names
