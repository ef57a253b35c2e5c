"""Safety: what must stop the bot, however much it sounds like a procedure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.expressions import Expressions, words_of
from actions.replies import Reply
from actions.turn import Turn
from procedures_db.text.folding import without_masks
from procedures_db.text.shorthand import Shorthand
from procedures_db.wording import Wording

SAFETY = Path(__file__).parents[1] / "nlu_data" / "safety.yml"
ALARMS = ("self_harm", "emergency")  # the classifier's word is enough for these, when it is sure
KINDS = (*ALARMS, "unsafe_secret", "unsafe_bribe", "unsafe_forged", "unsafe_proxy")
MANIPULATE = "manipulate"
_QUESTION = "câu hỏi"
SURE = 0.75  # of the classifier alone: unaccented scraps look like anything


@dataclass(frozen=True)
class _Kind:
    name: str
    said: Expressions
    idioms: Expressions
    unless: Expressions

    def is_in(self, words: str) -> bool:
        left = self.idioms.cut_from(words)
        return self.said.in_words(left) and not self.unless.in_words(left)


class Safety:
    """The expressions of ``nlu_data/safety.yml``, in order of urgency."""

    def __init__(self, content: list[dict[str, Any]], shorthand: Shorthand) -> None:
        self._shorthand = shorthand
        self._kinds = [
            _Kind(
                entry["loại"],
                Expressions(entry["nói"]),
                Expressions(entry.get("bỏ qua") or ()),
                Expressions(entry.get("trừ khi") or ()),
            )
            for entry in content
        ]

    @classmethod
    def load(cls, shorthand: Shorthand, path: Path = SAFETY) -> Safety:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")), shorthand)

    def kind(self, text: str) -> str | None:
        """The most urgent kind in the text: one of KINDS or MANIPULATE; None if it is harmless."""
        return next((k for k in self._found(text) if k != _QUESTION), None)

    def asks(self, text: str) -> bool:
        """Whether something is asked in the text, whatever else it says."""
        return _QUESTION in self._found(text) or "?" in text

    def _found(self, text: str) -> list[str]:
        words = words_of(self._shorthand.expand(without_masks(text)))
        return [kind.name for kind in self._kinds if kind.is_in(words)]


def alarm(turn: Turn, safety: Safety, wording: Wording) -> Reply | None:
    """The reply to danger, a crime asked for or a secret told; None when there is none of it."""
    kind = safety.kind(turn.text)
    if kind not in ALARMS and turn.intent in ALARMS and turn.confidence >= SURE:
        kind = turn.intent
    if kind not in KINDS:
        return None
    return Reply(wording.say(f"utter_{kind}"), "refuse")
