"""Beside the web application: questions are grouped, jobs get a worker, forgotten take-overs end."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import housekeeping, learning
from bot.settings import Settings
from procedures_db import enquiries, question_log
from procedures_db.connection import transaction
from procedures_db.enquiry import NewEnquiry
from procedures_db.learning_loop import jobs, topics
from procedures_db.question_log import LoggedQuestion


async def until(work, done, *, within=20.0):
    """Run endless work until ``done`` is true."""
    task = asyncio.create_task(work)
    try:
        for _ in range(int(within / 0.05)):
            if await asyncio.to_thread(done):
                return
            assert not task.done(), task.exception()
            await asyncio.sleep(0.05)
        raise AssertionError("it did not happen")
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def read(engine, function, *arguments):
    with transaction(engine) as session:
        return function(session, *arguments)


def ask(engine, words="xin giấy phép nuôi ong"):
    with transaction(engine, write=True) as session:
        question_log.add(
            session, [LoggedQuestion("web", "c", words, "out_of_scope", 1.0, failed=True)]
        )


async def test_questions_are_grouped_by_themselves(engine):
    ask(engine)
    await until(learning.group_questions(engine), lambda: read(engine, topics.worst).total == 1)


async def test_a_failure_does_not_end_the_grouping(engine, monkeypatch):
    monkeypatch.setattr(learning, "_GROUP_SECONDS", 0.01)
    real, calls = topics.group_new, []

    def fails_first(*arguments, **named):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("unreadable")
        return real(*arguments, **named)

    monkeypatch.setattr(topics, "group_new", fails_first)
    ask(engine)
    await until(learning.group_questions(engine), lambda: read(engine, topics.worst).total == 1)


async def test_a_worker_is_started_when_a_job_waits_and_only_one(engine, monkeypatch):
    started = []

    class Worker:
        def poll(self):
            return None

        def terminate(self):
            started.append("terminated")

        def wait(self, seconds):
            return 0

    def start(settings):
        started.append("started")
        return Worker()

    monkeypatch.setattr(learning, "_start", start)
    monkeypatch.setattr(learning, "_JOB_SECONDS", 0.01)
    with transaction(engine) as session:
        jobs.ask(session, jobs.RETRAIN, by="lan")
    await until(learning.run_jobs(engine, Settings()), lambda: started)
    await asyncio.sleep(0)
    assert started == ["started", "terminated"]


async def test_a_forgotten_take_over_ends_by_itself(engine, monkeypatch):
    monkeypatch.setattr(housekeeping, "IDLE_TAKE_OVER", timedelta(seconds=-1))
    with transaction(engine, write=True) as session:
        number = enquiries.open_enquiry(session, NewEnquiry("c" * 16, "web", "Đất?"))
        enquiries.take_over(session, number, "lan")
    await until(
        housekeeping.keep_desk(engine),
        lambda: read(engine, enquiries.taken_over, "c" * 16) is None,
    )


@pytest.mark.parametrize("work", ["keep_desk", "group_questions", "run_jobs"])
def test_the_application_does_all_of_it(work, monkeypatch, migrated_file, tmp_path, rasa):
    import shutil

    from starlette.testclient import TestClient

    from bot.app import create_app

    ran = []

    async def noted(*_):
        ran.append(work)
        await asyncio.Event().wait()

    monkeypatch.setattr(f"bot.app.{work}", noted)
    path = shutil.copy(migrated_file, tmp_path / "motcua.db")
    settings = Settings(rasa_url=rasa.url, database_url=f"sqlite:///{path}", log_level="ERROR")
    with TestClient(create_app(settings)) as client:
        client.get("/healthz")
    assert ran == [work]


def test_purging_forgets_topics_whose_questions_are_gone(engine, tmp_path):
    from bot.retention import purge

    ask(engine)
    with transaction(engine, write=True) as session:
        from procedures_db.learning_loop.words import topic_words

        topics.group_new(session, topic_words())
        session.execute(text("UPDATE question_log SET at = '2020-01-01 00:00:00'"))
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f"tracker_store: {{type: SQL, dialect: sqlite, db: {tmp_path}/c.db}}")
    purge(engine, Settings(endpoints=str(endpoints)))
    assert read(engine, topics.worst).total == 0
