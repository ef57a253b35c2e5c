"""The way into every console page: session, permission, form and its secret, in this order."""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.consoles import csrf
from bot.consoles.permissions import Action
from bot.consoles.visit import LOGIN_COOKIE, SESSION_COOKIE, Visit
from bot.settings import Settings
from procedures_db import account_sessions
from procedures_db.account_sessions import Found, Limits
from procedures_db.connection import DatabaseBusy

logger = structlog.get_logger()

Endpoint = Callable[[Visit], Any]  # a Response, or an awaitable one

_SAFE = ("GET", "HEAD")
LARGEST_FORM = 2_000_000  # bytes: the longest procedure has 400,000
_MOST_FIELDS = 20_000
_FAILED = "Hệ thống gặp lỗi, việc này chưa xong. Xin thử lại; nếu vẫn lỗi, báo quản trị máy chủ."
_FIRST_STEPS = frozenset({Action.LOG_OUT, Action.OWN_PASSWORD})


class Refused(Exception):
    """The request is not answered by its page but with a status and a sentence."""

    def __init__(self, status: int, sentence: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.sentence, self.reason = status, sentence, reason


class ConsoleRoute(Route):
    """A route with its action (permissions.py).

    The endpoint gets a Visit and returns a Response; a plain ``def`` runs in a worker thread.
    is_poll: pages ask for it by themselves, so that it keeps nobody logged in.
    """

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        action: Action,
        methods: Sequence[str] = ("GET",),
        is_poll: bool = False,
        largest_body: Callable[[Settings], int] | None = None,
    ) -> None:
        self.action = action
        self.answer = endpoint
        self.is_poll = is_poll
        self.largest_body = largest_body or (lambda settings: LARGEST_FORM)
        super().__init__(path, self._handle, methods=list(methods), name=endpoint.__name__)

    async def _handle(self, request: Request) -> Response:
        visit = Visit(request, await run_in_threadpool(self._find, request))
        if self.action is Action.LOG_IN:
            request.state.login_secret = _login_secret(request)
        try:
            response = await self._admitted(visit)
        except Refused as refused:
            response = await run_in_threadpool(_refusal, visit, refused)
        except Exception:  # whoever works here reads a page and not the API's JSON
            logger.exception("console_failed", path=self.path)
            response = await run_in_threadpool(
                visit.page, "refused.html", status=500, sentence=_FAILED
            )
        response.headers.setdefault("Cache-Control", "no-store")
        if self.action is Action.LOG_IN and LOGIN_COOKIE not in request.cookies:
            visit.set_cookie(response, LOGIN_COOKIE, request.state.login_secret)
        return response

    async def _admitted(self, visit: Visit) -> Response:
        if elsewhere := self._sent_elsewhere(visit):
            return visit.go(elsewhere)
        if self.action not in (Action.LOG_IN, Action.CONFIRM_CODE, *_FIRST_STEPS) and not visit.may(
            self.action
        ):
            raise Refused(403, "Tài khoản của bạn không được làm việc này.", self.action.value)
        if visit.request.method not in _SAFE:
            await self._read_form(visit)
        try:
            if inspect.iscoroutinefunction(self.answer):
                return await self.answer(visit)  # type: ignore[no-any-return]
            return await run_in_threadpool(self.answer, visit)
        except DatabaseBusy as error:
            sentence = (
                "Có người khác đang ghi dữ liệu. Chưa có gì thay đổi, xin thử lại sau ít phút."
            )
            raise Refused(503, sentence, "database busy") from error

    def _find(self, request: Request) -> Found | None:
        token = request.cookies.get(SESSION_COOKIE, "")
        if not token:
            return None
        limits = limits_of(request.app.state.settings)
        return account_sessions.find(
            request.app.state.engine, token, limits, counts=not self.is_poll
        )

    def _sent_elsewhere(self, visit: Visit) -> str:
        """Where somebody has to go first: to the login, the second factor, the first own password."""
        if self.action is Action.LOG_IN:
            return ""
        if visit.found is None:
            return _login_path(visit.request)
        if visit.found.awaits_code:
            allowed = self.action in (Action.CONFIRM_CODE, Action.LOG_OUT)
            return "" if allowed else "/login/code"
        if self.action is Action.CONFIRM_CODE:
            return "/account"
        if visit.account.must_change_password and self.action not in _FIRST_STEPS:
            return "/account/password"
        return ""

    async def _read_form(self, visit: Visit) -> None:
        request = visit.request
        _refuse_other_sites(request)
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            raise Refused(411, "Yêu cầu không nói rõ độ dài.", "no length")
        if int(length) > self.largest_body(request.app.state.settings):
            raise Refused(413, "Nội dung gửi lên quá lớn.", "too large")
        try:
            visit.form = await request.form(
                max_files=1, max_fields=_MOST_FIELDS, max_part_size=LARGEST_FORM
            )
        except HTTPException as error:
            raise Refused(400, "Không đọc được nội dung gửi lên.", "bad form") from error
        given = request.headers.get(csrf.HEADER) or visit.text(csrf.FIELD)
        token = visit.found.csrf if visit.found else request.cookies.get(LOGIN_COOKIE, "")
        if self.action is Action.LOG_IN:
            token = request.cookies.get(LOGIN_COOKIE, "")
        if not csrf.is_right(token, given):
            sentence = "Trang này đã cũ hoặc phiên đăng nhập đã đổi. Xin mở lại trang rồi gửi lại."
            raise Refused(403, sentence, "csrf")


def limits_of(settings: Settings) -> Limits:
    """How long a login lasts."""
    return Limits(
        timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
    )


def _refuse_other_sites(request: Request) -> None:
    """A browser says which site a form is of; what is no browser has no session to abuse."""
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or request.headers.get("sec-fetch-site") == "cross-site":
        raise Refused(403, "Yêu cầu đến từ một trang khác.", "other site")


def _login_secret(request: Request) -> str:
    kept = request.cookies.get(LOGIN_COOKIE, "")
    return kept if len(kept) == 43 else secrets.token_urlsafe(32)


def _login_path(request: Request) -> str:
    """The login, which comes back to the page asked for; a form cannot be sent again by itself."""
    here = request.headers.get("hx-current-url", "") if request.headers.get("hx-request") else ""
    asked = urlsplit(here) if here else request.url
    path = asked.path + (f"?{asked.query}" if asked.query else "")
    return f"/login?next={quote(path)}" if here or request.method in _SAFE else "/login"


def _refusal(visit: Visit, refused: Refused) -> Response:
    path = visit.request.url.path
    logger.warning("console_refused", path=path, status=refused.status, reason=refused.reason)
    if visit.found and refused.status == 403:
        with visit.changing() as session:
            visit.note(session, "access.refused", path, reason=refused.reason)
    return visit.page("refused.html", status=refused.status, sentence=refused.sentence)
