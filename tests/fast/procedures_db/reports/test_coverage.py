"""How many procedures are online, as provinces publish it."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.record import Agency, Decision
from procedures_db.reports.coverage import NOT_STATED, Counts, Grouping, coverage
from procedures_db.reports.coverage_chart import MOST_ROWS, coverage_svg
from procedures_db.reports.coverage_table import coverage_table

FULL, PARTIAL, INFORMATION, UNCLEAR = "toàn trình", "một phần", "cung cấp thông tin", "không rõ"


@pytest.fixture
def several(record):
    """Make many procedures; each keyword of ``levels`` is an online level and how many have it."""

    def make(first, counts, **fields):
        number = first
        for level, count in counts.items():
            for _ in range(count):
                yield record(code=f"1.{number:06}", online_level=level, **fields)
                number += 1

    return make


def executed_by(*names):
    return tuple(Agency(role="cơ quan thực hiện", name=name) for name in names)


def test_quang_ninh_2020_gives_the_rates_that_the_province_published(several):
    """Quảng Ninh, 11/2020: 1,552 procedures of the province at level 3–4, 92.99 %; 3,614 of its
    districts, 94.88 %. Rate = level 3 and 4 / all procedures; the only whole numbers of procedures
    that give these rates are 1,669 and 3,809. How many were at level 4 was not published: any split
    gives the same rate. The district level, gone since 1/7/2025, is told by its agency.
    """
    province = several(0, {FULL: 700, PARTIAL: 852, INFORMATION: 117}, levels=("tỉnh",))
    districts = several(
        2000, {FULL: 1614, PARTIAL: 2000, INFORMATION: 195},
        agencies=executed_by("Ủy ban nhân dân cấp huyện"),
    )  # fmt: skip
    by_level = coverage(province, Grouping.LEVEL).rows[0]
    assert (by_level.name, by_level.counts.levels_3_4) == ("Cấp tỉnh", 1552)
    assert by_level.counts.rate(by_level.counts.levels_3_4) == Decimal("92.99")
    by_agency = coverage(districts, Grouping.AGENCY).rows[0]
    assert by_agency.counts.levels_3_4 == 3614
    assert by_agency.counts.rate(by_agency.counts.levels_3_4) == Decimal("94.88")


def test_an_unclear_level_counts_for_no_level_but_for_the_whole(several):
    counts = coverage(several(1, {FULL: 1, UNCLEAR: 3}), Grouping.FIELD).total
    assert (counts.full, counts.unclear, counts.total) == (1, 3, 4)
    assert counts.levels_3_4 == 1
    assert counts.rate(counts.full) == Decimal("25.00")


def test_the_notes_tell_a_missing_level_from_a_contradictory_one(record):
    missing = record(code="1.000001")
    contradictory = record(code="1.000002", online_level=UNCLEAR, online_level_inferred=True)
    notes = coverage_table(coverage([missing, contradictory], Grouping.LEVEL)).notes
    assert "1 TTHC không rõ mức độ: không nguồn nào ghi mức độ." in notes
    assert sum("1 TTHC không rõ mức độ: đánh dấu toàn trình" in note for note in notes) == 1


def test_inferred_levels_are_told(record):
    records = [
        record(code="1.000001", online_level=PARTIAL, online_level_inferred=True),
        record(code="1.000002", online_level=UNCLEAR, online_level_inferred=True),
        record(code="1.000003", online_level=FULL),
    ]
    report = coverage(records, Grouping.LEVEL)
    assert report.total.inferred == 1
    assert any(
        note.startswith("1 TTHC có mức độ do suy luận") for note in coverage_table(report).notes
    )


def test_a_procedure_of_two_levels_is_in_both_rows_and_once_in_the_total(record):
    records = [record(levels=("xã", "tỉnh"), online_level=FULL), record(code="1.000002")]
    report = coverage(records, Grouping.LEVEL)
    assert [(row.name, row.counts.total) for row in report.rows] == [
        ("Cấp tỉnh", 1), ("Cấp xã", 1), (NOT_STATED, 1),
    ]  # fmt: skip
    assert (report.total.total, report.shared) == (2, 1)


def test_one_agency_in_two_spellings_is_one_row_under_the_usual_one(record):
    spellings = ["Sở Tư pháp", "Sở Tư Pháp", "Sở Tư pháp"]
    records = [
        record(code=f"1.00000{i}", agencies=executed_by(name)) for i, name in enumerate(spellings)
    ]
    rows = coverage(records, Grouping.AGENCY).rows
    assert [(row.name, row.counts.total) for row in rows] == [("Sở Tư pháp", 3)]


def test_fields_and_publishers_come_the_largest_first(record):
    records = [
        record(code="1.000001", field="Hộ tịch", decision=Decision(agency="Bộ Tư pháp")),
        record(code="1.000002", field="Đất đai", decision=Decision(agency="UBND tỉnh Lào Cai")),
        record(code="1.000003", field="Đất đai"),
    ]
    assert [row.name for row in coverage(records, Grouping.FIELD).rows] == ["Đất đai", "Hộ tịch"]
    assert {row.name for row in coverage(records, Grouping.PUBLISHER).rows} == {
        "Bộ Tư pháp", "UBND tỉnh Lào Cai", NOT_STATED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [(1, 3, "33.33"), (2, 3, "66.67"), (1, 1600, "0.06"), (5, 5, "100.00"), (0, 7, "0.00")],
)
def test_rates_have_two_decimals_rounded_half_up(part, whole, rate):
    assert Counts(full=part, information=whole - part).rate(part) == Decimal(rate)


def test_a_rate_of_nothing_is_not_told():
    report = coverage([], Grouping.LEVEL)
    assert report.total.rate(0) is None
    assert coverage_table(report).subtitle == "Chưa có thủ tục nào"
    ElementTree.fromstring(coverage_svg(report))


def test_the_published_form_has_vietnamese_headings_and_a_total(record):
    table = coverage_table(coverage([record(levels=("tỉnh",), online_level=FULL)], Grouping.LEVEL))
    assert table.headers[:4] == ("STT", "Cấp thực hiện", "Tổng số TTHC", "Toàn trình")
    assert table.headers[-1] == "Tỷ lệ mức độ 3 và 4 (%)"
    assert table.rows[0][:5] == (1, "Cấp tỉnh", 1, 1, Decimal("100.00"))
    assert table.total[1:4] == ("Tổng cộng", 1, 1)
    assert table.subtitle == "Dữ liệu đến ngày 18/07/2026"


def test_the_chart_is_whole_svg_with_every_row_and_the_total(record):
    report = coverage(
        [record(levels=("tỉnh", "xã"), online_level=PARTIAL), record(code="1.000002")],
        Grouping.LEVEL,
    )
    root = ElementTree.fromstring(coverage_svg(report))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    for name in ("Cấp tỉnh", "Cấp xã", NOT_STATED, "Tổng cộng", "Toàn trình", "Không rõ"):
        assert name in texts
    assert "2 · toàn trình 0,00 %" in texts


def test_names_cannot_break_out_of_the_chart(record):
    evil = '</text><script>alert("1")</script>&'
    report = coverage([record(field=evil)], Grouping.FIELD)
    root = ElementTree.fromstring(coverage_svg(report))
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert any(evil in (node.text or "") for node in root.iter())


def test_a_chart_of_many_fields_shows_the_largest_and_says_so(record):
    records = [record(code=f"1.{i:06}", field=f"Lĩnh vực {i}") for i in range(MOST_ROWS + 5)]
    assert "5 dòng nhỏ hơn không có trong hình" in coverage_svg(coverage(records, Grouping.FIELD))


def test_the_report_counts_what_the_database_holds(engine, record):
    with transaction(engine) as session:
        procedures.save(session, record(levels=("xã",), online_level=FULL))
        procedures.save(session, record(code="1.000002", levels=("xã",), as_of=date(2026, 9, 17)))
    with transaction(engine) as session:
        report = coverage(procedures.every(session), Grouping.LEVEL)
    assert report.rows[0].counts == Counts(full=1, unclear=1, not_stated=1)
    assert report.as_of == date(2026, 9, 17)
