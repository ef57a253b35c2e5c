"""The dashboard's page and everything that can be downloaded from it."""

import io
from datetime import datetime, timezone
from xml.dom.minidom import parseString

import pytest
from openpyxl import load_workbook

from procedures_db import question_log
from procedures_db.account import Role
from procedures_db.connection import reserve_writing, transaction
from procedures_db.question_log import LoggedQuestion

PAGE = "/admin/dashboard"
NOVEMBER = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def site(signed_in):
    client = signed_in(Role.AUDITOR)
    at = datetime(2026, 11, 20, 5, tzinfo=timezone.utc)
    asked = [
        LoggedQuestion("web", "c", "phí", "answer", 40.0, codes=["1.004194"], at=at, commune=place)
        for place in ("xã Hoa Nhãn", "xã Hoa Nhãn", "")
    ]
    with transaction(client.app.state.engine) as session:
        reserve_writing(session)
        question_log.add(session, asked)
    return client


def test_the_figures_of_a_period_and_a_commune(site):
    assert "<dt>Câu hỏi</dt><dd>3</dd>" in site.get(f"{PAGE}?{NOVEMBER}").text
    of_one = site.get(f"{PAGE}?{NOVEMBER}&commune=xã Hoa Nhãn").text
    assert "<dt>Câu hỏi</dt><dd>2</dd>" in of_one
    assert "<dt>Câu hỏi</dt><dd>0</dd>" in site.get(f"{PAGE}?from=2025-01-01&to=2025-01-31").text


@pytest.mark.parametrize("chart", ["days", "asked", "missed", "coverage"])
def test_charts_are_shown_and_kept(site, chart):
    shown = site.get(f"{PAGE}/charts/{chart}?{NOVEMBER}")
    assert shown.headers["content-type"].startswith("image/svg+xml")
    assert parseString(shown.text).documentElement.tagName == "svg"
    kept = site.get(f"{PAGE}/charts/{chart}?{NOVEMBER}&download=1")
    assert f"motcua-{chart}-2026-11-01-2026-11-30.svg" in kept.headers["content-disposition"]


@pytest.mark.parametrize("table", ["summary", "days", "asked", "missed", "coverage"])
def test_tables_are_kept_as_csv_and_xlsx(site, table):
    csv = site.get(f"{PAGE}/{table}.csv?{NOVEMBER}")
    assert csv.status_code == 200 and csv.content.startswith(b"\xef\xbb\xbf")
    xlsx = site.get(f"{PAGE}/{table}.xlsx?{NOVEMBER}")
    assert load_workbook(io.BytesIO(xlsx.content)).active.max_row >= 3


@pytest.mark.parametrize(
    "query",
    ["from=2026-12-01&to=2026-11-01", "from=31/02/2026", "from=0001-01-01", "to=9999-12-31&from=x"],
)
def test_a_period_that_makes_no_sense_is_said_to_be_none(site, query):
    page = site.get(f"{PAGE}?{query}")
    assert page.status_code == 422 and 'role="alert"' in page.text


def test_what_there_is_not_is_a_404(site):
    assert site.get(f"{PAGE}/charts/x").status_code == 404
    assert site.get(f"{PAGE}/x.csv").status_code == 404
    assert site.get(f"{PAGE}/days.exe").status_code == 404


def test_figures_are_counted_anew_after_half_a_minute(site, monkeypatch):
    from bot.consoles.reports import dashboard

    shown = "<dt>Câu hỏi</dt><dd>{}</dd>"
    assert shown.format(3) in site.get(f"{PAGE}?{NOVEMBER}").text
    with transaction(site.app.state.engine) as session:
        reserve_writing(session)
        at = datetime(2026, 11, 20, 5, tzinfo=timezone.utc)
        question_log.add(session, [LoggedQuestion("web", "c", "phí", "answer", 40.0, at=at)])
    assert shown.format(3) in site.get(f"{PAGE}?{NOVEMBER}").text
    monkeypatch.setattr(dashboard, "_KEPT_SECONDS", -1.0)
    assert shown.format(4) in site.get(f"{PAGE}?{NOVEMBER}").text
