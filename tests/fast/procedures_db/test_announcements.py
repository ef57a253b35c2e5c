"""Announcements: what citizens read now, and what they do not yet or no longer."""

from datetime import timedelta

import pytest

from procedures_db import announcements
from procedures_db.announcements import BadAnnouncement, announce, coming, current, take_down
from procedures_db.connection import transaction
from procedures_db.models.base import now

HOUR = timedelta(hours=1)


def test_the_latest_that_lasts_is_said(engine):
    with transaction(engine) as session:
        assert current(session) is None
        announce(session, " Nghỉ lễ \n từ thứ hai ", by="lan")
        announce(session, "Chiều nay nghỉ", by="lan", ends_at=now() + HOUR)
        assert current(session).text == "Chiều nay nghỉ"
        assert current(session, now() + 2 * HOUR).text == "Nghỉ lễ từ thứ hai"


def test_one_that_has_not_begun_is_coming_and_not_said(engine):
    with transaction(engine) as session:
        made = announce(session, "Dời trụ sở", by="lan", begins_at=now() + HOUR)
        assert current(session) is None and [one.id for one in coming(session)] == [made.id]
        assert current(session, now() + 2 * HOUR).text == "Dời trụ sở"


def test_one_that_is_taken_down_is_said_no_more(engine):
    with transaction(engine) as session:
        made = announce(session, "Mất điện", by="lan")
        take_down(session, made.id)
        assert current(session) is None and coming(session) == []
        take_down(session, 999)


@pytest.mark.parametrize(
    ("text", "ends"), [("", None), ("  ", None), ("x" * 301, None), ("đã qua", -HOUR)]
)
def test_nothing_too_long_or_over_already_is_announced(engine, text, ends):
    with transaction(engine) as session, pytest.raises(BadAnnouncement):
        announce(session, text, by="lan", ends_at=ends and now() + ends)
    assert announcements.LONGEST == 300
