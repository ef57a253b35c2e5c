"""A button's payload is exact; anything else is left to the classifier."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.button_payload import ButtonPayload
from bot.nlu.intent_model import ASPECTS
from tests.nlu.conftest import Understood

GUESSED = {"name": "smalltalk", "confidence": 0.4}
GUESSED_ENTITIES = [
    {"entity": "aspect", "value": "legal", "start": 0, "end": 4},
    {"entity": "procedure_code", "value": "1.001193", "start": 5, "end": 13},
]


def press(text: str) -> Understood:
    """Run the component after a classifier that guessed wrong."""
    message = Message({TEXT: text, INTENT: GUESSED, ENTITIES: list(GUESSED_ENTITIES)})
    return Understood(ButtonPayload().process([message])[0])


@pytest.mark.parametrize("aspect", ASPECTS)
def test_an_aspect_button_asks_for_that_aspect_alone(aspect: str) -> None:
    pressed = press(f"@{aspect} 1.001193")
    assert pressed.intent == f"ask_{aspect}"
    assert pressed.aspects == {aspect}
    assert pressed.values("procedure_code") == ["1.001193"]


@pytest.mark.parametrize(
    ("payload", "intent"),
    [
        ("@overview 1.001193", "ask_overview"),
        ("@choose 1.001193", "choose_option"),
        ("@choose 1.014955-Xoa", "choose_option"),
        ("@none", "reject_options"),
        ("@event sinh_con", "life_event"),
        ("@human", "human"),
        ("@help", "help"),
    ],
)
def test_other_buttons_do_what_they_say_and_ask_for_no_aspect(payload: str, intent: str) -> None:
    pressed = press(payload)
    assert pressed.intent == intent
    assert pressed.aspects == frozenset()
    assert pressed.message.get(INTENT_RANKING_KEY) == [{"name": intent, "confidence": 1.0}]


@pytest.mark.parametrize(
    "text",
    [
        "@unknown 1.001193",
        "fee 1.001193",
        "hỏi @fee 1.001193",
        "@fee 1.001193 và @time 1.001193",
        "@fee  1.001193",
        "@",
        "",
        "a@fee",
    ],
)
def test_anything_else_keeps_what_the_classifier_said(text: str) -> None:
    kept = press(text)
    assert kept.intent == GUESSED["name"]
    assert kept.aspects == {"legal"}


def test_every_button_that_answers_carry_is_understood() -> None:
    """The payloads that actions/replies.py makes, one of each verb."""
    from actions.replies import _NEXT

    for aspect in _NEXT:
        assert press(f"@{aspect} 1.001193").intent == f"ask_{aspect}"
