"""The coverage report in the form that provinces publish."""

from __future__ import annotations

from procedures_db.reports.coverage import Counts, Coverage, Grouping
from procedures_db.reports.table import Table, Value, grouped

GROUP_NAMES = {
    Grouping.LEVEL: "Cấp thực hiện",
    Grouping.FIELD: "Lĩnh vực",
    Grouping.AGENCY: "Cơ quan thực hiện",
    Grouping.PUBLISHER: "Cơ quan công bố",
}
TOTAL = "Tổng cộng"

_COUNT_HEADERS = (
    "Tổng số TTHC",
    "Toàn trình", "Tỷ lệ toàn trình (%)",
    "Một phần", "Tỷ lệ một phần (%)",
    "Cung cấp thông tin", "Tỷ lệ cung cấp thông tin (%)",
    "Không rõ mức độ", "Mức độ do suy luận",
    "Mức độ 3", "Mức độ 4", "Mức độ 3 và 4", "Tỷ lệ mức độ 3 và 4 (%)",
)  # fmt: skip


def coverage_table(report: Coverage) -> Table:
    """Rows as published: STT, name, counts and rates, Tổng cộng."""
    rows = [
        (number, row.name, *_cells(row.counts)) for number, row in enumerate(report.rows, start=1)
    ]
    return Table(
        title=title(report),
        subtitle=subtitle(report),
        headers=("STT", GROUP_NAMES[report.by], *_COUNT_HEADERS),
        rows=tuple(rows),
        total=("", TOTAL, *_cells(report.total)),
        notes=tuple(notes(report)),
    )


def title(report: Coverage) -> str:
    return f"Mức độ dịch vụ công trực tuyến theo {GROUP_NAMES[report.by].lower()}"


def subtitle(report: Coverage) -> str:
    return f"Dữ liệu đến ngày {report.as_of:%d/%m/%Y}" if report.as_of else "Chưa có thủ tục nào"


def notes(report: Coverage) -> list[str]:
    """What a reader must know before quoting a figure."""
    said = ["Tỷ lệ tính trên tổng số TTHC của dòng, kể cả TTHC không rõ mức độ."]
    if report.shared:
        said.append(
            f"{grouped(report.shared)} TTHC thuộc nhiều dòng, được tính ở từng dòng;"
            f" dòng {TOTAL} tính mỗi TTHC một lần."
        )
    if report.total.inferred:
        said.append(
            f"{grouped(report.total.inferred)} TTHC có mức độ do suy luận: dữ liệu chỉ đánh dấu toàn trình;"
            " có hình thức nộp trực tuyến thì coi là một phần, không có thì là cung cấp thông tin."
        )
    contradictory = report.total.unclear - report.total.not_stated
    if contradictory:
        said.append(
            f"{grouped(contradictory)} TTHC không rõ mức độ: đánh dấu toàn trình"
            " nhưng không có hình thức nộp trực tuyến."
        )
    if report.total.not_stated:
        said.append(
            f"{grouped(report.total.not_stated)} TTHC không rõ mức độ: không nguồn nào ghi mức độ."
        )
    said.append(
        "Mức độ 4 ≈ toàn trình, mức độ 3 ≈ một phần: quy ước để so với số liệu"
        " trước Nghị định 42/2022/NĐ-CP, không phải tương đương theo luật."
    )
    return said


def _cells(counts: Counts) -> tuple[Value, ...]:
    return (
        counts.total,
        counts.full, counts.rate(counts.full),
        counts.partial, counts.rate(counts.partial),
        counts.information, counts.rate(counts.information),
        counts.unclear, counts.inferred,
        counts.level_3, counts.level_4, counts.levels_3_4, counts.rate(counts.levels_3_4),
    )  # fmt: skip
