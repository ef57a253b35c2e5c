"""What judges is never what teaches, and what teaches is well formed."""

import json
import re

import pytest
import yaml

from procedures_db.text.folding import fold, normalize
from tests.fast.guards.source import PROJECT

NLU_DATA = PROJECT / "nlu_data"
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_NAME_WORDS = 4  # so short a question is the plain name of a procedure: both sets must have it
ASPECT_FILES = sorted(NLU_DATA.glob("intents/ask_*.yml"))


def examples(path) -> list[str]:
    """The example questions of an intent file, as written."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [line for entry in content["nlu"] for line in entry["examples"].splitlines()]
    return [line.removeprefix("- ") for line in lines if line.strip()]


def plain(example: str) -> str:
    return _ANNOTATION.sub(r"\1", example)


def paraphrases():
    """Yield (file name, entry) of every procedure in the paraphrases."""
    for path in sorted(NLU_DATA.glob("paraphrases/*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)[
            "thủ tục"
        ]:
            yield path.name, entry


@pytest.fixture(scope="module")
def taught() -> dict[str, str]:
    """Folded question → where it teaches."""
    found = {fold(q): name for name, entry in paraphrases() for q in entry["câu hỏi"]}
    for path in sorted(NLU_DATA.glob("intents/*.yml")):
        found |= {fold(plain(example)): path.name for example in examples(path)}
    return found


def judging(folder):
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                case = json.loads(line)
                yield from ((case["id"], text) for text in case["turns"])


def known(cases, taught) -> list[tuple[str, str, str]]:
    return [
        (case, text, taught[fold(text)])
        for case, text in cases
        if fold(text) in taught and len(fold(text).split()) > _NAME_WORDS
    ]


def test_no_question_of_the_development_set_teaches(shared, taught):
    cases = list(judging(shared / "eval"))
    assert cases
    assert known(cases, taught) == []


def test_no_question_of_the_benchmarks_teaches(taught):
    cases = list(judging(PROJECT / "benchmarks" / "questions"))
    assert cases
    assert known(cases, taught) == []


def test_no_safety_prompt_teaches(taught):
    lines = (PROJECT / "tests/e2e/safety_prompts.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [(case["id"], text) for case in map(json.loads, lines) for text in case["turns"]]
    assert cases
    assert known(cases, taught) == []


@pytest.mark.parametrize("path", ASPECT_FILES, ids=lambda path: path.name)
def test_every_aspect_has_enough_examples(path):
    assert len({fold(plain(example)) for example in examples(path)}) >= 60


@pytest.mark.parametrize("path", sorted(NLU_DATA.glob("intents/*.yml")), ids=lambda path: path.name)
def test_examples_are_written_in_the_form_that_questions_are_brought_to(path):
    assert [e for e in examples(path) if normalize(plain(e)) != plain(e)] == []


def test_every_intent_file_is_named_after_its_intent_and_is_in_the_domain():
    intents = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    for path in NLU_DATA.glob("intents/*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert [entry["intent"] for entry in content["nlu"]] == [path.stem]
    assert {path.stem for path in NLU_DATA.glob("intents/*.yml")} == set(intents)


def test_no_example_teaches_two_intents():
    owners: dict[str, set[str]] = {}
    for path in NLU_DATA.glob("intents/*.yml"):
        for example in examples(path):
            owners.setdefault(plain(example).lower(), set()).add(path.stem)
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_every_procedure_is_paraphrased_in_one_place_with_a_label():
    codes = [(entry["mã"], file) for file, entry in paraphrases()]
    assert len({code for code, _ in codes}) == len(codes)
    for file, entry in paraphrases():
        assert entry["nhãn"].strip() and len(entry["câu hỏi"]) >= 3, (file, entry["mã"])
        assert all(isinstance(question, str) and question.strip() for question in entry["câu hỏi"])
