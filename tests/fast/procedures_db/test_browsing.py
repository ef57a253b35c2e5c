"""The list of procedures: found by words in any spelling, filtered and paged in the database."""

from __future__ import annotations

from datetime import date

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

import procedures_db
from procedures_db import browsing, editing
from procedures_db.browsing import Filter
from procedures_db.changes import State
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate
from procedures_db.record import Agency, AgencyRole, Decision, GovernmentLevel, OnlineLevel
from tests.changing import edit as publish


@pytest.fixture
def three(engine, record):
    """Bees (commune, full), boats (province, a draft), an abolished one, and one withdrawn."""
    bees = record(
        code="1.000001", name="Đăng ký nuôi ong", field="Chăn nuôi", aliases=("khai báo tổ ong",),
        levels=(GovernmentLevel.COMMUNE,), online_level=OnlineLevel.FULL,
        agencies=(Agency(role=AgencyRole.EXECUTING, name="Ủy ban nhân dân xã"),),
    )  # fmt: skip
    boats = record(
        code="1.000002", name="Đăng ký tàu cá", field="Thủy sản",
        levels=(GovernmentLevel.PROVINCE,), decision=Decision(agency="Bộ Công an"),
    )  # fmt: skip
    old = record(code="1.000003", name="Xác nhận 100% sổ", effective_to=date(2020, 1, 1))
    gone = record(code="1.000004", name="Bỏ rồi")
    publish(engine, bees, boats, old, gone)
    with transaction(engine, write=True) as session:
        editing.save_draft(session, "1.000002", {"name": "Đăng ký tàu"}, expected_version=1, actor="Lan")  # fmt: skip
        editing.withdraw(session, "1.000004", expected_version=1, actor="Lan")
        editing.save_draft(session, "1.000009", {"name": "Mới"}, expected_version=0, actor="Lan")
    return engine


def codes(engine, **chosen):
    with transaction(engine) as session:
        page = browsing.procedures(session, Filter(**chosen))
    assert page.total == len(page.items)
    return [one.code[-1] for one in page.items]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, "4123"),
        ({"words": "dang ky"}, "12"), ({"words": "ONG nuôi"}, "1"), ({"words": "tổ ong"}, "1"), ({"words": "dan ky"}, ""), ({"words": "ky dan"}, "12"),
        ({"words": "1.000002"}, "2"), ({"words": "uoi"}, ""), ({"words": "%"}, "4123"),
        ({"words": "_ng"}, ""), ({"words": "100"}, "3"),
        ({"field": "Thủy sản"}, "2"), ({"agency": "uy ban"}, "1"), ({"agency": "bo cong an"}, "2"),
        ({"level": GovernmentLevel.COMMUNE}, "1"), ({"level": GovernmentLevel.PROVINCE}, "2"),
        ({"online_level": OnlineLevel.FULL}, "1"),
        ({"state": "withdrawn"}, "4"), ({"state": "published"}, "123"), ({"state": "abolished"}, "3"),
        ({"state": "draft"}, "2"), ({"state": "in_review"}, ""),
        ({"words": "dang", "field": "Chăn nuôi"}, "1"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_listed_by_name(three, chosen, found):
    assert codes(three, **chosen) == list(found)


def test_what_holds_the_words_as_they_stand_comes_first(engine, record):
    apart = record(code="1.000001", name="Cấp giấy thường và sổ trú")
    publish(engine, apart, record(code="1.000002", name="Đăng ký thường trú"))
    assert codes(engine, words="thuong tru") == ["2", "1"]


def test_a_page_holds_so_many_and_says_how_many_there_are(three):
    with transaction(three) as session:
        page = browsing.procedures(session, page=2, size=3)
        assert ([one.code for one in page.items], page.total) == (["1.000003"], 4)
        assert page.items[0].is_abolished
        draft = browsing.procedures(session, Filter(words="tau ca")).items[0]
        assert (draft.draft, draft.state) == (State.DRAFT, State.PUBLISHED)
        assert browsing.fields(session) == ["Chăn nuôi", "Thủy sản"]
        assert browsing.new_drafts(session) == 1


def test_an_edited_name_is_found_at_once(three):
    with transaction(three, write=True) as session:
        editing.correct(session, "1.000001", {"name": "Nuôi dế"}, expected_version=1, actor="Lan")
    assert codes(three, words="de") == ["1"]


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_procedures_from_before_are_found_after_the_migration(new_database, backend, record):
    engine = connect(new_database(backend))
    config = Config()
    folder = f"{procedures_db.__path__[0]}/migrations"
    config.set_main_option("script_location", folder)
    migrate(engine)
    publish(engine, record(aliases=("khai báo",), decision=Decision(agency="Bộ Nông")))
    with engine.begin() as connection:
        before = connection.execute(text("SELECT folded, folded_agencies FROM procedure")).one()
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        command.upgrade(config, "head")
        after = connection.execute(text("SELECT folded, folded_agencies FROM procedure")).one()
    assert tuple(before) == tuple(after) == (" dang ky nuoi ong khai bao 1 000001 ", " bo nong ")
    engine.dispose()
