"""Commands run in this process, against a database of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import settings
from bot.cli import app

Motcua = Callable[..., Result]


@pytest.fixture
def database(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty database that the settings name."""
    path = Path(shutil.copy(migrated_file, tmp_path / "motcua.db"))
    monkeypatch.setenv("MOTCUA_DATABASE_URL", f"sqlite:///{path}")
    settings.settings.cache_clear()
    yield path
    settings.settings.cache_clear()


@pytest.fixture
def motcua(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Motcua:
    """Run `motcua` with arguments, as from a terminal in the temporary folder."""

    def run(*arguments: str, answer: str | None = None) -> Result:
        monkeypatch.chdir(tmp_path)  # commands leave it; restored after the test
        done = CliRunner().invoke(app, list(arguments), input=answer)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return run
