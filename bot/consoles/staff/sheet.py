"""A checklist cut to one printed A4 page: what does not fit is counted, and behind the QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LINES = 44  # of an A4 page at 9.5 points, beside title, source and QR code
_CHARACTERS = 90  # of such a line


@dataclass(frozen=True)
class Sheet:
    """Sections (heading, lines) that fit, and how many lines were left out."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int


def fitted(sections: Sequence[tuple[str, str]]) -> Sheet:
    """Take lines in their order while there is room; no line is cut in its middle."""
    kept: list[tuple[str, tuple[str, ...]]] = []
    room, left_out = LINES, 0
    for heading, text in sections:
        room -= 1 if heading else 0
        lines: list[str] = []
        for line in (one for one in text.split("\n") if one.strip()):
            needed = -(-len(line) // _CHARACTERS)
            if left_out or needed > room:
                left_out += 1
                continue
            room -= needed
            lines.append(line)
        if lines:
            kept.append((heading, tuple(lines)))
    return Sheet(tuple(kept), left_out)
