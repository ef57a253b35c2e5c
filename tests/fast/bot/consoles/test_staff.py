"""The staff console: one owner, one answer, on the citizen's channel; everything in the audit log."""

import re
from html import unescape

import pytest

from procedures_db import audit, canned_answers, enquiries, faqs, outbox, staff_absences
from procedures_db.account import Role
from procedures_db.connection import reserve_writing, transaction
from procedures_db.enquiry import Message, NewEnquiry
from procedures_db.learning_loop import jobs, wordings
from procedures_db.working_hours import today
from tests.changing import edit
from tests.consoles import make_account, send, sign_in

TALK = "c" * 16
BEES = "1.000001"


@pytest.fixture
def site(signed_in):
    return signed_in(Role.STAFF)


@pytest.fixture
def engine_of(site):
    return site.app.state.engine


@pytest.fixture
def run(engine_of):
    def run(function, *arguments, **named):
        with transaction(engine_of) as session:
            reserve_writing(session)  # the application writes beside it
            return function(session, *arguments, **named)

    return run


@pytest.fixture
def number(run, engine_of, record):
    """An enquiry about bees."""
    edit(engine_of, record(code=BEES, name="Đăng ký nuôi ong"))
    said = (Message("citizen", "nuôi ong phải xin ai"), Message("bot", "Bạn cần việc nào?"))
    return run(
        enquiries.open_enquiry,
        NewEnquiry(TALK, "web", "Nuôi ong ở vườn nhà <b>xin</b> ai?", said, (BEES,), "Nghệ An"),
    )


@pytest.fixture
def do(site, number):
    """Press a button of the enquiry's page."""

    def do(name, **fields):
        return send(site, f"/staff/enquiries/{number}/{name}", fields)

    return do


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def deeds(run):
    return [(e.action, e.actor) for e in run(lambda session: list(audit.export(session)))]


def test_the_queue_shows_who_waits_with_what_the_bot_guessed(site, number):
    page = site.get("/staff")
    assert "Nuôi ong ở vườn nhà <b>xin</b> ai?" in unescape(page.text)
    assert "<b>xin</b>" not in page.text  # a citizen's words are text, no page
    shown = text_of(page)
    assert "Đăng ký nuôi ong" in shown and "trang web" in shown and "0 phút" in shown
    assert "Nghệ An" in shown and "Mới (1)" in shown


def test_the_queue_is_polled_and_answers_nothing_when_nothing_changed(site, number, do):
    part = site.get("/staff/queue")
    seen = re.search(r'id="seen" name="seen" value="(\w+)"', part.text)[1]
    assert site.get(f"/staff/queue?seen={seen}").status_code in (200, 204)  # a minute may pass
    do("take")
    changed = site.get(f"/staff/queue?seen={seen}")
    assert changed.status_code == 200 and "Không có yêu cầu nào" in changed.text


def test_taken_it_is_mine_and_out_of_the_new_ones(site, number, do, run):
    assert do("take").status_code == 303
    assert f"/staff/enquiries/{number}" in site.get("/staff?view=mine").text
    assert f"/staff/enquiries/{number}" not in site.get("/staff?view=new").text
    assert ("enquiry.take", "lan") in deeds(run)


def test_a_page_left_open_offers_only_what_may_still_be_done(site, number, run):
    part, as_page = f"/staff/enquiries/{number}/talk", {"HX-Request": "true"}
    assert "Nhận xử lý" in site.get(part, headers=as_page).text
    run(enquiries.take, number, "minh")
    later = site.get(part, headers=as_page).text
    assert 'id="actions" hx-swap-oob="true"' in later and "Nhận xử lý" not in later


def test_the_lines_of_an_answer_reach_the_citizen_as_they_were_typed(do, run):
    """A browser sends CR LF: paragraphs would run together in the widget and on Telegram."""
    do("take")
    assert do("say", text="Bác mang theo:\r\n- đơn\r\n\r\nNguồn: xã").status_code == 303
    (sent,) = run(outbox.since, 0)
    assert sent.reply["text"] == "Bác mang theo:\n- đơn\n\nNguồn: xã"


def test_of_two_who_take_the_same_enquiry_the_second_is_told_who_was_first(site, number, do, run):
    do("take")
    sign_in(site, make_account(site.app.state.engine, "minh", [Role.STAFF]))
    refused = do("take")
    assert refused.status_code == 409
    assert "Cán bộ lan đang xử lý yêu cầu này" in text_of(refused)
    assert run(enquiries.get, number).assigned_to == "lan"


def test_an_answer_reaches_the_citizen_and_what_was_typed_survives_a_conflict(
    site, number, do, run
):
    typed = "Bác tới xã gặp cán bộ nông nghiệp."
    kept = do("answer", text=typed)
    assert kept.status_code == 409 and typed in kept.text
    assert run(outbox.since, 0) == []
    do("take")
    assert do("answer", text=typed).status_code == 303
    (sent,) = run(outbox.since, 0)
    assert (sent.conversation_id, sent.channel, sent.text) == (TALK, "web", typed)
    assert sent.author == "Cán bộ lan"
    assert run(enquiries.get, number).status == "answered"
    assert ("enquiry.answer", "lan") in deeds(run)
    assert "Đã gửi câu trả lời" in text_of(site.get(f"/staff/enquiries/{number}"))


@pytest.mark.parametrize("text", ["", "   ", "x" * 3_001])
def test_an_answer_of_no_or_too_many_words_is_not_sent(do, run, text):
    do("take")
    assert do("answer", text=text).status_code == 422
    assert run(outbox.since, 0) == []


def test_a_take_over_is_told_to_the_citizen_and_given_back(site, number, do, run):
    do("take-over")
    assert run(enquiries.taken_over, TALK) == number
    assert "trợ lý tự động im lặng" in text_of(site.get(f"/staff/enquiries/{number}"))
    do("say", text="Tôi đang xem.")
    do("hand-back")
    assert run(enquiries.taken_over, TALK) is None
    events = [(m.kind.value, m.reply.get("event"), m.author) for m in run(outbox.since, 0)]
    assert events == [
        ("notice", outbox.JOINED, "Cán bộ lan"),
        ("staff", None, "Cán bộ lan"),
        ("notice", outbox.LEFT, ""),
    ]


def test_a_citizens_next_words_appear_by_themselves(site, number, do, run):
    do("take-over")
    part = site.get(f"/staff/enquiries/{number}/talk")
    seen = re.search(r'name="seen" value="(\w+)"', part.text)[1]
    assert site.get(f"/staff/enquiries/{number}/talk?seen={seen}").status_code == 204
    run(enquiries.append, number, "Dạ cháu cảm ơn")
    assert "Dạ cháu cảm ơn" in site.get(f"/staff/enquiries/{number}/talk?seen={seen}").text


def test_released_and_closed(site, number, do, run):
    do("take")
    assert do("release").headers["location"] == "/staff"
    assert run(enquiries.get, number).status == "new"
    do("take")
    do("close")
    assert run(enquiries.get, number).status == "closed"
    again = do("take")
    assert again.status_code == 409 and "đã đóng" in text_of(again)


def test_what_an_absent_colleague_owns_can_be_taken(site, number, run, do):
    run(enquiries.take, number, "hoa")
    assert do("take").status_code == 409
    run(staff_absences.add, "hoa", today(), today())
    assert "(vắng)" in text_of(site.get("/staff?view=taken"))
    assert do("take").status_code == 303
    assert run(enquiries.get, number).assigned_to == "lan"


def test_a_faq_is_drafted_and_answers_nobody_yet(do, run, number):
    made = do("faq", question="Nuôi ong xin ai?", answer="Không phải xin.", source="Luật Chăn nuôi")
    assert made.status_code == 303
    (faq,) = run(faqs.every)
    assert (faq.question, faq.state.value, faq.author) == ("Nuôi ong xin ai?", "nháp", "lan")
    assert do("faq", question="Khác", answer="A", source="").status_code == 422
    assert len(run(faqs.every)) == 1


def test_a_wording_is_proposed_in_one_click_and_its_effect_measured_first(do, run, number):
    assert do("teach", code=BEES, text="kiếm giấy cho đàn mật").status_code == 303
    (wording,) = run(wordings.page).items
    assert (wording.text, wording.state, wording.origin) == (
        "kiếm giấy cho đàn mật", "proposed", f"yêu cầu {number}"
    )  # fmt: skip
    assert run(jobs.latest, jobs.EFFECT, wording=wording.id) is not None
    refused = do("teach", code="1.999999", text="thủ tục sửa chữa tàu cá")
    assert refused.status_code == 422 and "không có thủ tục" in text_of(refused)


def test_an_enquiry_that_is_gone_is_said_to_be_gone(site):
    assert site.get("/staff/enquiries/999").status_code == 404
    assert send(site, "/staff/enquiries/999/take").status_code == 404
    assert send(site, "/staff/enquiries/999/answer", {"text": "a"}).status_code == 404


def whole(text, outcome="answer", codes=(BEES,), buttons=()):
    procedures = [{"code": code, "name": "Đăng ký nuôi ong"} for code in codes]
    reply = {"text": text, "outcome": outcome, "procedures": procedures, "buttons": list(buttons)}
    return [{"custom": {"reply": reply}}]


FACT = "Đăng ký nuôi ong (mã 1.000001)\n\nPhí, lệ phí: 10.000 đồng\n\nNguồn: mã 1.000001"


def test_a_fact_is_shown_with_its_source_to_be_inserted(site, rasa):
    rasa.answer = whole(FACT)
    part = site.get(f"/staff/fact?code={BEES}&aspect=fee")
    assert "Nguồn: mã 1.000001" in part.text and "data-insert" in part.text
    assert rasa.received[-1]["message"] == f"@fee {BEES}"
    assert site.get("/staff/fact?code=1&aspect=fee").status_code == 404
    assert site.get(f"/staff/fact?code={BEES}&aspect=x").status_code == 404


def test_procedures_are_searched_by_the_assistant(site, rasa):
    rasa.answer = whole("Bạn cần việc nào?", "clarify", ["1.000001", "1.000002"])
    shown = text_of(site.get("/staff/search?q=nuoi ong"))
    assert "1.000001" in shown and "1.000002" in shown
    rasa.answer = whole("Xin lỗi", "out_of_scope", [])
    assert "Không tìm thấy" in site.get("/staff/search?q=abc").text
    assert site.get("/staff/search?q=").text.strip() == ""


def test_the_counter_shows_a_checklist_with_a_qr_code_to_the_answer(site, rasa):
    rasa.answer = whole(FACT)
    page = site.get("/staff/counter?q=dk nuoi ong")
    assert "10.000 đồng" in page.text and "data:image/svg+xml" in page.text
    assert f"http://testserver/tra-loi/{BEES}/documents,fee,time,place" in page.text
    asked = {message for message in rasa.messages if message.startswith("@")}
    assert asked == {f"@{aspect} {BEES}" for aspect in ("documents", "fee", "time", "place")}


def test_the_counter_shows_all_papers_though_the_printed_page_ends(site, rasa):
    papers = "\n".join(f"☐ Giấy số {n}" for n in range(90))
    rasa.answer = whole(f"Đăng ký nuôi ong\n\nGiấy tờ cần có:\n{papers}\n\nNguồn: mã {BEES}")
    page = site.get(f"/staff/counter?code={BEES}").text
    assert '<li class="">Giấy số 0</li>' in page and '<li class="no-print">Giấy số 89</li>' in page
    assert "dòng nữa ở mục này" in page


def test_the_counter_lets_one_choose_and_says_when_nothing_fits(site, rasa):
    options = [{"title": "Nuôi ong mật", "payload": f"@choose {BEES}"}]
    rasa.answer = whole("Bạn cần việc nào?", "clarify", buttons=options)
    page = site.get("/staff/counter?q=ong")
    assert "Nuôi ong mật" in page.text and f"code={BEES}" in page.text
    rasa.answer = whole("Chưa rõ việc này.", "out_of_scope", [])
    assert "Chưa rõ việc này." in site.get("/staff/counter?q=abc").text


def test_questions_of_the_staff_are_no_citizens_questions(site, rasa, run):
    import time

    from procedures_db.models import QuestionRow

    rasa.answer = whole(FACT)
    site.get("/staff/search?q=nuoi ong")
    until = time.monotonic() + 10
    while not (rows := run(lambda s: s.query(QuestionRow.channel, QuestionRow.topic_id).all())):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert rows == [("counter", 0)]


def test_canned_answers_are_kept_and_offered(site, number, do, run):
    assert send(site, "/staff/canned", {"title": "Giờ", "text": "7 giờ 30"}).status_code == 303
    again = send(site, "/staff/canned", {"title": "GIỜ", "text": "khác"})
    assert again.status_code == 422 and "đã có câu mẫu" in text_of(again) and "khác" in again.text
    (kept,) = run(canned_answers.every)
    do("take")
    assert 'value="7 giờ 30"' in site.get(f"/staff/enquiries/{number}").text
    assert (
        send(site, f"/staff/canned/{kept.id}", {"title": "Giờ", "text": "8 giờ"}).status_code == 303
    )
    assert send(site, f"/staff/canned/{kept.id}/remove").status_code == 303
    assert run(canned_answers.every) == []
    assert send(site, f"/staff/canned/{kept.id}/remove").status_code == 404


def test_the_calendar_is_set_by_administrators_and_absences_by_oneself(site, run):
    days = {"first_day": "2026-12-24", "last_day": "2026-12-25", "reason": "họp"}
    assert send(site, "/staff/calendar/away", days).status_code == 303
    assert "họp" in site.get("/staff/calendar").text
    assert send(site, "/staff/calendar/closed", days).status_code == 403
    (own,) = run(staff_absences.since, today())
    assert send(site, f"/staff/calendar/away/{own.id}/remove").status_code == 303
    wrong = send(site, "/staff/calendar/away", {"first_day": "31/02/2026"})
    assert wrong.status_code == 422 and "ngày, tháng, năm" in text_of(wrong)
    sign_in(site, make_account(site.app.state.engine, "minh", [Role.ADMINISTRATOR]))
    assert send(site, "/staff/calendar/closed", days).status_code == 303
    page = site.get("/staff/calendar").text
    assert "24/12/2026 – 25/12/2026: họp" in page
    number = re.search(r"/staff/calendar/closed/(\d+)/remove", page)[1]
    assert send(site, f"/staff/calendar/closed/{number}/remove").status_code == 303
    assert send(site, f"/staff/calendar/closed/{number}/remove").status_code == 404


def test_working_hours_are_set_by_the_week(site, run):
    from procedures_db import working_hours

    sign_in(site, make_account(site.app.state.engine, "minh", [Role.ADMINISTRATOR]))
    fields = {
        "opens-0-0": "08:00",
        "closes-0-0": "11:00",
        "opens-5-1": "13:00",
        "closes-5-1": "16:30",
    }
    assert send(site, "/staff/calendar/hours", fields).status_code == 303
    periods = [(p.weekday, f"{p.opens:%H:%M}") for p in run(working_hours.load).periods]
    assert periods == [(0, "08:00"), (5, "13:00")]
    for wrong in ({}, {"opens-0-0": "08:00"}, {"opens-0-0": "12:00", "closes-0-0": "11:00"}):
        assert send(site, "/staff/calendar/hours", wrong).status_code == 422
    assert len(run(working_hours.load).periods) == 2


def test_the_menu_marks_the_one_entry_to_which_a_page_belongs(site, number):
    page = site.get("/staff/calendar").text
    assert page.count("aria-current") == 1 and 'href="/staff/calendar" aria-current="page"' in page
    page = site.get(f"/staff/enquiries/{number}").text
    assert 'href="/staff" aria-current="true"' in page


def test_canned_answers_of_the_office_that_is_asked_stand_first(site, run):
    asked = NewEnquiry("office1", "web", "Giờ làm việc?", (), (), commune="Xã Hoa Nhãn")
    number = run(enquiries.open_enquiry, asked)
    for title, office in (
        ("A chung", ""),
        ("B nơi khác", "xã Bình An"),
        ("C ở đây", "xã hoa nhãn"),
    ):
        run(canned_answers.add, title, "7 giờ 30", by="lan", office=office)
    run(enquiries.take, number, "lan")
    page = site.get(f"/staff/enquiries/{number}").text
    at = [page.index(f">{title}") for title in ("C ở đây", "A chung", "B nơi khác")]
    assert at == sorted(at)
