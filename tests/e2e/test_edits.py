"""An edit in the database is answered from within two seconds, with nothing restarted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from procedures_db import editing, procedures
from procedures_db.connection import connect, transaction
from procedures_db.record import ProcedureRecord
from tests.installation import Chat, Installation, eventually

WILL = "2.001019"  # chứng thực di chúc, 50.000 đồng
QUESTION = "phí chứng thực di chúc"


@pytest.fixture
def engine(installation: Installation) -> Iterator[Engine]:
    """A connection of its own, as the console in another process has."""
    engine = connect(installation.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def will(engine: Engine, chat: Chat) -> Iterator[ProcedureRecord]:
    """The record, put back as it was after the test."""
    with transaction(engine) as session:
        record = procedures.get(session, WILL)
    yield record
    store(engine, record)
    assert eventually(lambda: "50.000 đồng" in chat(QUESTION).text, within=2)


def store(engine: Engine, record: ProcedureRecord) -> None:
    """Correct it as an official does."""
    values = {name: getattr(record, name) for name in type(record).model_fields}
    with transaction(engine, write=True) as session:
        version = editing.open_procedure(session, record.code).version
        editing.correct(session, record.code, values, expected_version=version, actor="Lan")


def with_fee(record: ProcedureRecord, amount: int) -> ProcedureRecord:
    methods = tuple(
        method.model_copy(
            update={
                "fees": tuple(
                    fee.model_copy(update={"amount": Decimal(amount)}) for fee in method.fees
                )
            }
        )
        for method in record.methods
    )
    return record.model_copy(update={"methods": methods})


def test_an_edited_fee_is_answered_within_two_seconds(
    installation: Installation, chat: Chat, engine: Engine, will: ProcedureRecord
) -> None:
    assert "50.000 đồng" in chat(QUESTION).text
    pids = {part: installation.pid_of(part) for part in ("rasa", "actions", "uvicorn")}
    store(engine, with_fee(will, 61_000))
    assert eventually(lambda: "61.000 đồng" in chat(QUESTION).text, within=2)
    assert "50.000 đồng" not in chat(QUESTION).text
    assert None not in pids.values()
    assert {part: installation.pid_of(part) for part in pids} == pids


def test_a_renamed_procedure_is_found_by_its_new_name_within_two_seconds(
    chat: Chat, engine: Engine, will: ProcedureRecord
) -> None:
    renamed = will.model_copy(update={"name": "Chứng thực di nguyện của nghệ nhân chèo tàu"})
    question = "chứng thực di nguyện nghệ nhân chèo tàu cần gì"
    assert renamed.name not in chat(question).text
    store(engine, renamed)
    assert eventually(lambda: renamed.name in chat(question).text, within=2)
