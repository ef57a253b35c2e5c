"""``motcua history``: who changed what, when; of one procedure or of all."""

from __future__ import annotations

from datetime import datetime, time, timezone
from typing import TYPE_CHECKING

import typer

from bot.commands.terminal import fail, open_database, out

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from procedures_db.history import ChangeSetSummary, Revision

_KINDS = {
    "import": "nạp tệp", "edit": "sửa", "undo": "hoàn tác", "sync": "đồng bộ", "seed": "",  # its source says it
}  # fmt: skip
_FIELDS = 20  # of one revision


def history(
    code: str = typer.Argument("", metavar="[MÃ]", help="Mã thủ tục; bỏ trống: mọi thay đổi."),
    at: datetime | None = typer.Option(
        None, "--at", formats=["%Y-%m-%d"], help="In nội dung như cuối ngày này."
    ),
    limit: int = typer.Option(20, min=1, max=1000, help="Số dòng nhiều nhất, mới nhất trước."),
) -> None:
    """Xem lịch sử của một thủ tục: ai sửa gì, lúc nào, từ tệp nào; hoặc các lần thay đổi gần đây."""
    from procedures_db import history as kept
    from procedures_db.connection import transaction

    with transaction(open_database()) as session:
        if not code:
            for summary in kept.change_sets(session, size=limit).items:
                out.print(told(summary), markup=False)
        elif at:
            _print_as_of(session, code, at)
        else:
            found = kept.revisions(session, code, limit=limit)
            if not found:
                fail(f"Chưa có thay đổi nào được ghi cho mã {code}.")
            for revision in found:
                _print_revision(revision)


def told(summary: ChangeSetSummary) -> str:
    """One line: "số 12 · 22/11/2026 15:04 · Lan · nạp tệp portal.jsonl · 3 mới, 2 thay đổi"."""
    from procedures_db.describing import as_text

    made = summary.change_set
    kind = f"{_KINDS[made.kind.value]} {made.source.name}".strip()
    if made.undoes:
        kind = f"{kind} số {made.undoes}"
    counts = {
        "mới": summary.added, "thay đổi": summary.changed, "bỏ": summary.removed,
        "bản nháp": summary.drafts,
    }  # fmt: skip
    counted = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    parts = [f"số {made.id}", as_text(made.at), made.actor, kind, counted, made.note]
    return " · ".join(filter(None, parts))


def _print_revision(revision: Revision) -> None:
    from procedures_db.describing import STATE_LABELS, as_text

    made = revision.change_set
    states = f"{STATE_LABELS[revision.before]} → {STATE_LABELS[revision.after]}"
    parts = [
        f"phiên bản {revision.number}", as_text(made.at), made.actor,
        f"{_KINDS[made.kind.value]} {made.source.name}".strip(), f"lần thay đổi số {made.id}",
        states, made.note,
    ]  # fmt: skip
    out.print(" · ".join(filter(None, parts)), style="bold", markup=False)
    if revision.old is None or revision.new is None:
        return
    changes = revision.field_changes
    for change in changes[:_FIELDS]:
        old, new = change.brief()
        out.print(f"  {change.label}: {old or '(trống)'} → {new or '(trống)'}", markup=False)
    if len(changes) > _FIELDS:
        out.print(f"  … và {len(changes) - _FIELDS} chỗ khác")


def _print_as_of(session: Session, code: str, day: datetime) -> None:
    from procedures_db import history as kept
    from procedures_db.describing import VIETNAM

    moment = datetime.combine(day.date(), time.max, VIETNAM).astimezone(timezone.utc)
    record = kept.as_of(session, code, moment)
    if record is None:
        fail(f"Cuối ngày {day:%d/%m/%Y}, mã {code} không được công bố.")
    for change in kept.differences(None, record):
        out.print(f"{change.label}: {change.new}", markup=False)
