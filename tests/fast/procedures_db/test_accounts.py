"""Accounts: who gets in, who is kept out, for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from procedures_db import account_sessions, accounts, passwords
from procedures_db.account import (
    AccountNotFound,
    BadAccount,
    LastAdministrator,
    LockedOut,
    LoginRefused,
    Role,
)
from procedures_db.account_sessions import Limits
from procedures_db.connection import transaction
from procedures_db.models import AccountRow, AccountSessionRow
from procedures_db.models.base import now
from procedures_db.passwords import WeakPassword

PASSWORD = "mua-rao-thang-bay-8"
NEW = "nang-som-thang-tam-9"
LIMITS = Limits(idle=timedelta(hours=1), longest=timedelta(hours=12))


@pytest.fixture
def lan(engine):
    """An account of the first counter."""
    with transaction(engine) as session:
        return accounts.add(
            session, "Lan", name=" Cán bộ  Lan ", roles=[Role.STAFF], password=PASSWORD
        )


def begin(engine, account, **options):
    with transaction(engine) as session:
        return account_sessions.begin(session, account.id, **options)


def fail(engine, times, username="lan"):
    for _ in range(times):
        with pytest.raises(LoginRefused):
            accounts.check_password(engine, username, "sai")


def test_a_new_account_gets_in_with_its_password_and_must_change_it(engine, lan):
    assert (lan.username, lan.name, lan.roles) == ("lan", "Cán bộ Lan", {Role.STAFF})
    found = accounts.check_password(engine, " LAN ", PASSWORD)
    assert found.id == lan.id and found.must_change_password


def test_the_password_itself_is_nowhere_in_the_database(engine, lan):
    with transaction(engine) as session:
        row = session.get(AccountRow, lan.id)
        assert row.password_hash.startswith("$argon2id$")
        assert PASSWORD not in row.password_hash


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [("lan", "sai", "wrong password"), ("lan", "", "wrong password"), ("ai", PASSWORD, "unknown user")],
)  # fmt: skip
def test_a_wrong_login_is_refused_and_the_reason_kept_for_the_log(
    engine, lan, username, password, reason
):
    with pytest.raises(LoginRefused) as refused:
        accounts.check_password(engine, username, password)
    assert refused.value.reason == reason


def test_the_fifth_wrong_password_locks_even_the_right_one_out(engine, lan):
    fail(engine, 5)
    with pytest.raises(LockedOut) as locked:
        accounts.check_password(engine, "lan", PASSWORD)
    assert timedelta(seconds=50) < locked.value.until - now() <= timedelta(minutes=1)


def test_each_further_wrong_password_locks_twice_as_long_up_to_an_hour(engine, lan):
    waits = []
    for _ in range(12):
        fail(engine, 5 if not waits else 1)
        with transaction(engine) as session:
            row = session.get(AccountRow, lan.id)
            waits.append(round((row.locked_until - now()) / timedelta(minutes=1)))
            row.locked_until = now() - timedelta(seconds=1)
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert set(waits[7:]) == {60}


def test_a_login_forgets_earlier_wrong_passwords(engine, lan):
    fail(engine, 4)
    accounts.check_password(engine, "lan", PASSWORD)
    fail(engine, 4)
    assert accounts.check_password(engine, "lan", PASSWORD).id == lan.id


def test_many_guesses_at_once_are_no_way_around_the_lock(engine, lan):
    def guess(number):
        try:
            accounts.check_password(engine, "lan", f"guess {number}")
        except LockedOut:
            return "locked"
        except LoginRefused:
            return "looked at"

    with ThreadPoolExecutor(12) as threads:
        ends = list(threads.map(guess, range(24)))
    assert ends.count("looked at") == 5


def test_a_disabled_account_is_out_at_once_and_may_be_let_in_again(engine, lan):
    begun = begin(engine, lan)
    with transaction(engine) as session:
        accounts.disable(session, "lan")
    assert account_sessions.find(engine, begun.token, LIMITS) is None
    with pytest.raises(LoginRefused) as refused:
        accounts.check_password(engine, "lan", PASSWORD)
    assert refused.value.reason == "disabled"
    with transaction(engine) as session:
        accounts.enable(session, "lan")
    assert accounts.check_password(engine, "lan", PASSWORD).id == lan.id


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(engine, lan):
    here, there = begin(engine, lan), begin(engine, lan)
    with transaction(engine) as session:
        accounts.change_password(session, lan.id, NEW, keep_token=here.token)
    assert account_sessions.find(engine, there.token, LIMITS) is None
    found = account_sessions.find(engine, here.token, LIMITS)
    assert found and not found.account.must_change_password
    assert accounts.check_password(engine, "lan", NEW)


def test_the_old_password_is_no_new_one(engine, lan):
    with transaction(engine) as session, pytest.raises(WeakPassword):
        accounts.change_password(session, lan.id, PASSWORD)


def test_a_reset_password_ends_all_sessions_and_the_second_factor(engine, lan):
    begun = begin(engine, lan)
    with transaction(engine) as session:
        accounts.set_second_factor(session, lan.id, passwords.new_secret())
        accounts.reset_password(session, "lan", NEW)
    assert account_sessions.find(engine, begun.token, LIMITS) is None
    found = accounts.check_password(engine, "lan", NEW)
    assert found.must_change_password and not found.has_second_factor


@pytest.mark.parametrize(
    "password", ["ngan", "a" * 12, "123456789012", "abcdefghijklmn", "lan-lan-mua-rao", "x" * 201]
)
def test_a_password_that_is_easy_to_guess_is_refused(password):
    with pytest.raises(WeakPassword):
        passwords.checked(password, "lan")


def test_a_generated_password_may_be_used():
    assert all(passwords.checked(passwords.generated(), "lan") for _ in range(50))


@pytest.mark.parametrize("username", ["a", "Lan Anh", "lan@xa.vn", "", "-lan", "ngân", "x" * 81])
def test_a_user_name_of_another_form_is_refused(engine, username):
    with transaction(engine) as session, pytest.raises(BadAccount):
        accounts.add(session, username, name="Lan", roles=[Role.STAFF], password=PASSWORD)


def test_two_accounts_of_one_name_no_role_and_no_name_are_refused(engine, lan):
    with transaction(engine) as session:
        for username, name, roles in (
            ("LAN", "Lan", [Role.STAFF]),
            ("hoa", "Hoa", []),
            ("hoa", " ", [Role.STAFF]),
        ):
            with pytest.raises(BadAccount):
                accounts.add(session, username, name=name, roles=roles, password=PASSWORD)


def test_the_last_administrator_can_neither_be_disabled_nor_demoted(engine, lan):
    with transaction(engine) as session:
        for username in ("mai", "minh"):
            roles = [Role.ADMINISTRATOR]
            accounts.add(session, username, name=username, roles=roles, password=PASSWORD)
        accounts.disable(session, "mai")
        with pytest.raises(LastAdministrator):
            accounts.disable(session, "minh")
        with pytest.raises(LastAdministrator):
            accounts.change(session, "minh", name="Minh", roles=[Role.STAFF])
        assert accounts.change(session, "lan", name="Lan", roles=[Role.EDITOR, Role.STAFF]).roles == {
            Role.EDITOR, Role.STAFF,
        }  # fmt: skip


def test_an_unknown_account_is_said_to_be_unknown(engine):
    with transaction(engine) as session:
        for change in (accounts.disable, accounts.enable, accounts.get):
            with pytest.raises(AccountNotFound):
                change(session, "ai")


def test_a_code_of_the_second_factor_is_taken_once(engine, lan):
    secret = passwords.new_secret()
    with transaction(engine) as session:
        accounts.set_second_factor(session, lan.id, secret)
    code = pyotp.TOTP(secret).now()
    accounts.check_code(engine, lan.id, code)
    with pytest.raises(LoginRefused):
        accounts.check_code(engine, lan.id, code)


def test_wrong_codes_lock_as_wrong_passwords_do(engine, lan):
    secret = passwords.new_secret()
    with transaction(engine) as session:
        accounts.set_second_factor(session, lan.id, secret)
    for _ in range(5):
        with pytest.raises(LoginRefused):
            accounts.check_code(engine, lan.id, "abc")
    with pytest.raises(LockedOut):
        accounts.check_code(engine, lan.id, pyotp.TOTP(secret).now())


def test_codes_are_good_a_step_early_or_late_and_no_longer():
    secret, at = passwords.new_secret(), 1_800_000_000
    totp = pyotp.TOTP(secret)
    taken = [
        passwords.step_of(secret, totp.at(at + 30 * shift), after=0, at=at) is not None
        for shift in (-2, -1, 0, 1, 2)
    ]
    assert taken == [False, True, True, True, False]
    assert passwords.step_of(secret, "", after=0, at=at) is None


def test_a_session_ends_by_silence_and_by_age(engine, lan):
    begun, moment = begin(engine, lan), now()
    for hours in range(1, 12):
        at = moment + timedelta(hours=hours, minutes=-hours)
        assert account_sessions.find(engine, begun.token, LIMITS, at=at), hours
    at = moment + timedelta(hours=12, minutes=1)
    assert account_sessions.find(engine, begun.token, LIMITS, at=at) is None
    other = begin(engine, lan)
    at = now() + timedelta(minutes=61)
    assert account_sessions.find(engine, other.token, LIMITS, at=at) is None


def test_what_a_page_asks_by_itself_keeps_nobody_logged_in(engine, lan):
    begun, moment = begin(engine, lan), now()
    for minutes in (30, 59):
        at = moment + timedelta(minutes=minutes)
        assert account_sessions.find(engine, begun.token, LIMITS, at=at, counts=False)
    at = moment + timedelta(minutes=61)
    assert account_sessions.find(engine, begun.token, LIMITS, at=at) is None


def test_a_session_that_waits_for_a_code_waits_five_minutes(engine, lan):
    begun = begin(engine, lan, awaits_code=True)
    found = account_sessions.find(engine, begun.token, LIMITS)
    assert found and found.awaits_code
    at = now() + timedelta(minutes=6)
    assert account_sessions.find(engine, begun.token, LIMITS, at=at) is None


def test_a_session_is_ended_by_logout_and_its_token_is_not_stored(engine, lan):
    begun = begin(engine, lan)
    with transaction(engine) as session:
        assert begun.token not in session.execute(select(AccountSessionRow.token_hash)).scalars()
        account_sessions.end(session, begun.token)
    assert account_sessions.find(engine, begun.token, LIMITS) is None
    assert account_sessions.find(engine, "", LIMITS) is None


def test_dead_sessions_are_deleted_and_living_ones_kept(engine, lan):
    old, fresh = begin(engine, lan), begin(engine, lan)
    with transaction(engine) as session:
        first = select(AccountSessionRow.token_hash).order_by(AccountSessionRow.used_at).limit(1)
        chosen = session.execute(first).scalar_one()
        session.execute(
            update(AccountSessionRow)
            .where(AccountSessionRow.token_hash == chosen)
            .values(used_at=now() - timedelta(hours=2))
        )
    with transaction(engine) as session:
        assert account_sessions.purge(session, LIMITS) == 1
    alive = [account_sessions.find(engine, one.token, LIMITS) is not None for one in (old, fresh)]
    assert sorted(alive) == [False, True]
