"""The consoles over a database of their own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.settings import Settings
from procedures_db.account import Role
from tests.consoles import make_account, sign_in
from tests.fake_rasa import FakeRasa


@pytest.fixture
def consoles(rasa: FakeRasa, tmp_path: Path, migrated_file: Path) -> Iterator[TestClient]:
    """The web application; nobody is logged in."""
    path = shutil.copy(migrated_file, tmp_path / "motcua.db")
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{path}", log_level="ERROR",
        rate_limit_login="1000/minute",
    )  # fmt: skip
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture(autouse=True)
def no_learning_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of the learning loop wait: a worker would read all paraphrases."""

    async def wait(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.app.run_jobs", wait)


@pytest.fixture
def signed_in(consoles: TestClient) -> Callable[..., TestClient]:
    """Log somebody with these roles in: ``signed_in(Role.EDITOR)``."""

    def sign(*roles: Role, username: str = "lan") -> TestClient:
        account = make_account(consoles.app.state.engine, username, roles)  # type: ignore[attr-defined]
        sign_in(consoles, account)
        return consoles

    return sign
