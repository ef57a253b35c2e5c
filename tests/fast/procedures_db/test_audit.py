"""The audit log: what was written stays, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from procedures_db import audit
from procedures_db.audit import Filter
from procedures_db.connection import transaction
from procedures_db.models.base import now


def write(engine, count=1, **fields):
    given = {"actor": "lan", "action": "procedure.publish", "subject": "1.004222", **fields}
    with transaction(engine) as session:
        for _ in range(count):
            audit.record(session, **given)


def test_a_deed_is_kept_with_who_when_what_and_from_where(engine):
    write(engine, address="10.0.0.7", version=3)
    with transaction(engine) as session:
        (event,) = audit.events(session).items
    assert now() - event.at < timedelta(minutes=1)
    as_json = event.as_json()
    assert as_json.pop("at").endswith("+00:00") and as_json.pop("number") >= 1
    assert as_json == {
        "actor": "lan", "action": "procedure.publish", "subject": "1.004222", "address": "10.0.0.7",
        "detail": {"version": 3},
    }  # fmt: skip


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET actor = 'hoa'", "DELETE FROM audit_event"]
)
def test_the_database_refuses_to_change_the_log(engine, statement):
    write(engine)
    with pytest.raises(DatabaseError), transaction(engine) as session:
        session.execute(text(statement))
    with transaction(engine) as session:
        assert [event.actor for event in audit.events(session).items] == ["lan"]


def test_postgresql_refuses_to_empty_the_log(engine):
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    write(engine)
    with pytest.raises(DatabaseError), transaction(engine) as session:
        session.execute(text("TRUNCATE audit_event"))


def test_what_is_not_committed_is_not_logged(engine):
    with pytest.raises(RuntimeError), transaction(engine) as session:
        audit.record(session, actor="lan", action="x")
        raise RuntimeError
    with transaction(engine) as session:
        assert audit.events(session).total == 0


def test_events_are_chosen_and_paged_newest_first(engine):
    write(engine, 3)
    write(engine, 2, actor="hoa", action="login", subject="hoa")
    with transaction(engine) as session:
        page = audit.events(session, page=2, size=2)
        assert (len(page.items), page.total) == (2, 5)
        first = audit.events(session, size=2).items
        assert first[0].number > first[1].number > page.items[0].number
        assert audit.events(session, Filter(actor="hoa")).total == 2
        assert audit.events(session, Filter(action="procedure.publish", actor="hoa")).total == 0
        assert audit.events(session, Filter(subject="1.004222")).total == 3
        assert audit.events(session, Filter(since=now() + timedelta(hours=1))).total == 0
        assert audit.events(session, Filter(until=now() - timedelta(hours=1))).total == 0
        assert audit.actions(session) == ["login", "procedure.publish"]


def test_an_export_goes_on_after_the_number_that_was_had_last(engine, monkeypatch):
    monkeypatch.setattr(audit, "_BATCH", 2)
    write(engine, 5)
    with transaction(engine) as session:
        numbers = [event.number for event in audit.export(session)]
        assert numbers == sorted(set(numbers)) and len(numbers) == 5
        assert [e.number for e in audit.export(session, after=numbers[2])] == numbers[3:]
