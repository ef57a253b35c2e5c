"""Real questions grouped by meaning, the badly answered first."""

import pytest

from procedures_db import feedback, question_log
from procedures_db.feedback import Feedback
from procedures_db.learning_loop import topics
from tests.fast.procedures_db.learning_loop.conftest import START

LICENCE = "xin giấy phép nuôi ong lấy mật"


@pytest.fixture
def grouped(run, words):
    """Group all that is logged; return the open topics as (sample, questions, badness)."""

    def grouped():
        while run(topics.group_new, words, limit=3):
            pass
        return [(t.sample, t.questions, t.badness) for t in run(topics.worst).items]

    return grouped


def test_the_same_meaning_in_other_words_is_one_topic(log, grouped):
    log(
        (LICENCE, "out_of_scope"),
        ("Cho em hỏi xin giay phep nuoi ong lay mat ạ", "out_of_scope"),
        ("lấy mật ong, xin giấy phép nuôi ong?", "out_of_scope"),
    )
    assert grouped() == [(LICENCE, 3, 6)]


def test_near_twins_stay_apart(log, grouped):
    log(
        ("đăng ký kết hôn với người cùng xã", "out_of_scope"),
        ("đăng ký kết hôn với người nước ngoài", "out_of_scope"),
    )
    assert len(grouped()) == 2


def test_other_matters_are_other_topics_and_the_worst_stands_first(log, grouped):
    log((LICENCE, "handover"), ("trợ cấp thất nghiệp", "out_of_scope"))
    assert grouped() == [("trợ cấp thất nghiệp", 1, 2), (LICENCE, 1, 1)]


def test_what_was_answered_well_is_counted_but_not_listed(log, grouped, run):
    log(LICENCE, LICENCE)
    assert grouped() == []
    log((LICENCE, "out_of_scope"))
    assert grouped() == [(LICENCE, 3, 2)]
    (asked,) = run(topics.questions_of, run(topics.worst).items[0].id)
    assert (asked.text, asked.times, asked.missed) == (LICENCE, 3, 1)


def test_asked_back_once_is_no_fault_twice_is(log, grouped):
    log((LICENCE, "clarify"), conversation="một")
    assert grouped() == []
    log((LICENCE, "clarify"), conversation="một")
    assert grouped() == [(LICENCE, 2, 2)]


def test_a_thumb_down_counts_most_though_it_comes_later(log, grouped, run):
    log(LICENCE, codes=["1.000001"], conversation="một")
    assert grouped() == []
    run(feedback.add, Feedback("wrong", "1.000001", "một"))
    assert grouped() == [(LICENCE, 1, 3)]


@pytest.mark.parametrize(
    "said", ["@fee 1.004194", "còn phí thì sao", "   ", "cho em hỏi với ạ", "[số điện thoại]"]
)
def test_buttons_and_words_that_name_nothing_make_no_topic(log, grouped, said):
    log((said, "out_of_scope"))
    assert grouped() == []


def test_questions_of_staff_are_not_learned_from(log, grouped):
    log((LICENCE, "out_of_scope"), channel="counter")
    assert grouped() == []


def test_a_settled_topic_comes_back_when_it_goes_wrong_again(log, grouped, run):
    log((LICENCE, "out_of_scope"))
    grouped()
    number = run(topics.worst).items[0].id
    run(topics.settle, number, by="lan", code="1.000001")
    log(LICENCE)
    assert grouped() == []
    settled = run(topics.get, number)
    assert (settled.state, settled.settled_by, settled.code) == ("settled", "lan", "1.000001")
    log((LICENCE, "out_of_scope"))
    assert grouped() == [(LICENCE, 3, 4)]
    run(topics.settle, number, by="lan")
    run(topics.reopen, number)
    assert grouped() == [(LICENCE, 3, 4)]


def test_topics_go_with_their_questions(log, grouped, run):
    log((LICENCE, "out_of_scope"))
    grouped()
    number = run(topics.worst).items[0].id
    run(question_log.purge, before=START.replace(year=2027))
    assert run(topics.forget_empty) == 1
    with pytest.raises(topics.TopicNotFound):
        run(topics.get, number)


def test_topics_are_paged_and_searched(log, grouped, run):
    for what in ("nuôi ong", "trồng nấm", "bán phở", "sửa xe"):
        log((f"xin giấy phép {what}", "out_of_scope"))
    grouped()
    page = run(topics.worst, per_page=2, page=2)
    assert (len(page.items), page.total) == (2, 4)
    assert [t.sample for t in run(topics.worst, words=["nam"]).items] == ["xin giấy phép trồng nấm"]


def test_grouping_goes_on_where_it_stopped(log, grouped, run, words):
    log((LICENCE, "out_of_scope"))
    grouped()
    log((LICENCE + " ạ", "out_of_scope"))
    assert run(topics.group_new, words) == 1
    assert run(topics.group_new, words) == 0
    assert grouped() == [(LICENCE, 2, 4)]
