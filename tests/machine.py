"""What tests ask of the machine they run on: processes, ports, and to be alone for a while."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def parent_of(pid: int) -> int:
    try:
        # The command name may hold spaces and brackets: fields are counted after the last one.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def listeners() -> set[tuple[str, int]]:
    """(address in the kernel's hexadecimal form, port) of every listening TCP socket."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state = line.split()[:4]
            if state == "0A":
                address, _, port = local.partition(":")
                found.add((address, int(port, 16)))
    return found


def free_ports(count: int) -> list[int]:
    """Ports that nothing uses, all different: the sockets are held together until all are known.

    Lower than those of outgoing connections (from 32768): one of these might be given such a port before
    the server that it is meant for has begun to listen.
    """
    sockets: list[socket.socket] = []
    try:
        while len(sockets) < count:
            held = socket.socket()
            try:
                held.bind(("127.0.0.1", SystemRandom().randrange(10_000, 32_768)))
            except OSError:  # in use
                held.close()
            else:
                sockets.append(held)
        return [held.getsockname()[1] for held in sockets]
    finally:
        for held in sockets:
            held.close()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other run of tests is in such a block: two that start at once would both train."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
