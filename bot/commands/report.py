"""``motcua report``: what officials ask the database about itself."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from pathlib import Path

import typer

from bot.commands.output import show, write
from bot.commands.terminal import fail, open_database

app = typer.Typer(
    no_args_is_help=True, help="Báo cáo: chất lượng dữ liệu, mức độ trực tuyến, dữ liệu có sẵn."
)

SHOWN = 30  # findings on a screen; files hold all


class QualityFormat(str, Enum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


class CoverageFormat(str, Enum):
    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    SVG = "svg"


class By(str, Enum):
    LEVEL = "level"
    FIELD = "field"
    AGENCY = "agency"
    PUBLISHER = "publisher"


_OUTPUT = typer.Option(None, "--output", "-o", dir_okay=False, help="Ghi ra tệp này.")


@app.command()
def quality(
    check: str = typer.Option("", help="Chỉ chạy một phép kiểm, ví dụ fee-zero."),
    format_: QualityFormat = typer.Option(QualityFormat.TABLE, "--format"),
    limit: int | None = typer.Option(
        None, min=1, help=f"Số phát hiện nhiều nhất; trên màn hình mặc định {SHOWN}."
    ),
    output: Path | None = _OUTPUT,
) -> None:
    """Những chỗ trong dữ liệu cần cán bộ xem lại, thủ tục hay được hỏi đứng trước."""
    from procedures_db import procedures
    from procedures_db.connection import transaction
    from procedures_db.quality import listing
    from procedures_db.quality.asked_often import everyday_weight
    from procedures_db.quality.report import CHECKS, UnknownCheck, find_check, quality_report
    from procedures_db.reports.table import to_csv
    from procedures_db.reports.workbook import to_xlsx

    target = output and output.resolve()  # before the project folder becomes the current one
    try:
        checks = (find_check(check),) if check else CHECKS
    except UnknownCheck as error:
        fail(str(error.args[0]))
    with transaction(open_database()) as session:
        report = quality_report(
            procedures.every(session), today=_today(), weight=everyday_weight(), checks=checks
        )
    if format_ is QualityFormat.JSON:
        write(listing.quality_json(report, limit=limit), target)
    elif format_ is QualityFormat.CSV:
        write(to_csv(listing.quality_table(report, limit=limit)), target)
    elif format_ is QualityFormat.XLSX:
        write(to_xlsx(listing.quality_table(report, limit=limit)), target)
    else:
        found = listing.quality_table(report, limit=limit or SHOWN, links=False)
        show([listing.summary_table(report), found], target)


@app.command()
def coverage(
    by: By = typer.Option(By.LEVEL, help="Theo cấp, lĩnh vực, cơ quan thực hiện hay công bố."),
    format_: CoverageFormat = typer.Option(CoverageFormat.TABLE, "--format"),
    output: Path | None = _OUTPUT,
) -> None:
    """Bao nhiêu thủ tục toàn trình, một phần, cung cấp thông tin; và theo mức độ 3, 4 cũ."""
    from procedures_db import procedures
    from procedures_db.connection import transaction
    from procedures_db.reports.coverage import Grouping
    from procedures_db.reports.coverage import coverage as count
    from procedures_db.reports.coverage_chart import coverage_svg
    from procedures_db.reports.coverage_table import coverage_table
    from procedures_db.reports.table import to_csv
    from procedures_db.reports.workbook import to_xlsx

    target = output and output.resolve()
    with transaction(open_database()) as session:
        report = count(procedures.every(session), Grouping(by.value))
    if format_ is CoverageFormat.CSV:
        write(to_csv(coverage_table(report)), target)
    elif format_ is CoverageFormat.XLSX:
        write(to_xlsx(coverage_table(report)), target)
    elif format_ is CoverageFormat.SVG:
        write(coverage_svg(report), target)
    else:
        show([coverage_table(report)], target)


@app.command("built-in")
def built_in(
    file: Path = typer.Argument(..., help="JSON chi tiết của Cổng (.json, .jsonl, .xz)."),
    as_csv: bool = typer.Option(False, "--csv", help="Dạng CSV thay cho bảng trên màn hình."),
    output: Path | None = _OUTPUT,
) -> None:
    """So thủ tục có sẵn với bản ghi gốc: mọi chỗ khác nhau, kèm lý do.

    Mã thoát là 1 khi có chỗ chưa có lý do.
    """
    from procedures_db.reports import built_in as check
    from procedures_db.reports.table import to_csv
    from procedures_db.sync.file_errors import UnreadableFile
    from procedures_db.sync.seed_yaml import read_seed

    records = {record.code: record for record in read_seed()}
    try:
        official = check.official_records(file, records)
    except UnreadableFile as error:
        fail(f"Không đọc tệp {file.name}: {error}.")
    except OSError as error:
        fail(f"Không đọc được {file}: {error.strerror}.")
    found = check.compare(records.values(), official, check.read_reasons())
    table = check.comparison_table(found)
    if as_csv:
        write(to_csv(table), output)
    else:
        show([table], output)
    if not found.sound:
        raise typer.Exit(1)


def _today() -> date:
    from procedures_db.sync.portal_json import VIETNAM

    return datetime.now(VIETNAM).date()
