"""Whether the installation is alive and ready."""

from __future__ import annotations

import httpx
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def healthz(request: Request) -> JSONResponse:
    """200 while the web process runs."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> JSONResponse:
    """200 when every dependency answers, else 503; the body tells each."""
    state = request.app.state
    checks = {
        "rasa": await state.rasa.is_ready(),
        "actions": await _answers(f"{state.settings.actions_address}/health"),
        "database": await run_in_threadpool(_database_answers, state.engine),
    }
    body = {"ready": all(checks.values()), "checks": checks}
    return JSONResponse(body, status_code=200 if body["ready"] else 503)


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2) as client:
            return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False


def _database_answers(engine) -> bool:  # type: ignore[no-untyped-def]
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:  # any failure means the same here: not ready
        return False
    return True


routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
