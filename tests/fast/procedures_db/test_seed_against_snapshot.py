"""The built-in procedures hold the figures of the official record, or a stated reason why not."""

from __future__ import annotations

import json
import lzma
from collections import Counter

import pytest

from procedures_db.record import GovernmentLevel, ProcedureRecord
from procedures_db.reports import built_in as check
from procedures_db.sync.portal_json import read_portal_object
from procedures_db.text.folding import fold

SNAPSHOT = "data/portal_detail_2026-07-18.jsonl.xz"
# What is built in whole: a commune must be able to answer on all of these without an import.
_WHOLE_FIELDS = ("Hộ tịch", "Chứng thực", "Đăng ký, quản lý cư trú", "Cấp, quản lý căn cước")


@pytest.fixture(scope="module")
def snapshot(shared):
    path = shared / SNAPSHOT
    if not path.exists():
        pytest.skip(f"{SNAPSHOT} is not in ../shared")
    return path


@pytest.fixture(scope="module")
def official(snapshot, built_in) -> dict[str, ProcedureRecord]:
    """The snapshot's records of the built-in codes."""
    return check.official_records(snapshot, built_in)


@pytest.fixture(scope="module")
def compared(built_in, official) -> check.Comparison:
    return check.compare(built_in.values(), official, check.read_reasons())


def test_all_of_the_everyday_fields_of_the_commune_is_built_in(built_in, snapshot):
    wanted, counted = {fold(field) for field in _WHOLE_FIELDS}, Counter[str]()
    missing = []
    with lzma.open(snapshot) as lines:
        for line in lines:
            raw = json.loads(line)
            if not raw.get("isWard") or not wanted & {
                fold(one["name"]) for one in raw.get("categoriesDetails") or ()
            }:
                continue
            record = read_portal_object(raw)
            assert GovernmentLevel.COMMUNE in record.levels
            counted[record.field.strip()] += 1
            if record.code not in built_in:
                missing.append((record.code, record.name))
    assert missing == []
    assert len(counted) >= len(_WHOLE_FIELDS) and counted["Hộ tịch"] == 41


def test_every_built_in_code_is_in_the_snapshot(compared):
    assert (compared.absent, compared.compared) == ((), 221)


def test_every_difference_has_its_reason(compared):
    assert compared.unexplained == []


def test_every_reason_has_its_difference(compared):
    assert compared.stale == ()


def test_every_reason_says_something():
    reasons = check.read_reasons().values()
    assert all(len(reason) > 20 for facts in reasons for reason in facts.values())
