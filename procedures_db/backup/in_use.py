"""Who uses a SQLite file as a whole: servers share it, a restore wants it alone.

The lock is ``<database>.lock``, held through flock: the kernel lets go when the process dies.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from procedures_db.backup.errors import BeingRestored, DatabaseInUse, NotEmbedded
from procedures_db.backup.sqlite_file import database_file


@contextmanager
def serving(database_url: str) -> Iterator[None]:
    """Tell others that a server runs on this database. Raises BeingRestored."""
    try:
        path = database_file(database_url)
    except NotEmbedded:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock(path, fcntl.LOCK_SH) as got:
        if not got:
            raise BeingRestored(f"{path} đang được khôi phục: đợi xong rồi chạy lại.")
        yield


@contextmanager
def alone(path: Path, *, force: bool = False) -> Iterator[None]:
    """Keep servers away while the file is replaced. Raises DatabaseInUse unless forced."""
    with _lock(path, fcntl.LOCK_EX) as got:
        if not (got or force):
            raise DatabaseInUse(
                f"motcua serve đang chạy trên {path}: dừng lại rồi khôi phục, hoặc thêm --force."
            )
        yield


@contextmanager
def _lock(path: Path, kind: int) -> Iterator[bool]:
    # For reading: the file may belong to the user who was there first.
    descriptor = os.open(f"{path}.lock", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            got = True
        except BlockingIOError:
            got = False
        yield got
    finally:
        os.close(descriptor)
