"""``motcua sync``: pull procedures from another installation or a portal; decide what clashes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer

from bot.commands.terminal import err, fail, open_database, out, who

if TYPE_CHECKING:
    from procedures_db.exchange.conflicts import Conflict
    from procedures_db.exchange.syncing import Outcome

_SHOWN = 20  # codes listed a kind; a first sync has thousands
_LONGEST_VALUE = 200  # characters of a value beside the other side's


def sync(
    url: str = typer.Argument(
        "", help="Địa chỉ một bản motcua khác, hoặc nơi cung cấp JSON chi tiết (có thể chứa {code})."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Chỉ cho xem sẽ thay đổi gì."),
    conflicts: bool = typer.Option(False, "--conflicts", help="Liệt kê các xung đột chờ quyết định."),
    resolve: tuple[str, str] = typer.Option(
        ("", ""), "--resolve", metavar="MÃ ours|theirs",
        help="Giữ bản của ta (ours) hoặc lấy bản của nguồn (theirs).",
    ),
    actor: str = typer.Option("", help="Tên người làm, ghi vào lịch sử; mặc định: tên đăng nhập."),
) -> None:  # fmt: skip
    """Lấy thủ tục đã thay đổi từ một nguồn; chỗ cả hai bên cùng sửa thì để người quyết định."""
    if sum((bool(url), conflicts, bool(resolve[0]))) != 1:
        raise typer.BadParameter("cần đúng một trong: địa chỉ nguồn, --conflicts, --resolve")
    if conflicts:
        _list()
    elif resolve[0]:
        _resolve(*resolve, who(actor))
    else:
        _pull(url, dry_run, who(actor))


def _pull(url: str, dry_run: bool, actor: str) -> None:
    from procedures_db.connection import DatabaseBusy
    from procedures_db.exchange.errors import SyncError
    from procedures_db.exchange.fetching import Fetcher
    from procedures_db.exchange.syncing import sync

    engine, fetcher = open_database(), Fetcher()
    try:
        with err.status("Đang lấy dữ liệu …") as status:
            outcome = sync(
                engine, url, fetcher=fetcher, actor=actor, dry_run=dry_run,
                on_page=lambda so_far: status.update(f"Đang lấy dữ liệu … {_counts(so_far)}"),
            )  # fmt: skip
    except (SyncError, DatabaseBusy) as error:
        fail(f"Không đồng bộ được: {error}. Phần đã nhận vẫn giữ; chạy lại sẽ tiếp tục từ đó.")
    finally:
        fetcher.close()
    _tell(outcome, dry_run)
    out.print(("Thử, chưa ghi gì – " if dry_run else "") + _counts(outcome), markup=False)


def _tell(outcome: Outcome, dry_run: bool) -> None:
    from procedures_db.exchange.applying import Verdict

    if outcome.restarted:
        err.print("Nguồn đã được thay mới: đã so sánh lại toàn bộ từ đầu.")
    for refusal in outcome.refused:
        err.print(_printable(f"Từ chối mã {refusal.code}: {refusal.reason}"), markup=False)
    for verdict, codes in outcome.verdicts.items():
        listed = (dry_run and verdict is not Verdict.UNCHANGED) or verdict is Verdict.CONFLICT
        if codes and listed:
            more = f" … và {len(codes) - _SHOWN} mã nữa" if len(codes) > _SHOWN else ""
            out.print(f"{verdict.value}: {', '.join(codes[:_SHOWN])}{more}", markup=False)
    if outcome.verdicts[Verdict.CONFLICT] and not dry_run:
        out.print("Xem bằng `motcua sync --conflicts`, quyết định bằng `--resolve MÃ ours|theirs`.")


def _counts(outcome: Outcome) -> str:
    counts = [f"{verdict.value}: {len(codes)}" for verdict, codes in outcome.verdicts.items()]
    return " · ".join([*counts, f"từ chối: {len(outcome.refused)}"])


def _list() -> None:
    from procedures_db.exchange import conflicts

    found = conflicts.every(open_database())
    if not found:
        out.print("Không có xung đột nào.")
    for conflict in found:
        out.print("\n".join(map(_printable, _lines(conflict))), markup=False)


def _lines(conflict: Conflict) -> list[str]:
    seen = conflict.seen_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    head = f"{conflict.code}  {conflict.name}"
    lines = [head, f"  {conflict.reason}", f"  nguồn: {conflict.url}, lúc {seen:%H:%M %d/%m/%Y}"]
    if conflict.ours is None or conflict.theirs is None:
        gone = "tại đây" if conflict.ours is None else "nguồn"
        return [*lines, f"  {gone}: không công bố"]
    for name, ours, theirs in conflict.differences:
        lines += [f"  {name}", f"    ours:   {_short(ours)}", f"    theirs: {_short(theirs)}"]
    return lines


def _printable(text: str) -> str:
    """Without control characters: what a source sent must not steer the terminal."""
    return "".join(letter for letter in text if letter.isprintable())


def _short(value: Any) -> str:
    text = "(không nêu)" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + " …"


def _resolve(code: str, side: str, actor: str) -> None:
    from procedures_db.connection import DatabaseBusy
    from procedures_db.exchange import conflicts

    if side not in [one.value for one in conflicts.Side]:
        fail("Chọn ours (giữ bản của ta) hoặc theirs (lấy bản của nguồn).")
    try:
        conflicts.resolve(open_database(), code, conflicts.Side(side), actor=actor)
    except conflicts.NoConflict:
        fail(f"Không có xung đột nào mang mã {code}.")
    except conflicts.OursMoved:
        fail(f"{code} vừa được sửa thêm tại đây: xem lại bằng --conflicts rồi chọn lại.")
    except conflicts.Unusable:
        fail(f"Nội dung nguồn gửi cho {code} không đọc được, không thể lấy; chọn ours để bỏ qua.")
    except DatabaseBusy as error:
        fail(f"Chưa ghi gì: {error}.")
    out.print(f"Đã quyết định {code}: {side}.", markup=False)
