"""The intent classifier as a Rasa component: linear, Vietnamese, several aspects at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_features import features
from bot.nlu.intent_model import (
    ASPECTS,
    ELSEWHERE,
    LIFE_EVENT,
    OVERVIEW,
    SEVERAL,
    Example,
    IntentModel,
    Prediction,
    is_asking,
)
from bot.nlu.tokenizer import WORD, words
from procedures_db.search.language import read_paraphrases
from procedures_db.text.aspect_words import AspectWords
from procedures_db.text.folding import fold, without_masks
from procedures_db.text.shorthand import Shorthand

ASPECT_ENTITY = "aspect"
ELSEWHERE_KEY = "elsewhere"  # in the parsed message: chance that it is about no procedure
_PARAPHRASES = Path("nlu_data/paraphrases")
_SHORTHAND = Path("nlu_data/shorthand.yml")  # Rasa runs in the project folder
_ASPECT_WORDS = Path("nlu_data/aspect_words.yml")
_SHORT = 6  # words: a short message that names an aspect is a follow-up question
_BESIDE_NAMED = 0.75  # a further aspect beside one that is named must be this likely
_PREFIX = "ask_"
CORRECTION = "correct_procedure"
GO_BACK = "go_back"  # "quay lại vụ khai sinh, lệ phí bao nhiêu": an aspect may be named


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class VietnameseIntentClassifier(GraphComponent, IntentClassifier):
    """Sets intent, ranking and one entity ``aspect`` for every aspect asked.

    Trained on each example twice, as written and without diacritics, so that typing without them
    costs nothing. Config: ``aspect_threshold`` (0.0–1.0) from which an aspect counts as asked; ``scope_sure``
    (0.5–1.0) from which the scope model overrules the intent.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"aspect_threshold": 0.5, "scope_sure": 0.75}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._threshold = config["aspect_threshold"]
        self._sure = config["scope_sure"]
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._shorthand = Shorthand.load(_SHORTHAND)
        self._aspect_words = AspectWords.load(_ASPECT_WORDS)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseIntentClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [
            example
            for message in training_data.intent_examples
            for example in self._examples(message)
        ]
        self._model = IntentModel.train(examples, self._about_procedures())
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / "model.joblib", compress=3)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> VietnameseIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = joblib.load(folder / "model.joblib")
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            assert self._model is not None
            prediction = self._model.predict(self._features(message))
            if any(e["entity"] == "procedure_code" for e in message.get(ENTITIES) or ()):
                prediction = replace(prediction, elsewhere=0.0)  # nothing is more exact than a code
            self._annotate(message, prediction)
        return messages

    def _examples(self, message: Message) -> list[Example]:
        text, intent = message.get(TEXT), message.get(INTENT)
        aspects = {
            entity[ENTITY_ATTRIBUTE_VALUE]
            for entity in message.get(ENTITIES) or ()
            if entity[ENTITY_ATTRIBUTE_TYPE] == ASPECT_ENTITY
        }
        if intent.removeprefix(_PREFIX) in ASPECTS:
            aspects.add(intent.removeprefix(_PREFIX))
        written = self._shorthand.expand(text)
        return [
            Example(features(view, words(view)), intent, frozenset(aspects))
            for view in {written, fold(written)}
        ]

    def _about_procedures(self) -> list[list[str]]:
        known = read_paraphrases(_PARAPHRASES).values()
        questions = [self._shorthand.expand(q) for entry in known for q in entry.questions]
        return [features(view, []) for q in questions for view in {q, fold(q)}]

    def _features(self, message: Message) -> list[str]:
        written = self._shorthand.expand(without_masks(message.get(TEXT) or ""))
        tokens = message.get(TOKENS_NAMES[TEXT]) or []
        return features(written, list(dict.fromkeys(token.get(WORD) for token in tokens)))

    def _annotate(self, message: Message, prediction: Prediction) -> None:
        written = self._shorthand.expand(without_masks(message.get(TEXT) or ""))
        named = self._aspect_words.find(written)
        short = len(written.split()) <= _SHORT
        intent, confidence = self._scoped(prediction, asking=bool(named) and short)
        aspects = self._asked(intent, prediction, named)
        if intent.startswith(_PREFIX):
            intent = _intent_of(aspects)
        message.set(
            INTENT,
            {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence},
            add_to_output=True,
        )
        ranking = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: score}
            for name, score in prediction.ranking
        ]
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(ELSEWHERE_KEY, prediction.elsewhere, add_to_output=True)
        found = [self._entity(aspect, prediction, message) for aspect in aspects]
        message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found], add_to_output=True)

    def _scoped(self, prediction: Prediction, *, asking: bool) -> tuple[str, float]:
        """The likeliest intent that agrees with what is certain: an aspect named, or the scope."""
        allowed: Callable[[str], bool] = lambda intent: True  # noqa: E731
        first = prediction.ranking[0][0]
        if asking:
            allowed = is_asking
        elif prediction.elsewhere >= self._sure and is_asking(first):
            allowed = lambda intent: intent in ELSEWHERE  # noqa: E731
        elif prediction.elsewhere <= 1 - self._sure and first in ELSEWHERE:
            allowed = is_asking
        chosen = [pair for pair in prediction.ranking if allowed(pair[0])]
        return chosen[0] if chosen else prediction.ranking[0]

    def _asked(self, intent: str, prediction: Prediction, named: list[str]) -> list[str]:
        """Aspects asked: those named for certain, then the likely ones; an act (thanks …) asks for none."""
        if not is_asking(intent):
            return named if intent == GO_BACK else []
        threshold = _BESIDE_NAMED if named else self._threshold
        by_chance = sorted(prediction.aspects.items(), key=lambda item: -item[1])
        likely = [aspect for aspect, chance in by_chance if chance >= threshold]
        if named or likely or intent in (OVERVIEW, CORRECTION, LIFE_EVENT):
            return list(dict.fromkeys([*named, *([] if intent == OVERVIEW else likely)]))
        single = intent.removeprefix(_PREFIX)
        return [single if single in ASPECTS else by_chance[0][0]]

    @staticmethod
    def _entity(aspect: str, prediction: Prediction, message: Message) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: ASPECT_ENTITY,
            ENTITY_ATTRIBUTE_VALUE: aspect,
            "start": 0,
            "end": len(message.get(TEXT) or ""),
            "confidence_entity": prediction.aspects[aspect],
            "extractor": "VietnameseIntentClassifier",
        }


def _intent_of(aspects: list[str]) -> str:
    if not aspects:
        return OVERVIEW
    return SEVERAL if len(aspects) > 1 else f"{_PREFIX}{aspects[0]}"
