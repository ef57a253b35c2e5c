"""The right door: matters that no one-stop shop settles, and who does (nlu_data/doors.yml)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.expressions import Expressions, words_of
from procedures_db.text.folding import without_masks
from procedures_db.text.shorthand import Shorthand

DOORS = Path(__file__).parents[1] / "nlu_data" / "doors.yml"


@dataclass(frozen=True)
class Door:
    """A body outside the one-stop shop, and what the citizen is told of it."""

    name: str
    text: str


@dataclass(frozen=True)
class _Sign:
    door: Door
    always: Expressions
    unless_clear: Expressions
    otherwise: Expressions
    unless: Expressions


class Doors:
    """Finds the door for what a citizen wrote."""

    def __init__(self, content: list[dict[str, Any]], shorthand: Shorthand) -> None:
        self._shorthand = shorthand
        self._signs = [
            _Sign(
                Door(entry["cửa"], entry["trả lời"].strip()),
                Expressions(entry.get("luôn chỉ") or ()),
                Expressions(entry.get("chỉ khi không rõ thủ tục") or ()),
                Expressions(entry.get("chỉ khi không có thủ tục") or ()),
                Expressions(entry.get("trừ khi") or ()),
            )
            for entry in content
        ]

    @classmethod
    def load(cls, shorthand: Shorthand, path: Path = DOORS) -> Doors:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")), shorthand)

    def certain(self, text: str) -> Door | None:
        """The door whatever procedures the search finds."""
        return self._door(text, lambda sign: sign.always)

    def unless_clear(self, text: str) -> Door | None:
        """The door unless the search is sure of a procedure."""
        return self._door(text, lambda sign: sign.unless_clear)

    def likely(self, text: str) -> Door | None:
        """The door when no procedure fits, the surer ones first."""
        sure = self.certain(text) or self.unless_clear(text)
        return sure or self._door(text, lambda sign: sign.otherwise)

    def _door(self, text: str, said: Callable[[_Sign], Expressions]) -> Door | None:
        words = words_of(self._shorthand.expand(without_masks(text)))
        found = (s for s in self._signs if said(s).in_words(words) and not s.unless.in_words(words))
        return next((sign.door for sign in found), None)
