"""``/api/announcement``: what the office tells everybody now, for the chat page and the widget."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from procedures_db import announcements
from procedures_db.connection import transaction

# A proxy may answer for half a minute: a hundred citizens open the page while one sentence changes.
_SHORT = {"Cache-Control": "public, max-age=30"}


def announcement(request: Request) -> Response:
    """``{"text": …}``; "" when there is none, also when the database is away: the chat goes on without."""
    try:
        with transaction(request.app.state.engine) as session:
            found = announcements.current(session)
    except SQLAlchemyError:
        return JSONResponse({"text": ""}, headers={"Cache-Control": "no-store"})
    return JSONResponse({"text": found.text if found else ""}, headers=_SHORT)


routes = [Route("/api/announcement", announcement)]
