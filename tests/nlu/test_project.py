"""The files that Rasa trains from fit together."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import yaml
from rasa.shared.nlu.training_data.loading import load_data

from bot.nlu.intent_model import ASPECTS
from procedures_db.text.folding import normalize
from tests.nlu.conftest import PROJECT

FEWEST_EXAMPLES = 15


@pytest.fixture(scope="module")
def domain() -> dict:
    return yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rules() -> dict[str, str]:
    """Intent → action of its rule."""
    content = yaml.safe_load((PROJECT / "nlu_data/rules.yml").read_text(encoding="utf-8"))
    return {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in content["rules"]}


def test_rasa_finds_nothing_wrong_with_the_project() -> None:
    """25 s: Rasa imports TensorFlow (2026-11-22)."""
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "data", "validate", "--data", "nlu_data"],
        cwd=PROJECT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "No story structure conflicts found" in done.stdout


def test_every_intent_of_the_domain_has_examples_and_a_rule(
    domain: dict, rules: dict[str, str]
) -> None:
    """`rasa data validate` misses an intent without examples."""
    counts = load_data("nlu_data/intents").number_of_examples_per_intent
    assert set(counts) == set(domain["intents"]) == set(rules)
    too_few = {name: count for name, count in counts.items() if count < FEWEST_EXAMPLES}
    assert too_few == {}


def test_every_rule_runs_an_action_of_the_domain(domain: dict, rules: dict[str, str]) -> None:
    # Rasa runs action_session_start itself, without a rule.
    assert set(rules.values()) == set(domain["actions"]) - {"action_session_start"}


def test_every_rule_of_action_act_has_its_sentence(domain: dict, rules: dict[str, str]) -> None:
    acts = {intent for intent, action in rules.items() if action == "action_act"}
    assert {act for act in acts if f"utter_{act}" not in domain["responses"]} == set()


def test_examples_mark_only_aspects_that_exist() -> None:
    marked = {
        entity["value"]
        for example in load_data("nlu_data/intents").intent_examples
        for entity in example.get("entities") or ()
        if entity["entity"] == "aspect"
    }
    assert marked == set(ASPECTS)


def test_examples_are_normalised_as_questions_are() -> None:
    """The normaliser leaves training text alone, because entity offsets refer to it."""
    texts = [example.get("text") for example in load_data("nlu_data/intents").intent_examples]
    assert [text for text in texts if normalize(text) != text] == []


def test_no_example_stands_under_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for example in load_data("nlu_data/intents").intent_examples:
        intents.setdefault(example.get("text").lower(), set()).add(example.get("intent"))
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}
