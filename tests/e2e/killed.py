"""Processes that tests kill, forked from one that has imported all they need: each is at work at once."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["bot.cli", "procedures_db.backup.making", "tests.e2e.killed_import"]
)

pipe = _context.Pipe


def start(function: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    """Call a function of some module in a process of its own."""
    process = _context.Process(target=function, args=arguments)
    process.start()
    return process


def backup(database: Path, folder: Path) -> None:
    """`motcua backup`, said to nobody."""
    from bot.cli import app

    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        del os.environ[name]
    os.environ["MOTCUA_DATABASE_URL"] = f"sqlite:///{database}"
    with Path(os.devnull).open("w") as nobody, redirect_stdout(nobody), redirect_stderr(nobody):
        app(["backup", str(folder), "--keep", "5"])
