"""``motcua user``: accounts of the consoles, for whoever has the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from bot.commands.terminal import fail, open_database, out, who

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(no_args_is_help=True, help="Tài khoản của cán bộ, quản trị viên.")
_USERNAME = typer.Argument(..., metavar="TÊN", help="Tên đăng nhập.")
_ROLES = typer.Option(
    ..., "--role", help="Vai trò, có thể lặp lại: staff, editor, approver, administrator, auditor."
)
_ONCE = "Mật khẩu dùng một lần: {password}\nLần đăng nhập đầu tiên sẽ bắt đổi."


@app.command()
def add(
    username: str = _USERNAME,
    name: str = typer.Option("", help="Họ tên mà đồng nghiệp và người dân đọc."),
    roles: list[str] = _ROLES,
) -> None:
    """Thêm tài khoản; in ra mật khẩu cho lần đăng nhập đầu tiên."""
    from procedures_db import accounts, passwords
    from procedures_db.account import BadAccount, Role

    try:
        chosen = [Role(role) for role in roles]
    except ValueError:
        fail(f"Các vai trò: {', '.join(role.value for role in Role)}.")
    password = passwords.generated()
    try:
        with _logged("account.add", username, roles=[role.value for role in chosen]) as session:
            accounts.add(session, username, name=name or username, roles=chosen, password=password)
    except BadAccount as error:
        fail(str(error))
    out.print(f"Đã thêm tài khoản {username}. {_ONCE.format(password=password)}", markup=False)


@app.command(name="list")
def list_() -> None:
    """Xem các tài khoản."""
    from procedures_db import accounts
    from procedures_db.connection import transaction
    from procedures_db.describing import as_text

    with transaction(open_database()) as session:
        found = accounts.every(session)
    if not found:
        out.print("Chưa có tài khoản nào: thêm bằng `motcua user add`.")
    for account in found:
        roles = ", ".join(sorted(role.value for role in account.roles))
        last = as_text(account.logged_in_at) or "chưa đăng nhập"
        parts = [account.username, account.name, roles, last]
        parts += ["mã trên điện thoại"] if account.has_second_factor else []
        parts += ["ĐÃ KHÓA"] if account.is_disabled else []
        out.print(" · ".join(parts), markup=False)


@app.command()
def disable(username: str = _USERNAME) -> None:
    """Khóa tài khoản: thoát ngay ở mọi nơi, không đăng nhập được nữa."""
    from procedures_db import accounts
    from procedures_db.account import AccountNotFound, LastAdministrator

    try:
        with _logged("account.disable", username) as session:
            accounts.disable(session, username)
    except AccountNotFound:
        fail(f"Không có tài khoản “{username}”.")
    except LastAdministrator:
        fail("Đây là quản trị viên cuối cùng: thêm người khác trước.")
    out.print(f"Đã khóa tài khoản {username}.", markup=False)


@app.command(name="reset-password")
def reset_password(username: str = _USERNAME) -> None:
    """Đặt mật khẩu dùng một lần; tắt mã trên điện thoại, mở khóa, thoát ở mọi nơi."""
    from procedures_db import accounts, passwords
    from procedures_db.account import AccountNotFound

    password = passwords.generated()
    try:
        with _logged("account.reset_password", username) as session:
            accounts.reset_password(session, username, password)
            accounts.enable(session, username)
    except AccountNotFound:
        fail(f"Không có tài khoản “{username}”.")
    out.print(_ONCE.format(password=password), markup=False)


@contextmanager
def _logged(action: str, username: str, **detail: object) -> Iterator[Session]:
    """A transaction that writes the deed into the audit log, done by the system's user."""
    from procedures_db import audit
    from procedures_db.connection import reserve_writing, transaction

    with transaction(open_database()) as session:
        reserve_writing(session)
        yield session
        subject, actor = username.strip().lower(), f"cli:{who('')}"
        audit.record(session, actor=actor, action=action, subject=subject, **detail)  # type: ignore[arg-type]
