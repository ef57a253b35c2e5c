"""The data-quality report as a whole: order, counts, forms."""

import json
from datetime import date

import pytest

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.quality.asked_often import everyday_weight
from procedures_db.quality.listing import quality_json, quality_table, summary_table
from procedures_db.quality.report import CHECKS, UnknownCheck, find_check, quality_report
from tests.fast.samples import FULL_RECORD

TODAY = date(2026, 11, 22)


@pytest.fixture
def report(record):
    """Two procedures that state nothing; the second is asked every day."""
    records = [record(code="1.000001"), record(code="1.000002", name="Đăng ký khai sinh")]
    return quality_report(records, today=TODAY, weight={"1.000001": 0.1, "1.000002": 1.0}.get)


def test_findings_of_procedures_asked_often_come_first(report):
    codes = [entry.finding.code for entry in report.entries]
    assert codes == sorted(codes, reverse=True) and len(set(codes)) == 2
    assert report.entries[0].procedure == "Đăng ký khai sinh"


def test_what_is_asked_equally_often_comes_by_code_then_by_check(record):
    records = [record(code="1.000001"), record(code="1.000002")]
    report = quality_report(records, today=TODAY, weight=lambda code: 0.0)
    order = [(entry.finding.code, CHECKS.index(entry.check)) for entry in report.entries]
    assert order == sorted(order)


def test_the_everyday_list_knows_what_citizens_ask():
    weight = everyday_weight()
    assert weight("1.001193") == 1.0  # đăng ký khai sinh
    assert 0 < weight("1.013218") < weight("1.001193")
    assert weight("9.999999") == 0.0


def test_summaries_count_findings_and_procedures_of_every_check(report):
    counted = {summary.check.name: summary for summary in report.summaries}
    assert len(counted) == len(CHECKS)
    assert (counted["no-papers"].findings, counted["no-papers"].procedures) == (2, 2)
    assert counted["fee-zero"].findings == 0
    assert sum(summary.findings for summary in report.summaries) == len(report.entries)


def test_one_check_can_be_run_alone_and_an_unknown_one_is_named(record):
    checks = (find_check("no-papers"),)
    report = quality_report([record()], today=TODAY, weight=lambda code: 0.0, checks=checks)
    assert [entry.check.name for entry in report.entries] == ["no-papers"]
    with pytest.raises(UnknownCheck, match=r"“xyz”.*no-papers"):
        find_check("xyz")


def test_a_limited_table_says_how_much_is_left(report):
    table = quality_table(report, limit=1)
    assert table.rows[0][1] == "1.000002"
    assert table.rows[0][-1].endswith("ma_thu_tuc=1.000002")
    assert table.notes == (f"Còn {len(report.entries) - 1} phát hiện không có trong bảng này.",)
    assert quality_table(report).notes == ()
    assert len(quality_table(report, links=False).headers) == len(table.headers) - 1


def test_the_summary_explains_each_check(report):
    table = summary_table(report)
    assert len(table.rows) == len(CHECKS) and all(row[-1] for row in table.rows)
    assert table.subtitle == "Ngày 22/11/2026, 2 thủ tục"


def test_json_holds_the_same_findings(report):
    content = json.loads(quality_json(report, limit=3))
    assert (content["day"], content["procedures"]) == ("2026-11-22", 2)
    assert len(content["findings"]) == 3 and len(content["checks"]) == len(CHECKS)
    first = content["findings"][0]
    assert (first["code"], first["asked"]) == ("1.000002", 1.0)
    assert set(first) == {"check", "code", "name", "asked", "field", "what", "suggestion"}


def test_an_empty_database_gives_an_empty_report():
    report = quality_report([], today=TODAY, weight=lambda code: 0.0)
    assert (report.procedures, report.entries) == (0, ())


def test_the_report_reads_both_databases(engine, record):
    with transaction(engine) as session:
        procedures.save(session, FULL_RECORD)
        procedures.save(session, record())
    with transaction(engine) as session:
        report = quality_report(procedures.every(session), today=TODAY, weight=lambda code: 0.0)
    found = {(entry.check.name, entry.finding.code) for entry in report.entries}
    assert ("missing-successor", FULL_RECORD.code) in found
    assert ("no-papers", "1.000001") in found and ("no-papers", FULL_RECORD.code) not in found
