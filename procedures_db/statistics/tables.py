"""The dashboard's figures as tables: for CSV and XLSX, and for readers of the charts."""

from __future__ import annotations

from decimal import Decimal

from procedures_db.reports.table import Table
from procedures_db.statistics.questions import Outcomes, Statistics
from procedures_db.statistics.scope import Scope

_KINDS = ("Đã trả lời", "Hỏi lại", "Chuyển cán bộ", "Chưa trả lời được", "Khác")


def days_table(found: Statistics) -> Table:
    """One row a day."""
    return Table(
        title="Câu hỏi theo ngày",
        subtitle=about(found.scope),
        headers=("Ngày", "Tổng số", *_KINDS),
        rows=tuple((f"{day.day:%d/%m/%Y}", *_cells(day.outcomes)) for day in found.days),
        total=("Tổng cộng", *_cells(found.total)),
    )


def asked_table(found: Statistics) -> Table:
    """The procedures answered most often."""
    return Table(
        title="Thủ tục được hỏi nhiều nhất",
        subtitle=about(found.scope),
        headers=("STT", "Mã thủ tục", "Tên thủ tục", "Lượt trả lời", "Hữu ích", "Chưa đúng"),
        rows=tuple(
            (number, one.code, one.name, one.questions, one.useful, one.wrong)
            for number, one in enumerate(found.asked, start=1)
        ),
    )


def missed_table(found: Statistics) -> Table:
    """What was asked in vain most often; the questions are masked."""
    return Table(
        title="Câu hỏi chưa trả lời được nhiều nhất",
        subtitle=about(found.scope),
        headers=("STT", "Câu hỏi (một câu trong nhóm)", "Số lần"),
        rows=tuple(
            (number, one.sample, one.questions) for number, one in enumerate(found.missed, start=1)
        ),
        notes=(
            "Gồm câu bị hỏi lại hai lần, không tìm được thủ tục, chuyển cán bộ, bị chê chưa đúng.",
        ),
    )


def summary_table(found: Statistics) -> Table:
    """The figures in one row each."""
    satisfied = found.satisfaction
    return Table(
        title="Tổng hợp",
        subtitle=about(found.scope),
        headers=("Chỉ số", "Giá trị"),
        rows=(
            *zip(("Tổng số câu hỏi", *_KINDS), _cells(found.total), strict=True),
            ("Lượt bấm “Hữu ích”", found.useful),
            ("Lượt bấm “Chưa đúng”", found.wrong),
            ("Tỷ lệ hài lòng (%)", None if satisfied is None else _percent(satisfied)),
            ("Nửa số câu được trả lời trong (ms)", _whole(found.speed.p50)),
            ("95% số câu được trả lời trong (ms)", _whole(found.speed.p95)),
        ),
    )


def about(scope: Scope) -> str:
    """“Từ 01/11/2026 đến 23/11/2026 · lĩnh vực Hộ tịch”."""
    said = [f"Từ {scope.first_day:%d/%m/%Y} đến {scope.last_day:%d/%m/%Y}"]
    said += [f"lĩnh vực {scope.field}"] if scope.field else []
    said += [f"trang {scope.commune}"] if scope.commune else []
    return " · ".join(said)


def _cells(outcomes: Outcomes) -> tuple[int, ...]:
    return (
        outcomes.total, outcomes.answered, outcomes.asked_back, outcomes.handed_over,
        outcomes.unanswered, outcomes.other,
    )  # fmt: skip


def _percent(share: float) -> Decimal:
    return Decimal(share * 100).quantize(Decimal("0.01"))


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)
