"""``motcua serve``: Rasa, the action server and the web app as one foreground command."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx
import structlog

from bot.settings import Settings

logger = structlog.get_logger()

STARTUP_SECONDS = 180  # Rasa imports TensorFlow: 12–45 s, more on a busy machine
_STOP_SECONDS = 15
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_STEADY_SECONDS = 60  # after so long the back-off starts anew
_POLL_SECONDS = 0.3


class StartupError(RuntimeError):
    """A part did not become ready; the message names it."""


@dataclass(frozen=True)
class Part:
    """A process: what runs it, and the address that answers 200 once it is ready."""

    name: str
    command: Sequence[str]
    ready_url: str
    environment: dict[str, str] = field(default_factory=dict)


def parts(settings: Settings, model: str) -> list[Part]:
    """The three processes, in the order in which they are started."""
    python = sys.executable
    # Rasa and the actions must never be reachable from outside: no authentication, full trackers.
    rasa = [python, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(settings.rasa_port),
            "-m", model, "--endpoints", settings.endpoints, "--credentials", "credentials.yml"]  # fmt: skip
    actions = [python, "-m", "actions", "-p", str(settings.actions_port)]
    web = [python, "-m", "uvicorn", "bot.app:create_app", "--factory", "--ws", "wsproto",
           "--host", settings.host, "--port", str(settings.port), "--no-access-log"]  # fmt: skip
    here = settings.host if settings.host != "0.0.0.0" else "127.0.0.1"
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SANIC_HOST": "127.0.0.1",
             "PYTHONWARNINGS": "ignore"}  # fmt: skip
    # A question's products are small: shared out among threads they take four times as long on a busy machine.
    quick = {"OPENBLAS_NUM_THREADS": "1"}
    return [
        Part("actions", actions, f"http://127.0.0.1:{settings.actions_port}/health", quiet | quick),
        Part("rasa", rasa, f"http://127.0.0.1:{settings.rasa_port}/", quiet),
        Part("web", web, f"http://{here}:{settings.port}/healthz", quick),
    ]


class Supervisor:
    """Starts the parts, waits until each is ready, restarts what dies, stops all."""

    def __init__(self, parts: Sequence[Part], *, on_ready: Callable[[str], None]) -> None:
        self._parts = parts
        self._on_ready = on_ready
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._stopping = threading.Event()

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM. Raises StartupError; stops every part in any case."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        for part in self._parts:
            if not _is_free(part.ready_url):
                raise StartupError(f"cổng của {part.name} ({part.ready_url}) đang được dùng")
        try:
            for part in self._parts:
                self._start(part)
            for part in self._parts:
                self._await_ready(part)
            while not self._stopping.wait(_POLL_SECONDS):
                for part in self._parts:
                    self._restart_if_dead(part)
        finally:
            self._stop_all()

    def _start(self, part: Part) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the parts in order.
        self._processes[part.name] = subprocess.Popen(
            part.command, env={**os.environ, **part.environment}, start_new_session=True
        )
        self._started[part.name] = time.monotonic()

    def _await_ready(self, part: Part) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not self._stopping.is_set():
            if self._processes[part.name].poll() is not None:
                raise StartupError(f"{part.name} dừng ngay khi khởi động, xem lỗi ở trên")
            if answers(part.ready_url):
                self._on_ready(part.name)
                return
            if time.monotonic() > deadline:
                raise StartupError(f"{part.name} chưa sẵn sàng sau {STARTUP_SECONDS} giây")
            self._stopping.wait(_POLL_SECONDS)

    def _restart_if_dead(self, part: Part) -> None:
        code = self._processes[part.name].poll()
        if code is None:
            return
        now = time.monotonic()
        if part.name not in self._due:
            steady = now - self._started[part.name] > _STEADY_SECONDS
            pause = _FIRST_PAUSE if steady else self._pauses.get(part.name, _FIRST_PAUSE)
            self._pauses[part.name] = min(pause * 2, _LONGEST_PAUSE)
            self._due[part.name] = now + pause
            logger.error("part_died", part=part.name, exit_code=code, restart_in_seconds=pause)
        elif now >= self._due[part.name]:
            del self._due[part.name]
            self._start(part)
            logger.info("part_restarted", part=part.name)

    def _stop_all(self) -> None:
        running = [p for p in reversed(self._processes.values()) if p.poll() is None]
        for process in running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()


def answers(url: str) -> bool:
    """Whether the address answers 200 within two seconds."""
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _is_free(url: str) -> bool:
    """Whether nothing listens where a part is going to: another installation would answer for it."""
    address = httpx.URL(url)
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address.host, address.port or 80)) != 0


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
