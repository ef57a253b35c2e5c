"""A conversation that begins while the action server is away can be answered once it is back."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.channels import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

import bot.nlu  # noqa: F401  (importing it puts the fallback in place)
from bot.nlu.session_start import begin_without_actions

NOWHERE = EndpointConfig("http://127.0.0.1:9/webhook")


def run(name: str) -> list[Event]:
    arguments = (
        CollectingOutputChannel(),
        TemplatedNaturalLanguageGenerator({}),
        DialogueStateTracker("x", []),
        Domain.empty(),
    )
    return asyncio.run(RemoteAction(name, NOWHERE).run(*arguments))


def test_a_session_starts_without_the_action_server_and_listens() -> None:
    first, *_, last = run("action_session_start")
    assert isinstance(first, SessionStarted)
    assert isinstance(last, ActionExecuted) and last.action_name == "action_listen"


def test_any_other_action_still_fails_without_it() -> None:
    with pytest.raises(RasaException):
        run("action_answer")


def test_putting_it_in_place_twice_changes_nothing() -> None:
    before = RemoteAction.run
    begin_without_actions()
    assert RemoteAction.run is before
