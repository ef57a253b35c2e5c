"""Begin a session also while the action server is away.

Our own start of a session runs there (actions/session.py). When it fails, Rasa 3.6 notes that it ran but
not that the conversation listens again: the next actions are predicted until Rasa's limit of ten stops it,
and that conversation is never answered again. Rasa's built-in start needs no server.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.actions.action import ActionSessionStart, RemoteAction
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.events import Event

logger = logging.getLogger(__name__)


def begin_without_actions() -> None:
    """Let ``RemoteAction`` fall back to Rasa's own session start; idempotent."""
    remote = RemoteAction.run
    if getattr(remote, "falls_back", False):
        return

    async def run(self: RemoteAction, *arguments: Any) -> list[Event]:
        try:
            return await remote(self, *arguments)
        except Exception as error:
            if self.name() != ACTION_SESSION_START_NAME:
                raise
            logger.warning("session started without the action server: %r", error)
            return await ActionSessionStart().run(*arguments)

    run.falls_back = True  # type: ignore[attr-defined]
    RemoteAction.run = run
