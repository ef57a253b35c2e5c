"""What a question is about, as a set of words: what makes two questions one topic."""

from __future__ import annotations

from functools import lru_cache

from procedures_db.search.language import Language
from procedures_db.search.query import make_query

SIMILAR = 0.6  # two topics share so much of their words when they are one
_MOST_WORDS = 25
_LONGEST_WORD = 40
_LONGEST_KEY = 300


class TopicWords:
    """Reads questions as the search does; made once, safe to share between threads."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def key(self, text: str) -> str:
        """The content words, folded, sorted, each once; empty when the text names nothing."""
        query = make_query(text, self._language)
        if query.codes:
            return " ".join(query.codes)[:_LONGEST_KEY]
        if query.is_bare:
            return ""
        content = (w[:_LONGEST_WORD] for w in query.content if w not in self._language.light_words)
        words = sorted(set(content))[:_MOST_WORDS]
        return " ".join(words)[:_LONGEST_KEY]

    def qualifiers(self, text: str) -> frozenset[str]:
        """Distinctions between near-twin procedures that the text makes."""
        return make_query(text, self._language).qualifiers

    def names_nothing(self, text: str) -> bool:
        """Whether the text could be said of any procedure ("còn phí thì sao")."""
        return make_query(text, self._language).is_bare


@lru_cache(maxsize=1)
def topic_words() -> TopicWords:
    """The process's; the first call reads ``nlu_data``."""
    return TopicWords(Language.load(paraphrases=False))
