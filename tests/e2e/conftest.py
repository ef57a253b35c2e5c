"""One real installation for all end-to-end tests: built-in data, own database, own tracker, free ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.installation import Chat, Installation, running


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`motcua serve`, ready; stopped with SIGINT at the end, when nothing of it may be left."""
    with running(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


@pytest.fixture
def chat(installation: Installation) -> Chat:
    """A new conversation."""
    return installation.chat()
