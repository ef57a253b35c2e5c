"""A citizen's words made ready for the search."""

from __future__ import annotations

import re
from dataclasses import dataclass

from procedures_db.search.language import Language
from procedures_db.text.folding import fold, normalize, spoken_words, without_masks
from procedures_db.text.phrases import covers

# A code may carry a province's suffix, typed with any spacing after the dots.
_CODE = re.compile(r"(?<![\d.])(\d\.\d{6})(?:\.\d+)*(?:\.H\d+)?(?![\d])", re.IGNORECASE)
_PART = re.compile(r"[,;.!?\n]+(?=\s|$)")
_NEGATED = re.compile(
    r"^\s*(?:mà |nhưng |nhung |chứ |chu )?(?:không|khong)(?! thuộc| thuoc)(?:\s+\S+){0,7}\s*$",
    re.IGNORECASE,
)
# "dẹp luôn chứ không nghỉ tạm": what stands behind is not meant.
_CONTRAST = re.compile(
    r"\s(?:chứ|chu) (?:không|khong)(?: phải| phai)?(?: [^\s,;.!?]+){1,4}(?=\s*(?:[,;.!?]|$))",
    re.IGNORECASE,
)
# Typed without diacritics: "con hop dong thi sao", "the thuong tru thi sao" are còn and thế, no child and no card.
_OPENINGS = (["con"], ["the"])
_MAX_WORDS = 120  # a story's need stands at its end or start: the middle of a long one is dropped


@dataclass(frozen=True)
class Query:
    """The question in the forms that the evidence needs; all but ``text`` are folded words."""

    text: str
    words: tuple[str, ...]
    content: tuple[str, ...]  # words without fillers
    official: tuple[tuple[str, ...], ...]  # official phrases that citizen words stand for
    codes: tuple[str, ...]  # procedure codes typed
    qualifiers: frozenset[str]

    is_bare: bool  # nothing in it names a procedure ("còn phí thì sao")


def make_query(text: str, language: Language) -> Query:
    """Return the query for a question of any length, diacritics optional."""
    expanded = language.shorthand.expand(without_masks(normalize(text)))
    codes = tuple(dict.fromkeys(_CODE.findall(expanded)))
    said = without_negated_parts(_CODE.sub(" ", expanded))
    words = _shorten(fold(said).split())
    written = _shorten(spoken_words(said))
    if written == words and _opens_a_follow_up(words, language):
        words, written = words[1:], written[1:]
    content = _without_fillers(words, written, language)
    if "thế" in written and len(written) == len(words):  # else "thế tạm trú" would be "thẻ tạm trú"
        words = [word for word, spelt in zip(words, written, strict=True) if spelt != "thế"]
    official = [
        tuple(term.split()) for match in language.citizen_words.find(words) for term in match.value
    ]
    return Query(
        text=expanded,
        words=tuple(words),
        content=tuple(content),
        official=tuple(dict.fromkeys(official)),
        codes=codes,
        qualifiers=question_qualifiers(words, language),
        is_bare=not codes and _covered(content, language),
    )


def _opens_a_follow_up(words: list[str], language: Language) -> bool:
    """Whether "con" or "the", typed without diacritics, stands before a name: "the lam lai thi sao" has none."""
    asks = words[:1] in _OPENINGS and words[-2:] == ["thi", "sao"]
    return asks and words[1] not in language.light_words


def _without_fillers(words: list[str], written: list[str], language: Language) -> list[str]:
    content = list(words)
    for match in reversed(language.fillers.find(words)):
        at_end = match.end == len(content)  # of what is left: "… vậy ạ"
        if match.value.is_meant(written[match.start : match.end], at_end=at_end):
            del content[match.start : match.end]
    return content


def _covered(words: list[str], language: Language) -> bool:
    """Whether light phrases and fillers make up all of the words."""
    rest = list(words)
    for match in reversed(language.fillers.find(rest)):
        del rest[match.start : match.end]
    return covers(language.light_phrases, rest)


def without_negated_parts(text: str) -> str:
    """Drop the parts between commas that say what is not meant: "…, không phải gia hạn".

    "không thuộc diện …" stays: it is a procedure's name. A text that is nothing else stays whole.
    """
    text = _CONTRAST.sub("", text)
    kept = [part for part in _PART.split(text) if not _NEGATED.match(part)]
    return ", ".join(kept) if fold(" ".join(kept)) else text


def _shorten(words: list[str]) -> list[str]:
    if len(words) <= _MAX_WORDS:
        return words
    half = _MAX_WORDS // 2
    return words[:half] + words[-half:]


def question_qualifiers(words: list[str], language: Language) -> frozenset[str]:
    """Names of the qualifiers that the question mentions in any wording."""
    sentence = f" {' '.join(words)} "
    return frozenset(
        qualifier.name
        for qualifier in language.qualifiers
        if any(f" {phrase} " in sentence for phrase in qualifier.in_questions)
    )


def name_qualifiers(folded_name: str, language: Language) -> frozenset[str]:
    """Names of the qualifiers that stand in a procedure's name."""
    sentence = f" {folded_name} "
    return frozenset(
        qualifier.name
        for qualifier in language.qualifiers
        if any(f" {phrase} " in sentence for phrase in qualifier.in_names)
    )
