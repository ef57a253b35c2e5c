"""What the tests of the learning loop share."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from procedures_db import question_log
from procedures_db.connection import transaction
from procedures_db.learning_loop.words import TopicWords
from procedures_db.question_log import LoggedQuestion

START = datetime(2026, 11, 20, 5, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def words(language):
    return TopicWords(language)


@pytest.fixture
def run(engine):
    """Call a function in a transaction of its own."""

    def run(function, *arguments, **named):
        with transaction(engine) as session:
            return function(session, *arguments, **named)

    return run


@pytest.fixture
def log(run):
    """Log questions as (text, outcome) or with fields; each in a conversation of its own."""
    count = iter(range(10_000))

    def log(*asked, **fields):
        questions = []
        for one in asked:
            text, outcome = one if isinstance(one, tuple) else (one, "answer")
            number = next(count)
            plain = {
                "channel": "web", "conversation": f"talk{number}", "ms": 20.0,
                "failed": outcome in ("clarify", "out_of_scope"),
                "at": START + timedelta(minutes=number),
            }  # fmt: skip
            questions.append(LoggedQuestion(text=text, outcome=outcome, **{**plain, **fields}))
        run(question_log.add, questions)

    return log
