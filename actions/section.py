"""One aspect of an answer: a direct first line, what follows it, and the same facts as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from actions import formatting
from procedures_db.wording import Wording

_NUMBER_ALONE = re.compile(r"^\s*\d+\.?$")


@dataclass
class Section:
    """``first`` answers in one line; ``lines`` say the rest. Both empty: the record does not state it."""

    first: str = ""
    lines: list[str] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)

    @property
    def is_stated(self) -> bool:
        return bool(self.first or self.lines)


def clipped(lines: list[str], wording: Wording, *, limit: int) -> list[str]:
    """The lines up to ``limit`` characters, cut where a line or sentence ends, and where the rest is."""
    text, cut = formatting.clip("\n".join(lines), limit)
    kept = text.split("\n") if text else []
    if cut and kept and _NUMBER_ALONE.match(kept[-1]):
        kept.pop()  # "4." was taken for the end of a sentence
    return [*kept, wording.say("utter_more_at_source")] if cut else kept
