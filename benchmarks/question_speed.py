"""How long a citizen waits: the chat API of a running installation."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from benchmarks import workbench
from benchmarks.result import Figure, Result, Skipped

QUESTIONS = 200
CLIENTS = 8
_BOUND_S = 60  # a round ends after this, however many questions are left


def run() -> Result:
    """Raises Skipped where no installation is ready."""
    where, asked = url(), questions()
    require_ready(where)
    _ask(where, asked[:10], float("inf"))
    alone = _ask(where, asked, time.perf_counter() + _BOUND_S)
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        shares = [asked[number::CLIENTS] for number in range(CLIENTS)]
        parts = pool.map(lambda share: _ask(where, share, started + _BOUND_S), shares)
        together = [ms for part in parts for ms in part]
    seconds = time.perf_counter() - started
    return Result(
        figures=(
            Figure("questions", len(alone)),
            Figure("one client p50", workbench.percentile(alone, 50), "ms", 40),
            Figure("one client p95", workbench.percentile(alone, 95), "ms"),
            Figure(f"{CLIENTS} clients", len(together) / seconds, "questions/s"),
            Figure(f"{CLIENTS} clients p50", workbench.percentile(together, 50), "ms"),
        )
    )


def url() -> str:
    return os.environ.get("MOTCUA_BENCH_URL") or "http://127.0.0.1:8000"


def questions() -> list[str]:
    """So many of all questions, of every kind."""
    everything = workbench.all_questions()
    return everything[:: max(1, len(everything) // QUESTIONS)][:QUESTIONS]


def require_ready(url: str) -> None:
    try:
        ready = httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        ready = False
    if not ready:
        raise Skipped(f"no installation is ready at {url}: run `make run` or set MOTCUA_BENCH_URL")


def _ask(url: str, questions: list[str], until: float) -> list[float]:
    """Each question opens a conversation of its own. Raises httpx.HTTPStatusError."""
    times = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for text in questions:
            if time.perf_counter() > until:
                break
            started = time.perf_counter()
            body = {"conversation_id": None, "text": text}
            client.post("/api/chat", json=body).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
    return times
