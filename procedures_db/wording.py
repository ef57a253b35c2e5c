"""The sentences citizens read: ``responses`` of domain.yml, written by officials, filled with facts."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import yaml

DOMAIN = Path(__file__).parents[1] / "domain.yml"


class WordingError(LookupError):
    """A sentence is unknown or misses a fact: a fault of ours, never shown to a citizen."""


class Wording:
    """Sentences by key, e.g. ``utter_source``."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, path: Path = DOMAIN) -> Wording:
        """Raises OSError or yaml.YAMLError."""
        content: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return cls(
            {key: variants[0]["text"].strip() for key, variants in content["responses"].items()}
        )

    def say(self, key: str, **facts: object) -> str:
        """Return the sentence with its facts. Raises WordingError (unknown key, missing fact)."""
        if key not in self._texts:
            raise WordingError(key)
        try:
            return self._texts[key].format(**facts)
        except (KeyError, IndexError) as error:
            raise WordingError(f"{key}: {error}") from error

    def keys(self) -> set[str]:
        return set(self._texts)

    def placeholders(self, key: str) -> set[str]:
        """Names of the facts that a sentence needs."""
        parts = string.Formatter().parse(self._texts[key])
        return {name for _, name, _, _ in parts if name}
