"""Every aspect of every published procedure is answered: whole, true to the record, fit for a channel."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from datetime import date

import pytest

from actions import facts, replies
from bot.invented_numbers import estimated_dates, invented_numbers
from bot.paragraphs import split_at_paragraphs
from procedures_db.record import ProcedureRecord
from procedures_db.sync.portal_json import read_portal_object
from procedures_db.sync.seed_yaml import read_seed
from procedures_db.wording import Wording
from tests.installation import PROJECT

SNAPSHOT = PROJECT.parent / "shared/data/portal_detail_2026-07-18.jsonl.xz"
MESSAGE = 4_096  # characters that Telegram takes in one message
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def national() -> Iterator[ProcedureRecord]:
    if not SNAPSHOT.exists():
        pytest.skip(f"{SNAPSHOT.name} is not on this machine")
    with lzma.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield read_portal_object(json.loads(line))


def faults(record: ProcedureRecord, wording: Wording) -> list[str]:
    """What is wrong with the answers about a procedure."""
    found = []
    reply = replies.answer(record, list(facts.ASPECTS), wording, today=date(2026, 7, 20))
    said = reply.text
    if invented := invented_numbers(said, [record], estimates=estimated_dates(reply.card)):
        found.append(f"invented {invented}")
    if "None" in said and "None" not in record.model_dump_json():
        found.append("None")
    if _PLACEHOLDER.search(said) and not _PLACEHOLDER.search(record.model_dump_json()):
        found.append("placeholder")
    for aspect in facts.ASPECTS:
        if wording.say(f"utter_title_{aspect}") not in said or aspect not in reply.card:
            found.append(f"{aspect} is missing")
    parts = split_at_paragraphs(said, MESSAGE)
    if any(len(part) > MESSAGE for part in parts) or "".join("".join(parts).split()) != "".join(
        said.split()
    ):
        found.append("does not split")
    return found


@pytest.mark.parametrize("source", [read_seed, national], ids=["built-in", "national"])
def test_every_aspect_of_every_procedure_is_answered(source) -> None:
    wording = Wording.load()
    wrong = {}
    count = 0
    for record in source():
        count += 1
        if found := faults(record, wording):
            wrong[record.code] = found
    assert wrong == {}
    assert count >= 200
