"""How long Rasa's pipeline takes to work out what is asked, in process."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from benchmarks import workbench
from benchmarks.result import Figure, Result


def run() -> Result:
    """Raises Skipped where no model has been trained."""
    times = workbench.in_child(_parse_all, workbench.trained_model())
    return Result(
        figures=(
            Figure("questions", len(times)),
            Figure("parse p50", workbench.percentile(times, 50), "ms", 4),
            Figure("parse p95", workbench.percentile(times, 95), "ms"),
        )
    )


def _parse_all(model: Path) -> list[float]:
    agent = workbench.quiet_agent(model)
    questions = workbench.all_questions()

    async def parse() -> list[float]:
        times = []
        for text in [*questions[:20], *questions]:  # the first twenty warm up
            started = time.perf_counter()
            await agent.parse_message(text)
            times.append((time.perf_counter() - started) * 1000)
        return times[20:]

    return asyncio.run(parse())
