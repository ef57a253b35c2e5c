"""Where the database is: read from the environment, so that every process agrees."""

from __future__ import annotations

import os

DEFAULT_DATABASE_URL = "sqlite:///data/motcua.db"


def database_url() -> str:
    """``MOTCUA_DATABASE_URL`` (any SQLAlchemy URL), or the embedded SQLite file."""
    return os.environ.get("MOTCUA_DATABASE_URL") or DEFAULT_DATABASE_URL
