"""The history: revisions, what was answered at a moment, pages of change sets, nothing ever lost."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from procedures_db import changes, contents, editing, history, procedures
from procedures_db.changes import Change, ChangeKind, Source, State
from procedures_db.connection import transaction
from procedures_db.models import ContentRow
from tests.fast.samples import FULL_RECORD

CODE = "1.000001"


@pytest.fixture
def make(engine):
    """Record changes of published procedures as an import would."""

    def make(*pairs, kind=ChangeKind.IMPORT, actor="Lan", **options):
        steps = [
            Change(
                code=(old or new).code,
                old=old,
                new=new,
                before=State.PUBLISHED if old else State.ABSENT,
                after=State.PUBLISHED if new else State.ABSENT,
            )
            for old, new in pairs
        ]
        with transaction(engine, write=True) as session:
            return changes.record(session, steps, kind=kind, actor=actor, **options)

    return make


def test_every_change_is_kept_with_who_when_why_and_both_versions(engine, make, record):
    before = datetime.now(timezone.utc)
    source = Source("tệp.jsonl", "ab" * 32)
    make((None, record()), source=source, note="lần đầu")
    make((record(), record(name="tên mới")), kind=ChangeKind.EDIT, actor="Hoà")
    with transaction(engine) as session:
        second, first = history.revisions(session, CODE)
    assert (first.number, first.before, first.after) == (1, State.ABSENT, State.PUBLISHED)
    assert (first.old, first.new) == (None, record())
    assert (first.change_set.source, first.change_set.note) == (source, "lần đầu")
    assert (first.change_set.kind, first.change_set.actor) == (ChangeKind.IMPORT, "Lan")
    assert before <= first.change_set.at <= second.change_set.at <= datetime.now(timezone.utc)
    assert (second.number, second.old, second.new) == (2, record(), record(name="tên mới"))
    assert second.change_set.actor == "Hoà"
    assert [change.path for change in second.field_changes] == ["name"]


def test_a_record_that_uses_every_field_comes_back_from_the_history_as_it_was(engine, make):
    make((None, FULL_RECORD))
    with transaction(engine) as session:
        assert history.revisions(session, FULL_RECORD.code)[0].new == FULL_RECORD


def test_each_moment_has_the_version_of_that_moment(engine, make, record):
    start = datetime.now(timezone.utc) - timedelta(seconds=1)
    one = make((None, record())).at
    two = make((record(), record(name="hai"))).at
    gone = make((record(name="hai"), None)).at

    def name_at(moment):
        with transaction(engine) as session:
            found = history.as_of(session, CODE, moment)
        return found and found.name

    assert name_at(start) is None
    assert name_at(one) == "Đăng ký nuôi ong"
    assert name_at(two - timedelta(microseconds=1)) == "Đăng ký nuôi ong"
    assert name_at(two) == "hai"
    assert name_at(gone) is None


def test_drafts_are_not_what_was_answered_from(engine, make, record):
    make((None, record()))
    with transaction(engine, write=True) as session:
        editing.save_draft(session, CODE, {"name": "nháp"}, expected_version=1, actor="Lan")
    with transaction(engine) as session:
        assert history.as_of(session, CODE, datetime.now(timezone.utc)) == record()


def test_a_withdrawn_procedure_was_not_answered_from(engine, make, record):
    make((None, record()))
    with transaction(engine, write=True) as session:
        editing.withdraw(session, CODE, expected_version=1, actor="Lan")
    with transaction(engine) as session:
        assert history.as_of(session, CODE, datetime.now(timezone.utc)) is None


def test_a_procedure_older_than_the_history_is_taken_to_have_been_as_it_was_found(
    engine, make, record
):
    long_ago = datetime(2026, 1, 1, tzinfo=timezone.utc)
    with transaction(engine) as session:
        procedures.save(session, record())
    with transaction(engine) as session:
        assert history.as_of(session, CODE, long_ago) == record()
        assert history.as_of(session, "9.999999", long_ago) is None
        assert editing.open_procedure(session, CODE).version == 0
    make((record(), record(name="mới")))
    with transaction(engine) as session:
        assert history.as_of(session, CODE, long_ago) == record()


def test_change_sets_come_in_pages_newest_first_with_counts(engine, make, record):
    other = record(code="1.000002")
    make((None, record()), (None, other))
    make((record(), record(name="hai")), (other, None), kind=ChangeKind.SYNC)
    with transaction(engine, write=True) as session:
        editing.save_draft(session, CODE, {"name": "nháp"}, expected_version=2, actor="Lan")
    with transaction(engine) as session:
        first = history.change_sets(session, size=2)
        second = history.change_sets(session, page=2, size=2)
        synced = history.change_sets(session, kind=ChangeKind.SYNC)
        beyond = history.change_sets(session, page=9)

    def counts(page):
        return [(s.added, s.changed, s.removed, s.drafts) for s in page.items]

    assert (first.total, second.total, synced.total) == (3, 3, 1)
    assert counts(first) == [(0, 0, 0, 1), (0, 1, 1, 0)]
    assert counts(second) == [(2, 0, 0, 0)]
    assert counts(synced) == [(0, 1, 1, 0)]
    assert beyond.items == []


def test_a_change_set_lists_its_revisions_whatever_the_batch(engine, make, record):
    made = make(*((None, record(code=f"1.00000{n}")) for n in range(1, 6)))
    for batch in (1, 2, 500):
        with transaction(engine) as session:
            found = [one.code for one in history.revisions_of(session, made.id, batch=batch)]
            assert history.change_set(session, made.id).added == 5
        assert found == [f"1.00000{n}" for n in range(1, 6)]


def test_what_is_not_there_is_said_to_be_not_there(engine):
    with transaction(engine) as session:
        assert history.revisions(session, CODE) == []
        with pytest.raises(history.ChangeSetNotFound):
            history.change_set(session, 9)
        with pytest.raises(history.RevisionNotFound):
            history.revision(session, CODE, 1)


def test_the_same_content_is_kept_once_even_for_another_day(engine, make, record):
    later = record(as_of=record().as_of + timedelta(days=7))
    make((None, record()))
    make((record(), later))
    make((later, record()))
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(ContentRow)).scalar_one() == 1
        assert [r.new.as_of for r in history.revisions(session, CODE)] == [
            record().as_of, later.as_of, record().as_of,
        ]  # fmt: skip


@pytest.mark.parametrize("table", ["change_set", "revision", "content"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_itself_refuses_to_change_the_history(engine, make, record, table, statement):
    make((None, record()))
    column = "key" if table == "content" else "id"
    with pytest.raises(DBAPIError, match="never changed"), transaction(engine) as session:
        session.execute(text(statement.format(table, column, column)))
    with transaction(engine) as session:
        assert history.revisions(session, CODE)[0].new == record()


def test_an_error_leaves_neither_the_change_nor_its_revision(engine, record):
    with pytest.raises(RuntimeError), transaction(engine, write=True) as session:
        change = Change(CODE, None, record(), State.ABSENT, State.PUBLISHED)
        changes.record(session, [change], kind=ChangeKind.SEED, actor="motcua")
        raise RuntimeError
    with transaction(engine) as session:
        assert list(procedures.every(session)) == []
        assert history.change_sets(session).total == 0
        assert procedures.data_version(session) == 0


def test_the_hash_and_the_name_of_a_source_are_those_of_the_file(tmp_path):
    (tmp_path / "tệp.txt").write_bytes(b"abc")
    assert Source.of(tmp_path / "tệp.txt") == Source(
        "tệp.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_packing_keeps_everything_but_repeats_nothing(record):
    packed = contents.pack(FULL_RECORD)
    assert contents.unpack(packed.body, packed.as_of) == FULL_RECORD
    assert packed.key != contents.pack(record()).key
