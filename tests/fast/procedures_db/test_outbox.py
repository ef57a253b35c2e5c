"""Late messages and kept replies: both databases, several writers, nothing lost."""

from datetime import timedelta

import pytest

from procedures_db import delivered, outbox
from procedures_db.connection import transaction
from procedures_db.models.base import now

LEASE = timedelta(seconds=15)
HERE, THERE = "conversation-a", "conversation-b"


def put(engine, conversation_id=HERE, text="Chào bà", **fields):
    with transaction(engine) as session:
        return outbox.put(session, conversation_id, "web", {"text": text}, **fields)


def texts(engine, last_id=0, conversation_id=HERE):
    with transaction(engine) as session:
        return [message.text for message in outbox.after(session, conversation_id, last_id)]


def test_an_officials_reply_is_found_by_its_conversation_only(engine):
    put(engine, text="Bà mang theo tờ khai nhé", author="Cán bộ Lan")
    put(engine, THERE, text="Việc khác")
    with transaction(engine) as session:
        (message,) = outbox.after(session, HERE, 0)
        everything = outbox.since(session, 0)
    assert (message.text, message.author) == ("Bà mang theo tờ khai nhé", "Cán bộ Lan")
    assert (message.kind, message.delivered_at) == (outbox.Kind.STAFF, None)
    assert message.created_at.tzinfo is not None
    assert [m.conversation_id for m in everything] == [HERE, THERE]


def test_who_knows_the_last_id_gets_what_came_after_in_order(engine):
    first = put(engine, text="một")
    put(engine, text="hai")
    put(engine, text="ba")
    assert texts(engine, first) == ["hai", "ba"]


def test_a_message_without_text_is_refused(engine):
    with pytest.raises(ValueError):
        put(engine, text="  ")
    assert texts(engine) == []


def test_a_channel_that_pushes_sees_only_what_it_has_not_sent(engine):
    first = put(engine, text="một")
    put(engine, text="hai")
    with transaction(engine) as session:
        outbox.mark_delivered(session, [first])
        assert [m.text for m in outbox.undelivered(session, "web")] == ["hai"]
        assert outbox.undelivered(session, "telegram") == []


def test_a_second_delivery_does_not_change_the_time_of_the_first(engine):
    first = put(engine)
    times = []
    for _ in range(2):
        with transaction(engine) as session:
            outbox.mark_delivered(session, [first])
        with transaction(engine) as session:
            times.append(outbox.after(session, HERE, 0)[0].delivered_at)
    assert times[0] is not None and times[0] == times[1]


def test_ids_are_not_used_again_after_old_messages_are_deleted(engine):
    first = put(engine)
    with transaction(engine) as session:
        assert outbox.purge(session, now() + timedelta(seconds=1)) == 1
        assert outbox.latest_id(session) == 0
    assert put(engine) > first


def test_recent_messages_are_not_purged(engine):
    put(engine)
    with transaction(engine) as session:
        assert outbox.purge(session, now() - timedelta(days=1)) == 0


# Kept replies


def claim(engine, message_id="m1", at=None, conversation_id=HERE):
    with transaction(engine) as session:
        return delivered.claim(session, conversation_id, message_id, at or now(), LEASE)


def keep(engine, replies, message_id="m1"):
    with transaction(engine) as session:
        delivered.keep(session, HERE, message_id, replies)


def test_the_first_who_claims_a_message_answers_it_and_others_get_the_replies(engine):
    assert claim(engine) == delivered.Claim(mine=True)
    assert claim(engine) == delivered.Claim(mine=False)
    keep(engine, [{"text": "Lệ phí 20.000 đồng"}])
    again = claim(engine)
    assert (again.mine, again.replies) == (False, [{"text": "Lệ phí 20.000 đồng"}])


def test_the_same_message_id_in_another_conversation_is_another_message(engine):
    claim(engine)
    assert claim(engine, conversation_id=THERE).mine


def test_what_was_released_may_be_asked_again(engine):
    claim(engine)
    with transaction(engine) as session:
        delivered.release(session, HERE, "m1")
    assert claim(engine).mine


def test_the_claim_of_a_process_that_died_passes_to_exactly_one_other(engine):
    claim(engine, at=now() - LEASE - timedelta(seconds=1))
    assert [claim(engine).mine, claim(engine).mine] == [True, False]


def test_old_replies_are_purged_and_new_ones_stay(engine):
    claim(engine, "old", at=now() - timedelta(days=2))
    claim(engine, "new")
    with transaction(engine) as session:
        assert delivered.purge(session, now() - timedelta(days=1)) == 1
    assert not claim(engine, "new").mine


def test_more_than_the_bound_is_never_kept(engine, monkeypatch):
    monkeypatch.setattr(delivered, "MOST", 3)
    for number in range(5):
        claim(engine, f"m{number}")
    with transaction(engine) as session:
        assert delivered.purge(session, now() - timedelta(days=1)) == 2
    assert claim(engine, "m0").mine and not claim(engine, "m4").mine
