"""Sự kiện cuộc đời: what a citizen's story asks to be done, in order, from ``nlu_data/life_events.yml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procedures_db.kept_texts import NOTHING, Version, read_overlaid
from procedures_db.search.language import NLU_DATA, Language
from procedures_db.search.question_index import QuestionIndex
from procedures_db.text.folding import fold, without_masks
from procedures_db.text.phrases import Phrases

LIFE_EVENTS = NLU_DATA / "life_events.yml"
NEAR = 0.6  # a story told almost as one that officials wrote
SAME = 0.85  # … but for a word or two: it counts more than the expressions in it
_GAP = "…"
_GAPPED_LENGTH = 2  # words by which an expression with a gap competes with others
_ANY_WORDS = r"(?: \w+){0,3} "


class BadLifeEvents(ValueError):
    """The file cannot be used; the message says where, in Vietnamese."""


@dataclass(frozen=True)
class PlannedStep:
    """One procedure of an event, with what officials say of it; texts empty when not stated."""

    code: str
    why: str
    deadline: str  # khi nào: repeats the record's own term
    only_if: str
    replaces: tuple[str, ...]  # codes that this bundle (liên thông) does in one go


@dataclass(frozen=True)
class LifeEvent:
    """An event and the procedures that it asks for, in order."""

    id: str
    name: str
    opening: str
    steps: tuple[PlannedStep, ...]
    expressions: tuple[str, ...]
    procedure_words: tuple[str, ...]  # words with which one procedure is asked for
    stories: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """An event that a message tells of."""

    event: LifeEvent
    asks_for_all: bool  # "những thủ tục gì", "bắt đầu từ đâu"
    asks_what_to_do: bool  # that, or "phải làm gì", which may be asked of one procedure too
    names_procedure: bool  # "khai sinh", "thẻ bảo hiểm": one procedure may be enough
    in_words: bool  # the words stand in the message; else it is only like a story


class LifeEvents:
    """The events of the file, found by their expressions, else by the stories most like the message."""

    def __init__(self, content: Any, language: Language) -> None:
        """Raises BadLifeEvents."""
        self._language = language
        try:
            self._events = tuple(map(event_of, content["sự kiện"]))
            for_all, what_to_do = content["hỏi hết mọi việc"], content["hỏi phải làm gì"]
        except (KeyError, TypeError) as error:
            raise BadLifeEvents(f"life_events.yml thiếu mục {error}") from error
        self._by_id = {event.id: event for event in self._events}
        if len(self._by_id) < len(self._events):
            raise BadLifeEvents("life_events.yml có hai sự kiện cùng mã")
        self._for_all = _phrases((phrase, True) for phrase in for_all)
        self._what_to_do = _phrases((phrase, True) for phrase in what_to_do)
        self._said = _phrases(
            (said, number)
            for number, event in enumerate(self._events)
            for said in event.expressions
            if _GAP not in said
        )
        self._gapped = [_pattern(event.expressions) for event in self._events]
        self._names = [_phrases((w, True) for w in event.procedure_words) for event in self._events]
        self._stories = QuestionIndex([event.stories for event in self._events], language)

    @classmethod
    def load(
        cls, language: Language, path: Path = LIFE_EVENTS, *, kept: Mapping[str, Version] = NOTHING
    ) -> LifeEvents:
        """The file's, with what was edited in the console in their place (``kept_texts.latest``).

        Raises BadLifeEvents (also for a file that is no YAML) or OSError.
        """
        return cls(read_overlaid(path, "sự kiện", kept, key_of, BadLifeEvents), language)

    def __iter__(self) -> Iterator[LifeEvent]:
        return iter(self._events)

    def get(self, event_id: str) -> LifeEvent | None:
        return self._by_id.get(event_id)

    def find(self, text: str) -> Told | None:
        """The event that the message tells of; None when it tells of none."""
        words = fold(self._language.shorthand.expand(without_masks(text))).split()
        number = self._by_words(words)
        in_words = number is not None
        near = self._stories.nearest(text)
        if near and near.similarity >= (SAME if in_words else NEAR):
            number = near.number
        if number is None:
            return None
        for_all = bool(self._for_all.find(words))
        return Told(
            event=self._events[number],
            asks_for_all=for_all,
            asks_what_to_do=for_all or bool(self._what_to_do.find(words)),
            names_procedure=bool(self._names[number].find(words)),
            in_words=in_words,
        )

    def _by_words(self, words: list[str]) -> int | None:
        """The event with the longest expression in the message; the first of equals."""
        found = [(m.end - m.start, -m.value) for m in self._said.find_all(words)]
        sentence = " ".join(words)
        for number, pattern in enumerate(self._gapped):
            if pattern and pattern.search(sentence):
                found.append((_GAPPED_LENGTH, -number))
        return -max(found)[1] if found else None


def key_of(entry: dict[str, Any]) -> str:
    """What an entry of the file is known by."""
    return str(entry["mã"])


def event_of(entry: dict[str, Any]) -> LifeEvent:
    """What an entry of the file says. Raises KeyError."""
    return LifeEvent(
        id=entry["mã"],
        name=entry["tên"],
        opening=entry["lời dẫn"],
        steps=tuple(map(_step, entry["các bước"])),
        expressions=tuple(map(str, entry["nói"])),
        procedure_words=tuple(map(str, entry["nêu rõ"])),
        stories=tuple(map(str, entry["hỏi"])),
    )


def _step(entry: dict[str, Any]) -> PlannedStep:
    return PlannedStep(
        code=str(entry["thủ tục"]),
        why=entry["vì sao"],
        deadline=entry.get("khi nào", ""),
        only_if=entry.get("chỉ khi", ""),
        replaces=tuple(entry.get("thay cho", ())),
    )


def _phrases(entries: Iterable[tuple[str, Any]]) -> Phrases[Any]:
    return Phrases((fold(phrase).split(), value) for phrase, value in entries)


def _pattern(expressions: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for the expressions with a gap: "bố … mất" → bo, up to three words, mat."""
    gapped = [
        _ANY_WORDS.join(re.escape(fold(part)) for part in said.split(_GAP))
        for said in expressions
        if _GAP in said
    ]
    return re.compile(rf"\b(?:{'|'.join(gapped)})\b") if gapped else None
