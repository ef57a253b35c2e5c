"""What the benchmarks share: questions, the database with all procedures, timing, memory."""

from __future__ import annotations

import gc
import logging
import os
import time
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from benchmarks.result import Skipped
from bot.evaluation import Case, read_cases
from bot.training import MODEL
from procedures_db import models
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate
from procedures_db.search.finder import Finder
from procedures_db.search.language import Language
from procedures_db.search.resolution import Ambiguous, Candidate, Found, Question
from procedures_db.settings import database_url
from procedures_db.sync.importing import date_in_name, import_file

PROJECT = Path(__file__).parents[1]
QUESTIONS = Path(__file__).with_name("questions")
_IMPORTED = PROJECT / "build" / "bench.db"  # kept between runs: importing takes a minute
_ALL = 5_000  # a database with fewer procedures holds only the built-in ones

# Rasa and TensorFlow would print pages of warnings between the figures.
_QUIET = {
    "PYTHONWARNINGS": "ignore",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    "OPENBLAS_NUM_THREADS": "1",  # as `motcua serve` has it
}

T = TypeVar("T")


def portal_file() -> Path:
    """The file with all national procedures. Raises Skipped."""
    default = PROJECT.parent / "shared" / "data" / "portal_detail_2026-07-18.jsonl.xz"
    path = Path(os.environ.get("MOTCUA_BENCH_DATA") or default)
    if not path.exists():
        raise Skipped(f"no file with all national procedures: set MOTCUA_BENCH_DATA ({path})")
    return path


def full_database() -> str:
    """URL of a database with all national procedures: the installation's own, or one made from
    the portal file. Raises Skipped where there is neither."""
    if _count(connect(database_url())) >= _ALL:
        return database_url()
    url = f"sqlite:///{_IMPORTED}"
    engine = connect(url)
    if _count(engine) < _ALL:
        path = portal_file()
        migrate(engine)
        import_file(engine, path, as_of=date_in_name(path.name))
    return url


def _count(engine: Engine) -> int:
    if engine.url.get_backend_name() == "sqlite" and not Path(engine.url.database or "").exists():
        return 0
    try:
        with transaction(engine) as session:
            return session.execute(select(func.count(models.ProcedureRow.id))).scalar_one()
    except DatabaseError:  # no tables yet
        return 0


def trained_model() -> Path:
    """Raises Skipped."""
    model = PROJECT / MODEL
    if not model.exists():
        raise Skipped("no trained model: run `make train` first")
    return model


def quiet_agent(model: Path) -> Any:
    """Rasa's agent of a model; for a child, as loading it takes seconds and hundreds of megabytes."""
    os.chdir(PROJECT)  # the components read nlu_data/
    with warnings.catch_warnings(record=True):  # TensorFlow's and keras' own
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)  # or it prints every parse
    return Agent.load(str(model))


@lru_cache(maxsize=1)
def finder() -> Finder:
    """A finder over all procedures, built once a run."""
    made = Finder(connect(full_database()), Language.load())
    made.refresh()
    return made


def answerable(*names: str) -> list[Case]:
    """Single-turn cases that want an answer and name the codes accepted."""
    cases = read_cases([QUESTIONS / f"{name}.jsonl" for name in names])
    return [c for c in cases if len(c.turns) == 1 and c.behaviour == "answer" and c.codes]


def all_questions() -> list[str]:
    """The last turn of every case, whatever it wants."""
    return [case.turns[-1] for case in read_cases(sorted(QUESTIONS.glob("*.jsonl")))]


def candidates(known: Finder, text: str) -> tuple[Candidate, ...]:
    """What the finder ranked, the likeliest first, whatever it would decide to do with it."""
    resolution = known.resolve(Question(text))
    if isinstance(resolution, Found):
        return (resolution.candidate, *resolution.others)
    return resolution.candidates if isinstance(resolution, Ambiguous) else resolution.others


def timed(action: Callable[[str], T], texts: Iterable[str]) -> tuple[list[T], list[float]]:
    """Return the outcomes and the milliseconds each took; ten are run first to warm up."""
    texts = list(texts)
    for text in texts[:10]:
        action(text)
    outcomes, times = [], []
    for text in texts:
        started = time.perf_counter()
        outcomes.append(action(text))
        times.append((time.perf_counter() - started) * 1000)
    return outcomes, times


def percentile(values: list[float], share: float) -> float:
    return float(np.percentile(values, share))


def in_child(function: Callable[..., T], *args: object) -> T:
    """Run a module-level function in a new process, so that its memory is its own."""
    os.environ |= _QUIET
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args).result()


def memory_mb(kind: str = "VmRSS") -> float:
    """Resident memory now (``VmRSS``) or at its highest (``VmHWM``), from Linux's /proc."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{kind}:")[1].split()[0]) / 1024
