"""Procedures in and out of both databases, and the schema itself."""

from decimal import Decimal

import pytest
from sqlalchemy import func, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from procedures_db import models, procedures, storing
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate
from procedures_db.models import Base
from procedures_db.record import Fee, Method, TimeLimit
from tests.fast.samples import FULL_RECORD


def save(engine, *records):
    with transaction(engine) as session:
        for record in records:
            procedures.save(session, record)


def get(engine, code):
    with transaction(engine) as session:
        return procedures.get(session, code)


def rows(engine) -> dict[str, int]:
    """Rows per table of a procedure's parts."""
    with transaction(engine) as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name.startswith("procedure")
        }


def test_a_record_that_uses_every_field_comes_back_as_it_went_in(engine):
    assert set(FULL_RECORD.model_fields_set) == set(type(FULL_RECORD).model_fields)
    save(engine, FULL_RECORD)
    assert get(engine, FULL_RECORD.code) == FULL_RECORD


def test_a_record_that_states_nothing_comes_back_stating_nothing(engine, record):
    save(engine, record())
    assert get(engine, "1.000001") == record()


@pytest.mark.parametrize("amount", ["0.5", "12.50", "999999999999", "0.1", "1E+3", "20000"])
def test_an_amount_comes_back_exactly(engine, record, amount):
    method = Method(
        method="trực tiếp",
        time_limit=TimeLimit(amount=Decimal("0.5"), unit="ngày"),
        fees=(Fee(kind="Phí", amount=Decimal(amount)),),
    )
    save(engine, record(methods=(method,)))
    assert get(engine, "1.000001").methods[0].fees[0].amount == Decimal(amount)
    assert get(engine, "1.000001").methods[0].time_limit.amount == Decimal("0.5")


@pytest.mark.parametrize(
    "name", ["Cấp “giấy” 😀 — ½ m²", "'; DROP TABLE procedure; --", "{name} %s %(x)s", "a\nb"]
)
def test_any_text_comes_back_as_it_went_in(engine, record, name):
    save(engine, record(name=name, conditions=name, remarks=(name,), aliases=(name,)))
    assert get(engine, "1.000001") == record(
        name=name, conditions=name, remarks=(name,), aliases=(name,)
    )


def test_the_longest_texts_a_record_may_hold_fit_the_database(engine):
    longest = FULL_RECORD.model_copy(
        update={
            "field": "x" * 300,
            "decision": type(FULL_RECORD.decision)(number="7" * 120, agency="y" * 300),
            "legal_bases": (type(FULL_RECORD.legal_bases[0])(number="z" * 200),),
            "code": "1.000" + "9" * 35,
        }
    )
    save(engine, longest)
    assert get(engine, longest.code) == longest


def test_a_code_nobody_has_is_not_found(engine):
    with pytest.raises(procedures.ProcedureNotFound):
        get(engine, "9.999999")


def test_saving_again_replaces_all_of_a_procedure_and_leaves_no_rows_behind(engine, record):
    save(engine, FULL_RECORD)
    full = rows(engine)
    assert all(full.values()), full
    save(engine, FULL_RECORD)
    assert rows(engine) == full
    bare = record(code=FULL_RECORD.code)
    save(engine, bare)
    assert get(engine, bare.code) == bare
    left = rows(engine)
    assert left.pop("procedure") == 1
    assert not any(left.values()), left


def test_deleting_a_procedure_deletes_all_its_rows(engine):
    save(engine, FULL_RECORD)
    with transaction(engine) as session:
        session.delete(procedures.find_row(session, FULL_RECORD.code))
    assert not any(rows(engine).values())


def test_every_yields_all_by_code_whatever_the_batch(engine, record):
    codes = [f"1.{number:06}" for number in (5, 3, 1, 4, 2)]
    save(
        engine,
        *(record(code=code) for code in codes),
        FULL_RECORD.model_copy(update={"code": "1.000006"}),
    )
    for batch in (1, 2, 6, 500):
        with transaction(engine) as session:
            found = [r.code for r in procedures.every(session, batch=batch)]
        assert found == [*sorted(codes), "1.000006"]


def test_every_yields_nothing_from_an_empty_database(engine):
    with transaction(engine) as session:
        assert list(procedures.every(session)) == []


def test_hashes_are_given_for_the_codes_that_exist(engine, record):
    save(engine, record(), FULL_RECORD)
    with transaction(engine) as session:
        found = procedures.hashes(session, ["1.000001", "9.999999"])
    assert found == {"1.000001": procedures.content_hash(record())}


def test_equal_records_have_equal_hashes_and_any_change_shows(record):
    assert procedures.content_hash(record()) == procedures.content_hash(record())
    changed = [
        record(name="khác"),
        record(remarks=("a",)),
        record(aliases=("a",)),
        record(code="1.000009"),
    ]
    assert len({procedures.content_hash(one) for one in [record(), *changed]}) == 5


def test_the_data_version_counts_up(engine):
    with transaction(engine) as session:
        assert procedures.data_version(session) == 0
        procedures.bump_data_version(session)
    with transaction(engine) as session:
        procedures.bump_data_version(session)
    with transaction(engine) as session:
        assert procedures.data_version(session) == 2


def test_an_error_undoes_the_whole_transaction(engine, record):
    with pytest.raises(RuntimeError), transaction(engine) as session:
        procedures.save(session, record())
        procedures.bump_data_version(session)
        session.flush()
        raise RuntimeError
    assert not any(rows(engine).values())


def test_two_procedures_cannot_have_one_code(engine, record):
    save(engine, record())
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(insert(models.ProcedureRow).values(storing._columns(record(), "published")))


def test_migrating_a_second_time_changes_nothing(engine):
    save(engine, FULL_RECORD)
    before = {
        table: inspect(engine).get_columns(table) for table in inspect(engine).get_table_names()
    }
    migrate(engine)
    after = {
        table: inspect(engine).get_columns(table) for table in inspect(engine).get_table_names()
    }
    assert repr(after) == repr(before)
    assert get(engine, FULL_RECORD.code) == FULL_RECORD


def test_the_migrations_make_the_tables_that_the_models_describe(engine):
    inspector = inspect(engine)
    for table in Base.metadata.sorted_tables:
        made = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}, table.name


def test_the_folder_of_a_new_sqlite_file_is_made(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/a/b/motcua.db")
    migrate(engine)
    assert (tmp_path / "a" / "b" / "motcua.db").exists()
    engine.dispose()


def test_sqlite_lets_readers_go_on_while_somebody_writes(tmp_path, record):
    engine = connect(f"sqlite:///{tmp_path}/motcua.db")
    migrate(engine)
    with transaction(engine) as writing:
        procedures.save(writing, record())
        writing.flush()
        with transaction(engine) as reading:
            assert list(procedures.every(reading)) == []
    assert get(engine, "1.000001") == record()
    engine.dispose()
