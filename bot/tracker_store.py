"""Where Rasa keeps its conversations: read from its endpoints file."""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from sqlalchemy.engine import URL


def tracker_url(endpoints: Path) -> str | None:
    """SQLAlchemy URL of Rasa's SQL tracker store; None if it keeps conversations elsewhere.

    Follows rasa/core/tracker_store.py, SQLTrackerStore.get_db_url. Raises OSError, yaml.YAMLError.
    """
    content = yaml.safe_load(os.path.expandvars(endpoints.read_text(encoding="utf-8"))) or {}
    store = content.get("tracker_store") or {}
    if str(store.get("type", "")).lower() != "sql":
        return None
    if store.get("dialect", "sqlite") == "sqlite":
        return f"sqlite:///{store.get('db', 'rasa.db')}"
    port = store.get("port")
    url = URL.create(
        store["dialect"],
        store.get("username"),
        store.get("password"),
        store.get("url") or store.get("host"),
        int(port) if port else None,
        store.get("db"),
    )
    return url.render_as_string(hide_password=False)
