"""How fast the finder is: building its index, one question, and one among 100,000 procedures."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

from threadpoolctl import threadpool_limits

from benchmarks import workbench
from benchmarks.result import Figure, Result
from procedures_db.connection import connect, transaction
from procedures_db.search.catalogue import Entry, load_entries
from procedures_db.search.citizens_language import CitizensLanguage
from procedures_db.search.finder import Finder
from procedures_db.search.language import Language

MANY = 100_000
_SEED = 20_260_718


def run() -> Result:
    """Raises Skipped where there is no database with all procedures."""
    url = workbench.full_database()
    with TemporaryDirectory() as folder:
        kept = Path(folder, "classifier.npz")
        learned = workbench.in_child(_learn, kept)
        measured = workbench.in_child(_measure, url, kept)
    return Result(
        figures=(
            Figure("procedures", measured["procedures"]),
            Figure("learning from the paraphrases, once", learned, "s", 30),
            Figure("index build", measured["build_s"], "s", 20),
            Figure("memory added", measured["added_mb"], "MB", 300),
            Figure("peak memory while building", measured["peak_mb"], "MB"),
            Figure("resolve p50", measured["p50"], "ms", 4),
            Figure("resolve p95", measured["p95"], "ms", 15),
            Figure("resolve, processor time a question", measured["processor_ms"], "ms"),
            Figure(f"index build, {MANY:,} procedures", measured["many_build_s"], "s"),
            Figure(f"resolve p50, {MANY:,} procedures", measured["many_p50"], "ms", 15),
            Figure(f"resolve p95, {MANY:,} procedures", measured["many_p95"], "ms"),
        )
    )


def _learn(kept: Path) -> float:
    """What `motcua train` does for the finder; seconds."""
    threadpool_limits(os.cpu_count())
    language, started = Language.load(), time.perf_counter()
    CitizensLanguage(language, kept_at=kept)
    return time.perf_counter() - started


def _measure(url: str, classifier: Path) -> dict[str, float]:
    engine = connect(url)
    before, started = workbench.memory_mb(), time.perf_counter()
    finder = Finder(engine, Language.load(), classifier=classifier)
    finder.refresh()
    built = time.perf_counter() - started
    measured = {
        "build_s": built,
        "added_mb": workbench.memory_mb() - before,
        "peak_mb": workbench.memory_mb("VmHWM"),
    }
    questions = workbench.all_questions()
    used = time.process_time()
    _, times = workbench.timed(partial(workbench.candidates, finder), questions)
    measured["processor_ms"] = (time.process_time() - used) * 1000 / len(questions)
    measured |= {"p50": workbench.percentile(times, 50), "p95": workbench.percentile(times, 95)}
    with transaction(engine) as session:
        entries = load_entries(session)
    started = time.perf_counter()
    many = Finder(engine, finder.language, classifier=classifier)
    with patch("procedures_db.search.finder.load_entries", return_value=multiplied(entries, MANY)):
        many.refresh()
    measured |= {"procedures": len(entries), "many_build_s": time.perf_counter() - started}
    _, times = workbench.timed(partial(workbench.candidates, many), questions[::4])
    return measured | {
        "many_p50": workbench.percentile(times, 50),
        "many_p95": workbench.percentile(times, 95),
    }


def multiplied(entries: list[Entry], size: int) -> list[Entry]:
    """The real entries and, up to ``size``, new ones: the first half of one name, the second of
    another, so that words and lengths stay those of real names. The same every time."""
    random = Random(_SEED)
    made = []
    for number in range(size - len(entries)):
        first, second = random.choice(entries), random.choice(entries)
        start, end = first.name.split(), second.name.split()
        name = " ".join(start[: (len(start) + 1) // 2] + end[len(end) // 2 :])
        made.append(replace(first, code=f"9.{number:06}", name=name, results=second.results))
    return [*entries, *made]
