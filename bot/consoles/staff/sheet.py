"""A checklist and what of it one printed A4 page holds: the rest is counted, and behind the QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Lines of 9.5 points on an A4 page with margins of 12 mm, measured in Chromium.
LINES = 60
_FOOT = 5  # source, address of the rest
_CHARACTERS = 96  # of a line
_QR_CODE = 9  # lines
LONG_TITLE = 200  # characters; longer ones are printed small
_HEADING = 2


@dataclass(frozen=True)
class Section:
    """A part of the checklist: ``lines`` fit on the page, ``more`` stand on the screen only."""

    heading: str
    lines: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """All sections, and how many lines the printed page leaves out."""

    sections: tuple[Section, ...]

    @property
    def left_out(self) -> int:
        return sum(len(section.more) for section in self.sections)


def fitted(sections: Sequence[tuple[str, str]], *, title: str = "") -> Sheet:
    """Cut (heading, lines) to a page: the longest section gives way, no line is cut in its middle.

    A fee and an office stand beside the longest list of papers.
    """
    wanted = [(heading, [line for line in text.split("\n") if line.strip()]) for heading, text in sections]  # fmt: skip
    wanted = [(heading, lines) for heading, lines in wanted if lines]
    needs = [_HEADING * bool(heading) + sum(map(_height, lines)) for heading, lines in wanted]
    rooms = _shared(needs, LINES - _FOOT - _top(title))
    return Sheet(tuple(_cut(*section, room) for section, room in zip(wanted, rooms, strict=True)))


def _top(title: str) -> int:
    """Lines of the page that title, code and QR code take: beside it stand 42 large letters or 72 small ones."""
    of_title = len(title) // 72 + 1 if len(title) > LONG_TITLE else 3 * (len(title) // 42 + 1) // 2
    return max(_QR_CODE, of_title + 2)


def _shared(needs: Sequence[int], room: int) -> list[int]:
    """The room of each: what it needs, at most an equal part of what those with smaller needs leave."""
    rooms = [0] * len(needs)
    for served, place in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        rooms[place] = min(needs[place], room // (len(needs) - served))
        room -= rooms[place]
    return rooms


def _cut(heading: str, lines: Sequence[str], room: int) -> Section:
    room -= _HEADING * bool(heading)
    if sum(map(_height, lines)) > room:
        room -= 1  # to say how many are missing
    kept = 0
    while kept < len(lines) and _height(lines[kept]) <= room:
        room -= _height(lines[kept])
        kept += 1
    return Section(heading, tuple(lines[:kept]), tuple(lines[kept:]))


def _height(line: str) -> int:
    return -(-len(line) // _CHARACTERS)
