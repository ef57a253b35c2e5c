"""A real installation for tests: `motcua serve` on free ports, with a database and tracker of its own."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.machine import alone, command_of, free_ports, listeners, parent_of

PROJECT = Path(__file__).parents[1]
MOTCUA = Path(sys.executable).parent / "motcua"
START_SECONDS = 300  # `motcua serve` trains first when the model is missing or out of date
STOP_SECONDS = 90
COMMAND_SECONDS = 180
# Everything here is http://; a client of its own a request would read all certificates each time (30 ms).
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Failed(AssertionError):
    """The installation did not do what every test relies on; the message ends with its output."""


def eventually(check: Callable[[], Any], *, within: float, every: float = 0.1) -> Any:
    """Return the first true result of ``check``, else that of a last one begun after ``within`` seconds.

    Begun after: what is true by then is found, however long the machine takes for one check.
    """
    deadline = time.monotonic() + within
    while True:
        is_last = time.monotonic() >= deadline
        result = check()
        if result or is_last:
            return result
        time.sleep(every)


@dataclass
class Answer:
    """What the chat API sent back for one message."""

    status: int
    content: dict[str, Any]
    seconds: float

    @property
    def conversation_id(self) -> str:
        return self.content["conversation_id"]

    @property
    def replies(self) -> list[dict[str, Any]]:
        return self.content["replies"]

    @property
    def text(self) -> str:
        return "\n\n".join(reply["text"] for reply in self.replies)

    @property
    def outcome(self) -> str:
        return self.replies[0]["outcome"]

    @property
    def codes(self) -> list[str]:
        return [procedure["code"] for reply in self.replies for procedure in reply["procedures"]]

    @property
    def aspects(self) -> list[str]:
        return [aspect for reply in self.replies for aspect in reply["aspects"]]

    @property
    def buttons(self) -> list[dict[str, str]]:
        return [button for reply in self.replies for button in reply["buttons"]]


class Chat:
    """One conversation with the installation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.conversation_id: str | None = None

    def __call__(self, text: str) -> Answer:
        return self.send(
            json.dumps({"conversation_id": self.conversation_id, "text": text}).encode()
        )

    def send(self, body: bytes) -> Answer:
        """Post raw bytes, for what no well-behaved client would send."""
        started = time.monotonic()
        response = httpx.post(
            f"{self.url}/api/chat",
            content=body,
            headers={"Content-Type": "application/json"},
            timeout=30,
            verify=NO_TLS,
        )
        seconds = time.monotonic() - started
        content = response.json()
        self.conversation_id = content.get("conversation_id", self.conversation_id)
        return Answer(response.status_code, content, seconds)


@dataclass
class Installation:
    """A running `motcua serve`."""

    folder: Path
    port: int
    rasa_port: int
    actions_port: int
    settings: dict[str, str] = field(default_factory=dict)  # more MOTCUA_… variables
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder}/motcua.db"

    @property
    def tracker_file(self) -> Path:
        return self.folder / "conversations.db"

    @property
    def log_file(self) -> Path:
        return self.folder / "serve.log"

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MOTCUA_")}
        return {
            **inherited,
            "MOTCUA_PORT": str(self.port),
            "MOTCUA_RASA_PORT": str(self.rasa_port),
            "MOTCUA_ACTIONS_PORT": str(self.actions_port),
            "MOTCUA_DATABASE_URL": self.database_url,
            "MOTCUA_ENDPOINTS": str(self.folder / "endpoints.yml"),
            **self.settings,
        }

    def chat(self) -> Chat:
        return Chat(self.url)

    def motcua(
        self, *arguments: str, within: float = COMMAND_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line against this installation."""
        return subprocess.run(
            [str(MOTCUA), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=within,
        )

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, verify=NO_TLS).status_code == 200
        except httpx.HTTPError:
            return False

    def start(self) -> None:
        """Return once /readyz answers 200. Raises Failed."""
        endpoints = {
            "action_endpoint": {
                "url": f"http://127.0.0.1:{self.actions_port}/webhook",
                "enable_selective_domain": True,
            },
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(self.tracker_file)},
        }
        (self.folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [str(MOTCUA), "serve"],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        ended = eventually(
            lambda: self.is_ready() or self.process.poll() is not None,  # type: ignore[union-attr]
            within=START_SECONDS,
            every=0.5,
        )
        if not ended or self.process.poll() is not None:
            raise Failed(f"motcua serve is not ready:\n{self.log[-4000:]}")

    def stop(self) -> None:
        """Stop with SIGINT, as Ctrl-C does. Raises Failed if anything of the installation is left."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        left = {pid: command_of(pid) for pid in self.pids()}
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        ports = {self.port, self.rasa_port, self.actions_port} & {p for _, p in listeners()}
        if code != 0 or left or ports:
            raise Failed(
                f"after SIGINT: exit code {code}, processes {left}, ports {ports}\n{self.log[-2000:]}"
            )

    def pids(self) -> list[int]:
        """Processes of this installation: those that carry its database's address in their environment."""
        mark = f"MOTCUA_DATABASE_URL={self.database_url}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if mark in environment.split(b"\0"):
                found.append(int(entry.name))
        return found

    def pid_of(self, part: str) -> int | None:
        """The process that the supervisor runs for a part: "rasa", "actions" or "uvicorn"."""
        assert self.process is not None
        for pid in self.pids():
            words = command_of(pid)
            if parent_of(pid) == self.process.pid and words[1:3] == ["-m", part]:
                return pid
        return None

    def kill(self, part: str) -> int:
        """End a part as the kernel would when memory runs out; return its process id."""
        pid = self.pid_of(part)
        assert pid is not None, f"{part} does not run"
        os.kill(pid, signal.SIGKILL)
        return pid


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Installation]:
    """Serve until the block ends; then nothing of it may be left."""
    installation = Installation(folder, *free_ports(3), settings=settings)
    try:
        with alone(PROJECT):
            installation.start()
        yield installation
    finally:
        installation.stop()
