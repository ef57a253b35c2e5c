"""The compiled check of action results accepts and rejects what Rasa's own does."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions import action as rasa_action
from rasa.core.actions.action import RemoteAction

import bot.nlu  # noqa: F401  (importing it compiles the check)
from bot.nlu.action_validation import compile_validation

SLOT = {"event": "slot", "name": "procedure", "value": "1.001193", "timestamp": None}
GOOD: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [SLOT], "responses": []},
    {"events": [{**SLOT, "value": ["1.001193", "1.004222"]}], "responses": []},
    {"events": [{**SLOT, "value": None}], "responses": [{}]},
    {"events": [], "responses": [{"text": "chào", "custom": {"reply": {"text": "chào"}}}]},
    {"events": [{"event": "action", "name": "action_answer"}], "responses": []},
    {"events": [{"event": "bot", "text": "chào"}], "responses": []},
    {"events": [{"event": "restart"}], "responses": [], "thêm": 1},
]
BAD: list[Any] = [
    None,
    [],
    "ok",
    {"events": {}},
    {"events": None},
    {"events": ["slot"]},
    {"events": [{}]},
    {"events": [{"event": 5}]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "no_such_event"}]},
    {"events": [{"event": "action", "name": 7}]},
    {"events": [SLOT, {"event": "slot", "value": 1}]},
    {"responses": {}},
    {"responses": "chào"},
    {"responses": ["chào"]},
    {"responses": [None]},
]


@pytest.fixture(scope="module")
def pristine() -> ModuleType:
    """Rasa's module once more under another name, as if bot.nlu had never been imported."""
    spec = importlib.util.spec_from_file_location("pristine_action", rasa_action.__file__)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verdict(action: Any, result: Any) -> str:
    try:
        return "accepted" if action._validate_action_result(result) is True else "not True"
    except ValidationError as error:
        return f"rejected at {'/'.join(map(str, error.absolute_path))}"


def test_the_check_under_test_is_the_compiled_one(pristine: ModuleType) -> None:
    own = pristine.RemoteAction._validate_action_result
    assert own.__module__ == "pristine_action"
    assert RemoteAction._validate_action_result.__module__ == "bot.nlu.action_validation"


@pytest.mark.parametrize("result", GOOD, ids=str)
def test_good_results_are_accepted_as_by_rasa(pristine: ModuleType, result: Any) -> None:
    assert verdict(pristine.RemoteAction("a", None), result) == "accepted"
    assert verdict(RemoteAction("a", None), result) == "accepted"


@pytest.mark.parametrize("result", BAD, ids=str)
def test_bad_results_are_rejected_at_the_same_place_as_by_rasa(
    pristine: ModuleType, result: Any
) -> None:
    by_rasa = verdict(pristine.RemoteAction("a", None), result)
    assert by_rasa.startswith("rejected")
    assert verdict(RemoteAction("a", None), result) == by_rasa


def test_compiling_twice_changes_nothing() -> None:
    compile_validation()
    action = RemoteAction("a", None)
    assert verdict(action, GOOD[2]) == "accepted"
    assert verdict(action, {"events": {}}) == "rejected at events"
