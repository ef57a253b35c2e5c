"""Databases of earlier versions, brought to the current schema."""

from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

import procedures_db
from procedures_db import editing, procedures
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate

_OLD_ROW = """
INSERT INTO procedure (code, name, field, summary, kind, state, levels, online_level,
  online_level_inferred, non_territorial, subjects, receiving_address, conditions, remarks, keywords,
  replaced_by, decision_number, decision_agency, as_of, source_url, content_hash)
VALUES ('1.000001', 'Đăng ký nuôi ong', '', '', 'STANDARD', 'published', '[]', 'không rõ',
  false, false, '[]', '', '', '[]', '[]', '[]', '', '', '2026-07-18', '', 'x')
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def old_engine(request, new_database):
    """A database of the first version with one procedure."""
    engine = connect(new_database(request.param))
    config = Config()
    folder = Path(procedures_db.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(_OLD_ROW))
    yield engine
    engine.dispose()


def test_procedures_from_before_the_history_stay_and_can_be_edited(old_engine):
    migrate(old_engine)
    with transaction(old_engine, write=True) as session:
        assert procedures.get(session, "1.000001").as_of == date(2026, 7, 18)
        editing.correct(session, "1.000001", {"name": "mới"}, expected_version=0, actor="Lan")
    with transaction(old_engine) as session:
        assert procedures.get(session, "1.000001").name == "mới"
        assert editing.open_procedure(session, "1.000001").version == 1
