"""The data-quality report as a table and as JSON."""

from __future__ import annotations

import json

from procedures_db.quality.report import QualityReport
from procedures_db.record import portal_url
from procedures_db.reports.table import Table, grouped

_HEADERS = ("STT", "Mã thủ tục", "Tên thủ tục", "Phép kiểm", "Phần", "Phát hiện", "Nên làm")
_LINK = "Trên Cổng quốc gia"


def quality_table(report: QualityReport, *, limit: int | None = None, links: bool = True) -> Table:
    """The first ``limit`` findings, most asked procedures first; ``links``: a column for files."""
    shown = report.entries[:limit]
    rows = [
        (
            number, entry.finding.code, entry.procedure, entry.check.title,
            entry.finding.field.value, entry.finding.what, entry.finding.suggestion,
            *((portal_url(entry.finding.code),) if links else ()),
        )
        for number, entry in enumerate(shown, start=1)
    ]  # fmt: skip
    left = len(report.entries) - len(shown)
    return Table(
        title="Chất lượng dữ liệu thủ tục hành chính",
        subtitle=f"Ngày {report.day:%d/%m/%Y}, {grouped(report.procedures)} thủ tục",
        headers=(*_HEADERS, _LINK) if links else _HEADERS,
        rows=tuple(rows),
        notes=(f"Còn {grouped(left)} phát hiện không có trong bảng này.",) if left else (),
    )


def summary_table(report: QualityReport) -> Table:
    """One row a check: what it looks for, why, and how much it found."""
    rows = [
        (s.check.name, s.check.title, s.procedures, s.findings, s.check.explanation)
        for s in report.summaries
    ]
    return Table(
        title="Chất lượng dữ liệu thủ tục hành chính",
        subtitle=f"Ngày {report.day:%d/%m/%Y}, {grouped(report.procedures)} thủ tục",
        headers=("Phép kiểm", "Tên", "Số thủ tục", "Số phát hiện", "Vì sao cần sửa"),
        rows=tuple(rows),
    )


def quality_json(report: QualityReport, *, limit: int | None = None) -> str:
    """For machines: ``{"day", "procedures", "checks": [...], "findings": [...]}``."""
    content = {
        "day": report.day.isoformat(),
        "procedures": report.procedures,
        "checks": [
            {
                "name": summary.check.name,
                "title": summary.check.title,
                "explanation": summary.check.explanation,
                "procedures": summary.procedures,
                "findings": summary.findings,
            }
            for summary in report.summaries
        ],
        "findings": [
            {
                "check": entry.check.name,
                "code": entry.finding.code,
                "name": entry.procedure,
                "asked": entry.asked,
                "field": entry.finding.field.value,
                "what": entry.finding.what,
                "suggestion": entry.finding.suggestion,
            }
            for entry in report.entries[:limit]
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
