"""Import, preview and undo of all national procedures, as an administrator does it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from procedures_db import editing, models
from procedures_db.connection import transaction
from procedures_db.record import ProcedureRecord, TimeLimit
from procedures_db.sync import applying
from procedures_db.sync.importing import date_in_name, preview_file
from tests.e2e.conftest import ALL, NATIONAL, CopyOf

EDITED = 100
ONE_DAY = TimeLimit(amount=1, unit="ngày")


@pytest.fixture(scope="module")
def engine(copy_of: CopyOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = copy_of("national", tmp_path_factory.mktemp("all"))
    yield engine
    engine.dispose()


def edit(record: ProcedureRecord, chance: Random) -> dict[str, Any]:
    """Change one fact, of the kinds that officials change, where the procedure states it."""
    edits: list[dict[str, Any]] = [
        {"name": record.name + " (sửa)"},
        {"conditions": record.conditions + " (đã sửa)"},
        {"non_territorial": not record.non_territorial},
        {"decision": record.decision.model_copy(update={"number": record.decision.number + "/S"})},
    ]
    if record.steps:
        edits.append({"steps": record.steps[:-1]})
    if record.results:
        edits.append({"results": record.results[1:]})
    for number, method in enumerate(record.methods):
        limit = TimeLimit(amount=(method.time_limit or ONE_DAY).amount + 1, unit="ngày")
        edits.append({"methods": _with(record.methods, number, time_limit=limit)})
        if method.fees:
            dearer = _with(method.fees, 0, amount=(method.fees[0].amount or Decimal(0)) + 1000)
            edits.append({"methods": _with(record.methods, number, fees=dearer)})
    for number, case in enumerate(record.dossier):
        if case.documents:
            papers = _with(case.documents, -1, originals=case.documents[-1].originals + 1)
            edits.append({"dossier": _with(record.dossier, number, documents=papers)})
    return chance.choice(edits)


def _with(rows: tuple[Any, ...], number: int, **values: Any) -> tuple[Any, ...]:
    changed = list(rows)
    changed[number] = changed[number].model_copy(update=values)
    return tuple(changed)


def preview(engine: Engine):  # type: ignore[no-untyped-def]
    return preview_file(engine, NATIONAL, as_of=date_in_name(NATIONAL.name))


def contents(engine: Engine) -> dict[str, str]:
    """Code → content hash of every published procedure, what ``preview`` compares with."""
    row = models.ProcedureRow
    with transaction(engine) as session:
        statement = select(row.code, row.content_hash).where(row.state == "published")
        return dict(session.execute(statement).all())


def test_the_same_file_again_changes_nothing(engine: Engine) -> None:
    found = preview(engine)
    assert (found.new, found.changed, found.unchanged) == ([], [], ALL)


def test_a_hundred_edits_are_found_exactly_and_can_be_taken_back(engine: Engine) -> None:
    imported = contents(engine)
    chance = Random(20261122)
    edited: dict[str, str] = {}  # code → field
    with transaction(engine, write=True) as session:
        for code in chance.sample(sorted(imported), EDITED):
            opened = editing.open_procedure(session, code)
            assert opened.current is not None
            values = edit(opened.current, chance)
            editing.correct(session, code, values, expected_version=opened.version, actor="Lan")
            (edited[code],) = values
    assert len(set(edited.values())) >= 5
    after = contents(engine)
    found = preview(engine)
    assert {
        one.code: {c.path.split("[")[0].split(".")[0] for c in one.field_changes}
        for one in found.changed
    } == {code: {field} for code, field in edited.items()}
    assert (found.new, found.unchanged) == ([], ALL - EDITED)
    done = applying.apply(engine, found, actor="Lan")
    assert contents(engine) == imported
    assert done is not None
    applying.undo(engine, done.id, actor="Lan")
    assert contents(engine) == after
    assert {code for code in after if after[code] != imported[code]} == set(edited)
