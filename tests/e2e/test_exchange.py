"""Two installations on one machine exchange procedures: real web servers, the real command line."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import getrandbits

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from procedures_db import procedures
from procedures_db.connection import connect, transaction
from procedures_db.exchange.sources import PAGE
from procedures_db.record import ProcedureRecord, Step
from tests.changing import edit, withdraw
from tests.e2e.conftest import ALL, CopyOf
from tests.installation import COMMAND_SECONDS, MOTCUA, PROJECT, eventually, free_ports
from tests.web_process import START_SECONDS, STOP_SECONDS

WILL = "2.001019"  # chứng thực di chúc
BIRTH = "1.001193"  # đăng ký khai sinh


@dataclass
class Site:
    """An installation of which only the web application runs: open data needs no Rasa."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MOTCUA_")}
        database = f"sqlite:///{self.folder}/motcua.db"
        return {**inherited, "MOTCUA_DATABASE_URL": database, "MOTCUA_LOG_LEVEL": "ERROR"}

    @property
    def engine(self) -> Engine:
        return connect(self.environment["MOTCUA_DATABASE_URL"])

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "--factory", "bot.app:create_app"]
        options = ["--ws", "wsproto", "--port", str(self.port), "--no-access-log"]
        self.process = subprocess.Popen([*command, *options], cwd=PROJECT, env=self.environment)
        assert eventually(self._is_up, within=START_SECONDS), "the web application did not start"

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(STOP_SECONDS) is not None

    def motcua(self, *arguments: str, within: float = COMMAND_SECONDS) -> str:
        """Run a command; return what it printed. Fails unless it succeeds."""
        code, text = self.try_motcua(*arguments, within=within)
        assert code == 0, text
        return text

    def try_motcua(self, *arguments: str, within: float = COMMAND_SECONDS) -> tuple[int, str]:
        done = subprocess.run(
            [str(MOTCUA), *arguments], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=within,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def get(self, code: str) -> ProcedureRecord:
        with transaction(self.engine) as session:
            return procedures.get(session, code)

    def has(self, code: str) -> bool:
        with transaction(self.engine) as session:
            return bool(procedures.hashes(session, [code]))

    def change(self, code: str, **fields: object) -> None:
        """Edit a procedure as the console does."""
        edit(self.engine, self.get(code).model_copy(update=fields))


def counts(text: str) -> dict[str, int]:
    """What `motcua sync` counted: "mới" → 3, without zeros."""
    found = re.findall(r"([\w ]+): (\d+)(?= ·|\s*$)", text.strip().splitlines()[-1])
    return {name.strip(): int(number) for name, number in found if int(number)}


@pytest.fixture
def new_site(tmp_path: Path, copy_of: CopyOf) -> Iterator[Callable[..., Site]]:
    """Make and start an installation; all are stopped after the test."""
    made: list[Site] = []

    def make(name: str, *, built_in: bool = False) -> Site:
        folder = tmp_path / name
        folder.mkdir()
        site = Site(folder, *free_ports(1))
        with copy_of("built-in" if built_in else "empty", folder).begin() as connection:
            # A copied file would pass for the dataset it was copied from.
            new = text("UPDATE state SET value = :dataset WHERE name = 'dataset'")
            assert connection.execute(new, {"dataset": getrandbits(31)}).rowcount == 1
        site.start()
        made.append(site)
        return site

    yield make
    for site in made:
        site.stop()


@pytest.fixture
def province(new_site: Callable[..., Site]) -> Site:
    """The source, with the built-in procedures."""
    return new_site("tinh", built_in=True)


@pytest.fixture
def commune(new_site: Callable[..., Site]) -> Site:
    """The one that pulls; empty at first."""
    return new_site("xa")


def test_what_changes_at_one_installation_reaches_the_other_and_the_next(
    province: Site, commune: Site, new_site: Callable[..., Site]
) -> None:
    first = counts(commune.motcua("sync", province.url))
    assert first.keys() == {"mới"} and first["mới"] > 100
    assert commune.get(WILL) == province.get(WILL)
    assert counts(commune.motcua("sync", province.url)) == {}

    province.change(WILL, conditions="Người lập di chúc minh mẫn.")
    withdraw(province.engine, BIRTH)
    assert counts(commune.motcua("sync", province.url, "--dry-run")) == {"thay đổi": 1, "rút": 1}
    assert commune.has(BIRTH)
    assert counts(commune.motcua("sync", province.url)) == {"thay đổi": 1, "rút": 1}
    assert commune.get(WILL).conditions == "Người lập di chúc minh mẫn."
    assert not commune.has(BIRTH)
    assert (
        httpx.get(f"{commune.url}/open-data/procedures/{BIRTH}.json", timeout=60).status_code == 410
    )

    hamlet = new_site("thon")
    assert counts(hamlet.motcua("sync", commune.url))["mới"] == first["mới"] - 1
    assert not hamlet.has(BIRTH)


def test_an_edit_on_both_sides_waits_for_a_person(province: Site, commune: Site) -> None:
    commune.motcua("sync", province.url)
    names = (*commune.get(WILL).aliases, "giấy di chúc")
    commune.change(WILL, conditions="Của xã", aliases=names)
    province.change(WILL, conditions="Của tỉnh")
    assert counts(commune.motcua("sync", province.url)) == {"xung đột": 1}
    assert commune.get(WILL).conditions == "Của xã"
    shown = commune.motcua("sync", "--conflicts")
    assert "Của xã" in shown and "Của tỉnh" in shown
    commune.motcua("sync", "--resolve", WILL, "theirs")
    assert commune.get(WILL).conditions == "Của tỉnh"
    assert commune.get(WILL).aliases == names
    assert "Không có xung đột" in commune.motcua("sync", "--conflicts")


class CuttingProxy:
    """Passes connections on to a site; after so many bytes in all it cuts each, until told to stop."""

    def __init__(self, site: Site, after: int) -> None:
        self.after: int | None = after
        self.passed = 0
        self._target = ("127.0.0.1", site.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._target) as server:
            threading.Thread(target=self._copy, args=(client, server), daemon=True).start()
            while chunk := server.recv(16_384):
                self.passed += len(chunk)
                if self.after is not None and self.passed > self.after:
                    # Closing alone would wait for the other thread, which still reads from it.
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(chunk)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while chunk := source.recv(16_384):
                target.sendall(chunk)
        except OSError:
            pass  # the other side was cut

    def close(self) -> None:
        self._listener.close()


# Digits pack badly: a page is far larger than what sockets keep under way.
LONG_STEP = Step(text=" ".join(str(number**7) for number in range(300)))


def test_a_connection_cut_in_the_middle_goes_on_where_it_was(province: Site, commune: Site) -> None:
    will = province.get(WILL)
    copies = [
        {"code": f"9.{number:06}", "steps": (LONG_STEP,), "name": f"Bản {number}"}
        for number in range(1_000)  # with the built-in ones more than two pages
    ]
    edit(province.engine, *(will.model_copy(update=copy) for copy in copies))
    # The first page passes, the second does not, however often it is tried.
    pages = httpx.get(
        f"{province.url}/open-data/procedures.json", params={"limit": PAGE}, timeout=60
    )
    proxy = CuttingProxy(province, after=pages.num_bytes_downloaded + 20_000)
    code, text = commune.try_motcua("sync", proxy.url)
    assert code == 1 and "chạy lại sẽ tiếp tục" in text
    with transaction(commune.engine) as session:
        applied = len(list(procedures.every(session)))
    assert applied > 0 and applied % PAGE == 0
    proxy.after = None
    rest = counts(commune.motcua("sync", proxy.url))
    proxy.close()
    with transaction(commune.engine) as ours, transaction(province.engine) as theirs:
        assert list(procedures.every(ours)) == list(procedures.every(theirs))
        assert rest == {"mới": len(list(procedures.every(ours))) - applied}


def test_what_a_client_has_already_is_not_sent_again(province: Site) -> None:
    url = f"{province.url}/open-data/procedures.jsonl"
    first = httpx.get(url, timeout=60)
    assert first.headers["Content-Encoding"] == "gzip" and len(first.text.splitlines()) > 100
    known = {"If-None-Match": first.headers["ETag"]}
    assert httpx.get(url, headers=known, timeout=60).status_code == 304
    province.change(WILL, conditions="khác")
    assert httpx.get(url, headers=known, timeout=60).status_code == 200


def test_a_cursor_outlives_the_server(province: Site) -> None:
    url = f"{province.url}/open-data/procedures.json"
    cursor = httpx.get(url, params={"limit": 500}, timeout=60).json()["cursor"]
    province.stop()
    province.start()
    province.change(WILL, conditions="khác")
    found = httpx.get(url, params={"changed_since": cursor}, timeout=60).json()["procedures"]
    assert [one["code"] for one in found] == [WILL]


def test_all_national_procedures_come_back_through_a_file(tmp_path: Path, copy_of: CopyOf) -> None:
    """import → export → import: no difference."""
    one, other = (Site(tmp_path / name, 0) for name in ("a", "b"))
    for site in (one, other):
        site.folder.mkdir()
    copy_of("national", one.folder)
    file, again = one.folder / "all.jsonl", other.folder / "all.jsonl"
    one.motcua("export", str(file), within=900)
    assert f"Mới: {ALL}" in other.motcua("import", str(file), "--yes", within=900)
    other.motcua("export", str(again), within=900)
    assert file.read_bytes() == again.read_bytes() and file.read_bytes().count(b"\n") == ALL
    said = other.motcua("import", str(file), "--yes", within=900)
    assert f"Mới: 0 · thay đổi: 0 · không đổi: {ALL} · từ chối: 0" in said
