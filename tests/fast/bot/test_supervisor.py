"""``motcua serve`` over tiny real processes: started, restarted, stopped."""

import os
import signal
import socket
import sys
import threading
import time

import pytest
import structlog

from bot import supervisor as module
from bot.settings import Settings
from bot.supervisor import Part, StartupError, Supervisor, answers, parts

SERVER = """
import http.server, os, pathlib, signal, sys
with open(sys.argv[2], "a") as file:
    file.write(f"{os.getpid()}\\n")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/die":
            os._exit(7)
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer.allow_reuse_address = True
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The waits of a real installation, shortened; signal handlers put back afterwards."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.03)
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.2)
    monkeypatch.setattr(module, "_STOP_SECONDS", 0.5)
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def server(tmp_path):
    """Make a part that answers HTTP; ``pids(name)`` are the processes it has had."""

    class Servers:
        def part(self, name, *extra):
            port = free_port()
            command = [sys.executable, "-S", "-c", SERVER, str(port), str(tmp_path / name), *extra]
            return Part(name, command, f"http://127.0.0.1:{port}/")

        def pids(self, name):
            path = tmp_path / name
            return [int(line) for line in path.read_text().split()] if path.exists() else []

    made = Servers()
    yield made
    left = [pid for path in tmp_path.iterdir() for pid in made.pids(path.name) if alive(pid)]
    for pid in left:
        os.kill(pid, signal.SIGKILL)


def serve(given, during, stop_with=signal.SIGTERM):
    """Run a supervisor in this thread; ``during(ready)`` happens meanwhile, then it is told to stop."""
    ready, failed = [], []
    supervisor = Supervisor(given, on_ready=ready.append)

    def meanwhile():
        try:
            during(ready)
        except BaseException as error:
            failed.append(error)
        os.kill(os.getpid(), stop_with)

    # The handler stands before the thread can send anything.
    signal.signal(stop_with, lambda *_: supervisor._stopping.set())
    thread = threading.Thread(target=meanwhile)
    thread.start()
    try:
        supervisor.run()
    finally:
        thread.join()
    if failed:
        raise failed[0]
    return ready


@pytest.mark.parametrize("stop_with", [signal.SIGTERM, signal.SIGINT])
def test_parts_are_told_ready_in_order_and_stop_kills_all(server, stop_with):
    given = [server.part("actions"), server.part("web")]
    ready = serve(given, lambda ready: until(lambda: len(ready) == 2), stop_with)
    assert ready == ["actions", "web"]
    pids = server.pids("actions") + server.pids("web")
    assert len(pids) == 2 and not any(map(alive, pids))


def test_a_part_that_dies_is_restarted_with_growing_pauses_and_the_others_go_on(server):
    given = [server.part("actions"), server.part("web")]

    def kill_twice(ready):
        until(lambda: len(ready) == 2)
        for deaths in (1, 2):
            os.kill(server.pids("actions")[-1], signal.SIGKILL)
            until(lambda deaths=deaths: len(server.pids("actions")) == deaths + 1)
            until(lambda: answers(given[0].ready_url))

    with structlog.testing.capture_logs() as log:
        module_logger, module.logger = module.logger, structlog.get_logger()
        try:
            serve(given, kill_twice)
        finally:
            module.logger = module_logger
    died = [event for event in log if event["event"] == "part_died"]
    assert [event["part"] for event in died] == ["actions", "actions"]
    assert died[1]["restart_in_seconds"] > died[0]["restart_in_seconds"] > 0
    assert len(server.pids("web")) == 1
    assert not any(map(alive, server.pids("actions") + server.pids("web")))


def test_a_part_that_ends_at_once_fails_the_start_and_stops_the_others(server):
    broken = Part(
        "rasa",
        [sys.executable, "-S", "-c", "raise SystemExit(3)"],
        f"http://127.0.0.1:{free_port()}/",
    )
    with pytest.raises(StartupError, match="rasa"):
        Supervisor([server.part("actions"), broken], on_ready=lambda part: None).run()
    assert not any(map(alive, server.pids("actions")))


def test_a_part_that_never_gets_ready_fails_the_start(server, monkeypatch):
    monkeypatch.setattr(module, "STARTUP_SECONDS", 0.3)
    asleep = Part(
        "rasa",
        [sys.executable, "-S", "-c", "import time; time.sleep(60)"],
        f"http://127.0.0.1:{free_port()}/",
    )
    supervisor = Supervisor([asleep], on_ready=lambda part: None)
    with pytest.raises(StartupError, match="rasa"):
        supervisor.run()
    assert supervisor._processes["rasa"].poll() is not None


def test_a_part_that_ignores_the_polite_request_is_killed(server):
    given = [server.part("web", "stubborn")]
    serve(given, lambda ready: until(lambda: ready))
    assert not any(map(alive, server.pids("web")))


def test_stopping_while_a_part_is_still_starting_ends_in_order(server):
    asleep = Part(
        "rasa",
        [sys.executable, "-S", "-c", "import time; time.sleep(60)"],
        f"http://127.0.0.1:{free_port()}/",
    )
    started = time.monotonic()
    assert serve([server.part("actions"), asleep], lambda ready: until(lambda: ready)) == [
        "actions"
    ]
    assert time.monotonic() - started < 10
    assert not any(map(alive, server.pids("actions")))


def test_nothing_listens_where_nothing_answers(nowhere):
    assert not answers(nowhere)


def test_rasa_and_the_actions_are_started_on_loopback_only():
    by_name = {part.name: part for part in parts(Settings(host="0.0.0.0"), "models/x.tar.gz")}
    rasa = by_name["rasa"].command
    assert rasa[rasa.index("-i") + 1] == "127.0.0.1"
    assert by_name["actions"].environment["SANIC_HOST"] == "127.0.0.1"
    assert all(part.ready_url.startswith("http://127.0.0.1:") for part in by_name.values())
    assert "--enable-api" not in rasa
    assert by_name["rasa"].environment["RASA_TELEMETRY_ENABLED"] == "false"
