"""Where the database and the learned files are: read from the environment, so that every process agrees."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT_DATABASE_URL = "sqlite:///data/motcua.db"
CLASSIFIER = Path("models/paraphrases.npz")  # made by `motcua train`; learned anew when out of date
DEFAULT_MAX_IMPORT_MB = 64


def database_url() -> str:
    """``MOTCUA_DATABASE_URL`` (any SQLAlchemy URL), or the embedded SQLite file."""
    return os.environ.get("MOTCUA_DATABASE_URL") or DEFAULT_DATABASE_URL


def max_import_bytes() -> int:
    """``MOTCUA_MAX_IMPORT_MB``: the largest file that is read, in bytes. Raises ValueError."""
    return int(os.environ.get("MOTCUA_MAX_IMPORT_MB") or DEFAULT_MAX_IMPORT_MB) * 1024 * 1024
