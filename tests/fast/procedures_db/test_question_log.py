"""The question log, feedback, and the purge of all that is kept of conversations."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from procedures_db import feedback, question_log, rasa_conversations
from procedures_db.connection import connect, transaction
from procedures_db.conversation_ids import hashed
from procedures_db.feedback import Feedback
from procedures_db.question_log import LoggedQuestion

NOW = datetime.now(timezone.utc)
WEEK = timedelta(days=7)
TALK = hashed("a" * 16)


def question(words, *, codes=("1.004194",), at=NOW, **fields):
    return LoggedQuestion(
        **{
            "channel": "web",
            "conversation": TALK,
            "text": words,
            "outcome": "answer",
            "ms": 12.5,
            "codes": list(codes),
            "at": at,
            **fields,
        }
    )


def rows(engine, sql):
    with engine.connect() as connection:
        return connection.execute(text(sql)).all()


def test_failed_questions_and_those_called_wrong_are_found_newest_first(engine):
    with transaction(engine) as session:
        question_log.add(session, [question("tạm trú"), question("abc", failed=True, codes=())])
    with transaction(engine) as session:
        feedback.add(session, Feedback("wrong", "1.004194", TALK, "web", "tạm trú", ("fee",)))
    with transaction(engine) as session:
        found = question_log.failed(session, since=NOW - WEEK)
    assert [(q.text, q.failed, q.feedback) for q in found] == [
        ("abc", True, None),
        ("tạm trú", False, "wrong"),
    ]


def test_feedback_marks_the_latest_answer_about_that_procedure(engine):
    with transaction(engine) as session:
        question_log.add(
            session, [question("một"), question("hai"), question("ba", codes=["2.000815"])]
        )
    with transaction(engine) as session:
        feedback.add(session, Feedback("useful", "1.004194", TALK))
    marked = rows(engine, "SELECT text, feedback FROM question_log ORDER BY id")
    assert [tuple(r) for r in marked] == [("một", None), ("hai", "useful"), ("ba", None)]


def test_a_second_verdict_on_the_same_answer_replaces_the_first(engine):
    for verdict in ("useful", "wrong"):
        with transaction(engine) as session:
            feedback.add(session, Feedback(verdict, "1.004194", TALK, "web", "tạm trú"))
    assert [tuple(r) for r in rows(engine, "SELECT verdict, question FROM feedback")] == [
        ("wrong", "tạm trú")
    ]


def test_a_verdict_that_is_none_is_refused(engine):
    with transaction(engine) as session, pytest.raises(ValueError):
        feedback.add(session, Feedback("meh", "1.004194", TALK))


def test_old_questions_and_verdicts_are_purged(engine):
    with transaction(engine) as session:
        question_log.add(session, [question("cũ", at=NOW - 2 * WEEK), question("mới")])
        feedback.add(session, Feedback("useful", "1.004194", TALK))
    with transaction(engine) as session:
        assert question_log.purge(session, before=NOW - WEEK) == 1
        assert feedback.purge(session, before=NOW - WEEK) == 0
        assert feedback.purge(session, before=NOW + WEEK) == 1
    assert rows(engine, "SELECT text FROM question_log") == [("mới",)]


def test_conversations_of_rasa_that_fell_silent_are_purged_whole(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/conversations.db")
    assert rasa_conversations.purge(engine, before=NOW) == 0
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT)")
        )
        for sender, age in (("lâu", 20), ("lâu", 15), ("vừa", 20), ("vừa", 1)):
            moment = (NOW - timedelta(days=age)).timestamp()
            connection.execute(
                text("INSERT INTO events (sender_id, timestamp) VALUES (:s, :t)"),
                {"s": sender, "t": moment},
            )
    assert rasa_conversations.purge(engine, before=NOW - WEEK) == 1
    assert rows(engine, "SELECT DISTINCT sender_id FROM events") == [("vừa",)]
    engine.dispose()


@pytest.mark.parametrize(
    ("asked", "troubles"),
    [
        ([("clarify", True), ("clarify", True), ("clarify", True)],
         ["asked_back", "asked_twice", "asked_twice"]),
        ([("clarify", True), ("answer", False), ("clarify", True)], ["asked_back", "", "asked_back"]),
        ([("out_of_scope", True), ("out_of_scope", False)], ["nothing_fits", ""]),
        ([("handover", False), ("unavailable", True)], ["handed_over", ""]),
    ],
)  # fmt: skip
def test_each_question_is_told_what_trouble_it_met(engine, asked, troubles):
    for outcome, failed in asked:
        with transaction(engine) as session:
            question_log.add(session, [question("x", outcome=outcome, failed=failed)])
    assert [r[0] for r in rows(engine, "SELECT trouble FROM question_log ORDER BY id")] == troubles


def test_trouble_in_another_conversation_does_not_count(engine):
    with transaction(engine) as session:
        question_log.add(
            session,
            [question("x", outcome="clarify", failed=True, conversation="1"),
             question("x", outcome="clarify", failed=True, conversation="2")],
        )  # fmt: skip
    assert rows(engine, "SELECT count(*) FROM question_log WHERE trouble = 'asked_twice'") == [(0,)]
