"""Around the conversation: a person who has taken over, sessions that are cut, secrets, the log."""

import asyncio
import time
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from bot.conversation import SESSION_TURNS, Conversation, Question
from bot.question_writer import QuestionWriter
from bot.rasa_client import RasaClient
from bot.retention import purge
from bot.settings import Settings
from bot.staff_desk import StaffDesk
from bot.tracker_store import tracker_url
from procedures_db import enquiries, question_log
from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.enquiry import NewEnquiry
from procedures_db.models import QuestionRow
from procedures_db.question_log import LoggedQuestion

TALK = "a" * 16


def answered(turns=1, failed=False):
    reply = {"text": "Đăng ký tạm trú", "outcome": "answer"}
    return {
        "custom": {"reply": reply, "about": {"intent": "ask_fee", "turns": turns, "failed": failed}}
    }


@pytest.fixture
def talk(rasa, wording, engine):
    """Say one thing to a conversation with a desk and a question log over the test's database."""

    async def talk(words, *, desk=engine):
        client = RasaClient(rasa.url, timeout_seconds=5)
        writer = QuestionWriter(engine)
        writer.start()
        conversation = Conversation(
            client, wording, max_chars=500, desk=StaffDesk(desk), questions=writer
        )
        try:
            replies = await conversation.answer(Question(TALK, words, channel="telegram"))
            await asyncio.gather(*conversation._sessions)
            return replies
        finally:
            writer.close()
            await client.close()

    return talk


@pytest.fixture
def taken_over(engine):
    with transaction(engine, write=True) as session:
        number = enquiries.open_enquiry(session, NewEnquiry(TALK, "web", "đất không giấy tờ"))
        enquiries.take_over(session, number, "lan")
    return number


async def test_while_a_person_has_taken_over_rasa_hears_nothing_and_the_staff_everything(
    talk, rasa, engine, taken_over
):
    (reply,) = await talk("gọi tôi số 0912345678 nhé")
    assert (reply.outcome, rasa.received) == ("handover", []) and str(taken_over) in reply.text
    with transaction(engine) as session:
        last = enquiries.get(session, taken_over).messages[-1]
    assert (last.author, last.text) == ("citizen", "gọi tôi số [số điện thoại] nhé")


async def test_the_receipt_is_told_in_full_once_and_shortly_after_that(talk, engine, taken_over):
    (first,) = await talk("dạ tôi nghe")
    (second,) = await talk("nhà tôi ở thôn Đông")
    assert str(taken_over) in first.text and first.card == {}
    assert (second.text, second.card) == ("Đã gửi cán bộ.", {"kind": "receipt"})
    (warned,) = await talk("căn cước tôi 001099012345")
    assert "che thông tin cá nhân" in warned.text and warned.card == {}, "a warning is no receipt"
    with transaction(engine) as session:
        enquiries.hand_back(session, taken_over, "lan")
        enquiries.take_over(session, taken_over, "lan")
    (again,) = await talk("tôi đây")
    assert str(taken_over) in again.text, "a new talk is told of again"


async def test_a_desk_that_cannot_be_read_leaves_the_citizen_with_the_bot(talk, rasa, tmp_path):
    rasa.answer = [answered()]
    (reply,) = await talk("phí tạm trú", desk=connect(f"sqlite:///{tmp_path}/empty.db"))
    assert reply.outcome == "answer"


async def test_rasa_is_told_the_channel(talk, rasa):
    await talk("phí tạm trú")
    assert rasa.received[0]["metadata"] == {"channel": "telegram"}


async def test_a_long_session_is_cut_after_the_reply_and_a_short_one_is_not(talk, rasa):
    rasa.answer = [answered(turns=SESSION_TURNS - 1)]
    await talk("phí tạm trú")
    assert rasa.messages == ["phí tạm trú"]
    rasa.answer = [answered(turns=SESSION_TURNS)]
    await talk("còn phí?")
    assert rasa.messages == ["phí tạm trú", "còn phí?", "/session_start"]


async def test_whoever_sends_a_secret_is_told_not_to(talk, rasa, wording):
    warning = wording.say("utter_masked")
    rasa.answer = [answered()]
    assert warning in (await talk("cccd 012345678901 làm tạm trú"))[0].text
    assert warning not in (await talk("số của tôi 0912345678"))[0].text


async def test_a_question_is_logged_masked_with_what_came_of_it(talk, rasa, engine):
    rasa.answer = [answered(failed=True)]
    await talk("phí tạm trú, sđt 0912345678")
    with transaction(engine, write=True) as session:
        (row,) = session.execute(select(QuestionRow)).scalars()
        assert row.text == "phí tạm trú, sđt [số điện thoại]"
        assert (row.channel, row.intent, row.outcome, row.failed) == (
            "telegram",
            "ask_fee",
            "answer",
            True,
        )
        assert TALK not in row.conversation


async def test_what_is_told_to_a_person_is_no_question_that_the_assistant_missed(
    talk, engine, taken_over
):
    await talk("em cảm ơn cán bộ")
    with transaction(engine, write=True) as session:
        assert session.execute(select(QuestionRow.id)).all() == []


def question(text="phí"):
    return LoggedQuestion("web", "x", text, "answer", 1.0)


def test_a_log_that_is_full_drops_questions_at_once_and_never_waits(engine):
    writer = QuestionWriter(engine, waiting=2)  # not started: nothing is ever written
    started = time.perf_counter()
    for _ in range(50):
        writer.put(question())
    assert time.perf_counter() - started < 5
    writer.start()
    writer.close()
    with transaction(engine, write=True) as session:
        assert len(session.execute(select(QuestionRow.id)).all()) == 2


def test_a_database_that_refuses_loses_the_batch_but_not_the_writer(engine, tmp_path):
    writer = QuestionWriter(connect(f"sqlite:///{tmp_path}/no-tables.db"))
    writer.start()
    writer.put(question())
    writer.close()
    assert not writer._thread.is_alive()


def test_the_daily_purge_keeps_what_is_young(engine, tmp_path):
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f"tracker_store: {{type: SQL, dialect: sqlite, db: {tmp_path}/c.db}}")
    old = datetime.now(timezone.utc) - timedelta(days=31)
    with transaction(engine, write=True) as session:
        asked = [question("mới"), LoggedQuestion("web", "x", "cũ", "answer", 1.0, at=old)]
        question_log.add(session, asked)
    purge(engine, Settings(keep_questions_days=30, endpoints=str(endpoints)))
    with transaction(engine, write=True) as session:
        assert session.execute(select(QuestionRow.text)).scalars().all() == ["mới"]


def test_a_purge_that_fails_is_only_logged(engine):
    purge(engine, Settings(endpoints="không/có/tệp.yml"))


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("tracker_store: {type: SQL, dialect: sqlite, db: data/c.db}", "sqlite:///data/c.db"),
        (
            "tracker_store: {type: SQL, dialect: postgresql, url: ${DB_HOST}, port: 5432, db: c, username: m, password: p@w}",
            "postgresql://m:p%40w@db.example/c",
        ),
        ("tracker_store: {type: mongod, url: x}", None),
        ("action_endpoint: {url: x}", None),
        ("", None),
    ],
)
def test_where_rasa_keeps_its_conversations_is_read_from_its_endpoints(
    tmp_path, monkeypatch, written, url
):
    monkeypatch.setenv("DB_HOST", "db.example")
    (tmp_path / "e.yml").write_text(written)
    found = tracker_url(tmp_path / "e.yml")
    assert (found or "").replace(":5432", "") == (url or "")


def test_questions_are_logged_while_others_write(engine):
    """SQLite cannot turn a transaction that has read into one that writes once another has written."""
    import threading

    stop = threading.Event()

    def others():
        while not stop.is_set():
            with transaction(engine) as session:
                reserve_writing(session)
                enquiries.open_enquiry(session, NewEnquiry(TALK, "web", "đất"))

    thread = threading.Thread(target=others)
    thread.start()
    writer = QuestionWriter(engine)
    writer.start()
    try:
        for _ in range(30):
            writer.put(LoggedQuestion("web", "x", "gì", "clarify", 1.0, failed=True))
            time.sleep(0.01)
    finally:
        writer.close()
        stop.set()
        thread.join(20)
    with transaction(engine, write=True) as session:
        assert len(session.execute(select(QuestionRow.id)).all()) == 30
