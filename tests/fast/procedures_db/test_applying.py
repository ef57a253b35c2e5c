"""Preview, apply, undo: what an administrator sees is what is written, whole or not at all."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy.exc import IntegrityError

from procedures_db import editing, history, procedures, storing
from procedures_db.changes import ChangeKind, Source, State
from procedures_db.connection import transaction
from procedures_db.record import Fee, Method, as_json
from procedures_db.sync import applying
from procedures_db.sync.applying import NothingToUndo, PreviewOutdated, UndoConflict
from procedures_db.sync.previewing import preview
from procedures_db.sync.reading import Place, Reading, ReadRecord, Refused
from tests.fast.samples import FULL_RECORD

CODE = "1.000001"
DAY = date(2026, 7, 18)


def read(code=CODE, row=1, file="tệp.xlsx", sheet="", **values) -> ReadRecord:
    return ReadRecord(code, values, Place(file, sheet, row))


def whole(record, row=1) -> ReadRecord:
    """As a file that carries every field."""
    values = {name: getattr(record, name) for name in type(record).model_fields}
    return ReadRecord(record.code, values, Place("tệp.jsonl", row=row))


@pytest.fixture
def look(engine):
    def look(*items, **options):
        with transaction(engine) as session:
            return preview(session, items, **options)

    return look


@pytest.fixture
def put(engine, look):
    """Preview and apply."""

    def put(*items, actor="Lan", **options):
        return applying.apply(engine, look(*items), actor=actor, **options)

    return put


@pytest.fixture
def get(engine):
    def get(code=CODE):
        with transaction(engine) as session:
            return procedures.get(session, code)

    return get


@pytest.fixture
def content(engine):
    """Everything citizens are answered from, and its version."""

    def content():
        with transaction(engine) as session:
            every = [as_json(record) for record in procedures.every(session)]
            return procedures.data_version(session), every

    return content


@pytest.fixture
def edit(engine):
    def edit(code=CODE, actor="Hoà", **values):
        with transaction(engine, write=True) as session:
            version = editing.open_procedure(session, code).version
            editing.correct(session, code, values, expected_version=version, actor=actor)

    return edit


def test_a_preview_tells_new_changed_unchanged_and_refused_and_writes_nothing(
    look, put, content, record
):
    put(read(name="Đăng ký nuôi ong"), read("1.000002", row=2, name="Cấp giấy"))
    before = content()
    refusal = Refused(Place("tệp.xlsx", "Trang 1", 9), "?", "hàng trống")
    found = look(
        read(name="Đăng ký nuôi ong mật"),
        read("1.000002", row=2, name="Cấp giấy"),
        read("1.000003", row=3, name="Thu hồi giấy"),
        refusal,
        read("1.000004", row=5, name=""),
        read("không phải mã", row=6, name="x"),
    )
    assert [one.code for one in found.new] == ["1.000003"]
    (changed,) = found.changed
    assert [(c.label, c.old, c.new) for c in changed.field_changes] == [
        ("Tên thủ tục", "Đăng ký nuôi ong", "Đăng ký nuôi ong mật")
    ]
    assert (changed.place.row, changed.state) == (1, State.PUBLISHED)
    assert found.unchanged == 1
    assert [(r.place.row, r.reason) for r in found.refused] == [
        (5, "Tên thủ tục không được để trống"),
        (6, "không phải mã thủ tục: 'khôngphảimã'"),
        (9, "hàng trống"),
    ]
    assert content() == before


def test_a_reading_is_previewed_like_its_records_one_by_one(engine, look, put):
    put(read(name="cũ"))
    records, refused = [read(name="mới")], [Refused(Place("tệp.xlsx"), "?", "lý do")]
    with transaction(engine) as session:
        found = preview(session, Reading(records=records, refused=refused))
    assert (len(found.changed), found.refused) == (1, refused)
    assert found.fingerprint == look(*records).fingerprint


def test_a_list_wipes_no_detail_that_it_does_not_carry(put, get):
    put(whole(FULL_RECORD))
    put(read(FULL_RECORD.code, name="Tên trong danh sách", field="Nông nghiệp"))
    expected = FULL_RECORD.model_copy(
        update={"name": "Tên trong danh sách", "field": "Nông nghiệp"}
    )
    assert get(FULL_RECORD.code) == expected


def test_a_detail_that_a_file_states_to_be_empty_is_emptied(put, get):
    put(read(name="a", conditions="Phải có đàn ong."))
    put(read(conditions=""))
    assert get().conditions == ""


def test_what_officials_wrote_is_replaced_by_something_never_by_nothing(put, get):
    local = {
        "summary": "Tóm tắt", "aliases": ("giấy ong",), "replaced_by": ("1.000009",),
        "effective_from": DAY, "effective_to": DAY + timedelta(days=9),
    }  # fmt: skip
    put(read(name="a", **local))
    blank = {name: type(value)() if name[0] != "e" else None for name, value in local.items()}
    assert put(read(name="a", **blank)) is None
    put(read(summary="Tóm tắt mới"))
    assert get().summary == "Tóm tắt mới"
    assert get().aliases == ("giấy ong",)


def test_a_new_procedure_gets_a_day_and_its_address(look, put, get):
    found = look(read(name="a"), as_of=date(2026, 9, 17))
    assert found.new[0].new.as_of == date(2026, 9, 17)
    put(read(name="a"))
    assert get().source_url.endswith(CODE)


def test_a_second_record_of_a_code_is_refused_with_the_place_of_the_first(look):
    found = look(
        read(row=3, sheet="A", name="a"),
        read(CODE + ".H21", row=7, sheet="B", name="b"),
        read(row=8, file="khác.xlsx", sheet="A", name="c"),
    )
    assert [one.new.name for one in found.new] == ["a"]
    assert [one.reason for one in found.refused] == [
        f"mã {CODE} đã có ở dòng 3, tệp tệp.xlsx",
        f"mã {CODE} đã có ở dòng 3, trang A",
    ]


def test_a_newer_day_alone_is_a_change_marked_as_such(look, put):
    put(read(name="a", as_of=DAY))
    (changed,) = look(read(name="a", as_of=DAY + timedelta(days=7))).changed
    assert changed.only_newer_day
    (changed,) = look(read(name="b", as_of=DAY + timedelta(days=7))).changed
    assert not changed.only_newer_day


def test_progress_is_counted_in_records(look):
    told = []
    look(*(read(f"1.{n:06}", row=n, name="a") for n in range(1, 1002)), on_progress=told.append)
    assert told == [500, 1000, 1001]


def test_a_hundred_edits_among_many_are_found_exactly(engine, look, put, record):
    """All 5,664 are in tests/e2e."""
    known = [record(code=f"1.{n:06}", name=f"Thủ tục {n}") for n in range(400)]
    put(*(whole(one, row) for row, one in enumerate(known, start=1)))
    chosen = Random(20261122).sample(known, 100)
    with transaction(engine, write=True) as session:
        for one in chosen:
            editing.correct(
                session, one.code, {"name": one.name + " (sửa)"}, expected_version=1, actor="Lan"
            )
    found = look(*(whole(one, row) for row, one in enumerate(known, start=1)))
    assert {one.code for one in found.changed} == {one.code for one in chosen}
    assert (found.new, found.unchanged, found.refused) == ([], 300, [])
    for one in found.changed:
        assert [change.path for change in one.field_changes] == ["name"]


def test_applying_writes_one_change_set_with_its_source(engine, put, get):
    source = Source("tệp.xlsx", "0" * 64)
    done = put(
        read(name="a"), read("1.000002", row=2, name="b"), source=source, kind=ChangeKind.SYNC
    )
    with transaction(engine) as session:
        kept = history.change_set(session, done.id)
        codes = [one.code for one in history.revisions_of(session, done.id)]
    assert (kept.added, kept.change_set) == (2, done)
    assert (done.source, done.kind, done.actor) == (source, ChangeKind.SYNC, "Lan")
    assert codes == [CODE, "1.000002"]


def test_the_same_again_changes_nothing_and_leaves_no_change_set(engine, put, content):
    put(whole(FULL_RECORD))
    before = content()
    assert put(whole(FULL_RECORD)) is None
    assert content() == before
    with transaction(engine) as session:
        assert history.change_sets(session).total == 1


def test_amounts_written_differently_are_no_change(put):
    def paid(amount):
        return (Method(method="trực tiếp", fees=(Fee(kind="Phí", amount=amount),)),)

    put(read(name="a", methods=paid("12.50")))
    assert put(read(name="a", methods=paid("12.5"))) is None


def test_the_data_version_rises_once_however_many_procedures_change(put, content):
    put(*(read(f"1.{n:06}", row=n, name="a") for n in range(1, 600)))
    assert content()[0] == 1


@pytest.mark.parametrize("touched", [CODE, "1.000002"])
def test_a_preview_that_is_no_longer_true_is_not_applied(engine, look, put, edit, content, touched):
    put(read(name="a"), read("1.000002", row=2, name="b"))
    found = look(read(name="a mới"), read("1.000002", row=2, name="b"))
    edit(touched, summary="sửa sau khi xem")
    before = content()
    with pytest.raises(PreviewOutdated, match=touched):
        applying.apply(engine, found, actor="Lan")
    assert content() == before


def test_a_preview_of_a_new_procedure_that_somebody_else_added_is_not_applied(engine, look, put):
    found = look(read(name="của Lan"))
    put(read(name="của Hoà"), actor="Hoà")
    with pytest.raises(PreviewOutdated, match=CODE):
        applying.apply(engine, found, actor="Lan")


def test_a_preview_applied_twice_is_refused_the_second_time(engine, look):
    found = look(read(name="a"))
    assert applying.apply(engine, found, actor="Lan")
    with pytest.raises(PreviewOutdated):
        applying.apply(engine, found, actor="Lan")


def test_fingerprints_tell_previews_apart_by_what_they_do_and_to_what(look, put, edit):
    first = look(read(name="a"))
    assert look(read(name="a")).fingerprint == first.fingerprint
    assert look(read(name="b")).fingerprint != first.fingerprint
    put(read(name="0"))
    changed = look(read(name="a"))
    edit(summary="khác")
    assert look(read(name="a")).fingerprint != changed.fingerprint


def test_an_error_on_the_way_leaves_nothing_of_an_import(engine, look, content, monkeypatch):
    found = look(*(read(f"1.{n:06}", row=n, name="a") for n in range(1, 1200)))
    batches = []

    def fail_late(*arguments):
        batches.append(arguments)
        if len(batches) == 3:
            raise IntegrityError("INSERT", {}, Exception("đĩa đầy"))
        return kept(*arguments)

    kept = storing._store_batch
    monkeypatch.setattr(storing, "_store_batch", fail_late)
    with pytest.raises(IntegrityError):
        applying.apply(engine, found, actor="Lan")
    assert content() == (0, [])
    with transaction(engine) as session:
        assert history.change_sets(session).total == 0


def test_an_import_leaves_withdrawn_what_an_official_withdrew(engine, look, put):
    put(read(name="a"))
    with transaction(engine, write=True) as session:
        editing.withdraw(session, CODE, expected_version=1, actor="Hoà")
    assert look(read(name="b")).changed[0].state is State.WITHDRAWN
    put(read(name="b"))
    with transaction(engine) as session:
        opened = editing.open_procedure(session, CODE)
    assert (opened.state, opened.current.name) == (State.WITHDRAWN, "b")


def test_a_preview_names_whoever_is_writing_a_draft(engine, look, put):
    put(read(name="a"))
    with transaction(engine, write=True) as session:
        editing.save_draft(session, CODE, {"name": "nháp"}, expected_version=1, actor="Hoà")
    assert look(read(name="b")).changed[0].draft_by == "Hoà"
    put(read(name="b"))
    with transaction(engine) as session:
        opened = editing.open_procedure(session, CODE)
    assert (opened.draft.record.name, opened.is_outdated) == ("nháp", True)


def test_undoing_puts_everything_back_and_can_be_undone_itself(engine, put, content):
    put(whole(FULL_RECORD), read(name="a"))
    before = content()[1]
    done = put(read(FULL_RECORD.code, name="khác", methods=()), read("1.000009", row=2, name="mới"))
    after = content()[1]
    undone = applying.undo(engine, done.id, actor="Hoà", note="nạp nhầm tệp")
    assert content()[1] == before
    assert (undone.kind, undone.undoes, undone.note) == (ChangeKind.UNDO, done.id, "nạp nhầm tệp")
    applying.undo(engine, undone.id, actor="Hoà")
    assert content()[1] == after


def test_undoing_is_a_revision_and_searchers_reload(engine, put, content):
    done = put(read(name="a"))
    version = content()[0]
    applying.undo(engine, done.id, actor="Hoà")
    assert content() == (version + 1, [])
    with transaction(engine) as session:
        last, first = history.revisions(session, CODE)
    assert (last.number, last.before, last.after, last.new) == (
        2, State.PUBLISHED, State.ABSENT, None,
    )  # fmt: skip
    assert first.new.name == "a"


def test_what_was_edited_since_is_not_undone_but_named(engine, put, edit, content):
    put(read(name="a"), read("1.000002", row=2, name="b"))
    done = put(read(name="a2"), read("1.000002", row=2, name="b2"))
    edit(CODE, summary="của Hoà")
    before = content()
    with pytest.raises(UndoConflict) as error:
        applying.undo(engine, done.id, actor="Lan")
    (conflict,) = error.value.conflicts
    assert (conflict.code, conflict.name, conflict.by) == (CODE, "a2", "Hoà")
    assert "a2" in str(error.value) and "Hoà" in str(error.value)
    assert content() == before
    applying.undo(engine, done.id, actor="Lan", leaving=[CODE])
    assert [one["name"] for one in content()[1]] == ["a2", "b"]


def test_an_edit_that_was_rolled_back_does_not_hinder_undoing(engine, put, edit, content):
    put(read(name="a"))
    done = put(read(name="a2"))
    edit(summary="tạm")
    edit(summary="")
    applying.undo(engine, done.id, actor="Lan")
    assert content()[1][0]["name"] == "a"


def test_undoing_twice_is_refused(engine, put):
    done = put(read(name="a"))
    applying.undo(engine, done.id, actor="Lan")
    with pytest.raises(UndoConflict, match=CODE):
        applying.undo(engine, done.id, actor="Lan")


def test_publishing_a_draft_can_be_undone(engine, put, content):
    put(read(name="a"))
    with transaction(engine, write=True) as session:
        editing.save_draft(session, CODE, {"name": "b"}, expected_version=1, actor="Lan")
        editing.submit_for_review(session, CODE, expected_version=2, actor="Lan")
        editing.publish(session, CODE, expected_version=3, actor="Hoà")
    with transaction(engine) as session:
        latest = history.change_sets(session, size=1).items[0].change_set
    applying.undo(engine, latest.id, actor="Lan")
    assert content()[1][0]["name"] == "a"


def test_there_is_nothing_to_undo_in_a_draft_or_where_all_is_left(engine, put):
    done = put(read(name="a"))
    with transaction(engine, write=True) as session:
        editing.save_draft(session, CODE, {"name": "nháp"}, expected_version=1, actor="Lan")
    with pytest.raises(NothingToUndo):
        applying.undo(engine, done.id + 1, actor="Lan")
    with pytest.raises(NothingToUndo):
        applying.undo(engine, done.id, actor="Lan", leaving=[CODE])
    with pytest.raises(history.ChangeSetNotFound):
        applying.undo(engine, 99, actor="Lan")


def test_procedures_older_than_the_history_can_be_imported_over_and_undone(engine, put, content):
    with transaction(engine) as session:
        procedures.save(session, FULL_RECORD)
    before = content()[1]
    done = put(read(FULL_RECORD.code, name="khác"))
    applying.undo(engine, done.id, actor="Lan")
    assert content()[1] == before
