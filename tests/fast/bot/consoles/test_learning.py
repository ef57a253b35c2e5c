"""The learning loop's pages: from a question answered badly to a wording in force."""

import re
from html import unescape

import pytest

from procedures_db import question_log
from procedures_db.account import Role
from procedures_db.connection import reserve_writing, transaction
from procedures_db.learning_loop import cases, classifiers, jobs, topics, wordings
from procedures_db.learning_loop.words import topic_words
from procedures_db.question_log import LoggedQuestion
from tests.changing import edit
from tests.consoles import make_account, send, sign_in

BEES = "1.000001"
SAID = "kiếm giấy cho đàn mật"
PAGE = "/admin/learning"


@pytest.fixture
def site(signed_in):
    return signed_in(Role.APPROVER)


@pytest.fixture
def run(site):
    def run(function, *arguments, **named):
        with transaction(site.app.state.engine) as session:
            reserve_writing(session)  # the application writes beside it
            return function(session, *arguments, **named)

    return run


@pytest.fixture
def topic(site, run, record):
    """A question about bees that nothing fitted, three times."""
    edit(site.app.state.engine, record(code=BEES, name="Đăng ký nuôi ong"))
    asked = LoggedQuestion("web", "c", SAID, "out_of_scope", 9.0, codes=[BEES], failed=True)
    run(question_log.add, [asked] * 3)
    while run(topics.group_new, topic_words()):
        pass
    return run(topics.worst).items[0].id


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_the_worst_questions_are_listed_and_one_click_assigns_the_procedure(site, run, topic):
    assert SAID in site.get(PAGE).text
    page = text_of(site.get(f"{PAGE}/topics/{topic}"))
    assert "3 không tìm được" in page and "Đăng ký nuôi ong" in page
    sent = send(site, f"{PAGE}/topics/{topic}/assign", {"text": SAID, "code": BEES})
    (wording,) = run(wordings.page).items
    assert sent.headers["location"] == f"{PAGE}/wordings/{wording.id}"
    assert (wording.text, wording.code, wording.topic_id) == (SAID, BEES, topic)
    assert SAID not in site.get(PAGE).text.replace("placeholder", "")
    assert SAID in site.get(f"{PAGE}?state=settled").text


def test_a_wrong_code_keeps_what_was_typed(site, topic):
    wrong = send(site, f"{PAGE}/topics/{topic}/assign", {"text": SAID, "code": "1.999999"})
    assert wrong.status_code == 422
    assert "không có thủ tục 1.999999" in text_of(wrong) and 'value="1.999999"' in wrong.text


def test_a_procedure_that_the_assistant_did_not_think_of_is_found_by_its_name(site, topic, record):
    edit(site.app.state.engine, record(code="1.000002", name="Khai báo cơ sở nuôi ong lấy mật"))
    page = site.get(f"{PAGE}/topics/{topic}?q=khai bao nuoi ong").text
    assert re.search(r'name="code" value="1\.000002" form="assign"', page)
    assert "Không có thủ tục nào" in site.get(f"{PAGE}/topics/{topic}?q=tau ngam").text


def test_what_is_no_procedure_becomes_a_case_that_must_be_declined(site, run, topic):
    assert send(site, f"{PAGE}/topics/{topic}/no-procedure").status_code == 303
    (case,) = run(cases.accepted)
    assert (case.question, case.behaviour) == (SAID, "out_of_scope")
    assert '"behaviour": "out_of_scope"' in site.get(f"{PAGE}/cases.jsonl").text


def test_a_topic_is_passed_over_and_brought_back(site, run, topic):
    send(site, f"{PAGE}/topics/{topic}/settle")
    assert run(topics.worst).total == 0
    send(site, f"{PAGE}/topics/{topic}/reopen")
    assert run(topics.worst).total == 1
    assert site.get(f"{PAGE}/topics/99").status_code == 404
    for name in ("assign", "settle", "reopen", "no-procedure"):
        assert send(site, f"{PAGE}/topics/99/{name}").status_code == 404


@pytest.fixture
def wording(run, topic):
    return run(wordings.propose, BEES, SAID, by="lan", words=topic_words()).id


def test_it_is_accepted_only_after_its_effect_was_shown(site, run, wording):
    early = send(site, f"{PAGE}/wordings/{wording}/accept")
    assert early.status_code == 409 and "Chưa đo xong" in text_of(early)
    answer = {"behaviour": "answer", "code": BEES, "name": "Đăng ký nuôi ong"}
    nothing = {"behaviour": "out_of_scope", "code": "", "name": ""}
    turned = {"question": "ong mật", "before": answer, "after": nothing}
    effect = {"cases": 40, "right_before": 31, "right_after": 30, "own_before": nothing,
              "own_after": answer, "own_right": True, "turned_right": [],
              "turned_wrong": [turned]}  # fmt: skip
    run(wordings.note_effect, wording, effect)
    page = text_of(site.get(f"{PAGE}/wordings/{wording}"))
    assert "trong 40 câu" in page and "31 30" in page and "“ong mật”" in page
    assert send(site, f"{PAGE}/wordings/{wording}/accept").status_code == 303
    assert run(wordings.accepted) == [(BEES, SAID)]
    twice = send(site, f"{PAGE}/wordings/{wording}/refuse")
    assert twice.status_code == 409 and "đã quyết định rồi" in text_of(twice)
    assert SAID in site.get(f"{PAGE}/wordings?state=accepted").text
    assert send(site, f"{PAGE}/wordings/{wording}/take-back").status_code == 303
    assert run(wordings.accepted) == []


def test_staff_may_propose_but_not_accept(site, run, wording):
    sign_in(site, make_account(site.app.state.engine, "hoa", [Role.STAFF]))
    assert site.get(f"{PAGE}/wordings/{wording}").status_code == 200
    assert "Duyệt, dùng ngay" not in site.get(f"{PAGE}/wordings/{wording}").text
    assert send(site, f"{PAGE}/wordings/{wording}/accept").status_code == 403
    assert run(wordings.get, wording).state == "proposed"


def test_the_effect_is_asked_for_until_it_is_there(site, run, wording):
    assert send(site, f"{PAGE}/wordings/{wording}/measure").status_code == 303
    job = run(jobs.latest, jobs.EFFECT, wording=wording)
    assert job is not None
    run(jobs.finish, job.id, {})
    part = site.get(f"{PAGE}/wordings/{wording}/effect").text
    assert "hx-trigger" not in part
    run(jobs.fail, job.id, "không đủ bộ nhớ để học")
    assert "không đủ bộ nhớ" in site.get(f"{PAGE}/wordings/{wording}/effect").text
    assert site.get(f"{PAGE}/wordings/99").status_code == 404
    assert send(site, f"{PAGE}/wordings/99/accept").status_code == 404


def test_classifiers_are_put_into_use_and_rolled_back(site, run):
    figures = {"cases": 4, "right_before": 2, "right_after": 3, "seconds": 8.5, "turned_wrong": []}
    number = run(classifiers.add, "paraphrases-1.npz", [(BEES, SAID)], figures, by="lan")
    sign_in(site, make_account(site.app.state.engine, "hoa", [Role.ADMINISTRATOR]))
    page = f"{PAGE}/classifiers"
    assert "2 → 3 đúng/4" in text_of(site.get(page))
    assert send(site, f"{page}/{number}/use").status_code == 303
    assert run(classifiers.in_use).id == number
    assert send(site, f"{page}/0/use").status_code == 303
    assert run(classifiers.in_use) is None
    assert send(site, f"{page}/99/use").status_code == 404


def test_learning_anew_is_asked_for_once(site, run):
    sign_in(site, make_account(site.app.state.engine, "hoa", [Role.ADMINISTRATOR]))
    for _ in range(2):
        assert send(site, f"{PAGE}/classifiers/retrain").status_code == 303
    assert run(jobs.latest, jobs.RETRAIN).id == 1
    assert site.get(f"{PAGE}/classifiers/state").status_code == 200
