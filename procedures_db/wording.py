"""The sentences citizens read: ``responses`` of domain.yml, written by officials, filled with facts."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from procedures_db.yaml_file import read_yaml

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
        content: dict[str, Any] = read_yaml(path)
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

    def text(self, key: str) -> str:
        """The sentence as it was written, its facts in braces. Raises WordingError."""
        if key not in self._texts:
            raise WordingError(key)
        return self._texts[key]

    def put(self, changed: Mapping[str, str]) -> Wording:
        """The same sentences, those named replaced; keys that are not known are left out."""
        known = {key: text for key, text in changed.items() if key in self._texts}
        return Wording({**self._texts, **known})

    def become(self, other: Wording) -> None:
        """Say what the other one says from now on: whoever holds this one need not know."""
        self._texts = other._texts

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> set[str]:
        return set(self._texts)

    def placeholders(self, key: str) -> set[str]:
        """Names of the facts that a sentence needs."""
        parts = string.Formatter().parse(self._texts[key])
        return {name for _, name, _, _ in parts if name}
