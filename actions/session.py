"""A new session of a conversation: what was settled goes on, what was said stays behind."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionSessionStart(Action):
    """Replaces Rasa's own, which carries over every value a slot ever had: sessions grew again with each."""

    def name(self) -> str:
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        kept = {name: value for name, value in tracker.slots.items() if value is not None}
        kept.pop("session_started_metadata", None)  # Rasa sets it anew
        return [
            SessionStarted(),
            *(SlotSet(name, value) for name, value in kept.items()),
            ActionExecuted("action_listen"),
        ]
