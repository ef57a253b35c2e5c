"""One's own account: the password and the second factor."""

from __future__ import annotations

import segno
from starlette.responses import Response

from bot.consoles.navigation import first_page
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import accounts, passwords
from procedures_db.account import LockedOut
from procedures_db.passwords import WeakPassword

_WRONG_PASSWORD = "Mật khẩu đang dùng không đúng."
_LOCKED = "Sai quá nhiều lần. Xin chờ ít nhất một phút rồi thử lại."


def account_page(visit: Visit) -> Response:
    return visit.page("account.html")


def password_form(visit: Visit) -> Response:
    return visit.page("password.html")


def change_password(visit: Visit) -> Response:
    """Set a new password; every other browser of the account is logged out."""
    assert visit.found is not None
    if wrong := _own_password_problem(visit):
        return visit.page("password.html", status=403, wrong=wrong)
    new = str(visit.form.get("new", ""))
    if new != str(visit.form.get("again", "")):
        return visit.page("password.html", status=422, wrong="Hai lần nhập mật khẩu mới khác nhau.")
    try:
        with visit.changing() as session:
            token = visit.found.token
            accounts.change_password(session, visit.account.id, new, keep_token=token)
            visit.note(session, "account.password", visit.account.username)
    except WeakPassword as error:
        return visit.page("password.html", status=422, wrong=str(error))
    said = "Đã đổi mật khẩu. Các nơi đăng nhập khác đã bị thoát."
    return visit.go(first_page(visit.account.roles), said)


def factor_form(visit: Visit) -> Response:
    """A new secret as QR code, to be confirmed with a code of it."""
    return _factor_page(visit, passwords.new_secret())


def set_factor(visit: Visit) -> Response:
    """Ask for codes from the next login on, once the phone has shown that it knows the secret."""
    secret = visit.text("secret")
    if not (len(secret) == 32 and secret.isalnum() and secret.isascii() and secret.isupper()):
        return visit.go("/account/second-factor")
    if wrong := _own_password_problem(visit):
        return _factor_page(visit, secret, wrong, 403)
    step = passwords.step_of(secret, visit.text("code"), after=0)
    if step is None:
        return _factor_page(visit, secret, "Mã không đúng. Xem lại giờ của điện thoại.", 422)
    with visit.changing() as session:
        accounts.set_second_factor(session, visit.account.id, secret, step=step)
        visit.note(session, "account.second_factor.on", visit.account.username)
    return visit.go("/account", "Từ lần đăng nhập sau sẽ hỏi mã trên điện thoại.")


def drop_factor(visit: Visit) -> Response:
    if wrong := _own_password_problem(visit):
        return visit.page("account.html", status=403, wrong=wrong)
    with visit.changing() as session:
        accounts.set_second_factor(session, visit.account.id, "")
        visit.note(session, "account.second_factor.off", visit.account.username)
    return visit.go("/account", "Đã tắt mã đăng nhập trên điện thoại.")


def _own_password_problem(visit: Visit) -> str:
    given = str(visit.form.get("password", ""))
    try:
        right = accounts.is_own_password(visit.engine, visit.account.id, given)
    except LockedOut:
        return _LOCKED
    return "" if right else _WRONG_PASSWORD


def _factor_page(visit: Visit, secret: str, wrong: str = "", status: int = 200) -> Response:
    address = passwords.enrolment_address(secret, visit.account.username)
    image = segno.make(address).svg_data_uri(scale=5, dark="#000", light="#fff")
    return visit.page(
        "second_factor.html", status=status, secret=secret, image=image, wrong=wrong
    )  # fmt: skip


routes = [
    ConsoleRoute("/account", account_page, action=Action.OWN_ACCOUNT),
    ConsoleRoute("/account/password", password_form, action=Action.OWN_PASSWORD),
    ConsoleRoute(
        "/account/password", change_password, action=Action.OWN_PASSWORD, methods=["POST"]
    ),
    ConsoleRoute("/account/second-factor", factor_form, action=Action.OWN_ACCOUNT),
    ConsoleRoute("/account/second-factor", set_factor, action=Action.OWN_ACCOUNT, methods=["POST"]),
    ConsoleRoute(
        "/account/second-factor/off", drop_factor, action=Action.OWN_ACCOUNT, methods=["POST"]
    ),
]
