"""Changes in one order, and the cursor that goes through them."""

import threading

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from procedures_db import changes, editing, history
from procedures_db.changes import Change, ChangeKind, State
from procedures_db.connection import connect, transaction
from procedures_db.exchange import feed, publishing
from procedures_db.exchange.edits import edited
from procedures_db.migrating import migrate
from procedures_db.sync import applying
from tests.changing import edit, withdraw
from tests.fast.conftest import PROJECT, empty


def pull(engine, cursor="", limit=100):
    """All pages after a cursor: the codes in their order ("-" before a withdrawn one), and the last cursor."""
    codes, more = [], True
    while more:
        page = publishing.page(engine, cursor, limit)
        codes += [("-" if "withdrawn_at" in o else "") + o["code"] for o in page["procedures"]]
        cursor, more = page["cursor"], page["more"]
    return codes, cursor


def make(record, *numbers, **fields):
    return [record(code=f"1.{number:06}", **fields) for number in numbers]


def test_everything_comes_once_whatever_the_size_of_a_page(engine, record):
    edit(engine, *make(record, 3, 1, 2, 5, 4))
    expected = ["1.000003", "1.000001", "1.000002", "1.000005", "1.000004"]
    for limit in (1, 2, 5, 100):
        assert pull(engine, limit=limit)[0] == expected


def test_after_the_last_cursor_only_what_changed_since_comes(engine, record):
    edit(engine, *make(record, 1, 2, 3))
    _, cursor = pull(engine)
    assert pull(engine, cursor) == ([], cursor)
    edit(engine, *make(record, 2, name="Nuôi ong lấy mật"))
    edit(engine, *make(record, 4))
    codes, later = pull(engine, cursor)
    assert codes == ["1.000002", "1.000004"]
    assert pull(engine, later) == ([], later)
    assert pull(engine, cursor)[0] == codes  # an old cursor stays good


def test_a_withdrawn_procedure_is_named_with_its_successor_until_it_is_published_again(
    engine, record
):
    edit(engine, *make(record, 1, 2, replaced_by=("1.000009",)))
    _, cursor = pull(engine)
    withdraw(engine, "1.000001")
    codes, later = pull(engine, cursor)
    assert codes == ["-1.000001"]
    gone = publishing.page(engine, cursor, 10)["procedures"][0]
    assert gone["replaced_by"] == ["1.000009"] and gone["name"] == "Đăng ký nuôi ong"
    assert gone["withdrawn_at"].endswith("Z")
    assert pull(engine)[0] == ["1.000002", "-1.000001"]
    edit(engine, *make(record, 1))
    assert pull(engine, later)[0] == ["1.000001"]
    assert pull(engine)[0] == ["1.000002", "1.000001"]


def test_what_was_changed_and_then_undone_by_an_error_leaves_no_trace(engine, record):
    edit(engine, *make(record, 1))
    before = pull(engine)
    with pytest.raises(RuntimeError), transaction(engine, write=True) as session:
        publish(session, make(record, 2)[0])
        raise RuntimeError
    assert pull(engine) == before


def publish(session, new):
    step = Change(new.code, None, new, State.ABSENT, State.PUBLISHED)
    changes.record(session, [step], kind=ChangeKind.EDIT, actor="Lan")


def test_a_draft_appears_nowhere_until_it_is_published(engine, record):
    edit(engine, *make(record, 1))
    codes, cursor = pull(engine)
    with transaction(engine, write=True) as session:
        values = {"name": "Tên nháp", "as_of": "2026-07-18"}
        for code in ("1.000001", "1.000002"):
            version = editing.open_procedure(session, code).version
            editing.save_draft(session, code, values, expected_version=version, actor="Lan")
    assert pull(engine)[0] == codes == ["1.000001"]
    assert pull(engine, cursor)[0] == []
    assert "Tên nháp" not in str(publishing.page(engine, "", 10))
    assert b"1.000002" not in b"".join(publishing.json_lines(engine))
    with pytest.raises(publishing.NotPublished):
        publishing.one(engine, "1.000002")


def test_an_import_that_is_taken_back_withdraws_what_it_had_added(engine, record):
    edit(engine, *make(record, 1))
    edit(engine, *make(record, 1, name="Tên nhập"), *make(record, 2), received=True)
    _, cursor = pull(engine)
    with transaction(engine) as session:
        last = history.change_sets(session, size=1).items[0].change_set.id
    applying.undo(engine, last, actor="Lan")
    assert pull(engine, cursor)[0] == ["1.000001", "-1.000002"]
    assert publishing.one(engine, "1.000001")["name"] == "Đăng ký nuôi ong"


def test_the_cursor_survives_a_restart(tmp_path, record):
    url = f"sqlite:///{tmp_path}/motcua.db"
    engine = connect(url)
    migrate(engine)
    edit(engine, *make(record, 1, 2))
    _, cursor = pull(engine)
    engine.dispose()
    engine = connect(url)
    migrate(engine)
    edit(engine, *make(record, 3))
    assert pull(engine, cursor)[0] == ["1.000003"]
    engine.dispose()


@pytest.mark.parametrize(
    "cursor",
    ["x", "12", "0", "-1", "zzzzzzzz-1", "00000000-", "00000000-1.5", "00000000-" + "9" * 19],
)
def test_what_is_no_cursor_is_refused(engine, cursor):
    with pytest.raises(publishing.BadCursor) as error:
        publishing.page(engine, cursor, 10)
    assert not isinstance(error.value, publishing.UnknownCursor)


def test_a_cursor_of_another_database_or_of_the_future_is_unknown(engine, theirs, record):
    edit(engine, *make(record, 1))
    edit(theirs, *make(record, 1))
    with pytest.raises(publishing.UnknownCursor):
        publishing.page(engine, pull(theirs)[1], 10)
    dataset, _, number = pull(engine)[1].partition("-")
    with pytest.raises(publishing.UnknownCursor):
        publishing.page(engine, f"{dataset}-{int(number) + 1}", 10)


def test_an_empty_database_has_nothing_and_a_cursor_all_the_same(theirs, record):
    codes, cursor = pull(theirs)
    assert codes == []
    edit(theirs, *make(record, 1))
    assert pull(theirs, cursor)[0] == ["1.000001"]


def test_a_number_is_never_seen_before_a_lower_one(postgresql_engine, record):
    """A writer keeps the next one waiting; SQLite has one writer anyway."""
    engine = postgresql_engine
    empty(engine)
    edit(engine, *make(record, 1))
    started = threading.Event()

    def second() -> None:
        started.set()
        edit(engine, *make(record, 3))

    writer = threading.Thread(target=second)
    with transaction(engine, write=True) as session:
        publish(session, make(record, 2)[0])
        writer.start()
        started.wait()
        writer.join(0.3)
        assert writer.is_alive()
        _, cursor = pull(engine)
    writer.join()
    assert pull(engine, cursor)[0] == ["1.000002", "1.000003"]


def test_procedures_from_before_the_history_come_first_and_once(tmp_path, record):
    url = f"sqlite:///{tmp_path}/old.db"
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "procedures_db" / "migrations"))
    plain = create_engine(url, future=True)
    with plain.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number in (1, 2):
            connection.execute(text(
                "INSERT INTO procedure (code, name, field, summary, kind, state, levels, online_level,"
                " online_level_inferred, non_territorial, subjects, receiving_address, conditions, remarks,"
                " keywords, replaced_by, decision_number, decision_agency, as_of, source_url, content_hash)"
                f" VALUES ('1.00000{number}', 'Nuôi ong', '', '', 'STANDARD', 'published', '[]', 'không rõ',"
                " 0, 0, '[]', '', '', '[]', '[]', '[]', '', '', '2026-07-18', '', '')"
            ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO procedure_alias (position, procedure_id, name) VALUES (0, 1, 'giấy ong')"
        ))  # fmt: skip
    plain.dispose()
    engine = connect(url)
    migrate(engine)
    for limit in (1, 2, 10):
        codes, cursor = pull(engine, limit=limit)
        assert codes == ["1.000001", "1.000002"]
    assert publishing.one(engine, "1.000001")["aliases"] == ["giấy ong"]
    half = publishing.page(engine, "", 1)["cursor"]
    edit(engine, *make(record, 3, 1))
    assert pull(engine, cursor)[0] == ["1.000003", "1.000001"]
    assert pull(engine, half)[0] == ["1.000002", "1.000003", "1.000001"]
    with transaction(engine) as session:
        assert edited(session, "1.000002") is None
        assert edited(session, "1.000001").base.aliases == ("giấy ong",)
    engine.dispose()


def test_a_restored_dataset_knows_no_cursor_from_before(theirs, record):
    edit(theirs, *make(record, 1))
    _, cursor = pull(theirs)
    with transaction(theirs) as session:
        feed.renew(session)
    with pytest.raises(publishing.UnknownCursor):
        pull(theirs, cursor)
