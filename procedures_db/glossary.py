"""Giải thích từ ngữ: what a term means and how terms differ, from ``nlu_data/glossary.yml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procedures_db.kept_texts import NOTHING, Version, read_overlaid, slug
from procedures_db.search.language import NLU_DATA, Language
from procedures_db.search.question_index import QuestionIndex
from procedures_db.text.folding import fold, without_masks
from procedures_db.text.phrases import Match, Phrases

GLOSSARY = NLU_DATA / "glossary.yml"
SAME = 0.8  # the very question that officials wrote, but for a word
NEAR = 0.5  # near enough when the citizen does ask for a meaning
_SHOWN = 2  # explanations in one answer: both sides of a difference
_OTHER_WORDS = 2  # words beside the term and the asking that a question of meaning may have

_DIFFERS = (
    "khac"  # alone it asks for a difference only between two terms: not in "tạm trú khác tỉnh"
)


class BadGlossary(ValueError):
    """The file cannot be used; the message says where, in Vietnamese."""


@dataclass(frozen=True)
class Explanation:
    """One entry: its terms, the explanation, procedures to go on with."""

    id: str  # the first term
    terms: tuple[str, ...]
    text: str
    codes: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """The explanations that a message asks for, best first."""

    entries: tuple[Explanation, ...]
    is_definition: bool  # it asks for a meaning or difference and for nothing else
    similarity: float  # to the nearest kept question, 0.0–1.0


class Glossary:
    """The entries of the file, found by their terms and by the questions kept with them."""

    def __init__(self, content: Any, language: Language) -> None:
        """Raises BadGlossary."""
        self._language = language
        try:
            self._entries = tuple(map(_explanation, content["từ ngữ"]))
            asking, around = content["hỏi nghĩa"], content["chữ đệm"]
        except (KeyError, TypeError, IndexError) as error:
            raise BadGlossary(f"glossary.yml thiếu mục {error}") from error
        self._terms: Phrases[tuple[int, ...]] = Phrases(
            (fold(term).split(), tuple(numbers)) for term, numbers in self._by_term().items()
        )
        self._asking: Phrases[bool] = Phrases((fold(phrase).split(), True) for phrase in asking)
        self._around = frozenset(fold(str(word)) for word in around) | {_DIFFERS}
        self._questions = QuestionIndex([entry.questions for entry in self._entries], language)

    @classmethod
    def load(
        cls, language: Language, path: Path = GLOSSARY, *, kept: Mapping[str, Version] = NOTHING
    ) -> Glossary:
        """The file's, with what was edited in the console in their place (``kept_texts.latest``).

        Raises BadGlossary (also for a file that is no YAML) or OSError.
        """
        return cls(read_overlaid(path, "từ ngữ", kept, key_of, BadGlossary), language)

    def __iter__(self) -> Iterator[Explanation]:
        return iter(self._entries)

    def get(self, entry_id: str) -> Explanation | None:
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def find(self, text: str) -> Explained | None:
        """The explanations that the message is about; None when it names none and is like none."""
        words = fold(self._language.shorthand.expand(without_masks(text))).split()
        terms = self._terms.find(words)
        near = self._questions.nearest(text)
        similarity = near.similarity if near else 0.0
        numbers = self._named(terms, near.number if near and similarity >= NEAR else None)
        if near and (similarity >= SAME or (similarity >= NEAR and not numbers)):
            numbers = [near.number]
        if not numbers:
            return None
        return Explained(
            entries=tuple(self._entries[number] for number in numbers[:_SHOWN]),
            is_definition=bool(terms) and self._asks_for_meaning(words, terms),
            similarity=similarity,
        )

    def _named(self, terms: list[Match[tuple[int, ...]]], near: int | None) -> list[int]:
        """Entries of the terms named: one that has all of them, else one for each term."""
        if not terms:
            return []
        common = set(terms[0].value).intersection(*(match.value for match in terms[1:]))
        if common:
            return [near if near in common else min(common)]
        firsts = [near if near in match.value else match.value[0] for match in terms]
        return list(dict.fromkeys(number for number in firsts if number is not None))

    def _asks_for_meaning(self, words: list[str], terms: list[Match[tuple[int, ...]]]) -> bool:
        asked = self._asking.find(words)
        if not asked and not (len(terms) > 1 and _DIFFERS in words):
            return False
        used = {at for match in terms for at in range(match.start, match.end)}
        used |= {at for match in asked for at in range(match.start, match.end)}
        others = [word for at, word in enumerate(words) if at not in used]
        return sum(word not in self._around for word in others) <= _OTHER_WORDS

    def _by_term(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, entry in enumerate(self._entries):
            for term in entry.terms:
                found.setdefault(fold(term), []).append(number)
        return found


def key_of(entry: dict[str, Any]) -> str:
    """What an entry of the file is known by: its terms, as several may explain one term."""
    return slug(", ".join(map(str, entry["từ"])))


def _explanation(entry: dict[str, Any]) -> Explanation:
    terms = tuple(map(str, entry["từ"]))
    return Explanation(
        id=terms[0],
        terms=terms,
        text=" ".join(str(entry["trả lời"]).split()),
        codes=tuple(map(str, entry.get("thủ tục", ()))),
        questions=tuple(map(str, entry["hỏi"])),
    )
