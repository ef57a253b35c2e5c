"""The search's question and answer types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Question:
    """The citizen's words, diacritics optional ("khai sinh cho be")."""

    text: str


@dataclass(frozen=True)
class Context:
    """What the conversation already settled."""

    procedure: str | None = None  # code under discussion
    options: tuple[str, ...] = ()  # codes last shown, in the order shown
    leans: bool = False  # the words lean on what was said before: "thế mất bằng thì sao"


@dataclass(frozen=True)
class Candidate:
    """A procedure the citizen may mean; score is the calibrated probability, 0.0–1.0."""

    code: str
    name: str
    label: str  # short, tells it from the other candidates
    score: float


@dataclass(frozen=True)
class Found:
    """One procedure is meant."""

    candidate: Candidate
    others: tuple[Candidate, ...] = ()
    strength: float = 1.0  # share of the question that the procedure explains, 0.0–1.0
    from_context: bool = False  # the question named no procedure: the one under discussion is meant
    named: bool = True  # its words name the procedure; a story or a need may lead to it without

    @property
    def likeliest(self) -> Candidate:
        return self.candidate


@dataclass(frozen=True)
class Ambiguous:
    """Several fit, the likeliest first (2–5): ask."""

    candidates: tuple[Candidate, ...]
    strength: float = 1.0
    named: bool = True  # as in ``Found``, of the likeliest
    question: str = ""  # what to ask, when officials wrote it for these twins

    @property
    def likeliest(self) -> Candidate:
        return self.candidates[0]


class Reason(Enum):
    """Why nothing fits."""

    NO_TOPIC = "no topic"  # the question names nothing to look for
    UNKNOWN_CODE = "unknown code"
    NO_MATCH = "no match"


@dataclass(frozen=True)
class NothingFits:
    reason: Reason
    others: tuple[Candidate, ...] = ()


Resolution = Found | Ambiguous | NothingFits
