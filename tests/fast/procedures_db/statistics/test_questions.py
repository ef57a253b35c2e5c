"""The dashboard's figures: counted by day in Viet Nam, for a period, a field, a commune."""

from datetime import date, datetime, timedelta, timezone
from xml.dom.minidom import parseString

import pytest

from procedures_db import enquiries, procedures, question_log
from procedures_db.connection import transaction
from procedures_db.enquiry import NewEnquiry
from procedures_db.models import QuestionRow, TopicRow
from procedures_db.question_log import LoggedQuestion
from procedures_db.record import OnlineLevel
from procedures_db.reports.coverage import Grouping, coverage
from procedures_db.reports.table import to_csv
from procedures_db.statistics import charts, tables
from procedures_db.statistics.coverage import online_coverage
from procedures_db.statistics.questions import communes, desk, statistics
from procedures_db.statistics.scope import BadPeriod, Scope
from tests.changing import edit as publish

NOON = datetime(2026, 11, 20, 5, tzinfo=timezone.utc)  # 12:00 in Viet Nam
DAY = date(2026, 11, 20)


def log(engine, *questions):
    with transaction(engine) as session:
        question_log.add(session, questions)


def question(words="phí tạm trú", outcome="answer", *, at=NOON, codes=("1.004194",), **fields):
    plain = {"channel": "web", "conversation": "c1", "ms": 40.0}
    return LoggedQuestion(
        text=words, outcome=outcome, at=at, codes=list(codes), **{**plain, **fields}
    )


def counted(engine, scope=None):
    with transaction(engine) as session:
        return statistics(session, scope or Scope(DAY, DAY))


def test_what_came_of_questions_is_counted(engine):
    log(
        engine,
        question(),
        question(outcome="clarify", failed=True),
        question(outcome="handover", codes=()),
        question(outcome="out_of_scope", failed=True, codes=()),
        question(outcome="unavailable", failed=True, codes=()),
        question(outcome="out_of_scope", codes=()),  # named another body
        question(outcome="smalltalk", codes=()),
    )
    total = counted(engine).total
    assert (total.answered, total.asked_back, total.handed_over) == (1, 1, 1)
    assert (total.unanswered, total.other, total.total) == (2, 2, 7)


def test_a_day_begins_at_midnight_in_viet_nam(engine):
    log(
        engine,
        question(at=datetime(2026, 11, 19, 16, 59, 59, tzinfo=timezone.utc)),
        question(at=datetime(2026, 11, 19, 17, 0, 0, tzinfo=timezone.utc)),
        question(at=datetime(2026, 11, 20, 16, 59, 59, tzinfo=timezone.utc)),
        question(at=datetime(2026, 11, 20, 17, 0, 0, tzinfo=timezone.utc)),
    )
    days = counted(engine, Scope(date(2026, 11, 19), date(2026, 11, 22))).days
    assert [(day.day.day, day.outcomes.total) for day in days] == [
        (19, 1),
        (20, 2),
        (21, 1),
        (22, 0),
    ]


def test_opened_links_and_questions_of_staff_are_not_citizens_questions(engine):
    log(engine, question(channel="link"), question(channel="counter"), question())
    assert counted(engine).total.total == 1


def test_satisfaction_is_the_share_of_useful_verdicts(engine):
    log(
        engine,
        *(question(feedback="useful") for _ in range(3)),
        question(feedback="wrong"),
        question(),
    )
    found = counted(engine)
    assert (found.useful, found.wrong, found.satisfaction) == (3, 1, 0.75)
    assert counted(engine, Scope(date(2026, 1, 1), date(2026, 1, 2))).satisfaction is None


def test_speed_is_told_to_the_next_step(engine):
    log(engine, *(question(ms=float(ms)) for ms in [5] * 10 + [42] * 85 + [1_234] * 5))
    assert counted(engine).speed.p50 == 50
    assert counted(engine).speed.p95 == 50
    log(engine, question(ms=1_234.0))
    assert counted(engine).speed.p95 == 1_300
    assert counted(engine, Scope(date(2026, 1, 1), date(2026, 1, 2))).speed.p50 is None


def test_procedures_are_ranked_by_how_often_they_were_answered(engine, record):
    publish(engine, record(code="1.000001", name="Đăng ký nuôi ong"))
    log(
        engine,
        question(codes=["1.000001"], feedback="wrong"),
        question(codes=["1.000001"]),
        question(codes=["1.999999"]),
        question(codes=["1.000002"], outcome="clarify"),
    )
    asked = counted(engine).asked
    assert [(a.code, a.name, a.questions, a.wrong) for a in asked] == [
        ("1.000001", "Đăng ký nuôi ong", 2, 1),
        ("1.999999", "", 1, 0),
    ]


def test_missed_questions_are_ranked_by_topic_and_shown_as_stored(engine):
    log(
        engine,
        question("đổi [số giấy tờ] sao", outcome="out_of_scope", failed=True, codes=()),
        question("x", outcome="handover", codes=()),
        question("y"),
    )
    with transaction(engine) as session:
        session.add_all([TopicRow(id=1, words="a", sample="đổi [số giấy tờ] sao"),
                         TopicRow(id=2, words="b", sample="y")])  # fmt: skip
        session.flush()
        rows = session.query(QuestionRow).order_by(QuestionRow.id).all()
        rows[0].topic_id = rows[1].topic_id = 1
        rows[2].topic_id = 2
    assert [(m.topic, m.sample, m.questions) for m in counted(engine).missed] == [
        (1, "đổi [số giấy tờ] sao", 2)
    ]


def test_figures_of_one_field_or_commune(engine, record):
    publish(engine, record(code="1.000001", field="Chăn nuôi"))
    publish(engine, record(code="1.000002", field="Hộ tịch"))
    log(
        engine,
        question(codes=["1.000001"], commune="xã Hải Châu"),
        question(codes=["1.000002"], commune="xã Hải Châu"),
        question(codes=["1.000002"]),
    )
    assert counted(engine, Scope(DAY, DAY, field="Hộ tịch")).total.total == 2
    assert counted(engine, Scope(DAY, DAY, commune="xã Hải Châu")).total.total == 2
    both = Scope(DAY, DAY, field="Hộ tịch", commune="xã Hải Châu")
    assert counted(engine, both).total.total == 1
    with transaction(engine) as session:
        assert communes(session, Scope(DAY, DAY)) == ["xã Hải Châu"]


def test_the_staff_s_work_is_counted_by_the_day_enquiries_were_opened(engine):
    with transaction(engine) as session:
        numbers = [
            enquiries.open_enquiry(session, NewEnquiry(f"talk{n}", "web", "?")) for n in "abc"
        ]
        enquiries.take(session, numbers[0], "lan")
        enquiries.close(session, numbers[0], "lan")
    today = (datetime.now(timezone.utc) + timedelta(hours=7)).date()
    with transaction(engine) as session:
        found = desk(session, Scope(today, today))
        assert (found.opened, found.answered, found.waiting) == (3, 1, 2)
        assert desk(session, Scope(DAY, DAY)).opened == 0


@pytest.mark.parametrize(
    "days", [(DAY, DAY - timedelta(days=1)), (DAY, DAY + timedelta(days=4_000))]
)
def test_a_period_that_makes_no_sense_is_refused(days):
    with pytest.raises(BadPeriod):
        Scope(*days)


def test_coverage_counted_in_the_database_is_the_report_s(seeded_engine):
    with transaction(seeded_engine) as session:
        quick = online_coverage(session)
        full = coverage(procedures.every(session), Grouping.FIELD)
    assert quick.total == full.total and quick.as_of == full.as_of
    assert {r.name: r.counts for r in quick.rows} == {r.name: r.counts for r in full.rows}


def test_coverage_of_one_field(engine, record):
    publish(engine, record(code="1.000001", field="A", online_level=OnlineLevel.FULL))
    publish(engine, record(code="1.000002", field="B"))
    with transaction(engine) as session:
        found = online_coverage(session, field="A")
    assert (found.total.total, found.total.full) == (1, 1)


def test_charts_are_whole_documents_and_tables_have_every_figure(engine):
    log(engine, question("=1+1"), question('<b>"&', outcome="clarify", failed=True))
    for last in (DAY, DAY + timedelta(days=100), DAY + timedelta(days=900)):
        found = counted(engine, Scope(DAY, last))
        drawings = (charts.days_svg(found), charts.asked_svg(found), charts.missed_svg(found))
        for drawn in drawings:
            assert parseString(drawn).documentElement.tagName == "svg"
        assert "2 câu hỏi" in drawings[0]
    assert tables.days_table(found).total[1] == 2
    assert ("Tổng số câu hỏi", 2) in tables.summary_table(found).rows
    assert to_csv(tables.asked_table(found)).count("1.004194") == 1


def test_a_sample_that_looks_like_a_formula_stays_text_in_a_spreadsheet(engine):
    log(engine, question("=cmd()", outcome="handover", codes=()))
    with transaction(engine) as session:
        session.add(TopicRow(id=1, words="a", sample="=cmd()"))
        session.flush()
        session.query(QuestionRow).update({"topic_id": 1})
    assert "'=cmd()" in to_csv(tables.missed_table(counted(engine)))
