"""Logging in and out, and what others may try."""

from __future__ import annotations

import re
import shutil

import pyotp
import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.consoles import csrf
from bot.consoles.navigation import is_ours
from bot.consoles.visit import SESSION_COOKIE
from bot.settings import Settings
from procedures_db import accounts, audit, passwords
from procedures_db.account import Role
from procedures_db.connection import reserve_writing, transaction
from tests.consoles import PASSWORD, log_in, make_account, secret_of, send, set_token, sign_in

NEW = "nang-som-thang-tam-9"


def events(client, action):
    with transaction(client.app.state.engine) as session:
        return audit.events(session, audit.Filter(action=action)).items


@pytest.fixture
def lan(consoles):
    return make_account(consoles.app.state.engine, "lan", [Role.EDITOR])


def test_whoever_logs_in_comes_to_the_page_asked_for(consoles, lan):
    asked = consoles.get("/account/second-factor?x=1", follow_redirects=False)
    assert asked.headers["location"] == "/login?next=/account/second-factor%3Fx%3D1"
    form = consoles.get(asked.headers["location"])
    assert 'value="/account/second-factor?x=1"' in form.text
    answer = log_in(consoles, to="/account/second-factor?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/second-factor?x=1")
    assert consoles.get("/account").status_code == 200
    assert [event.actor for event in events(consoles, "login")] == ["lan"]
    assert [event.subject for event in events(consoles, "login")] == ["lan"]


def test_a_wrong_password_says_no_more_than_an_unknown_user(consoles, lan):
    wrong = log_in(consoles, password="sai-mat-khau-roi")
    unknown = log_in(consoles, username="ai-do")
    assert wrong.status_code == unknown.status_code == 403
    said = [re.findall(r'role="alert".*?<p>(.*?)</p>', page.text) for page in (wrong, unknown)]
    assert said[0] == said[1] != []
    assert SESSION_COOKIE not in consoles.cookies
    reasons = [event.detail["reason"] for event in events(consoles, "login.refused")]
    assert reasons == ["unknown user", "wrong password"]


def test_too_many_wrong_passwords_lock_and_the_page_says_until_when(consoles, lan):
    for _ in range(5):
        log_in(consoles, password="sai-mat-khau-roi")
    page = log_in(consoles)
    assert page.status_code == 403 and "tạm khóa đến" in page.text


def test_one_address_may_not_try_many_accounts(rasa, tmp_path, migrated_file):
    path = shutil.copy(migrated_file, tmp_path / "motcua.db")
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{path}", log_level="ERROR",
        rate_limit_login="3/minute",
    )  # fmt: skip
    with TestClient(create_app(settings)) as client:
        answers = [log_in(client, username=f"user{n}").status_code for n in range(5)]
    assert answers == [403, 403, 403, 429, 429]


def test_the_session_cookie_is_read_by_no_script_and_sent_by_no_other_site(consoles, lan):
    cookie = next(
        value for value in log_in(consoles).headers.get_list("set-cookie") if SESSION_COOKIE in value
    )  # fmt: skip
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "Max-Age" not in cookie


def test_over_https_the_cookies_are_secure(consoles, lan):
    consoles.base_url = "https://testserver"
    cookies = log_in(consoles).headers.get_list("set-cookie")
    assert cookies and all("Secure" in cookie for cookie in cookies)


def test_a_token_that_a_browser_brings_along_is_never_used_for_a_session(consoles, lan):
    """Session fixation: an attacker plants a token before the login."""
    set_token(consoles, "planted" * 6)
    log_in(consoles)
    first = consoles.cookies[SESSION_COOKIE]
    assert first != "planted" * 6
    set_token(consoles, "planted" * 6)
    assert consoles.get("/account", follow_redirects=False).status_code == 303


def test_a_second_login_ends_the_session_before_it(consoles, lan):
    """The form was still open in another window while somebody logged in."""
    secret = secret_of(consoles.get("/login"))
    sign_in(consoles, lan)
    first = consoles.cookies[SESSION_COOKIE]
    fields = {"csrf": secret, "username": "lan", "password": PASSWORD}
    second = consoles.post("/login", data=fields, follow_redirects=False)
    assert second.status_code == 303
    set_token(consoles, first)
    assert consoles.get("/account", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "path",
    ["https://x.vn/", "//x.vn", "/\\x.vn", "/admin\\..\\x", "/admin//x.vn", "javascript:alert(1)",
     "/api/chat", "", "/adminx", "/admin\n", "/admin/é", "/%2fx.vn"],
)  # fmt: skip
def test_nobody_is_sent_to_a_foreign_page_after_the_login(consoles, lan, path):
    assert not is_ours(path)
    location = log_in(consoles, to=path).headers["location"]
    assert location == "/" + location.lstrip("/") and is_ours(location)


def test_a_page_of_ours_is_gone_to():
    assert is_ours("/admin") and is_ours("/staff/enquiries/3?x=1") and is_ours("/account")


def test_logging_out_ends_the_session_on_the_server(consoles, lan):
    sign_in(consoles, lan)
    token = consoles.cookies[SESSION_COOKIE]
    assert send(consoles, "/logout").headers["location"] == "/login"
    set_token(consoles, token)
    assert consoles.get("/account", follow_redirects=False).status_code == 303


def test_the_second_factor_is_set_up_asked_for_and_taken_off(consoles, lan):
    sign_in(consoles, lan)
    page = consoles.get("/account/second-factor")
    secret = re.search(r'name="secret" value="(\w+)"', page.text)[1]
    assert "data:image/svg+xml" in page.text
    fields = {"secret": secret, "password": PASSWORD, "code": "000000"}
    assert send(consoles, "/account/second-factor", fields).status_code == 422
    fields["code"] = pyotp.TOTP(secret).now()
    assert send(consoles, "/account/second-factor", fields).status_code == 303
    consoles.cookies.clear()

    first = log_in(consoles, to="/admin/procedures?words=a&page=2")
    assert first.headers["location"].startswith("/login/code")
    form = consoles.get(first.headers["location"]).text
    assert 'value="/admin/procedures?words=a&amp;page=2"' in form
    assert consoles.get("/account", follow_redirects=False).headers["location"] == "/login/code"
    halfway = consoles.cookies[SESSION_COOKIE]
    again = send(consoles, "/login/code", {"code": fields["code"]}, page="/login/code")
    assert again.status_code == 403, "the code was used while setting up"
    with transaction(consoles.app.state.engine) as session:
        reserve_writing(session)
        accounts.set_second_factor(session, lan.id, secret)  # as if half a minute had passed
    code = {"code": pyotp.TOTP(secret).now(), "next": "/account"}
    assert send(consoles, "/login/code", code, page="/login/code").headers["location"] == "/account"
    assert consoles.cookies[SESSION_COOKIE] != halfway
    assert consoles.get("/account").status_code == 200

    off = send(consoles, "/account/second-factor/off", {"password": PASSWORD})
    assert off.status_code == 303
    with transaction(consoles.app.state.engine) as session:
        assert not accounts.get(session, "lan").has_second_factor
    assert [len(events(consoles, f"account.second_factor.{what}")) for what in ("on", "off")] == [1, 1]  # fmt: skip


def test_a_secret_of_ones_own_making_is_not_taken(consoles, lan):
    sign_in(consoles, lan)
    fields = {"secret": "short", "password": PASSWORD, "code": "000000"}
    answer = send(consoles, "/account/second-factor", fields)
    assert answer.headers["location"] == "/account/second-factor"


def test_the_first_login_forces_a_new_password(consoles):
    make_account(consoles.app.state.engine, "moi", [Role.STAFF], is_new=True)
    assert log_in(consoles, "moi").status_code == 303
    assert (
        consoles.get("/account", follow_redirects=False).headers["location"] == "/account/password"
    )
    wrong = [
        ({"password": "sai", "new": NEW, "again": NEW}, 403),
        ({"password": PASSWORD, "new": NEW, "again": "khac-han-1234"}, 422),
        ({"password": PASSWORD, "new": "ngan", "again": "ngan"}, 422),
        ({"password": PASSWORD, "new": PASSWORD, "again": PASSWORD}, 422),
    ]
    for fields, status in wrong:
        assert send(consoles, "/account/password", fields).status_code == status, fields
    done = send(consoles, "/account/password", {"password": PASSWORD, "new": NEW, "again": NEW})
    assert done.status_code == 303
    page = consoles.get(done.headers["location"])
    assert page.status_code == 200 and "Đã đổi mật khẩu" in page.text
    assert "Đã đổi mật khẩu" not in consoles.get("/account").text, "said once"


def test_a_new_password_logs_the_other_browsers_out(consoles, lan):
    sign_in(consoles, lan)
    other = consoles.cookies[SESSION_COOKIE]
    consoles.cookies.clear()
    sign_in(consoles, lan)
    send(consoles, "/account/password", {"password": PASSWORD, "new": NEW, "again": NEW})
    assert consoles.get("/account").status_code == 200
    set_token(consoles, other)
    assert consoles.get("/account", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("secret", ["", "x" * 43, "!!", None])
def test_a_form_without_the_right_secret_is_refused(consoles, lan, secret):
    sign_in(consoles, lan)
    fields = {} if secret is None else {"csrf": secret}
    assert consoles.post("/logout", data=fields, follow_redirects=False).status_code == 403
    assert consoles.get("/account").status_code == 200
    assert [event.actor for event in events(consoles, "access.refused")] == ["lan"]


def test_the_login_form_needs_its_secret_too(consoles, lan):
    fields = {"username": "lan", "password": PASSWORD, "csrf": ""}
    assert consoles.post("/login", data=fields, follow_redirects=False).status_code == 403
    assert SESSION_COOKIE not in consoles.cookies


def test_the_secret_of_one_session_does_not_fit_another(consoles, lan):
    sign_in(consoles, lan)
    secret = secret_of(consoles.get("/account"))
    sign_in(consoles, lan)
    assert consoles.post("/logout", data={"csrf": secret}).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://x.vn"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_of_another_site_is_refused_even_with_the_secret(consoles, lan, headers):
    sign_in(consoles, lan)
    assert send(consoles, "/logout", headers=headers).status_code == 403


def test_the_secret_looks_different_on_every_page_and_stays_the_same():
    token = "t" * 43
    first, second = csrf.masked(token), csrf.masked(token)
    assert first != second
    assert csrf.is_right(token, first) and csrf.is_right(token, second)
    for wrong in ("", "=", first[:-4], "é", csrf.masked("u" * 43), csrf.masked("")):
        assert not csrf.is_right(token, wrong)
    assert not csrf.is_right("", csrf.masked("")) and not csrf.is_right("", "")


def test_a_form_that_is_too_large_or_has_no_length_is_refused(consoles, lan):
    sign_in(consoles, lan)
    assert send(consoles, "/logout", {"x": "y" * 2_100_000}).status_code == 413
    assert consoles.post("/logout", content=iter([b"csrf=x"])).status_code == 411


def test_pages_are_kept_in_no_cache_and_show_nothing_of_others(consoles, lan):
    sign_in(consoles, lan)
    page = consoles.get("/account")
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page.text)


def test_what_htmx_asks_without_a_session_sends_the_whole_page_to_the_login(consoles):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account?x=1"}
    answer = consoles.get("/account", headers=headers, follow_redirects=False)
    assert answer.headers["hx-redirect"] == "/login?next=/account%3Fx%3D1"
    headers["HX-Current-URL"] = "https://x.vn/admin"
    answer = consoles.get("/account", headers=headers, follow_redirects=False)
    assert answer.headers["hx-redirect"] == "/login?next=/admin"


def test_a_sentence_after_a_redirect_cannot_be_made_up(consoles, lan):
    sign_in(consoles, lan)
    consoles.cookies.set("motcua_said", "Xin-gọi-số-lạ".encode().hex())
    assert consoles.get("/account").status_code == 200


def test_what_is_stored_of_a_password_is_no_password(consoles, lan):
    log_in(consoles)
    with transaction(consoles.app.state.engine) as session:
        logged = [event.as_json() for event in audit.events(session).items]
    assert PASSWORD not in str(logged)
    assert passwords.generated() not in str(logged)


def test_what_breaks_is_said_on_a_page_and_logged(consoles, lan, monkeypatch):
    from bot.consoles import own_account

    def broken():
        raise ZeroDivisionError

    sign_in(consoles, lan)
    monkeypatch.setattr(own_account.passwords, "new_secret", broken)
    page = consoles.get("/account/second-factor")
    assert page.status_code == 500 and "Hệ thống gặp lỗi" in page.text and "<h1>" in page.text
