"""How long every page of the consoles takes with all procedures, 100,000 questions and 10,000 enquiries."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from starlette.routing import Route
from starlette.testclient import TestClient

from benchmarks import workbench
from benchmarks.result import Figure, Result, Skipped, Table
from bot import consoles
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import SESSION_COOKIE
from procedures_db import account_sessions, accounts, models
from procedures_db.account import Role
from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.faqs import FaqState
from procedures_db.learning_loop.words import topic_words
from procedures_db.migrating import migrate
from procedures_db.models.base import now
from procedures_db.statistics.questions import statistics
from procedures_db.statistics.scope import Scope
from procedures_db.working_hours import LOCAL, today

QUESTIONS, ENQUIRIES, DAYS = 100_000, 10_000, 365
TARGET_MS = 300
_ROUNDS = 20
_BATCH = 5_000
# They ask the assistant or read the whole catalogue on purpose; question_speed has the one.
_ASSISTANT = ("/staff/search", "/staff/fact")
_QUERIES = (
    "",
    "?from=2020-01-01",
    "?view=answered",
    "?view=mine",
    "?q=giay",
    "?page=40",
    "?state=settled",
    "?kind=paraphrase&words=ho+chieu",
)
_PARTS = {
    "name": "days", "form": "csv", "number": "1", "code": "1.001193", "int": "1",
    "key": "sinh_con", "username": "bench",
}  # fmt: skip
_KEYS = {"/admin/wording/": "utter_greet", "/admin/glossary/": "tam_vang"}  # other pages' "key"


def run() -> Result:
    """Raises Skipped where there is no database with all procedures."""
    measured = workbench.in_child(_measure, workbench.full_database())
    slowest = max(measured["pages"], key=lambda page: page["p95"])
    return Result(
        figures=(
            Figure("pages and their parts measured", len(measured["pages"])),
            Figure("the slowest, p95", slowest["p95"], "ms", TARGET_MS),
            Figure(f"over {TARGET_MS} ms", sum(p["p95"] > TARGET_MS for p in measured["pages"]), target=0),
            Figure("figures of all years counted anew", measured["counted_ms"], "ms"),
            Figure("grouping of questions by meaning", measured["grouped_per_s"], "per s"),
        ),
        tables=(
            Table(
                "The slowest pages",
                ("page", "p50 ms", "p95 ms", "kB"),
                tuple(
                    (p["path"], f"{p['p50']:.0f}", f"{p['p95']:.0f}", f"{p['kb']:.0f}")
                    for p in sorted(measured["pages"], key=lambda p: -p["p95"])[:15]
                ),
            ),
        ),
        notes=(
            f"{measured['procedures']:,} procedures, {QUESTIONS:,} questions over {DAYS} days, {ENQUIRIES:,} enquiries,"
            f" {measured['topics']:,} topics in SQLite; {_ROUNDS} requests a page, one after the other.",
            "The figures of a period are counted anew after 30 seconds at most: the page's time is that of what is kept.",
            *(f"not measured: {path}" for path in measured["left_out"]),
        ),
        data=measured,
    )  # fmt: skip


def _measure(url: str) -> dict[str, Any]:
    path = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not path:
        raise Skipped("measured on a copy of a SQLite database only")
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(path, Path(folder) / "console.db")
        engine = connect(f"sqlite:///{copy}")
        migrate(engine)
        topics, grouped = fill(engine)
        pages, left_out = _pages(str(engine.url))
        with transaction(engine) as session:
            counted_ms = _counted_ms(session)
            procedures = len(session.execute(select(models.ProcedureRow.id)).all())
        engine.dispose()
    return {
        "pages": pages, "left_out": left_out, "topics": topics, "grouped_per_s": grouped,
        "procedures": procedures, "counted_ms": counted_ms,
    }  # fmt: skip


def _counted_ms(session: Session) -> float:
    """Half of ten counts of the whole question log took so long."""
    scope = Scope(date(2020, 1, 1), today())
    _, times = workbench.timed(lambda _: statistics(session, scope), [""] * 10)
    return workbench.percentile(times, 50)


def fill(engine: Engine) -> tuple[int, float]:
    """Store questions, topics, enquiries, wordings and cases; how many topics, and questions keyed a second."""
    chance = random.Random(20261123)
    with transaction(engine) as session:
        codes = list(session.execute(select(models.ProcedureRow.code)).scalars())
    texts = _texts(chance)
    started = time.perf_counter()
    keys = {text: topic_words().key(text) for text in texts}
    keyed = len(texts) / (time.perf_counter() - started)
    numbers = {key: at for at, key in enumerate(sorted({k for k in keys.values() if k}), start=1)}
    samples = {numbers[key]: text for text, key in keys.items() if key}
    with engine.begin() as connection:
        _insert(connection, models.TopicRow, _topics(numbers, samples, chance))
        words = {(w, n) for key, n in numbers.items() for w in key.split()}
        _insert(connection, models.TopicWordRow, ({"word": w, "topic_id": n} for w, n in words))
        rows = _questions(chance, texts, {t: numbers.get(k, 0) for t, k in keys.items()}, codes)
        _insert(connection, models.QuestionRow, rows)
        _insert(connection, models.EnquiryRow, _enquiries(chance, texts, codes))
        _insert(connection, models.EnquiryMessageRow, _messages(chance, texts))
        _insert(connection, models.TaughtWordingRow, _wordings(chance, texts, codes))
        _insert(connection, models.FaqRow, _faqs(chance, texts, codes))
        connection.exec_driver_sql("ANALYZE")
    return len(numbers), keyed


def _insert(connection: Any, table: Any, rows: Iterator[dict[str, Any]] | Any) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            connection.execute(insert(table.__table__), batch)
            batch = []
    if batch:
        connection.execute(insert(table.__table__), batch)


def _texts(chance: random.Random) -> list[str]:
    """20,000 different questions: those of the exam, their words joined anew."""
    known = workbench.all_questions()
    made = set(known)
    while len(made) < 20_000:
        left, right = chance.choice(known).split(), chance.choice(known).split()
        made.add(" ".join(left[: len(left) // 2] + right[len(right) // 2 :]))
    return sorted(made)


def _topics(numbers: dict[str, int], samples: dict[int, str], chance: random.Random) -> Any:
    for key, number in numbers.items():
        bad = chance.randrange(40)
        yield {
            "id": number, "words": key, "sample": samples[number], "questions": 5 + bad, "wrong": 0,
            "asked_twice": 0, "nothing_fits": bad, "handed_over": 0, "badness": 2 * bad,
            "last_at": now(), "state": "open" if number % 3 else "settled", "code": "",
            "settled_by": "", "bad_then": 0,
        }  # fmt: skip


def _questions(
    chance: random.Random, texts: list[str], topics: dict[str, int], codes: list[str]
) -> Any:
    end = now()
    outcomes = ["answer"] * 7 + ["clarify", "out_of_scope", "handover"]
    for number in range(QUESTIONS):
        outcome, text = chance.choice(outcomes), chance.choice(texts)
        code = chance.choice(codes[:900]) if outcome in ("answer", "clarify") else ""
        trouble = {"out_of_scope": "nothing_fits", "handover": "handed_over"}.get(outcome, "")
        at = end - timedelta(minutes=(QUESTIONS - number) * DAYS * 1440 / QUESTIONS)
        yield {
            "at": at, "day": at.astimezone(LOCAL).date(),
            "channel": "web", "conversation": f"{number // 3:012x}", "text": text, "outcome": outcome,
            "intent": "ask_fee", "codes": [code] if code else [], "aspects": ["fee"],
            "ms": chance.lognormvariate(3.5, 0.8), "failed": bool(trouble), "code": code,
            "feedback": chance.choice([None] * 8 + ["useful", "wrong"]) if outcome == "answer" else None,
            "commune": chance.choice(["", "xã Hoa Nhãn", "phường Mai Lĩnh", "xã Bình An"]),
            "trouble": trouble, "topic_id": topics[text],
        }  # fmt: skip


def _enquiries(chance: random.Random, texts: list[str], codes: list[str]) -> Any:
    end = now()
    for number in range(1, ENQUIRIES + 1):
        status = chance.choice(["new", "taken", "answered", "answered", "closed"])
        yield {
            "id": number, "conversation_id": f"bench{number:011}", "channel": "web",
            "created_at": end - timedelta(minutes=ENQUIRIES - number), "status": status,
            "question": chance.choice(texts), "codes": chance.sample(codes, 3), "province": "",
            "commune": "xã Hoa Nhãn", "assigned_to": None if status == "new" else f"staff{number % 30}",
        }  # fmt: skip


def _messages(chance: random.Random, texts: list[str]) -> Any:
    for number in range(1, ENQUIRIES + 1):
        for author in ("citizen", "bot", "citizen", "staff"):
            yield {
                "enquiry_id": number,
                "author": author,
                "text": chance.choice(texts),
                "at": now(),
            }


def _wordings(chance: random.Random, texts: list[str], codes: list[str]) -> Any:
    for number in range(1, 501):
        yield {
            "id": number, "code": chance.choice(codes), "text": chance.choice(texts), "origin": "",
            "state": chance.choice(["proposed", "accepted", "refused"]), "proposed_by": "staff1",
            "proposed_at": now(), "decided_by": "",
        }  # fmt: skip


def _faqs(chance: random.Random, texts: list[str], codes: list[str]) -> Any:
    for number in range(1, 301):
        yield {
            "id": number, "question": chance.choice(texts), "variants": chance.sample(texts, 3),
            "answer": chance.choice(texts), "source": "bench", "procedures": chance.sample(codes, 2),
            "review_by": today() + timedelta(days=number - 100), "state": FaqState.PUBLISHED.value,
            "author": "staff1", "updated_at": now(),
        }  # fmt: skip


def _pages(database_url: str) -> tuple[list[dict[str, Any]], list[str]]:
    from bot.app import create_app
    from bot.settings import Settings

    settings = Settings(database_url=database_url, rasa_url="http://127.0.0.1:9", log_level="ERROR")
    pages, left_out = [], []
    with TestClient(create_app(settings)) as client:
        _log_in(client)
        for path in _paths():
            if path.startswith(_ASSISTANT):
                left_out.append(f"{path} (asks the assistant)")
                continue
            measured = _timed(client, path)
            if isinstance(measured, int):
                left_out.append(f"{path} (status {measured})")
            else:
                pages.append(measured)
    return pages, left_out


def _log_in(client: TestClient) -> None:
    with transaction(client.app.state.engine) as session:  # type: ignore[attr-defined]
        reserve_writing(session)
        made = accounts.add(
            session, "bench", name="Bench", roles=list(Role), password="mua-rao-thang-bay-8"
        )
        row = session.get(models.AccountRow, made.id)
        row.must_change_password = False
        begun = account_sessions.begin(session, made.id)
    client.cookies.set(SESSION_COOKIE, begun.token, domain="testserver.local", path="/")


def _paths() -> Iterator[str]:
    """Every page that a GET opens; lists also further down, searched and filtered."""
    seen = set()
    for route in consoles.routes:
        if not isinstance(route, ConsoleRoute) or "GET" not in (route.methods or ()):
            continue
        path = _filled(route)
        if path.startswith(("/login", "/account")) or path in seen:
            continue
        seen.add(path)
        yield path
        if path in ("/staff", "/admin/learning", "/admin/dashboard", "/admin/procedures",
                    "/admin/learning/wordings", "/admin/sayings"):  # fmt: skip
            yield from (path + query for query in _QUERIES[1:])


def _filled(route: Route) -> str:
    path = route.path
    for name in route.param_convertors:
        other = (key for start, key in _KEYS.items() if name == "key" and path.startswith(start))
        sample = next(other, _PARTS.get(name, "1"))
        path = path.replace(f"{{{name}:int}}", sample).replace(f"{{{name}}}", sample)
    return path


def _timed(client: TestClient, path: str) -> dict[str, Any] | int:
    """The figures of a page, or the status with which it refuses."""
    times, size = [], 0
    for _ in range(_ROUNDS + 1):
        started = time.perf_counter()
        response = client.get(path, follow_redirects=False)
        times.append((time.perf_counter() - started) * 1000)
        if response.status_code not in (200, 204):
            return int(response.status_code)
        size = max(size, len(response.content))
    times = times[1:]  # the first compiles the template
    return {
        "path": path, "p50": workbench.percentile(times, 50), "p95": workbench.percentile(times, 95),
        "kb": size / 1024,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_measure(workbench.full_database()), ensure_ascii=False, indent=1))
