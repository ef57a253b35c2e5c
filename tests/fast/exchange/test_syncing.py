"""Pulling from another installation: what travels, and what a broken run leaves."""

import httpx
import pytest

from procedures_db import history
from procedures_db.changes import ChangeKind
from procedures_db.connection import transaction
from procedures_db.exchange import conflicts, errors, publishing
from procedures_db.exchange.conflicts import Side
from procedures_db.sync.applying import undo
from tests.changing import ACTOR, edit, withdraw
from tests.fast.exchange.conftest import (
    BEES,
    SOURCE,
    changed,
    counts,
    everything,
    get,
    kept,
    many,
    version,
)
from tests.fast.samples import FULL_RECORD


def test_a_first_sync_brings_everything_and_a_second_one_asks_for_nothing(
    engine, theirs, source, record
):
    edit(theirs, record(), FULL_RECORD)
    assert counts(source.sync(engine)) == {"NEW": 2}
    assert everything(engine) == everything(theirs)
    before = version(engine)
    assert counts(source.sync(engine)) == {}
    assert version(engine) == before > 0
    assert "changed_since" in str(source.asked[-1])


def test_an_edit_and_a_withdrawal_travel(engine, theirs, source, record):
    edit(theirs, record(), FULL_RECORD)
    source.sync(engine)
    changed(theirs, name="Đăng ký nuôi ong lấy mật")
    withdraw(theirs, FULL_RECORD.code)
    assert counts(source.sync(engine)) == {"CHANGED": 1, "WITHDRAWN": 1}
    assert get(engine, BEES).name == "Đăng ký nuôi ong lấy mật"
    assert get(engine, FULL_RECORD.code) is None
    assert publishing.one(engine, FULL_RECORD.code)["withdrawn_at"]  # others learn of it from us


def test_an_edit_here_stays_while_the_source_changes_nothing(engine, source, shared_bees):
    changed(engine, conditions="Có tổ ong và vườn.")
    assert counts(source.sync(engine)) == {}
    source.sync(
        engine, SOURCE + "/open-data/procedures.json?"
    )  # another name: all is compared anew
    assert get(engine, BEES).conditions == "Có tổ ong và vườn."
    assert kept(engine) == {}


def test_what_was_imported_or_built_in_is_no_edit(engine, theirs, source, record):
    edit(engine, record(name="Từ tệp"), received=True)
    edit(theirs, record(name="Từ nguồn"))
    assert counts(source.sync(engine)) == {"CHANGED": 1}


def test_a_dry_run_tells_everything_and_writes_nothing(engine, theirs, source, shared_bees, record):
    changed(engine, conditions="Có vườn.")
    changed(theirs, conditions="Có rừng.")
    edit(theirs, FULL_RECORD)
    source.limit = 1
    before = everything(engine), version(engine)
    for _ in range(2):
        assert counts(source.sync(engine, dry_run=True)) == {"CONFLICT": 1, "NEW": 1}
    assert (everything(engine), version(engine)) == before
    assert kept(engine) == {}
    assert counts(source.sync(engine)) == {"CONFLICT": 1, "NEW": 1}


def test_a_broken_run_goes_on_where_it_was(engine, theirs, source, record):
    edit(theirs, *many(record, 7))
    source.limit = 2

    def cut(request):
        if len(source.asked) > 2:
            raise httpx.ReadError("đứt")
        return source.page(request)

    source.answer = cut
    with pytest.raises(errors.SourceUnreachable):
        source.sync(engine)
    assert len(everything(engine)) == 4
    source.answer, source.asked[:] = source.page, []
    assert counts(source.sync(engine)) == {"NEW": 3}
    assert len(source.asked) == 2


def test_what_changes_during_a_pull_is_not_missed(engine, theirs, source, record):
    edit(theirs, *many(record, 4))
    source.limit = 2

    def change_meanwhile(request):
        response = source.page(request)
        if len(source.asked) == 1:
            edit(theirs, record(code="1.000001", name="Tên mới"))
            withdraw(theirs, "1.000003")
        return response

    source.answer = change_meanwhile
    source.sync(engine)
    assert everything(engine) == everything(theirs)


def test_a_source_that_was_set_up_anew_is_compared_from_the_start(engine, theirs, source, record):
    edit(theirs, *many(record, 3))
    source.sync(engine)
    with theirs.begin() as connection:
        connection.exec_driver_sql("UPDATE state SET value = value + 1 WHERE name = 'dataset'")
    outcome = source.sync(engine)
    assert outcome.restarted and counts(outcome) == {"UNCHANGED": 3}
    assert not source.sync(engine).restarted


def test_a_record_that_cannot_be_read_is_kept_and_the_rest_comes(engine, theirs, source, record):
    edit(theirs, *many(record, 3))

    def spoil(request):
        content = source.page(request).json()
        content["procedures"][1]["name"] = ""
        return httpx.Response(200, json=content)

    source.answer = spoil
    outcome = source.sync(engine)
    assert counts(outcome) == {"NEW": 2}
    assert [refusal.code for refusal in outcome.refused] == ["1.000002"]
    assert "Tên thủ tục không được để trống" in outcome.refused[0].reason
    assert kept(engine)["1.000002"].theirs["code"] == "1.000002"
    with pytest.raises(conflicts.Unusable):
        conflicts.resolve(engine, "1.000002", Side.THEIRS, actor=ACTOR)
    source.answer = source.page
    edit(theirs, record(code="1.000002", name="Đã chữa"))
    assert counts(source.sync(engine)) == {"NEW": 1}
    assert kept(engine) == {}


def test_a_page_that_fails_is_not_half_applied(engine, theirs, source, record, monkeypatch):
    edit(theirs, *many(record, 3))

    def fail(session, codes):
        raise RuntimeError

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(conflicts, "drop", fail)  # the last thing but one of a page
        source.sync(engine)
    assert everything(engine) == []
    assert counts(source.sync(engine)) == {"NEW": 3}


def test_a_sync_stands_in_the_history_and_can_be_taken_back(engine, theirs, source, shared_bees):
    changed(theirs, conditions="Có rừng.")
    source.sync(engine)
    with transaction(engine) as session:
        last = history.change_sets(session, size=1).items[0].change_set
    assert (last.kind, last.actor) == (ChangeKind.SYNC, ACTOR)
    assert last.source.name.startswith(SOURCE)
    undo(engine, last.id, actor=ACTOR)
    assert get(engine, BEES).conditions == "Có tổ ong."
    changed(theirs, conditions="Có biển.")  # what a person took back does not come back unseen
    assert counts(source.sync(engine)) == {"CONFLICT": 1}


def test_two_syncs_of_one_source_do_not_overtake_each_other(engine, theirs, source, record):
    edit(theirs, *many(record, 4))
    source.limit = 2

    def other_comes_first(request):
        response = source.page(request)
        source.answer = source.page
        source.sync(engine)
        return response

    source.answer = other_comes_first
    with pytest.raises(errors.SyncRunning):
        source.sync(engine)
    assert len(everything(engine)) == 4
