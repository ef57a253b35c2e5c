"""Two databases and a source between them: another installation's pages without its web server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from procedures_db import procedures
from procedures_db.connection import connect, transaction
from procedures_db.exchange import conflicts, publishing
from procedures_db.exchange.conflicts import Conflict
from procedures_db.exchange.fetching import Fetcher
from procedures_db.exchange.syncing import Outcome, sync
from procedures_db.record import ProcedureRecord
from tests.changing import ACTOR, edit

SOURCE = "https://source.example"
BEES = "1.000001"  # the procedure that ``shared_bees`` puts on both sides


def get(engine: Engine, code: str) -> ProcedureRecord | None:
    with transaction(engine) as session:
        try:
            return procedures.get(session, code)
        except procedures.ProcedureNotFound:
            return None


def everything(engine: Engine) -> list[ProcedureRecord]:
    with transaction(engine) as session:
        return list(procedures.every(session))


def many(record: Callable[..., ProcedureRecord], count: int) -> list[ProcedureRecord]:
    return [record(code=f"1.{number:06}") for number in range(1, count + 1)]


def counts(outcome: Outcome) -> dict[str, int]:
    """Verdict → how many, without those that did not occur."""
    return {verdict.name: len(codes) for verdict, codes in outcome.verdicts.items() if codes}


def changed(engine: Engine, **fields: object) -> None:
    """Edit the bees."""
    edit(engine, get(engine, BEES).model_copy(update=fields))


def kept(engine: Engine) -> dict[str, Conflict]:
    """The conflicts that wait for a person, by code."""
    return {conflict.code: conflict for conflict in conflicts.every(engine)}


def version(engine: Engine) -> int:
    with transaction(engine) as session:
        return procedures.data_version(session)


@pytest.fixture
def theirs(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """The other installation's database."""
    engine = connect(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'theirs.db')}")
    with (
        engine.begin() as connection
    ):  # a copied file would pass for the dataset it was copied from
        connection.execute(text("UPDATE state SET value = 7 WHERE name = 'dataset'"))
    yield engine
    engine.dispose()


class Source:
    """Answers as the other installation would, until a test puts something else in its place."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked: list[httpx.URL] = []
        self.waited: list[float] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = self.page
        client = httpx.Client(transport=httpx.MockTransport(self._handle))
        self.fetcher = Fetcher(client, sleep=self.waited.append)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        return self.answer(request)

    def page(self, request: httpx.Request) -> httpx.Response:
        """What bot/open_data.py answers."""
        wanted = request.url.params
        try:
            limit = min(int(wanted.get("limit", 100)), self.limit)
            content = publishing.page(self.engine, wanted.get("changed_since", ""), limit)
        except publishing.UnknownCursor:
            return httpx.Response(400, json={"error": "…", "reason": "unknown_cursor"})
        return httpx.Response(200, json=content)

    limit = 1000

    def says(self, content: Any, **headers: str) -> None:
        """Let every answer be this: text as it is, anything else as JSON."""
        body = content if isinstance(content, (str, bytes)) else json.dumps(content)
        self.answer = lambda request: httpx.Response(200, content=body, headers=headers)

    def sync(self, engine: Engine, url: str = SOURCE, **options: Any) -> Outcome:
        return sync(engine, url, fetcher=self.fetcher, actor=ACTOR, **options)


@pytest.fixture
def source(theirs: Engine) -> Source:
    return Source(theirs)


@pytest.fixture
def shared_bees(
    engine: Engine, theirs: Engine, source: Source, record: Callable[..., ProcedureRecord]
) -> ProcedureRecord:
    """Both have the same procedure, received by us from them."""
    edit(theirs, record(conditions="Có tổ ong."), received=True)
    source.sync(engine)
    return get(engine, BEES)
