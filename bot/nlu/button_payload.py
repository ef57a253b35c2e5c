"""Understand what a button sends: "@fee 1.001193" is exact, whatever the classifier thinks of it."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_model import ASPECTS

_PAYLOAD = re.compile(r"^@(\w+)(?: ([\w.\-]+))?$")
_ACTS = {
    "overview": "ask_overview",
    "choose": "choose_option",
    "event": "life_event",
    "none": "reject_options",
    "human": "human",
    "useful": "useful",
    "wrong": "wrong",
    "help": "help",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ButtonPayload(GraphComponent):
    """Overrides the classifier for texts of the form ``@verb [code]``; verbs: aspects and acts."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ButtonPayload:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            match = _PAYLOAD.match(message.get(TEXT) or "")
            if match:
                _override(message, match.group(1))
        return messages


def _override(message: Message, verb: str) -> None:
    intent = f"ask_{verb}" if verb in ASPECTS else _ACTS.get(verb)
    if intent is None:
        return
    message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [{"name": intent, "confidence": 1.0}], add_to_output=True)
    kept = [e for e in message.get(ENTITIES) or () if e["entity"] != "aspect"]
    if verb in ASPECTS:
        kept.append({"entity": "aspect", "value": verb, "start": 0, "end": 1 + len(verb)})
    message.set(ENTITIES, kept, add_to_output=True)
