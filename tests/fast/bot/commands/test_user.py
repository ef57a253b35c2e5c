"""``motcua user`` and ``motcua audit``: accounts and the log, for whoever has the machine."""

import json
import re

import pytest

from procedures_db import accounts
from procedures_db.account import LoginRefused, Role
from procedures_db.connection import connect, transaction


@pytest.fixture
def engine(database):
    return connect(f"sqlite:///{database}")


def password_in(output):
    return re.search(r"Mật khẩu dùng một lần: (\S+)", output)[1]


def test_an_account_is_added_and_its_first_password_printed_once(motcua, engine):
    made = motcua(
        "user", "add", "Lan", "--name", "Cán bộ Lan", "--role", "editor", "--role", "staff"
    )
    assert made.exit_code == 0
    found = accounts.check_password(engine, "lan", password_in(made.output))
    assert found.must_change_password and found.roles == {Role.EDITOR, Role.STAFF}
    listed = motcua("user", "list").output
    assert "lan · Cán bộ Lan · editor, staff" in listed
    assert password_in(made.output) not in listed + motcua("audit", "export").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "x", "--role", "staff"], "3–80 ký tự"),
        (["add", "lan", "--role", "boss"], "staff, editor, approver, administrator, auditor"),
        (["disable", "lan"], "Không có tài khoản"),
        (["reset-password", "lan"], "Không có tài khoản"),
    ],
)
def test_what_cannot_be_done_is_said(motcua, database, arguments, said):
    done = motcua("user", *arguments)
    assert done.exit_code == 1 and said in done.output


def test_the_last_administrator_stays(motcua, database):
    motcua("user", "add", "boss", "--role", "administrator")
    done = motcua("user", "disable", "boss")
    assert done.exit_code == 1 and "cuối cùng" in done.output


def test_a_disabled_account_gets_in_again_with_a_reset_password(motcua, engine):
    first = password_in(motcua("user", "add", "lan", "--role", "staff").output)
    assert motcua("user", "disable", "lan").exit_code == 0
    assert "ĐÃ KHÓA" in motcua("user", "list").output
    with pytest.raises(LoginRefused):
        accounts.check_password(engine, "lan", first)
    new = password_in(motcua("user", "reset-password", "lan").output)
    assert accounts.check_password(engine, "lan", new)


def test_the_log_is_exported_as_json_lines_from_a_number_on(motcua, engine, tmp_path):
    motcua("user", "add", "lan", "--role", "staff")
    motcua("user", "disable", "lan")
    lines = motcua("audit", "export").output.splitlines()
    events = [json.loads(line) for line in lines]
    assert [(e["action"], e["subject"]) for e in events] == [
        ("account.add", "lan"), ("account.disable", "lan"),
    ]  # fmt: skip
    assert all(event["actor"].startswith("cli:") for event in events)
    later = motcua("audit", "export", "--after", str(events[0]["number"])).output
    assert later.splitlines() == lines[1:]
    assert motcua("audit", "export", "audit.jsonl").exit_code == 0
    assert (tmp_path / "audit.jsonl").read_text("utf-8").splitlines() == lines
    assert motcua("audit", "export", "--until", "2020-01-01").output == ""


def test_a_file_that_cannot_be_written_is_named(motcua, database):
    done = motcua("audit", "export", "no/such/folder.jsonl")
    assert done.exit_code == 1 and "Không ghi được" in done.output


def test_several_sessions_of_a_disabled_account_end(motcua, engine):
    from procedures_db import account_sessions
    from procedures_db.models import AccountSessionRow

    motcua("user", "add", "lan", "--role", "staff")
    with transaction(engine, write=True) as session:
        account_sessions.begin(session, accounts.get(session, "lan").id)
    motcua("user", "disable", "lan")
    with transaction(engine) as session:
        assert session.query(AccountSessionRow).count() == 0
