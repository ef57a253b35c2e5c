"""Entities with spaCy's matchers: procedures and papers as people call them, codes, places, amounts,
dates, ordinals, ways to submit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from procedures_db.text.folding import fold, has_diacritics
from procedures_db.yaml_file import read_yaml

# Rasa runs in the project folder.
_PLACES = Path("nlu_data/places.yml")
_DOCUMENTS = Path("nlu_data/documents.yml")
_CITIZEN_WORDS = Path("nlu_data/citizen_words.yml")
_SHORTEST = 2  # words of a procedure's phrase: single ones stand for too much

_PHRASES = {
    ("submission_method", "online"): ("online", "trực tuyến", "qua mạng", "trên mạng", "vneid"),
    ("submission_method", "postal"): ("bưu điện", "bưu chính", "qua đường bưu điện"),
    ("submission_method", "direct"): ("trực tiếp", "tận nơi", "tại quầy"),
    ("online_level", "full"): ("toàn trình", "mức 4", "mức độ 4", "cấp độ 4"),
    ("online_level", "partial"): ("một phần", "mức 3", "mức độ 3", "cấp độ 3"),
    ("ordinal", "1"): ("cái đầu", "đầu tiên", "cái thứ nhất", "thứ nhất", "cái trên cùng"),
    ("ordinal", "2"): ("cái thứ hai", "thứ hai", "cái thứ 2", "thứ 2", "cái giữa"),
    ("ordinal", "3"): ("cái thứ ba", "thứ ba", "cái thứ 3", "thứ 3"),
    ("ordinal", "4"): ("cái thứ tư", "thứ tư", "cái thứ 4", "thứ 4"),
    ("ordinal", "5"): ("cái thứ năm", "thứ năm", "cái thứ 5", "thứ 5"),
    ("ordinal", "last"): ("cái cuối", "cuối cùng", "cái cuối cùng", "cái chót", "cái dưới cùng"),
}

# What bot.privacy writes in place of a personal number, without its brackets.
_MASKS = (
    "email", "số điện thoại", "số thẻ", "số căn cước", "số CMND", "số tài khoản", "số hộ chiếu", "mã hồ sơ",
)  # fmt: skip

# Names of places that no list holds are written with capitals: "huyện Củ Chi", "phường Bến Nghé", "quận 1".
_NAME: list[dict[str, Any]] = [
    {"IS_TITLE": True},
    {"IS_TITLE": True, "OP": "?"},
    {"IS_TITLE": True, "OP": "?"},
]
_NUMBER: dict[str, Any] = {"TEXT": {"REGEX": r"^\d{1,2}$"}}
_DISTRICT: dict[str, Any] = {"LOWER": {"IN": ["quận", "quan", "huyện", "huyen"]}}
_COMMUNE: dict[str, Any] = {"LOWER": {"IN": ["xã", "xa", "phường", "phuong"]}}
_TOWN: list[dict[str, Any]] = [
    {"LOWER": {"IN": ["thị", "thi"]}},
    {"LOWER": {"IN": ["xã", "xa"]}},
]  # thị xã: a district
_SMALL_TOWN: list[dict[str, Any]] = [
    {"LOWER": {"IN": ["thị", "thi"]}},
    {"LOWER": {"IN": ["trấn", "tran"]}},
]

_PATTERNS: dict[str, list[list[dict[str, Any]]]] = {
    "procedure_code": [[{"TEXT": {"REGEX": r"^\d\.\d{6}(\.\d+)*$"}}]],
    "amount": [
        [{"TEXT": {"REGEX": r"^\d+([.,]\d+)*$"}}, {"LOWER": {"IN": ["đồng", "dong", "đ", "d", "vnd", "k", "nghìn", "nghin", "ngàn", "ngan", "triệu", "trieu", "tỷ", "ty"]}}],
        [{"TEXT": {"REGEX": r"^\d+(k|tr|đ|d|vnd|vnđ)$"}}],
    ],
    "district": [[_DISTRICT, *_NAME], [_DISTRICT, _NUMBER], [*_TOWN, *_NAME]],
    "commune": [[_COMMUNE, *_NAME], [_COMMUNE, _NUMBER], [*_SMALL_TOWN, *_NAME]],
    "date": [[{"TEXT": {"REGEX": r"^\d{1,2}[/-]\d{1,2}([/-]\d{2,4})?$"}}]],
    "ordinal": [
        [{"LOWER": {"IN": ["so", "số", "chọn", "chon", "cái", "cai", "option", "mục", "muc"]}}, {"TEXT": {"REGEX": r"^[1-9]$"}}],
    ],
}  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VietnameseEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds entities on folded syllables, so that they are found with and without diacritics."""

    def __init__(self) -> None:
        self._vocab = spacy.blank("xx").vocab
        self._matcher = Matcher(self._vocab)
        for label, patterns in _PATTERNS.items():
            self._matcher.add(label, patterns)
        self._phrases = PhraseMatcher(self._vocab)
        # Of their own, because a procedure's phrase may hold a way to submit or a paper's name.
        self._procedures = PhraseMatcher(self._vocab)
        self._documents = PhraseMatcher(self._vocab)
        self._values: dict[str, tuple[str, str, set[str]]] = {}
        for (entity, value), phrases in _PHRASES.items():
            self._add_phrases(self._phrases, entity, value, phrases)
        for mask in _MASKS:
            key = f"personal_number:{mask}"
            self._values[key] = ("personal_number", mask, {f"[ {mask.lower()} ]"})
            self._phrases.add(key, [Doc(self._vocab, words=["[", *fold(mask).split(), "]"])])
        for place in read_yaml(_PLACES):
            names = [place["tên"], *place.get("tỉnh cũ", ()), *place.get("gọi khác", ())]
            self._add_phrases(self._phrases, "province", place["tên"], names)
        for paper in read_yaml(_DOCUMENTS):
            names = [paper["tên"], *paper["gọi khác"]]
            self._add_phrases(self._documents, "document", paper["tên"], names)
        for value, names in _procedure_phrases():
            self._add_phrases(self._procedures, "procedure_phrase", value, names)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseEntityExtractor:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            tokens = message.get(TOKENS_NAMES[TEXT]) or []
            found = [*(message.get(ENTITIES) or ()), *self._extract(tokens)]
            message.set(ENTITIES, found, add_to_output=True)
        return messages

    def _add_phrases(
        self, matcher: PhraseMatcher, entity: str, value: str, phrases: Sequence[str]
    ) -> None:
        for phrase in phrases:
            folded = fold(phrase).split()
            key = f"{entity}:{' '.join(folded)}"
            written = self._values.get(key, ("", "", set()))[2] | {phrase.lower()}
            self._values[key] = (entity, value, written)
            matcher.add(key, [Doc(self._vocab, words=folded)])

    def _extract(self, tokens: list[Token]) -> Iterator[dict[str, Any]]:
        if not tokens:
            return
        document = Doc(self._vocab, words=[fold(token.text) or token.text for token in tokens])
        raw = Doc(self._vocab, words=[token.text for token in tokens])
        spans = [*self._said(self._phrases, document, tokens), *self._matcher(raw, as_spans=True)]
        for span in filter_spans(spans):
            yield self._entity(span, tokens)
        for matcher in (self._documents, self._procedures):
            for span in filter_spans(self._said(matcher, document, tokens)):
                yield self._entity(span, tokens)

    def _said(self, matcher: PhraseMatcher, document: Doc, tokens: list[Token]) -> list[Any]:
        return [s for s in matcher(document, as_spans=True) if self._spelled_so(s, tokens)]

    def _spelled_so(self, span: Any, tokens: list[Token]) -> bool:
        """A writer who uses diacritics means them: "huệ" is not Huế."""
        written = " ".join(token.text.lower() for token in tokens[span.start : span.end])
        return not has_diacritics(written) or written in self._values[span.label_][2]

    def _entity(self, span: Any, tokens: list[Token]) -> dict[str, Any]:
        text = " ".join(token.text for token in tokens[span.start : span.end])
        entity, value, _ = self._values.get(span.label_, (span.label_, text, set()))
        if entity == "ordinal" and value == text:
            value = tokens[span.end - 1].text
        return {
            "entity": entity,
            "value": value,
            "start": tokens[span.start].start,
            "end": tokens[span.end - 1].end,
            "extractor": "VietnameseEntityExtractor",
        }


def _procedure_phrases() -> Iterator[tuple[str, list[str]]]:
    """Terms of official names with all that citizens say for them."""
    for entry in read_yaml(_CITIZEN_WORDS):
        said = (*entry["thuật ngữ"], *entry["dân nói"])
        yield entry["thuật ngữ"][0], [p for p in said if len(fold(p).split()) >= _SHORTEST]
