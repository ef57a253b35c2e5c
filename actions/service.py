"""What the actions share: database, finder, wording. Made on first use, refreshed in the background."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from pathlib import Path

from procedures_db import procedures
from procedures_db.connection import connect, transaction
from procedures_db.record import ProcedureRecord
from procedures_db.search.finder import Finder
from procedures_db.search.language import Language
from procedures_db.settings import database_url
from procedures_db.wording import DOMAIN, Wording

REFRESH_SECONDS = 0.5  # an edit in the console is answered from within a second
RECORDS_KEPT = 500

logger = logging.getLogger(__name__)


class Service:
    """One per action process; all methods are safe to call from several threads."""

    def __init__(self) -> None:
        self._engine = connect(database_url())
        self.finder = Finder(self._engine, Language.load())
        self.finder.refresh()
        self._wording = Wording.load()
        self._wording_changed = _modified(DOMAIN)
        self._records: dict[str, ProcedureRecord] = {}
        threading.Thread(target=self._refresh_forever, name="refresh", daemon=True).start()

    @property
    def wording(self) -> Wording:
        return self._wording

    def record(self, code: str) -> ProcedureRecord:
        """Return a published procedure. Raises ProcedureNotFound."""
        known = self._records
        if code not in known:
            if len(known) >= RECORDS_KEPT:
                known.clear()
            with transaction(self._engine) as session:
                known[code] = procedures.get(session, code)
        return known[code]

    def _refresh_forever(self) -> None:
        wait = threading.Event()
        while not wait.wait(REFRESH_SECONDS):
            try:
                self._refresh()
            except Exception:  # the next round tries again; answers go on from the last good state
                logger.exception("refresh_failed")

    def _refresh(self) -> None:
        if self.finder.is_stale():
            self._records = {}
            self.finder.refresh()
            self._records = {}
        modified = _modified(DOMAIN)
        if modified != self._wording_changed:
            self._wording, self._wording_changed = Wording.load(), modified


def _modified(path: Path) -> float:
    return path.stat().st_mtime


@lru_cache(maxsize=1)
def service() -> Service:
    """The process's service; the first call takes seconds."""
    return Service()
