"""Vietnamese tokens: syllables with exact offsets, underthesea's words as a property of each.

A token that joins syllables cuts entities in 55 % of sentences typed without diacritics (docs/adr/0003):
spans are therefore made of syllables, and the words serve as features.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from underthesea import word_tokenize

WORD = "word"  # token property: the underthesea word that the syllable belongs to, "khai_sinh"

_SYLLABLE = re.compile(r"\d+(?:[.,/-]\d+)+|\w+|[^\w\s]")
_MAX_SEGMENTED = 1_000  # characters: segmentation of pathological text is slower than linear


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Splits text into syllables, numbers and punctuation marks."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseTokenizer:
        words("khởi động")  # the first call loads underthesea's model: 230 ms
        return cls(config)

    @staticmethod
    def required_packages() -> list[str]:
        return ["underthesea"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of an attribute of the message, each with its word."""
        text = message.get(attribute) or ""
        tokens = [
            Token(match.group(), match.start(), match.end()) for match in _SYLLABLE.finditer(text)
        ]
        _set_words(tokens, words(text))
        return self._apply_token_pattern(tokens)


def words(text: str) -> list[str]:
    """Underthesea's words with their spaces as underscores: "đăng ký khai sinh" → ["đăng_ký", "khai_sinh"]."""
    return word_tokenize(text[:_MAX_SEGMENTED], format="text").split()


def _set_words(tokens: list[Token], found: list[str]) -> None:
    """Give each token the word it lies in; both run through the same characters from left to right."""
    pieces = [(word, len(word.replace("_", ""))) for word in found]
    index, left = 0, pieces[0][1] if pieces else 0
    for token in tokens:
        token.set(WORD, pieces[index][0] if index < len(pieces) else token.text)
        left -= len(token.text)
        while left <= 0 and index + 1 < len(pieces):
            index += 1
            left += pieces[index][1]
