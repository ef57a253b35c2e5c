"""``/admin/accounts``: who may log in, and as what; ``/admin/audit``: what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from bot.consoles.admin import deeds
from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute
from bot.consoles.visit import Visit
from procedures_db import accounts, audit, passwords
from procedures_db.account import Account, AccountNotFound, BadAccount, LastAdministrator, Role
from procedures_db.audit import Filter
from procedures_db.connection import transaction
from procedures_db.describing import VIETNAM
from procedures_db.models.base import now

PAGE_SIZE = 50
_LAST = "Đây là quản trị viên cuối cùng còn đăng nhập được: giao quyền cho người khác trước."


def accounts_page(visit: Visit) -> Response:
    return _show(visit)


def add(visit: Visit) -> Response:
    """Make an account; its first password is shown once, on this very page."""
    password = passwords.generated()
    try:
        roles = _roles(visit)
        with visit.changing() as session:
            made = accounts.add(
                session, visit.text("username"), name=visit.text("name"), roles=roles, password=password
            )  # fmt: skip
            visit.note(session, "account.add", made.username, roles=sorted(r.value for r in roles))
    except BadAccount as error:
        return _show(visit, 422, str(error))
    return _show(visit, made=made, password=password)


def account_page(visit: Visit) -> Response:
    return _show_one(visit)


def change(visit: Visit) -> Response:
    """Rename, give other roles."""
    username = visit.request.path_params["username"]

    def deed(session: Session) -> Account:
        return accounts.change(session, username, name=visit.text("name"), roles=_roles(visit))

    return _done(visit, "account.change", deed, "Đã lưu. Có hiệu lực từ lần bấm tới của người đó.")


def disable(visit: Visit) -> Response:
    username = visit.request.path_params["username"]
    said = "Đã khóa tài khoản, thoát ở mọi nơi."
    return _done(visit, "account.disable", lambda s: accounts.disable(s, username), said)


def enable(visit: Visit) -> Response:
    username = visit.request.path_params["username"]
    said = "Đã mở khóa tài khoản."
    return _done(visit, "account.enable", lambda s: accounts.enable(s, username), said)


def reset_password(visit: Visit) -> Response:
    """A password for one login, shown once on this very page."""
    username, password = visit.request.path_params["username"], passwords.generated()
    try:
        with visit.changing() as session:
            made = accounts.reset_password(session, username, password)
            visit.note(session, "account.reset_password", made.username)
    except AccountNotFound:
        return visit.page("refused.html", status=404, sentence="Không có tài khoản này.")
    if made.id == visit.account.id:  # one's own sessions have ended too
        return visit.go("/login")
    return _show_one(visit, made=made, password=password)


def audit_page(visit: Visit) -> Response:
    """The log, newest first."""
    chosen, page = _chosen(visit), visit.page_number()
    with visit.reading() as session:
        found = audit.events(session, chosen, page=page, size=PAGE_SIZE)
        kinds = audit.actions(session)
    asked = {k: v for k, v in visit.request.query_params.items() if v and k != "page"}
    return visit.page(
        "admin/audit.html",
        found=found, page=page, size=PAGE_SIZE, kinds=kinds, deed=deeds.told, asked=asked, query=urlencode(asked),
        address=lambda number: f"/admin/audit?{urlencode({**asked, 'page': number})}",
    )  # fmt: skip


def audit_export(visit: Visit) -> Response:
    """The chosen part of the log as JSON lines, in its order."""
    with visit.changing() as session:
        visit.note(session, "audit.export", chosen=dict(visit.request.query_params))
    name = f"nhat-ky-{now().astimezone(VIETNAM):%Y%m%d-%H%M}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = _lines(visit.engine, _chosen(visit))
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


def _lines(engine: Engine, chosen: Filter) -> Iterator[str]:
    """A batch at a time, each in a transaction of its own: the server may take the next one in another
    thread, which SQLite refuses to go on in."""
    after = 0
    while True:
        with transaction(engine) as session:
            some = audit.batch(session, chosen, after=after)
        if not some:
            return
        after = some[-1].number
        yield "".join(json.dumps(event.as_json(), ensure_ascii=False) + "\n" for event in some)


def _show(visit: Visit, status: int = 200, wrong: str = "", **content: object) -> Response:
    with visit.reading() as session:
        found = accounts.every(session)
    typed = {} if content else {"name": visit.text("name"), "username": visit.text("username")}
    given = {"made": None, "password": "", **content}
    return visit.page(
        "admin/accounts.html", status=status, wrong=wrong, found=found, roles=list(Role), typed=typed,
        now=now(), **given,
    )  # fmt: skip


def _show_one(visit: Visit, status: int = 200, wrong: str = "", **content: object) -> Response:
    try:
        with visit.reading() as session:
            one = accounts.get(session, visit.request.path_params["username"])
    except AccountNotFound:
        return visit.page("refused.html", status=404, sentence="Không có tài khoản này.")
    given = {"made": None, "password": "", **content}
    return visit.page(
        "admin/account.html", status=status, wrong=wrong, one=one, roles=list(Role), now=now(), **given
    )  # fmt: skip


def _done(visit: Visit, action: str, deed, said: str) -> Response:  # type: ignore[no-untyped-def]
    try:
        with visit.changing() as session:
            one = deed(session)
            visit.note(session, action, one.username, roles=sorted(r.value for r in one.roles))
    except AccountNotFound:
        return visit.page("refused.html", status=404, sentence="Không có tài khoản này.")
    except LastAdministrator:
        return _show_one(visit, 409, _LAST)
    except BadAccount as error:
        return _show_one(visit, 422, str(error))
    return visit.go(f"/admin/accounts/{one.username}", said)


def _roles(visit: Visit) -> list[Role]:
    """Raises BadAccount."""
    try:
        return [Role(value) for value in visit.form.getlist("roles")]
    except ValueError as error:
        raise BadAccount("Không có vai trò này.") from error


def _chosen(visit: Visit) -> Filter:
    since, until = _day(visit.query("since")), _day(visit.query("until"))
    return Filter(
        actor=visit.query("actor"),
        action=visit.query("action"),
        subject=visit.query("subject"),
        since=since,
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    """The beginning of a day in Viet Nam; anything else is no limit."""
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time.min, VIETNAM)
    except ValueError:
        return None


def _post(path: str, endpoint, action: Action = Action.MANAGE_ACCOUNTS):  # type: ignore[no-untyped-def]
    return ConsoleRoute(path, endpoint, action=action, methods=["POST"])


routes = [
    ConsoleRoute("/admin/accounts", accounts_page, action=Action.MANAGE_ACCOUNTS),
    _post("/admin/accounts", add),
    ConsoleRoute("/admin/accounts/{username}", account_page, action=Action.MANAGE_ACCOUNTS),
    _post("/admin/accounts/{username}", change),
    _post("/admin/accounts/{username}/disable", disable),
    _post("/admin/accounts/{username}/enable", enable),
    _post("/admin/accounts/{username}/password", reset_password),
    ConsoleRoute("/admin/audit", audit_page, action=Action.READ_AUDIT),
    ConsoleRoute("/admin/audit.jsonl", audit_export, action=Action.READ_AUDIT),
]
