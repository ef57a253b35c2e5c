"""The web application alone as a real process, for tests that kill it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.installation import NO_TLS, PROJECT, Failed, eventually

START_SECONDS = 180  # two seconds on an idle machine
STOP_SECONDS = 60


class WebProcess:
    """``uvicorn bot.app:create_app`` on a port of its own. Settings are MOTCUA_ names in lower case."""

    def __init__(self, folder: Path, port: int, **settings: object) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log_file = folder / f"web-{port}.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MOTCUA_")}
        given = {f"MOTCUA_{name.upper()}": str(value) for name, value in settings.items()}
        self._environment = {**inherited, **given}
        self._command = [
            sys.executable, "-m", "uvicorn", "bot.app:create_app", "--factory", "--ws", "wsproto",
            "--host", "127.0.0.1", "--port", str(port), "--no-access-log",
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Return once /healthz answers. Raises Failed."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=PROJECT, env=self._environment, stdout=log, stderr=log
            )
        if not eventually(self._is_up, within=START_SECONDS):
            raise Failed(f"the web process is not up:\n{self.log[-3000:]}")

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5, verify=NO_TLS).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """End it as the kernel would when memory runs out."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as systemd does."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(STOP_SECONDS)
