"""Time limits as published, and the day on which a dossier filed today would be due."""

from datetime import date
from decimal import Decimal

import pytest

from actions import replies, times
from bot.invented_numbers import estimated_dates, invented_numbers
from procedures_db.record import CaseTimeLimit, Method, TimeLimit
from tests.fast.samples import FULL_RECORD

MONDAY = date(2026, 7, 20)


def limit(amount, unit="ngày làm việc"):
    return TimeLimit(amount=Decimal(str(amount)), unit=unit)


def way(method, amount=None, unit="ngày làm việc", note=""):
    return Method(method=method, time_limit=amount and limit(amount, unit), note=note)


def said(record, wording, today=MONDAY):
    section = times.time(record, wording)
    times.add_estimates(section, record, wording, today)
    return section


def test_the_limit_of_all_methods_is_the_first_line(record, wording):
    section = times.time(record(methods=(way("trực tuyến", 7), way("trực tiếp", 7))), wording)
    assert (section.first, section.lines) == ("7 ngày làm việc (trực tuyến, trực tiếp).", [])


def test_limits_of_methods_and_cases_are_said(wording):
    section = times.time(FULL_RECORD, wording)
    assert "0,5 ngày làm việc (trực tuyến)" in section.first
    assert "36 giờ (trực tiếp)" in section.first
    assert "- Cấp mới: 3 tháng" in section.lines and "- Cấp lại: 1 năm" in section.lines


def test_a_limit_is_never_rounded(record, wording):
    section = times.time(record(methods=(way("trực tiếp", "2.5", "ngày"),)), wording)
    assert section.first == "2,5 ngày (trực tiếp)."


def test_limits_that_the_record_tells_apart_by_nothing_are_said_so(record, wording):
    own = FULL_RECORD.name
    cases = tuple(CaseTimeLimit(case=own, time_limit=limit(days)) for days in (5, 2))
    section = said(record(name=own, case_time_limits=cases), wording)
    assert "không ghi mức nào" in section.first
    assert section.lines[1:] == ["- 5 ngày làm việc", "- 2 ngày làm việc"]
    assert "(5 ngày làm việc)" in section.lines[0] and own not in section.lines[0]


def test_a_single_case_that_is_the_procedure_itself_is_not_said_twice(record, wording):
    case = CaseTimeLimit(case="Đăng ký nuôi ong", time_limit=limit(3))
    section = times.time(record(case_time_limits=(case, case)), wording)
    assert (section.first, section.lines) == ("3 ngày làm việc.", [])


def test_a_time_that_stands_only_in_the_note_is_said(record, wording):
    section = times.time(record(methods=(way("trực tiếp", note="Trả ngay trong ngày"),)), wording)
    assert section.is_stated
    assert "Trả ngay trong ngày" in "\n".join(section.lines)


def test_a_page_that_two_methods_repeat_is_said_once_and_only_what_speaks_of_time(record, wording):
    papers = [
        f"Nộp tại Công an cấp xã kèm giấy tờ loại {n * 'a'} và tờ khai theo mẫu." for n in range(14)
    ]
    note = f"{' '.join(papers)} Trong thời hạn năm ngày làm việc cơ quan trả lời. Trường hợp từ chối thì nêu lý do."
    methods = (way("trực tiếp", 5, note=note), way("trực tuyến", 5, note=note))
    (line,) = times.time(record(methods=methods), wording).lines
    assert line.startswith("- trực tiếp, trực tuyến: Trong thời hạn năm ngày làm việc")
    assert line.endswith("Trường hợp từ chối thì nêu lý do.")


def test_a_dossier_filed_today_has_an_estimated_date(record, wording):
    section = said(record(methods=(way("trực tiếp", 5),)), wording)
    assert section.lines[0].startswith("Ước tính: nếu nộp đủ hồ sơ hôm nay (20/07/2026)")
    assert "chậm nhất ngày 27/07/2026" in section.lines[0]
    assert section.card["due"] == {
        "filed": "2026-07-20",
        "dates": [{"date": "2026-07-27", "limit": "5 ngày làm việc", "for": ["trực tiếp"]}],
    }


def test_different_limits_have_a_date_each(record, wording):
    section = said(record(methods=(way("trực tuyến", 2), way("trực tiếp", 3))), wording)
    assert "22/07/2026 (trực tuyến); 23/07/2026 (trực tiếp)" in section.lines[0]


def test_on_a_day_off_the_next_working_day_counts_as_the_day_of_filing(record, wording):
    sunday = date(2026, 7, 19)
    section = said(record(methods=(way("trực tiếp", 1),)), wording, sunday)
    assert "hôm nay là ngày nghỉ" in section.lines[0] and "21/07/2026" in section.lines[0]
    assert section.card["due"]["filed"] == "2026-07-20"


def test_hours_say_how_they_are_counted(record, wording):
    section = said(record(methods=(way("trực tiếp", 8, "giờ"),)), wording)
    assert "giờ làm việc" in section.lines[0]


def test_no_limit_no_date(record, wording):
    section = said(record(methods=(way("trực tiếp", note="Trả ngay trong ngày"),)), wording)
    assert "due" not in section.card
    assert not any("Ước tính" in line for line in section.lines)


def test_the_check_of_numbers_knows_the_estimate_by_the_card_and_nothing_more(record, wording):
    one = record(methods=(way("trực tiếp", 5),))
    reply = replies.answer(one, ["time"], wording, today=MONDAY)
    assert estimated_dates(reply.card) == ["20/07/2026", "27/07/2026"]
    assert invented_numbers(reply.text, [one], estimates=estimated_dates(reply.card)) == []
    assert "27" in invented_numbers(reply.text, [one])
    forged = reply.text.replace("5 ngày làm việc", "27 ngày làm việc")
    assert invented_numbers(forged, [one], estimates=estimated_dates(reply.card)) == ["27"]


@pytest.mark.parametrize("aspect", ["fee", "documents", "overview"])
def test_only_the_time_is_estimated(wording, aspect):
    assert "Ước tính" not in replies.answer(FULL_RECORD, [aspect], wording).text
