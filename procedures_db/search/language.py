"""What officials taught the search about citizens' language, read from ``nlu_data/``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from procedures_db.search.families import Families
from procedures_db.text.folding import fold, has_diacritics, spoken_words
from procedures_db.text.phrases import Phrases
from procedures_db.text.shorthand import Shorthand
from procedures_db.yaml_file import read_yaml

NLU_DATA = Path(__file__).parents[2] / "nlu_data"

# mức độ hỏi of a paraphrased procedure → how often citizens ask about it, 1.0 = every day
HOW_OFTEN = {"hằng ngày": 1.0, "thường xuyên": 0.7, "thỉnh thoảng": 0.35, "hiếm": 0.1}


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
class Filler:
    """Words that say nothing about the procedure."""

    spellings: frozenset[tuple[str, ...]]  # with diacritics, as they mean nothing
    alone: bool  # a single word: without diacritics it may be another one (nhé, vậy; nhà, vay)
    accented_only: bool  # "thế" without diacritics is "thẻ" as often: it stays

    def is_meant(self, written: Sequence[str], *, at_end: bool) -> bool:
        """Whether the words as written are this filler, and no others that only fold alike."""
        if not self.alone or tuple(written) in self.spellings:
            return True
        return at_end and not self.accented_only and not has_diacritics(" ".join(written))


@dataclass(frozen=True)
class Language:
    """Everything in ``nlu_data/`` that the search uses."""

    shorthand: Shorthand
    fillers: Phrases[Filler]
    light_words: frozenset[str]  # kept, but they weigh little
    light_phrases: Phrases[
        bool
    ]  # the same and longer ones: a question of nothing else names no procedure
    citizen_words: Phrases[tuple[str, ...]]
    qualifiers: tuple[Qualifier, ...]
    paraphrases: dict[str, Paraphrases]
    topics: Phrases[tuple[str, ...]]  # words of a broad topic → codes to offer
    around_topics: Phrases[bool]  # what may stand beside a topic and names nothing more
    families: Families = field(default_factory=Families)

    @classmethod
    def load(cls, folder: Path = NLU_DATA, *, paraphrases: bool = True) -> Language:
        """Raises OSError, yaml.YAMLError or KeyError when a file is missing or malformed.

        paraphrases: without them it loads ten times faster, for reading questions only.
        """
        filler = read_yaml(folder / "filler.yml")
        return cls(
            shorthand=Shorthand.load(folder / "shorthand.yml"),
            fillers=_fillers(filler),
            light_words=frozenset(map(fold, filler["từ nhẹ"])),
            light_phrases=Phrases((fold(phrase).split(), True) for phrase in filler["từ nhẹ"]),
            citizen_words=_citizen_words(read_yaml(folder / "citizen_words.yml")),
            qualifiers=tuple(_qualifier(entry) for entry in read_yaml(folder / "qualifiers.yml")),
            paraphrases=read_paraphrases(folder / "paraphrases") if paraphrases else {},
            topics=_topics(read_yaml(folder / "topics.yml")),
            around_topics=_around_topics(filler),
            families=Families(_families(folder / "families")),
        )

    def saying(
        self,
        taught: Iterable[tuple[str, Sequence[str]]],
        retired: Iterable[tuple[str, Sequence[str]]],
    ) -> Language:
        """This language with citizen words (words, terms) more and others fewer."""
        official = dict(self.citizen_words.items())
        for words, terms in retired:
            key, gone = tuple(fold(words).split()), set(map(fold, terms))
            left = tuple(term for term in official.pop(key, ()) if term not in gone)
            if left:
                official[key] = left
        for words, terms in taught:
            key = tuple(fold(words).split())
            official[key] = tuple(dict.fromkeys((*official.get(key, ()), *map(fold, terms))))
        return replace(self, citizen_words=Phrases(official.items()))


def _fillers(content: dict[str, list[str]]) -> Phrases[Filler]:
    spellings: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for phrase in (*content["từ đệm"], *content["từ hỏi"]):
        spellings[tuple(fold(phrase).split())].add(tuple(spoken_words(phrase)))
    accented_only = {tuple(fold(word).split()) for word in content["chỉ khi có dấu"]}
    return Phrases(
        (key, Filler(frozenset(known), len(key) == 1, key in accented_only))
        for key, known in spellings.items()
    )


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
        for entry in read_yaml(path)["thủ tục"]:
            found[entry["mã"]] = Paraphrases(
                code=entry["mã"],
                label=entry["nhãn"],
                asked=entry["mức độ hỏi"],
                questions=tuple(entry["câu hỏi"]),
            )
    return found


def _topics(entries: list[dict[str, list[str]]]) -> Phrases[tuple[str, ...]]:
    return Phrases(
        (fold(phrase).split(), tuple(entry["hỏi lại"]))
        for entry in entries
        for phrase in entry["nói"]
    )


def _families(folder: Path) -> list[dict[str, Any]]:
    return [entry for path in sorted(folder.glob("*.yml")) for entry in read_yaml(path)]


def _around_topics(filler: dict[str, list[str]]) -> Phrases[bool]:
    lists = ("từ đệm", "từ hỏi", "từ nhẹ", "quanh chủ đề")
    return Phrases((fold(phrase).split(), True) for name in lists for phrase in filler[name])
