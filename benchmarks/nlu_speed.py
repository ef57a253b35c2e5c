"""How long Rasa's pipeline takes to work out what is asked, in process."""

from __future__ import annotations

import asyncio
import logging
import os
import time
import warnings
from pathlib import Path

from benchmarks import workbench
from benchmarks.result import Figure, Result, Skipped
from bot.training import MODEL


def run() -> Result:
    """Raises Skipped where no model has been trained."""
    model = workbench.PROJECT / MODEL
    if not model.exists():
        raise Skipped("no trained model: run `make train` first")
    times = workbench.in_child(_parse_all, model)
    return Result(
        figures=(
            Figure("questions", len(times)),
            Figure("parse p50", workbench.percentile(times, 50), "ms", 4),
            Figure("parse p95", workbench.percentile(times, 95), "ms"),
        )
    )


def _parse_all(model: Path) -> list[float]:
    os.chdir(workbench.PROJECT)  # the components read nlu_data/
    with warnings.catch_warnings(record=True):  # TensorFlow's and keras' own
        from rasa.core.agent import Agent  # seconds: only the child needs it
        from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)  # or it prints every parse
    agent = Agent.load(str(model))
    questions = workbench.all_questions()

    async def parse() -> list[float]:
        times = []
        for text in [*questions[:20], *questions]:  # the first twenty warm up
            started = time.perf_counter()
            await agent.parse_message(text)
            times.append((time.perf_counter() - started) * 1000)
        return times[20:]

    return asyncio.run(parse())
