"""Every sentence the code says exists, gets exactly its facts, and no sentence is left unused."""

import ast
import re
from functools import cache

import pytest
import yaml

from actions import facts, replies, safety
from procedures_db.wording import DOMAIN, Wording, WordingError
from tests.fast.guards.source import PACKAGES, PROJECT, modules, name, nodes

# Keys built at run time: the beginning of the f-string → everything that may follow.
FAMILIES = {
    "utter_title_": lambda: set(facts.ASPECTS),
    "utter_button_": lambda: set(replies._NEXT),
    "utter_": lambda: acts() | set(safety.KINDS),
}


def acts() -> set[str]:
    """Intents whose rule may end in action_act: it says ``utter_`` + intent."""
    content = yaml.safe_load((PROJECT / "nlu_data/rules.yml").read_text(encoding="utf-8"))
    found = set()
    for rule in content["rules"]:
        steps = [(kind, value) for step in rule["steps"] for kind, value in step.items()]
        if {("action", "action_act"), ("action", "action_deny")} & set(steps):
            found |= {value for kind, value in steps if kind == "intent"}
    return found


@cache
def said():
    """Return (module, key node, names of the facts) of every ``….say(key, …)`` and ``…._say(key, …)``."""
    return [
        (path, node.args[0], {keyword.arg for keyword in node.keywords})
        for path in modules(*PACKAGES)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("say", "_say")
        and node.args
    ]


@cache
def constants(path) -> set[str]:
    """Whole keys written out anywhere in a module."""
    return {
        node.value
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and node.value.startswith("utter_") and node.value.isidentifier() and node.value != "utter_"
        and node.value not in FAMILIES
    }  # fmt: skip


def family(node: ast.JoinedStr) -> str:
    return node.values[0].value if isinstance(node.values[0], ast.Constant) else ""


@pytest.fixture(scope="module")
def keys(wording) -> set[str]:
    return wording.keys()


def test_every_sentence_said_exists_and_gets_exactly_its_facts(wording, keys):
    wrong = []
    for path, node, given in said():
        if isinstance(node, ast.Constant):
            if node.value not in keys:
                wrong.append((name(path), node.lineno, node.value, "is not in domain.yml"))
            elif wording.placeholders(node.value) != given:
                wrong.append(
                    (name(path), node.lineno, node.value, wording.placeholders(node.value) ^ given)
                )
    assert wrong == []


def test_every_key_written_anywhere_in_the_code_exists(keys):
    missing = {
        (name(p), key) for p in modules(*PACKAGES) for key in constants(p) if key not in keys
    }
    assert missing == {("procedures_db/wording.py", "utter_source")} & missing


def test_keys_chosen_at_run_time_need_no_facts(wording):
    """A key in a variable or table: the guard cannot follow it, so it must stand without facts."""
    direct = {node.value for _, node, _ in said() if isinstance(node, ast.Constant)}
    indirect = {key for p in modules(*PACKAGES) for key in constants(p)} - direct
    assert {key for key in indirect & wording.keys() if wording.placeholders(key)} == set()


def test_every_family_of_keys_is_known_whole_and_gets_its_facts(wording, keys):
    for path, node, given in said():
        if not isinstance(node, ast.JoinedStr):
            continue
        assert family(node) in FAMILIES, f"{name(path)}:{node.lineno}"
        for end in FAMILIES[family(node)]():
            key = family(node) + end
            assert key in keys, f"{name(path)}:{node.lineno}: {key}"
            assert wording.placeholders(key) == given, key


def test_every_sentence_of_the_domain_is_used(keys):
    used = {key for p in modules(*PACKAGES) for key in constants(p)}
    for _, node, _ in said():
        if isinstance(node, ast.JoinedStr):
            used |= {family(node) + end for end in FAMILIES[family(node)]()}
    assert keys - used == set()


def test_the_guard_follows_the_real_code():
    kinds = [type(node) for _, node, _ in said()]
    assert kinds.count(ast.Constant) > 20 and kinds.count(ast.JoinedStr) >= 3
    assert {"greet", "unsafe", "emergency"} <= acts()


def test_every_intent_has_a_rule_and_every_action_is_declared():
    domain = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))
    rules = yaml.safe_load((PROJECT / "nlu_data/rules.yml").read_text(encoding="utf-8"))["rules"]
    steps = [item for rule in rules for step in rule["steps"] for item in step.items()]
    assert {value for kind, value in steps if kind == "intent"} >= set(domain["intents"])
    ours = set(domain["actions"]) - {"action_session_start"}  # Rasa itself calls for that one
    assert {value for kind, value in steps if kind == "action"} == ours


def test_every_action_of_the_domain_is_in_the_code():
    written = {
        node.value.value
        for path in modules("actions")
        for node in nodes(path)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant)
    }
    domain = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))
    assert set(domain["actions"]) <= written


def test_an_unknown_sentence_or_a_missing_fact_is_an_error_not_a_gap():
    wording = Wording({"utter_a": "{number} ngày"})
    assert wording.say("utter_a", number=3) == "3 ngày"
    for key, given in (("utter_b", {}), ("utter_a", {})):
        with pytest.raises(WordingError):
            wording.say(key, **given)


def test_a_fact_with_braces_is_said_as_it_is():
    assert Wording({"utter_a": "{name}!"}).say("utter_a", name="{x} {0}") == "{x} {0}!"


def test_sentences_hold_no_figures_of_procedures(wording):
    """Fees and periods live in the database; emergency numbers and place names may stand in wording."""
    for key in sorted(wording.keys()):
        text = wording.say(key, **dict.fromkeys(wording.placeholders(key), ""))
        assert not re.search(r"\d[\d.]*\s*(đồng|đ\b|ngày|giờ làm việc|tháng)", text), key
