"""The public web application: composition root."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot import health
from bot.channels import chat_api
from bot.conversation import Conversation
from bot.observability import configure_logging
from bot.rasa_client import RasaClient
from bot.security_headers import SecurityHeaders
from bot.settings import Settings, settings
from procedures_db.connection import connect
from procedures_db.wording import Wording

_FOLDER = Path(__file__).parent
templates = Jinja2Templates(_FOLDER / "templates")


def create_app(given: Settings | None = None) -> Starlette:
    """Build the application; ``given`` replaces the environment's settings in tests."""
    chosen = given or settings()
    configure_logging(chosen.log_level)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.settings = chosen
        app.state.engine = connect(chosen.database_url)
        app.state.rasa = RasaClient(
            chosen.rasa_address, timeout_seconds=chosen.rasa_timeout_seconds
        )
        app.state.conversation = Conversation(
            app.state.rasa, Wording.load(), max_chars=chosen.max_question_chars
        )
        yield
        await app.state.rasa.close()

    return Starlette(
        routes=[
            Route("/", chat_page),
            *chat_api.routes,
            *health.routes,
            Mount("/static", StaticFiles(directory=_FOLDER / "static")),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={404: not_found, 500: server_error},
        lifespan=lifespan,
    )


def chat_page(request: Request) -> Response:
    """The full-page chat."""
    return templates.TemplateResponse(request, "chat.html")


def not_found(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Không có trang này."}, status_code=404)


def server_error(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Hệ thống gặp lỗi. Xin thử lại sau."}, status_code=500)
