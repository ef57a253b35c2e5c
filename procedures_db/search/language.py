"""What officials taught the search about citizens' language, read from ``nlu_data/``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from procedures_db.text.folding import fold
from procedures_db.text.phrases import Phrases
from procedures_db.text.shorthand import Shorthand

NLU_DATA = Path(__file__).parents[2] / "nlu_data"


@dataclass(frozen=True)
class Qualifier:
    """A distinction between near-twin procedures, e.g. lưu động, có yếu tố nước ngoài."""

    name: str
    in_names: tuple[str, ...]
    in_questions: tuple[str, ...]
    special: bool  # a name that has it is meant only when the question has it too


@dataclass(frozen=True)
class Paraphrases:
    """How citizens ask for one procedure."""

    code: str
    label: str  # nhãn: short, plain, tells it from its near-twins
    asked: str  # mức độ hỏi
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """Everything in ``nlu_data/`` that the search uses."""

    shorthand: Shorthand
    fillers: Phrases[bool]
    light_words: frozenset[str]  # kept, but they weigh little
    light_phrases: Phrases[
        bool
    ]  # the same and longer ones: a question of nothing else names no procedure
    citizen_words: Phrases[tuple[str, ...]]
    qualifiers: tuple[Qualifier, ...]
    paraphrases: dict[str, Paraphrases]
    topics: dict[tuple[str, ...], tuple[str, ...]]  # words of a broad topic → codes to offer

    @classmethod
    def load(cls, folder: Path = NLU_DATA) -> Language:
        """Raises OSError, yaml.YAMLError or KeyError when a file is missing or malformed."""
        filler = _read(folder / "filler.yml")
        return cls(
            shorthand=Shorthand.load(folder / "shorthand.yml"),
            fillers=_fillers(filler),
            light_words=frozenset(map(fold, filler["từ nhẹ"])),
            light_phrases=Phrases((fold(phrase).split(), True) for phrase in filler["từ nhẹ"]),
            citizen_words=_citizen_words(_read(folder / "citizen_words.yml")),
            qualifiers=tuple(_qualifier(entry) for entry in _read(folder / "qualifiers.yml")),
            paraphrases=read_paraphrases(folder / "paraphrases"),
            topics=_topics(_read(folder / "topics.yml")),
        )


def _read(path: Path) -> Any:
    # The C loader reads the paraphrases ten times faster.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _fillers(content: dict[str, list[str]]) -> Phrases[bool]:
    dropped = [*content["từ đệm"], *content["từ hỏi"]]
    return Phrases((fold(phrase).split(), True) for phrase in dropped)


def _citizen_words(entries: list[dict[str, list[str]]]) -> Phrases[tuple[str, ...]]:
    official: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in entries:
        terms = tuple(fold(term) for term in entry["thuật ngữ"])
        for words in entry["dân nói"]:
            key = tuple(fold(str(words)).split())
            official[key] = tuple(dict.fromkeys((*official.get(key, ()), *terms)))
    return Phrases(official.items())


def _qualifier(entry: dict[str, Any]) -> Qualifier:
    in_names = tuple(fold(phrase) for phrase in entry["trong tên"])
    in_questions = tuple(fold(phrase) for phrase in entry["dân nói"])
    return Qualifier(
        name=in_names[0],
        in_names=in_names,
        in_questions=tuple(dict.fromkeys(in_names + in_questions)),
        special=entry["đặc biệt"] in (True, "có"),
    )


def read_paraphrases(folder: Path) -> dict[str, Paraphrases]:
    """Return every procedure's paraphrases by code. Raises OSError, yaml.YAMLError or KeyError."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in _read(path)["thủ tục"]:
            found[entry["mã"]] = Paraphrases(
                code=entry["mã"],
                label=entry["nhãn"],
                asked=entry["mức độ hỏi"],
                questions=tuple(entry["câu hỏi"]),
            )
    return found


def _topics(entries: list[dict[str, list[str]]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {
        tuple(fold(phrase).split()): tuple(entry["hỏi lại"])
        for entry in entries
        for phrase in entry["nói"]
    }
