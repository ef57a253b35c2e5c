"""A visitor of the consoles for tests: makes accounts, logs in, sends forms as a browser does."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from bot.consoles.visit import SESSION_COOKIE
from procedures_db import account_sessions, accounts
from procedures_db.account import Account, Role
from procedures_db.connection import reserve_writing, transaction

Response: TypeAlias = Any  # the test client's, from whichever httpx it was built with

PASSWORD = "mua-rao-thang-bay-8"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"|"X-CSRF-Token": "([^"]+)"')


def make_account(
    engine: Engine,
    username: str = "lan",
    roles: Collection[Role] = (Role.STAFF,),
    *,
    name: str = "",
    is_new: bool = False,
) -> Account:
    """An account with PASSWORD. is_new: its first password is still to be changed."""
    with transaction(engine) as session:
        reserve_writing(session)  # the application deletes old rows at its start
        made = accounts.add(
            session, username, name=name or f"Cán bộ {username}", roles=roles, password=PASSWORD
        )
    if not is_new:
        with transaction(engine, write=True) as session:
            session.execute(
                accounts.AccountRow.__table__.update()
                .where(accounts.AccountRow.id == made.id)
                .values(must_change_password=False)
            )
    return made


def sign_in(client: TestClient, account: Account) -> None:
    """Log the account in without the form (hashing a password takes its time)."""
    with transaction(client.app.state.engine) as session:  # type: ignore[attr-defined]
        reserve_writing(session)
        begun = account_sessions.begin(session, account.id)
    set_token(client, begun.token)


def set_token(client: TestClient, token: str) -> None:
    """Let the browser hold this session's token, as if the site had set it."""
    for cookie in [one for one in client.cookies.jar if one.name == SESSION_COOKIE]:
        client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    client.cookies.set(SESSION_COOKIE, token, domain="testserver.local", path="/")


def secret_of(page: Response) -> str:
    """The secret that the page's forms and htmx send along."""
    found = _CSRF.search(page.text)
    assert found, f"no form on {page.url}: {page.status_code}"
    return found[1] or found[2]


def send(
    client: TestClient,
    path: str,
    fields: Mapping[str, Any] | None = None,
    *,
    page: str = "/account/password",
    **options: Any,
) -> Response:
    """Send a form with the secret that ``page`` shows; redirects are not followed."""
    secret = secret_of(client.get(page))
    body = {"csrf": secret, **(fields or {})}
    return client.post(path, data=body, follow_redirects=False, **options)


def log_in(
    client: TestClient, username: str = "lan", password: str = PASSWORD, *, to: str = ""
) -> Response:
    """Fill in the login form and send it."""
    fields = {"username": username, "password": password, "next": to}
    return send(client, "/login", fields, page="/login")
