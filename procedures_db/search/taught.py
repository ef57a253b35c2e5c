"""What staff taught the search beside the files: accepted wordings, and the classifier learned from them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from procedures_db.learning_loop import classifiers, wordings
from procedures_db.learning_loop.wordings import (
    PARAPHRASE,
    TERM_MARK,
    WORD,
    Retired,
    TaughtWord,
)  # fmt: skip
from procedures_db.search.citizens_language import CitizensLanguage, Taught
from procedures_db.search.language import Language

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TaughtState:
    """One state of it; ``learned``: what the classifier in use was learned from, and its file's name."""

    version: int
    wordings: tuple[Taught, ...]
    words: tuple[TaughtWord, ...] = ()
    retired: tuple[Retired, ...] = ()  # sayings of the files that officials retired
    file: str = ""  # empty: the classifier of the files alone
    learned: tuple[Taught, ...] = ()

    def spoken(self, language: Language) -> Language:
        """The files' language with the citizen words of this state."""
        gone = [(text, target.split(TERM_MARK)) for _, text, target in self._retired(WORD)]
        return language.saying(self.words, gone) if self.words or gone else language

    @property
    def retired_paraphrases(self) -> list[Taught]:
        return [(code, text) for _, text, code in self._retired(PARAPHRASE)]

    def _retired(self, kind: str) -> list[Retired]:
        return [one for one in self.retired if one[0] == kind]


def read_taught(session: Session) -> TaughtState:
    """What the database holds now."""
    in_use = classifiers.in_use(session)
    return TaughtState(
        version=wordings.version(session),
        wordings=tuple(wordings.accepted(session)),
        words=tuple(wordings.accepted_words(session)),
        retired=tuple(wordings.retired(session)),
        file=in_use.file if in_use else "",
        learned=in_use.wordings if in_use else (),
    )


class Classifiers:
    """Citizens' language for a state: the classifier in use, and the later wordings as neighbours."""

    def __init__(self, language: Language, kept_at: Path | None) -> None:
        """``kept_at``: where the classifier of the files is kept; learned ones lie beside it."""
        self._language, self._kept_at = language, kept_at
        self._plain = CitizensLanguage(language, kept_at=kept_at)
        self._loaded = ("", self._plain)

    def citizens(self, taught: TaughtState) -> CitizensLanguage:
        """Loading another classifier takes seconds; answers go on from the state before meanwhile."""
        base = self._base(taught)
        later = [one for one in taught.wordings if one not in set(base.learned_from)]
        return (base.also(later) if later else base).without(taught.retired_paraphrases)

    def _base(self, taught: TaughtState) -> CitizensLanguage:
        # Wordings taken back since are still in a classifier learned from them: it may not serve then.
        taken_back = not set(taught.learned) <= set(taught.wordings)
        if not taught.file or taken_back or self._kept_at is None:
            return self._plain
        if self._loaded[0] != taught.file:
            self._loaded = (taught.file, self._load(taught))
        return self._loaded[1]

    def _load(self, taught: TaughtState) -> CitizensLanguage:
        assert self._kept_at is not None
        path = self._kept_at.parent / taught.file
        kept = CitizensLanguage.kept(self._language, path, taught.learned)
        if kept is not None:
            return kept
        logger.warning("classifier_not_usable: %s; the one of the files serves", path)
        return self._plain
