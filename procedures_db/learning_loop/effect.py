"""What a wording would change: the kept questions searched with and without it.

Measured is the search (which procedure, ask back, nothing fits), not the understanding of what is asked
about it: a wording touches nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from procedures_db.learning_loop.cases import ANSWER, CLARIFY, OUT_OF_SCOPE, KeptCase
from procedures_db.search.finder import Finder
from procedures_db.search.resolution import Ambiguous, Found, NothingFits, Question, Resolution

_SHOWN = 10  # questions listed of each kind


@dataclass(frozen=True)
class Verdict:
    """What the search does with a question: ``behaviour``, and the first procedure if there is one."""

    behaviour: str
    code: str
    name: str


@dataclass(frozen=True)
class Turned:
    """A kept question that changed sides."""

    question: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class Effect:
    """Right before, right after, of so many; and what becomes of the wording itself."""

    cases: int
    right_before: int
    right_after: int
    own_before: Verdict | None
    own_after: Verdict | None
    own_right: bool
    turned_right: tuple[Turned, ...]
    turned_wrong: tuple[Turned, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(
    before: Finder, after: Finder, cases: Sequence[KeptCase], *, own: KeptCase | None = None
) -> Effect:
    """Search every case with both finders. ``own``: the wording that is judged, not counted."""
    turned_right: list[Turned] = []
    turned_wrong: list[Turned] = []
    right_before = right_after = 0
    for case in cases:
        was, now = (finder.resolve(Question(case.question)) for finder in (before, after))
        was_right, now_right = is_right(case, was), is_right(case, now)
        right_before += was_right
        right_after += now_right
        if was_right != now_right:
            turned = Turned(case.question, verdict(was), verdict(now))
            (turned_right if now_right else turned_wrong).append(turned)
    resolved = [f.resolve(Question(own.question)) for f in (before, after)] if own else []
    return Effect(
        cases=len(cases),
        right_before=right_before,
        right_after=right_after,
        own_before=verdict(resolved[0]) if resolved else None,
        own_after=verdict(resolved[1]) if resolved else None,
        own_right=own is not None and is_right(own, resolved[1]),
        turned_right=tuple(turned_right[:_SHOWN]),
        turned_wrong=tuple(turned_wrong[:_SHOWN]),
    )


def is_right(case: KeptCase, resolution: Resolution) -> bool:
    """Whether the search does what is right for the case."""
    if case.behaviour == ANSWER:
        return isinstance(resolution, Found) and resolution.candidate.code in case.codes
    if case.behaviour == CLARIFY:
        return isinstance(resolution, Ambiguous)
    return isinstance(resolution, NothingFits)


def verdict(resolution: Resolution) -> Verdict:
    if isinstance(resolution, Found):
        return Verdict(ANSWER, resolution.candidate.code, resolution.candidate.name)
    if isinstance(resolution, Ambiguous):
        first = resolution.candidates[0]
        return Verdict(CLARIFY, first.code, first.name)
    return Verdict(OUT_OF_SCOPE, "", "")
