"""Logging in: user name and password, the second factor where there is one; logging out."""

from __future__ import annotations

from urllib.parse import quote

import structlog
from starlette.responses import Response

from bot.consoles.login_limits import LoginLimits
from bot.consoles.navigation import first_page, is_ours
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import SESSION_COOKIE, Visit
from procedures_db import account_sessions, accounts
from procedures_db.account import Account, LockedOut, LoginRefused
from procedures_db.describing import as_text

logger = structlog.get_logger()

_WRONG = "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đã bị khóa."
_WRONG_CODE = "Mã không đúng hoặc đã dùng. Chờ mã mới rồi nhập lại."
_TOO_OFTEN = "Có quá nhiều lần thử đăng nhập từ địa chỉ này. Xin chờ một phút."


def form(visit: Visit) -> Response:
    """The login form; somebody who is logged in already goes on."""
    found = visit.found
    if found and not found.awaits_code:
        return visit.go(_wanted(visit, found.account))
    return visit.page("login.html", next=visit.query("next"))


def log_in(visit: Visit) -> Response:
    """Check user name and password; begin a session of its own, whatever the browser brought along."""
    username = visit.text("username")[:80]
    limits: LoginLimits = visit.request.app.state.login_limits
    if not limits.admit(visit.address):
        return _refused(visit, username, "too many tries", _TOO_OFTEN, 429)
    try:
        # A password may begin or end with a space: not visit.text.
        account = accounts.check_password(
            visit.engine, username, str(visit.form.get("password", ""))
        )
    except LockedOut as error:
        return _refused(visit, username, error.reason, _locked(error), 403)
    except LoginRefused as error:
        return _refused(visit, username, error.reason, _WRONG, 403)
    return _begin(visit, account, awaits_code=account.has_second_factor)


def code_form(visit: Visit) -> Response:
    return visit.page("login_code.html", next=visit.query("next"))


def confirm_code(visit: Visit) -> Response:
    """Check the code of the second factor; the session that waited for it gives way to a full one."""
    assert visit.found is not None
    account = visit.found.account
    try:
        accounts.check_code(visit.engine, account.id, visit.text("code"))
    except LoginRefused as error:
        sentence = _locked(error) if isinstance(error, LockedOut) else _WRONG_CODE
        with visit.changing() as session:
            visit.note(session, "login.refused", account.username, reason=error.reason)
        return visit.page(
            "login_code.html", status=403, wrong=sentence, next=visit.text("next")
        )  # fmt: skip
    return _begin(visit, account, awaits_code=False)


def log_out(visit: Visit) -> Response:
    """End the session on the server too."""
    assert visit.found is not None
    with visit.changing() as session:
        account_sessions.end(session, visit.found.token)
        visit.note(session, "logout", visit.found.account.username)
    response = visit.go("/login")
    response.delete_cookie(SESSION_COOKIE)
    return response


def _begin(visit: Visit, account: Account, *, awaits_code: bool) -> Response:
    with visit.changing() as session:
        if visit.found:
            account_sessions.end(session, visit.found.token)
        begun = account_sessions.begin(
            session, account.id, address=visit.address, awaits_code=awaits_code
        )
        if not awaits_code:
            visit.note(session, "login", account.username, actor=account.username)
    where = _wanted(visit, account)
    if awaits_code:
        where = f"/login/code?next={quote(where)}"
    response = visit.go(where)
    visit.set_cookie(response, SESSION_COOKIE, begun.token)
    return response


def _wanted(visit: Visit, account: Account) -> str:
    path = visit.text("next") or visit.query("next")
    return path if is_ours(path) else first_page(account.roles)


def _refused(visit: Visit, username: str, reason: str, sentence: str, status: int) -> Response:
    logger.warning("login_refused", reason=reason)
    with visit.changing() as session:
        visit.note(session, "login.refused", username, reason=reason)
    return visit.page(
        "login.html", status=status, wrong=sentence, username=username, next=visit.text("next")
    )


def _locked(error: LockedOut) -> str:
    return f"Sai quá nhiều lần. Tài khoản tạm khóa đến {as_text(error.until)}."


routes = [
    ConsoleRoute("/login", form, action=Action.LOG_IN),
    ConsoleRoute("/login", log_in, action=Action.LOG_IN, methods=["POST"]),
    ConsoleRoute("/login/code", code_form, action=Action.CONFIRM_CODE),
    ConsoleRoute("/login/code", confirm_code, action=Action.CONFIRM_CODE, methods=["POST"]),
    ConsoleRoute("/logout", log_out, action=Action.LOG_OUT, methods=["POST"]),
]
