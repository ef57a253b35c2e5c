"""The public web application: composition root."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot import announcement, consoles, embedding, health, open_data, pages
from bot.channels import chat_api, events
from bot.channels.answered_once import AnsweredOnce
from bot.channels.late_messages import LateMessages
from bot.channels.telegram import webhook
from bot.channels.telegram.channel import telegram_running
from bot.consoles.login_limits import LoginLimits
from bot.consoles.quality_keeper import QualityKeeper
from bot.conversation import Conversation
from bot.embedding import EmbeddingSites
from bot.housekeeping import keep_desk, keep_house, keep_wording
from bot.learning import group_questions, run_jobs
from bot.observability import configure_logging
from bot.question_writer import QuestionWriter
from bot.rasa_client import RasaClient
from bot.rate_limits import RateLimits, TooManyQuestions, too_many_questions
from bot.retention import purge_daily
from bot.security_headers import SecurityHeaders
from bot.settings import Settings, settings
from bot.staff_desk import StaffDesk
from bot.switches import Switches
from procedures_db.connection import connect
from procedures_db.kept_wording import KeptWording


def create_app(given: Settings | None = None) -> Starlette:
    """Build the application; ``given`` replaces the environment's settings in tests."""
    chosen = given or settings()
    configure_logging(chosen.log_level)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        state = app.state
        state.settings = chosen
        state.engine = connect(chosen.database_url)
        state.rasa = RasaClient(chosen.rasa_address, timeout_seconds=chosen.rasa_timeout_seconds)
        state.kept_wording = KeptWording(state.engine)
        state.wording = state.kept_wording.latest
        state.rate_limits = RateLimits(chosen)
        state.login_limits = LoginLimits(chosen)
        state.quality = QualityKeeper(state.engine)
        questions = QuestionWriter(state.engine)
        questions.start()
        state.conversation = Conversation(
            state.rasa,
            state.wording,
            max_chars=chosen.max_question_chars,
            at_once=chosen.questions_at_once,
            switches=Switches(state.engine),
            desk=StaffDesk(state.engine),
            questions=questions,
        )
        state.answered_once = AnsweredOnce(state.engine, wait_seconds=chosen.rasa_timeout_seconds)
        state.late_messages = LateMessages(state.engine)
        state.open_data_threads = open_data.threads()
        beside = (
            state.late_messages.watch(),
            keep_house(state.engine, chosen),
            keep_desk(state.engine),
            group_questions(state.engine),
            run_jobs(state.engine, chosen),
            purge_daily(state.engine, chosen),
            keep_wording(state.kept_wording),
        )
        async with running(beside), telegram_running(state):
            yield
        questions.close()
        await state.rasa.close()

    return Starlette(
        routes=[
            *pages.routes,
            *chat_api.routes,
            *events.routes,
            *webhook.routes,
            *embedding.routes,
            *announcement.routes,
            *health.routes,
            *open_data.routes,
            *consoles.routes,
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(EmbeddingSites, chosen.embedding_origins),
            Middleware(GZipMiddleware),
        ],
        exception_handlers={
            404: not_found,
            500: server_error,
            TooManyQuestions: too_many_questions,
        },
        lifespan=lifespan,
    )


@asynccontextmanager
async def running(work: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run endless tasks beside the requests; cancelled at the end."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def not_found(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Không có trang này."}, status_code=404)


def server_error(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Hệ thống gặp lỗi. Xin thử lại sau."}, status_code=500)
