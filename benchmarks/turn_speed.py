"""What a turn costs on top of Rasa itself: the call from Rasa to the action server and back."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks import question_speed, workbench
from benchmarks.result import Figure, Result
from bot.settings import read

ACTION = "action_answer"


def run() -> Result:
    """Raises Skipped where no installation is ready or no model is trained."""
    question_speed.require_ready(question_speed.url())
    model = workbench.trained_model()
    times = workbench.in_child(_ask, model, f"{read().actions_address}/webhook")
    return Result(
        figures=(
            Figure("questions", len(times)),
            Figure("action call p50", workbench.percentile(times, 50), "ms", 15),
            Figure("action call p95", workbench.percentile(times, 95), "ms"),
        )
    )


def _ask(model: Path, webhook: str) -> list[float]:
    """Milliseconds of each call, with the tracker and domain that Rasa sends."""
    agent = workbench.quiet_agent(model)
    questions = question_speed.questions()
    parsed = asyncio.run(_parse(agent, questions))
    domain = agent.domain.as_dict()
    times = []
    with httpx.Client(timeout=30) as client:
        for message in [*parsed[:20], *parsed]:  # the first twenty warm up
            body = json.dumps(_call(message, domain))
            started = time.perf_counter()
            client.post(webhook, content=body).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
    return times[20:]


async def _parse(agent: Any, questions: list[str]) -> list[dict[str, Any]]:
    return [await agent.parse_message(text) for text in questions]


def _call(message: dict[str, Any], domain: dict[str, Any]) -> dict[str, Any]:
    """The body of a first question's call, as Rasa 3.6 sends it."""
    tracker = {
        "sender_id": "bench", "slots": {}, "latest_message": message, "events": [], "paused": False,
        "followup_action": None, "active_loop": {}, "latest_action_name": "action_listen",
        "latest_input_channel": "rest", "latest_event_time": time.time(),
    }  # fmt: skip
    return {"next_action": ACTION, "sender_id": "bench", "tracker": tracker, "domain": domain,
            "version": "3.6"}  # fmt: skip
