"""What officials wrote beside the procedures: life events, terms, questions often asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import Engine

from procedures_db import faqs, kept_texts
from procedures_db.connection import transaction
from procedures_db.faqs import FaqIndex, FaqState
from procedures_db.glossary import GLOSSARY, Glossary
from procedures_db.kept_texts import Kind
from procedures_db.life_events import LIFE_EVENTS, LifeEvents
from procedures_db.search.language import Language


@dataclass(frozen=True)
class Knowledge:
    """One state of it, replaced part by part when an official edits."""

    events: LifeEvents
    glossary: Glossary
    faqs: FaqIndex


def read_texts(engine: Engine, language: Language) -> tuple[LifeEvents, Glossary]:
    """Life events and terms as they hold now. Raises BadLifeEvents, BadGlossary or OSError."""
    _, events = kept_texts.read(engine, Kind.LIFE_EVENT)
    _, terms = kept_texts.read(engine, Kind.TERM)
    return LifeEvents.load(language, kept=events), Glossary.load(language, kept=terms)


class KeptKnowledge:
    """The latest state; ``refresh`` reads again what has changed. Threads may read meanwhile."""

    def __init__(self, engine: Engine, language: Language) -> None:
        """Raises BadLifeEvents, BadGlossary or OSError."""
        self._engine, self._language = engine, language
        self._modified = {path: _modified(path) for path in (LIFE_EVENTS, GLOSSARY)}
        self._version, index = self._read_faqs()
        self._edited = _edited(engine)
        self.latest = Knowledge(*read_texts(engine, language), index)

    def refresh(self) -> None:
        """Read again what has changed. Raises BadLifeEvents or BadGlossary; the state before stays."""
        before, self._edited = self._edited, _edited(self._engine)
        saved = [self._has_changed(path) for path in (LIFE_EVENTS, GLOSSARY)]
        if before != self._edited or any(saved):
            events, glossary = read_texts(self._engine, self._language)
            self.latest = replace(self.latest, events=events, glossary=glossary)
        with transaction(self._engine) as session:
            edited = faqs.version(session) != self._version
        if edited:
            self._version, index = self._read_faqs()
            self.latest = replace(self.latest, faqs=index)

    def _has_changed(self, path: Path) -> bool:
        """Whether a file was saved since the last look; a broken one is reported once for each save."""
        before, self._modified[path] = self._modified[path], _modified(path)
        return self._modified[path] != before

    def _read_faqs(self) -> tuple[int, FaqIndex]:
        with transaction(self._engine) as session:
            version = faqs.version(session)
            published = faqs.every(session, state=FaqState.PUBLISHED)
        return version, FaqIndex(published, self._language)


def _edited(engine: Engine) -> int:
    with transaction(engine) as session:
        return kept_texts.version(session)


def _modified(path: Path) -> float:
    return path.stat().st_mtime
