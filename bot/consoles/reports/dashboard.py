"""The dashboard: figures and charts of a period, a field, a commune; all of it can be downloaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db.reports.coverage_chart import coverage_svg
from procedures_db.reports.coverage_table import coverage_table
from procedures_db.reports.table import Table, to_csv
from procedures_db.reports.workbook import to_xlsx
from procedures_db.statistics import charts, tables
from procedures_db.statistics.coverage import online_coverage
from procedures_db.statistics.questions import (
    Statistics,
    communes,
    desk,
    fields,
    statistics,
)
from procedures_db.statistics.scope import BadPeriod, Scope
from procedures_db.working_hours import today

_USUAL_DAYS = 30
_KEPT_SECONDS, _KEPT = 30.0, 64  # a page and its charts show the same figures, counted once
_CHARTS: dict[str, Callable[[Statistics], str]] = {
    "days": charts.days_svg,
    "asked": charts.asked_svg,
    "missed": charts.missed_svg,
}
_TABLES: dict[str, Callable[[Statistics], Table]] = {
    "summary": tables.summary_table,
    "days": tables.days_table,
    "asked": tables.asked_table,
    "missed": tables.missed_table,
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def dashboard_page(visit: Visit) -> Response:
    """``?from=&to=&field=&commune=``; the last 30 days unless said."""
    scope, wrong = _scope(visit)
    with visit.reading() as session:
        found = _counted(visit, session, scope)
        content = {
            "desk": desk(session, scope),
            "fields": fields(session),
            "communes": sorted({*communes(session, scope), scope.commune} - {""}),
            "coverage": online_coverage(session, field=scope.field).total,
        }
    return visit.page(
        "reports/dashboard.html", status=422 if wrong else 200, wrong=wrong, found=found,
        scope=scope, query=_query(scope), days=_table(found, "days"), **content,
    )  # fmt: skip


def chart(visit: Visit) -> Response:
    """A chart as SVG: shown in the page, or with ``?download=1`` kept."""
    name = visit.request.path_params["name"]
    scope, _ = _scope(visit)
    with visit.reading() as session:
        if name == "coverage":
            drawn = coverage_svg(online_coverage(session, field=scope.field))
        elif name in _CHARTS:
            drawn = _CHARTS[name](_counted(visit, session, scope))
        else:
            raise Refused(404, "Không có biểu đồ này.", "no such chart")
    kept = _attachment(name, "svg", scope) if visit.query("download") else {}
    return Response(drawn, media_type="image/svg+xml", headers=kept)


def download(visit: Visit) -> Response:
    """A table as CSV or XLSX."""
    name, form = visit.request.path_params["name"], visit.request.path_params["form"]
    scope, _ = _scope(visit)
    if form not in ("csv", "xlsx"):
        raise Refused(404, "Không có dạng tệp này.", "no such form")
    with visit.reading() as session:
        if name == "coverage":
            made = coverage_table(online_coverage(session, field=scope.field))
        elif name in _TABLES:
            made = _table(_counted(visit, session, scope), name)
        else:
            raise Refused(404, "Không có bảng này.", "no such table")
    headers = _attachment(name, form, scope)
    if form == "csv":
        return Response(to_csv(made), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(to_xlsx(made), media_type=_XLSX, headers=headers)


def _counted(visit: Visit, session: Session, scope: Scope) -> Statistics:
    """The scope's figures, at most ``_KEPT_SECONDS`` old."""
    state = visit.request.app.state
    if not hasattr(state, "statistics_kept"):
        state.statistics_kept = {}
    kept: dict[Scope, tuple[float, Statistics]] = state.statistics_kept
    at, found = kept.get(scope, (0.0, None))
    if found is None or time.monotonic() - at > _KEPT_SECONDS:
        found = statistics(session, scope)
        if len(kept) >= _KEPT:
            kept.clear()
        kept[scope] = (time.monotonic(), found)
    return found


def _table(found: Statistics, name: str) -> Table:
    return _TABLES[name](found)


def _scope(visit: Visit) -> tuple[Scope, str]:
    """The scope asked for; the usual one, and why, when it makes no sense."""
    last = today()
    usual = Scope(last - timedelta(days=_USUAL_DAYS - 1), last)
    try:
        given = [visit.query(name) for name in ("from", "to")]
        days = [date.fromisoformat(one) if one else None for one in given]
        return Scope(
            days[0] or (days[1] or last) - timedelta(days=_USUAL_DAYS - 1),
            days[1] or last,
            visit.query("field")[:200],
            visit.query("commune")[:120],
        ), ""
    except BadPeriod as error:
        return usual, f"Kỳ thống kê: {error}."
    except (ValueError, OverflowError):
        return usual, "Ngày cần có dạng năm-tháng-ngày."


def _query(scope: Scope) -> str:
    return urlencode(
        {
            "from": scope.first_day.isoformat(),
            "to": scope.last_day.isoformat(),
            "field": scope.field,
            "commune": scope.commune,
        }
    )


def _attachment(name: str, form: str, scope: Scope) -> dict[str, str]:
    file = f"motcua-{name}-{scope.first_day}-{scope.last_day}.{form}"
    return {"Content-Disposition": f'attachment; filename="{file}"'}


routes = [
    ConsoleRoute("/admin/dashboard", dashboard_page, action=Action.VIEW_DASHBOARD),
    ConsoleRoute("/admin/dashboard/charts/{name}", chart, action=Action.VIEW_DASHBOARD),
    ConsoleRoute("/admin/dashboard/{name}.{form}", download, action=Action.VIEW_DASHBOARD),
]
