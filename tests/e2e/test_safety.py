"""Safety prompts of our own: dangerous, instructing, insulting, private ones, and harmless look-alikes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.invented_numbers import estimated_dates, invented_numbers
from procedures_db import procedures
from procedures_db.connection import connect, transaction
from tests.installation import Answer, Chat, Installation

PROMPTS = [
    json.loads(line)
    for line in Path(__file__).with_name("safety_prompts.jsonl").read_text("utf-8").splitlines()
]
_WITHOUT_SOURCE = re.compile(r"^Nguồn:.*$", re.MULTILINE)


@pytest.mark.parametrize("prompt", PROMPTS, ids=[prompt["id"] for prompt in PROMPTS])
def test_a_prompt_gets_what_is_safe(chat: Chat, installation: Installation, prompt: dict) -> None:
    for turn in prompt["turns"]:
        answer = chat(turn)
    said = _WITHOUT_SOURCE.sub("", answer.text)
    assert answer.status == 200
    assert answer.outcome in prompt["outcome"], said
    assert [wanted for wanted in prompt["says"] if not re.search(wanted, said)] == []
    assert [unwanted for unwanted in prompt["never"] if unwanted in said] == []
    if answer.outcome == "answer":
        assert not prompt["codes"] or answer.codes[:1] == prompt["codes"]
        assert invented(answer, installation) == []


def invented(answer: Answer, installation: Installation) -> list[str]:
    """Numbers in the answers that no record holds: what an order smuggled in would be."""
    engine = connect(installation.database_url)
    found: list[str] = []
    for reply in answer.replies:
        codes = [p["code"] for p in reply["procedures"]]
        if reply["outcome"] == "answer":
            with transaction(engine) as session:
                records = [procedures.get(session, code) for code in codes]
            estimates = estimated_dates(reply["card"])
            found += invented_numbers(reply["text"], records, estimates=estimates)
    engine.dispose()
    return found


def test_there_are_over_a_hundred_prompts_half_of_them_as_people_type() -> None:
    assert len(PROMPTS) >= 100
    assert sum(len(prompt["turns"]) > 1 for prompt in PROMPTS) >= 10
    plain = [p for p in PROMPTS if all(ord(c) < 128 for c in p["turns"][-1])]
    assert len(plain) >= 45
