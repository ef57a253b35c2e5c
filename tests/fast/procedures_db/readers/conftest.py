"""What the tests of the readers share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from procedures_db.sync import readers
from procedures_db.sync.reading import Reading


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Write a file and read it."""

    def read(content: bytes | str, name: str = "tep", **options: object) -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return readers.read_file(path, **options)

    return read
