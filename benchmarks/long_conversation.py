"""Whether a conversation answers as fast at its end as at its start: 200 turns through the chat API."""

from __future__ import annotations

import os
import time

import httpx

from benchmarks import workbench
from benchmarks.question_speed import require_ready
from benchmarks.result import Figure, Result

TURNS = 200
_SHARE = 20  # turns compared at each end
_SAID = (
    "đăng ký tạm trú cần gì",
    "còn phí?",
    "mất bao lâu",
    "đăng ký kết hôn nộp ở đâu",
    "phí bao nhiêu",
)


def run() -> Result:
    """Raises Skipped where no installation is ready."""
    url = os.environ.get("MOTCUA_BENCH_URL") or "http://127.0.0.1:8000"
    require_ready(url)
    _times(url, 10)  # warm up in a conversation of its own
    times, remembered = _times(url, TURNS)
    first = workbench.percentile(times[:_SHARE], 50)
    last = workbench.percentile(times[-_SHARE:], 50)
    return Result(
        figures=(
            Figure("turns", len(times)),
            Figure(f"first {_SHARE} p50", first, "ms"),
            Figure(f"last {_SHARE} p50", last, "ms"),
            Figure("last / first", last / first, "", 1.5),
            Figure("follow-ups understood", 100 * remembered, "%", 100, at_least=True),
        )
    )


def _times(url: str, turns: int) -> tuple[list[float], float]:
    """Milliseconds of each turn, and the share of turns answered: the follow-ups need what went before."""
    times, answered, conversation = [], 0, None
    with httpx.Client(base_url=url, timeout=30) as client:
        for number in range(turns):
            body = {"conversation_id": conversation, "text": _SAID[number % len(_SAID)]}
            started = time.perf_counter()
            content = client.post("/api/chat", json=body).raise_for_status().json()
            times.append((time.perf_counter() - started) * 1000)
            conversation = content["conversation_id"]
            answered += content["replies"][0]["outcome"] == "answer"
    return times, answered / turns
