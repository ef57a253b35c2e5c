"""Temporary folders of tests in memory, where the machine has room for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")
_NEEDED = 4 << 30  # bytes


def use_memory() -> None:
    """Let pytest make ``tmp_path`` in memory: hundreds of small databases wait for a disk again and again.

    A process that is killed leaves the same in memory as on a disk. Lasting through a power cut is SQLite's
    and PostgreSQL's own matter.
    """
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _NEEDED:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
