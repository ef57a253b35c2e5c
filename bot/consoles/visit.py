"""One request to a console by somebody who may make it, and how pages answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from bot.consoles import csrf, navigation, permissions
from bot.consoles.permissions import Action
from procedures_db import audit
from procedures_db.account import Account
from procedures_db.account_sessions import Found
from procedures_db.connection import reserve_writing, transaction
from procedures_db.describing import LABELS, as_text

SESSION_COOKIE = "motcua_session"
LOGIN_COOKIE = "motcua_login"  # the form's secret while nobody is logged in
_SAID_COOKIE = "motcua_said"
_SAID_SECONDS = 60

templates = Jinja2Templates(Path(__file__).parents[1] / "templates")
templates.env.filters["told"] = as_text  # moments in the time of Viet Nam, numbers, yes and no
templates.env.filters["first_name"] = lambda path: re.split(r"[.\[]", path)[0]
templates.env.globals["Action"] = Action
templates.env.globals["FIELD_LABELS"] = LABELS
templates.env.globals["ROLE_LABELS"] = permissions.ROLE_LABELS
templates.env.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
templates.env.trim_blocks = templates.env.lstrip_blocks = True


@dataclass
class Visit:
    """A request, what was sent with it, and whose it is. ``found`` is None before the login."""

    request: Request
    found: Found | None = None
    form: FormData = field(default_factory=FormData)

    @property
    def account(self) -> Account:
        """Who is logged in; only for routes whose action needs a role."""
        assert self.found is not None, "the action of this route lets anybody in"
        return self.found.account

    @property
    def engine(self) -> Engine:
        engine: Engine = self.request.app.state.engine
        return engine

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def is_part(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.request.headers.get("hx-request") == "true"

    def may(self, action: Action) -> bool:
        return self.found is not None and permissions.may(self.found.account.roles, action)

    def text(self, name: str, default: str = "") -> str:
        """A field of the form, without spaces around; a file counts as not given.

        A browser ends the lines of a textarea with CR LF (HTML, multipart/form-data); replies have LF.
        """
        value = self.form.get(name, default)
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else default

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default).strip()

    def page_number(self) -> int:
        """``?page=``, from 1; anything else counts as 1."""
        given = self.query("page", "1")
        return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1

    @contextmanager
    def changing(self, *, procedures: bool = False) -> Iterator[Session]:
        """A transaction that writes. procedures: one that ``editing`` may be called in."""
        with transaction(self.engine, write=procedures) as session:
            reserve_writing(session)
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with transaction(self.engine) as session:
            yield session

    def note(
        self, session: Session, action: str, subject: str = "", *, actor: str = "", **detail: Any
    ) -> None:
        """Write what is done into the audit log, in the transaction that does it.

        actor: who does it, when it is not whose session this is.
        """
        actor = actor or (self.found.account.username if self.found else "")
        audit.record(
            session, actor=actor, action=action, subject=subject, address=self.address, **detail
        )

    def page(self, template: str, *, status: int = 200, **content: Any) -> Response:
        """Render a template of bot/templates/console; ``said`` of the last redirect is shown once."""
        given = {"visit": self, "csrf_field": self._csrf_field, **content}
        given.setdefault("said", self._said())
        if self.found and not self.found.awaits_code:
            given["navigation"] = navigation.entries_for(self.found.account.roles)
            given["here"] = navigation.current(self.request.url.path)
        response = templates.TemplateResponse(
            self.request, f"console/{template}", given, status_code=status
        )
        if _SAID_COOKIE in self.request.cookies and not self.is_part:
            response.delete_cookie(_SAID_COOKIE)
        return response

    def go(self, path: str, said: str = "") -> Response:
        """Send the browser to another page of ours, which shows ``said``."""
        response: Response = RedirectResponse(path, status_code=303)
        if self.is_part:
            response = Response(headers={"HX-Redirect": path})
        if said and self.found:
            signed = URLSafeSerializer(self.found.csrf).dumps(said)
            self.set_cookie(response, _SAID_COOKIE, str(signed), max_age=_SAID_SECONDS)
        return response

    def set_cookie(
        self, response: Response, name: str, value: str, *, max_age: int | None = None
    ) -> None:
        """A cookie that no script reads and no other site's form sends."""
        secure = self.request.url.scheme == "https"
        response.set_cookie(
            name, value, max_age=max_age, httponly=True, samesite="lax", secure=secure
        )

    @property
    def csrf(self) -> str:
        """The secret for forms and htmx, as it stands in this page."""
        login_secret = getattr(self.request.state, "login_secret", "")
        return csrf.masked(login_secret or (self.found.csrf if self.found else ""))

    def _csrf_field(self) -> Markup:
        return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, self.csrf)

    def _said(self) -> str:
        signed = self.request.cookies.get(_SAID_COOKIE, "")
        if not signed or not self.found or self.is_part:
            return ""
        try:
            return str(URLSafeSerializer(self.found.csrf).loads(signed))
        except BadSignature:
            return ""
