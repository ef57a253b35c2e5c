"""The data-quality report for pages: worked out by a process of its own, kept until the data changes.

Looking at every procedure takes ten seconds of one processor; in this process citizens would feel it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog
from sqlalchemy.engine import Engine

from procedures_db import procedures
from procedures_db.checking import today
from procedures_db.connection import transaction
from procedures_db.text.folding import fold

logger = structlog.get_logger()

_LONGEST_SECONDS = 600
_POLITE = ["nice", "-n", "10"] if shutil.which("nice") else []

Version = tuple[int, date]


@dataclass(frozen=True)
class Kept:
    """A report: that of ``motcua report quality --format json``, and of which data it is."""

    version: Version
    checks: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)


class QualityKeeper:
    """Keeps the latest report and has a new one made when the data or the day has changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._kept: Kept | None = None
        self._failed: Version | None = None
        self._making: threading.Thread | None = None

    def latest(self) -> tuple[Kept | None, bool]:
        """The latest report (None: none yet) and whether a newer one is on its way."""
        with transaction(self._engine) as session:
            version = (procedures.data_version(session), today())
        with self._lock:
            is_current = self._kept is not None and self._kept.version == version
            if is_current or self._failed == version:
                return self._kept, False
            if self._making is None or not self._making.is_alive():
                self._making = threading.Thread(target=self._make, args=[version], daemon=True)
                self._making.start()
            return self._kept, True

    def wait(self, seconds: float) -> None:
        """Wait until the report that is on its way is there; for tests."""
        if self._making:
            self._making.join(seconds)

    def _make(self, version: Version) -> None:
        try:
            made = json.loads(self._report())
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            logger.error("quality_report_failed", reason=repr(error)[:500])
            with self._lock:
                self._failed = version
            return
        for one in made["findings"]:  # ten thousand: too many to fold while somebody waits
            one["folded"] = fold(f"{one['code']} {one['name']}")
        with self._lock:
            self._kept, self._failed = Kept(version, made["checks"], made["findings"]), None

    def _report(self) -> bytes:
        url = self._engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "bot.cli", "report", "quality", "--format", "json"]
        done = subprocess.run(
            [*_POLITE, *command], env={**os.environ, "MOTCUA_DATABASE_URL": url}, check=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_LONGEST_SECONDS,
        )  # fmt: skip
        return done.stdout
