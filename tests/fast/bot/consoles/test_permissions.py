"""The permission table against every route of the consoles, by direct calls."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from bot import consoles as consoles_package
from bot.app import create_app
from bot.consoles.permissions import EVERYBODY, TABLE, Action, may
from bot.consoles.routing import ConsoleRoute
from bot.settings import Settings
from procedures_db.account import Role
from tests.consoles import make_account, secret_of, set_token, sign_in

FIRST_PARTS = ("staff", "admin", "account", "login", "logout")
SAMPLES = {"code": "1.999999", "int": "999999"}

# What each role may, written out: a change of the table has to be meant.
EXPECTED = {
    Role.STAFF: "own account, view enquiries, answer enquiries, use counter, write canned answers, "
                "view procedures, view faqs, edit faqs, view words, suggest words, view dashboard",
    Role.EDITOR: "own account, view procedures, edit procedures, view quality, view faqs, edit faqs, "
                 "view words, suggest words, review questions, view dashboard",
    Role.APPROVER: "own account, view procedures, edit procedures, publish procedures, import procedures, "
                   "view quality, view faqs, edit faqs, publish faqs, view words, suggest words, accept words, "
                   "review questions, view dashboard, announce",
    Role.ADMINISTRATOR: "own account, use counter, set working hours, write canned answers, view procedures, "
                        "edit procedures, publish procedures, import procedures, view quality, view faqs, "
                        "edit faqs, publish faqs, view words, suggest words, accept words, review questions, "
                        "retrain, view dashboard, switch channels, announce, view settings, manage accounts, "
                        "read audit",
    Role.AUDITOR: "own account, view procedures, view quality, view faqs, view words, view dashboard, "
                  "view settings, read audit",
}  # fmt: skip


def routes() -> list[ConsoleRoute]:
    return [route for route in consoles_package.routes if isinstance(route, ConsoleRoute)]


def address(route: Route) -> str:
    path = route.path
    for name, convertor in route.param_convertors.items():
        sample = SAMPLES.get(name, SAMPLES["int"] if "Integer" in type(convertor).__name__ else "x")
        path = path.replace("{" + name + "}", sample)
        path = path.replace("{" + name + ":int}", sample).replace("{" + name + ":path}", sample)
    assert "{" not in path, path
    return path


def calls() -> list[tuple[str, str, Action]]:
    return [
        (method, address(route), route.action)
        for route in routes()
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def test_every_route_of_the_consoles_declares_its_action():
    wrong = [
        getattr(route, "path", route)
        for route in create_app(Settings()).routes
        if getattr(route, "path", "/").split("/")[1] in FIRST_PARTS
        and not isinstance(getattr(route, "action", None), Action)
    ]
    assert wrong == []
    assert [route for route in consoles_package.routes if not isinstance(route, ConsoleRoute)] == []


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_a_role_may_what_the_table_of_this_test_says(role):
    assert {action.value for action in TABLE[role]} == set(EXPECTED[role].split(", "))
    assert {action for action in Action if may([role], action)} == TABLE[role] | EVERYBODY


def test_several_roles_add_up_and_none_gives_nothing():
    assert may([Role.STAFF, Role.AUDITOR], Action.READ_AUDIT)
    assert not may([], Action.OWN_ACCOUNT)


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_the_server_refuses_everything_that_the_table_does_not_allow(consoles, role):
    """Called directly, with a valid session and secret: no route relies on a hidden link."""
    engine = consoles.app.state.engine
    sign_in(consoles, make_account(engine, "lan", [role]))
    secret = secret_of(consoles.get("/account/password"))
    wrong = []
    for method, path, action in calls():
        if action in EVERYBODY:
            continue
        answer = consoles.request(
            method, path, headers={"X-CSRF-Token": secret}, follow_redirects=False
        )
        refused = answer.status_code == 403 and "không được làm việc này" in answer.text
        is_logged_out = answer.headers.get("location", "").startswith("/login")
        if refused is (action in TABLE[role]) or is_logged_out:
            wrong.append((method, path, action.value, answer.status_code))
    assert wrong == []


def test_nobody_gets_past_the_login_without_a_session(consoles):
    for method, path, action in calls():
        if action is Action.LOG_IN:
            continue
        answer = consoles.request(method, path, follow_redirects=False)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/login"), (method, path)


def test_a_session_that_owes_a_code_opens_nothing_else(consoles):
    from procedures_db import account_sessions, accounts, passwords
    from procedures_db.connection import reserve_writing, transaction

    engine = consoles.app.state.engine
    account = make_account(engine, "lan", list(Role))
    with transaction(engine) as session:
        reserve_writing(session)  # the application deletes old rows at its start
        accounts.set_second_factor(session, account.id, passwords.new_secret())
        begun = account_sessions.begin(session, account.id, awaits_code=True)
    set_token(consoles, begun.token)
    for method, path, action in calls():
        if action in (Action.LOG_IN, Action.CONFIRM_CODE, Action.LOG_OUT):
            continue
        answer = consoles.request(method, path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login/code"), path


def test_the_first_password_has_to_be_changed_before_anything_else(consoles):
    account = make_account(consoles.app.state.engine, "lan", list(Role), is_new=True)
    sign_in(consoles, account)
    for method, path, action in calls():
        if action in EVERYBODY:
            continue
        answer = consoles.request(method, path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/password"), path
