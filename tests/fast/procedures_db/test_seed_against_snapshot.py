"""The built-in procedures hold the figures of the official record, or a stated reason why not.

Explained differences stand in ``seed_differences.yml``: code → field → reason.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from procedures_db.record import ProcedureRecord, TimeLimit
from procedures_db.sync.portal_json import read_portal_object

SNAPSHOT = "data/portal_detail_2026-07-18.jsonl.xz"
EXPLAINED = Path(__file__).with_name("seed_differences.yml")
_CODE = re.compile(rb'"code":\s*"\s*(\d\.\d{6})')


def _limit(limit: TimeLimit) -> str:
    return f"{limit.amount.normalize():f} {limit.unit.value}"


def _method_limits(record: ProcedureRecord) -> set[tuple[str, str]]:
    return {(m.method.value, _limit(m.time_limit)) for m in record.methods if m.time_limit}


def _case_limits(record: ProcedureRecord) -> set[str]:
    return {_limit(case.time_limit) for case in record.case_time_limits}


def _amounts(record: ProcedureRecord) -> set[tuple[str, str, str]]:
    return {
        (m.method.value, f"{fee.amount.normalize():f}", fee.currency)
        for m in record.methods
        for fee in m.fees
        if fee.amount
    }


def _counted_papers(record: ProcedureRecord) -> list[tuple[int, int]]:
    """Counts of every row that has one: rows without are told apart as notes by hand in the seed."""
    rows = [row for case in record.dossier for row in case.documents]
    return sorted((row.originals, row.copies) for row in rows if row.originals or row.copies)


FIELDS: dict[str, Callable[[ProcedureRecord], Any]] = {
    "tên": lambda record: record.name,
    "số quyết định": lambda record: record.decision.number,
    "ngày quyết định": lambda record: record.decision.issued_on,
    "cách nộp": lambda record: {entry.method for entry in record.methods},
    "mức phí": _amounts,
    "thời hạn theo cách nộp": _method_limits,
    "thời hạn theo trường hợp": _case_limits,
    "số giấy tờ": _counted_papers,
    "mức trực tuyến": lambda record: record.online_level,
}


@pytest.fixture(scope="module")
def official(shared, built_in) -> dict[str, ProcedureRecord]:
    """The snapshot's records of the built-in codes."""
    path = shared / SNAPSHOT
    if not path.exists():
        pytest.skip(f"{SNAPSHOT} is not in ../shared")
    found = {}
    with lzma.open(path) as lines:
        for line in lines:
            if any(code.decode() in built_in for code in _CODE.findall(line)):
                record = read_portal_object(json.loads(line))
                if record.code in built_in:
                    found[record.code] = record
    return found


@pytest.fixture(scope="module")
def explained() -> dict[str, dict[str, str]]:
    return yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))


def _repeats_the_methods(ours: ProcedureRecord, theirs: ProcedureRecord) -> bool:
    """The seed leaves out a case's time limit where it only repeats that of a submission method."""
    of_methods = {limit for _, limit in _method_limits(theirs)}
    return (
        not _case_limits(ours)
        and len(_case_limits(theirs)) == 1
        and _case_limits(theirs) <= of_methods
    )


def differences(ours: ProcedureRecord, theirs: ProcedureRecord) -> set[str]:
    found = {field for field, value in FIELDS.items() if value(ours) != value(theirs)}
    if _repeats_the_methods(ours, theirs):
        found.discard("thời hạn theo trường hợp")
    return found


def test_every_built_in_code_is_in_the_snapshot(built_in, official, explained):
    assert {code for code in built_in if code not in official and code not in explained} == set()


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_agrees_with_the_official_record_or_the_reason_is_given(
    field, built_in, official, explained
):
    unexplained = {
        code: (FIELDS[field](built_in[code]), FIELDS[field](theirs))
        for code, theirs in official.items()
        if field in differences(built_in[code], theirs) and field not in explained.get(code, {})
    }
    assert unexplained == {}


def test_every_explained_difference_is_one(built_in, official, explained):
    stale = [
        (code, field)
        for code, fields in explained.items()
        for field in fields
        if code in official and field not in differences(built_in[code], official[code])
    ]
    assert stale == []


def test_every_explanation_has_a_reason(explained):
    assert all(len(reason) > 20 for fields in explained.values() for reason in fields.values())
