"""The texts of officials that an answer repeats, looked up where they are kept and not in the answer itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy.engine import Engine

from procedures_db import faqs
from procedures_db.connection import transaction
from procedures_db.faqs import FaqNotFound
from procedures_db.glossary import Glossary
from procedures_db.knowledge import read_texts
from procedures_db.life_events import LifeEvents
from procedures_db.search.language import Language


class ReviewedTexts:
    """Plans, terms and questions often asked, by the name that a reply's card gives."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, card: Mapping[str, Any]) -> list[str]:
        """The kept texts behind a card; none for an answer from a record."""
        kind = card.get("kind")
        if kind == "plan":
            return self._plan(card.get("event", ""))
        if kind == "term":
            return [text for entry in card.get("entries", ()) for text in self._term(entry["id"])]
        return self._faq(card.get("id", 0)) if kind == "faq" else []

    @cached_property
    def _language(self) -> Language:
        return Language.load()

    @cached_property
    def _kept(self) -> tuple[LifeEvents, Glossary]:
        return read_texts(self._engine, self._language)

    def _plan(self, event_id: str) -> list[str]:
        event = self._kept[0].get(event_id)
        if event is None:
            return []
        said = (text for step in event.steps for text in (step.why, step.only_if, step.deadline))
        return [event.name, event.opening, *said]

    def _term(self, entry_id: str) -> list[str]:
        entry = self._kept[1].get(entry_id)
        return [entry.text, *entry.terms] if entry else []

    def _faq(self, faq_id: int) -> list[str]:
        try:
            with transaction(self._engine) as session:
                faq = faqs.get(session, faq_id)
        except FaqNotFound:
            return []
        return [faq.answer, faq.source]
