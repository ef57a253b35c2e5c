"""The classifier on examples it has not seen: 15 % of nlu_data/intents, chosen by a hash of the text.

Measured 2026-11-22 on 565 held-out lines (223 questions, 342 acts), as written / without diacritics:
aspects exactly right 74.9 % / 72.6 %, acts 61.4 % / 61.7 %, question told from act 85.3 % / 84.6 %.
Each floor lies about 3 points below: a change of nlu_data moves lines in and out of the sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.classifier import ELSEWHERE_KEY
from bot.nlu.intent_model import ASPECTS
from procedures_db.text.folding import has_diacritics
from tests.nlu.conftest import Trained, Understood, without_diacritics

ASPECTS_FLOOR = 0.70  # 2026-11-22: 74.9 % as written, 72.6 % without diacritics
ACTS_FLOOR = 0.58  # 2026-11-22: 61.4 % as written, 61.7 % without diacritics
KIND_FLOOR = 0.82  # 2026-11-22: 85.3 % as written, 84.6 % without diacritics
# 2026-11-22: 1.0 points for aspects and 0.6 for acts over six folds (1,895 lines with diacritics); on
# this fold's 300-odd lines it came out between 0.3 and 2.0 as nlu_data changed: hence the standard error.
LARGEST_DROP = 0.02


@dataclass(frozen=True)
class Scored:
    """One held-out line: what its author meant, what was understood of it both ways."""

    message: Message
    as_written: Understood
    stripped: Understood

    @property
    def intent(self) -> str:
        return self.message.get(INTENT)

    @property
    def is_question(self) -> bool:
        return self.intent.startswith("ask_")

    @property
    def aspects(self) -> frozenset[str]:
        marked = {e["value"] for e in self.message.get(ENTITIES) or () if e["entity"] == "aspect"}
        own = self.intent.removeprefix("ask_")
        return frozenset(marked | ({own} if own in ASPECTS else set()))

    def right(self, understood: Understood) -> bool:
        """A question: exactly its aspects; an act: its intent."""
        if self.is_question:
            return understood.intent.startswith("ask_") and understood.aspects == self.aspects
        return understood.intent == self.intent


View = Callable[[Scored], Understood]
VIEWS: dict[str, View] = {
    "as written": lambda scored: scored.as_written,
    "without diacritics": lambda scored: scored.stripped,
}


@pytest.fixture(scope="module")
def scored(trained: Trained) -> list[Scored]:
    return [
        Scored(
            message,
            trained.understand(message.get(TEXT)),
            trained.understand(without_diacritics(message.get(TEXT))),
        )
        for message in trained.held_out
    ]


def share_right(rows: list[Scored], view: View) -> float:
    return sum(row.right(view(row)) for row in rows) / len(rows)


def test_enough_lines_are_held_out_and_none_of_them_is_trained_on(scored: list[Scored]) -> None:
    assert len(scored) > 300
    assert len({row.intent for row in scored}) > 30


@pytest.mark.parametrize("view", VIEWS)
def test_aspects_asked_are_understood_above_the_floor(
    scored: list[Scored], view: str, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [row for row in scored if row.is_question]
    share = share_right(questions, VIEWS[view])
    with capsys.disabled():
        print(f"\n  aspects exactly right, {view}: {share:.1%} of {len(questions)}")
    assert share >= ASPECTS_FLOOR


@pytest.mark.parametrize("view", VIEWS)
def test_acts_are_understood_above_the_floor(
    scored: list[Scored], view: str, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = [row for row in scored if not row.is_question]
    share = share_right(acts, VIEWS[view])
    with capsys.disabled():
        print(f"\n  acts right, {view}: {share:.1%} of {len(acts)}")
    assert share >= ACTS_FLOOR


@pytest.mark.parametrize("view", VIEWS)
def test_questions_are_told_from_acts_above_the_floor(
    scored: list[Scored], view: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [VIEWS[view](row).intent.startswith("ask_") == row.is_question for row in scored]
    share = sum(told) / len(told)
    with capsys.disabled():
        print(f"\n  question told from act, {view}: {share:.1%} of {len(told)}")
    assert share >= KIND_FLOOR


def test_leaving_the_diacritics_out_costs_at_most_two_points(
    scored: list[Scored], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row for row in scored if has_diacritics(row.message.get(TEXT))]
    assert len(rows) > 250
    lost = sum(row.right(row.as_written) and not row.right(row.stripped) for row in rows)
    won = sum(row.right(row.stripped) and not row.right(row.as_written) for row in rows)
    drop = (lost - won) / len(rows)
    # Of the difference of two shares on the same lines (McNemar).
    error = math.sqrt(lost + won - (lost - won) ** 2 / len(rows)) / len(rows)
    with capsys.disabled():
        print(f"\n  lost without diacritics: {drop:.1%} ± {error:.1%} of {len(rows)}")
    assert drop <= LARGEST_DROP + error


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("phí đăng ký thường trú bao nhiêu", {"fee"}),
        ("phi dang ky thuong tru bao nhieu", {"fee"}),
        ("làm khai sinh cần giấy tờ gì và mất bao lâu", {"documents", "time"}),
        ("lam khai sinh can giay to gi va mat bao lau", {"documents", "time"}),
        ("nộp ở đâu", {"place"}),
        ("@fee 1.004222", {"fee"}),
        ("1.004222 phí", {"fee"}),
        ("mã 9.999999 phí bao nhiêu", {"fee"}),
    ],
)
def test_plain_questions_are_understood_exactly(
    trained: Trained, text: str, aspects: set[str]
) -> None:
    understood = trained.understand(text)
    assert understood.aspects == aspects
    assert understood.intent.startswith("ask_")


@pytest.mark.parametrize("text", ["1.004222", "1.987654 phí", "@documents 1.004222"])
def test_who_names_a_code_is_never_suspected_of_talking_about_something_else(
    trained: Trained, text: str
) -> None:
    understood = trained.understand(text)
    assert understood.intent.startswith("ask_")
    assert understood.message.get(ELSEWHERE_KEY) == 0.0


def test_an_act_asks_for_no_aspect(trained: Trained) -> None:
    understood = trained.understand("cảm ơn bạn nhiều nhé")
    assert understood.intent == "thanks"
    assert understood.aspects == frozenset()


@pytest.mark.parametrize(
    "text", ["quay lại cái khai sinh, lệ phí bao nhiêu", "quay lai vu tam tru di"]
)
def test_who_goes_back_may_name_an_aspect(trained: Trained, text: str) -> None:
    understood = trained.understand(text)
    assert understood.intent == "go_back" or understood.intent.startswith("ask_")
    assert ("fee" in understood.aspects) == ("lệ phí" in text)
