"""What the nlu tests share: the pipeline's own components, and a classifier trained once a session."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.button_payload import ButtonPayload
from bot.nlu.classifier import VietnameseIntentClassifier
from bot.nlu.normalizer import VietnameseNormalizer
from bot.nlu.spacy_entities import VietnameseEntityExtractor
from bot.nlu.tokenizer import VietnameseTokenizer
from procedures_db.text.folding import fold

PROJECT = Path(__file__).parents[2]
HELD_OUT_PERCENT = 15


@pytest.fixture(scope="session", autouse=True)
def _in_the_project_folder() -> None:
    """Rasa runs there, and the components read nlu_data/ by relative path."""
    os.chdir(PROJECT)


@dataclass(frozen=True)
class Understood:
    """What the pipeline made of a text."""

    message: Message

    @property
    def text(self) -> str:
        return self.message.get(TEXT)

    @property
    def tokens(self) -> list[Token]:
        return self.message.get(TOKENS_NAMES[TEXT])

    @property
    def intent(self) -> str:
        return self.message.get(INTENT)["name"]

    @property
    def aspects(self) -> frozenset[str]:
        return frozenset(self.values("aspect"))

    def values(self, entity: str) -> list[str]:
        return [found["value"] for found in self.message.get(ENTITIES) if found["entity"] == entity]

    def spans(self, entity: str) -> list[str]:
        """The characters of the text that each entity covers."""
        found = [e for e in self.message.get(ENTITIES) if e["entity"] == entity]
        return [self.text[e["start"] : e["end"]] for e in found]


@pytest.fixture(scope="session")
def read() -> Callable[[str], Understood]:
    """Normalise, tokenise and extract entities: the pipeline without its classifier."""
    steps = [
        VietnameseNormalizer(),
        VietnameseTokenizer(VietnameseTokenizer.get_default_config()),
        VietnameseEntityExtractor(),
    ]

    def run(text: str) -> Understood:
        messages = [Message({TEXT: text})]
        for step in steps:
            messages = step.process(messages)
        return Understood(messages[0])

    return run


@dataclass(frozen=True)
class Trained:
    """A classifier that has not seen the held-out examples."""

    understand: Callable[[str], Understood]
    held_out: list[Message]


@pytest.fixture(scope="session")
def trained(read: Callable[[str], Understood], tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train on 85 % of nlu_data/intents, save, load, and join the classifier to the pipeline."""
    examples = load_data("nlu_data/intents").intent_examples
    training = TrainingData([e for e in examples if not is_held_out(e.get(TEXT))])
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource, config = Resource("classifier"), VietnameseIntentClassifier.get_default_config()
    VietnameseIntentClassifier(config, storage, resource).train(training)
    classifier = VietnameseIntentClassifier.load(config, storage, resource, None)
    payload = ButtonPayload()

    def understand(text: str) -> Understood:
        return Understood(payload.process(classifier.process([read(text).message]))[0])

    return Trained(understand, [e for e in examples if is_held_out(e.get(TEXT))])


def is_held_out(text: str) -> bool:
    """The same lines on every machine; a line and its twin without diacritics go the same way."""
    digest = hashlib.sha256(fold(text).encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT_PERCENT


def without_diacritics(text: str) -> str:
    """Case and punctuation stay: "Đăng ký?" → "Dang ky?"."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in parts if not unicodedata.combining(c))
