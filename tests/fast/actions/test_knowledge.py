"""Plans, terms and kept questions in a conversation, and what wins over what."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from actions.answering import ActionAnswer
from actions.knowledge import ActionExplain, ActionLifeEvent
from procedures_db.faqs import Faq, FaqIndex, FaqState
from tests.fast.actions.test_answering import Shared, turn

BIRTH, DEATH, TEMPORARY = "1.001193", "1.000656", "1.004194"


@pytest.fixture(scope="module")
def shared_service(catalogue, finder, wording, knowledge):
    return Shared(catalogue, finder, wording, knowledge)


@pytest.fixture
def decide(shared_service):
    def decide(action, text, **fields):
        (reply,), events = action().decide(turn(text, **fields), shared_service)
        return reply, {event["name"]: event["value"] for event in events}

    return decide


def codes(reply) -> list[str]:
    return [procedure["code"] for procedure in reply.procedures]


def test_an_event_that_is_told_gets_a_plan(decide):
    reply, slots = decide(ActionLifeEvent, "nhà mới có người mất phải làm gì", intent="life_event")
    assert reply.outcome == "answer"
    assert reply.card["kind"] == "plan" and reply.card["event"] == "co_nguoi_mat"
    assert codes(reply)[0] == DEATH
    assert "1. " in reply.text and f"(mã {DEATH})" in reply.text
    assert "Trong 15 ngày kể từ ngày có người chết" in reply.text
    assert slots == {"procedure": None, "aspects": [], "options": codes(reply)}


def test_a_plan_has_a_button_and_a_source_for_each_step(decide):
    reply, _ = decide(ActionLifeEvent, "sắp sinh con cần làm những thủ tục gì")
    assert [b["payload"] for b in reply.buttons] == [f"@overview {code}" for code in codes(reply)]
    assert [source["code"] for source in reply.sources] == codes(reply)
    assert len(reply.card["steps"]) == len(codes(reply)) >= 5


def test_a_bundle_says_what_it_does_in_one_go(decide):
    reply, _ = decide(ActionLifeEvent, "vợ mới sinh, giờ phải làm gì", intent="life_event")
    assert codes(reply)[0] == "2.000986"
    assert "Làm việc này thì không phải làm riêng: " in reply.text


def test_a_paper_that_several_steps_need_is_listed_once(decide):
    reply, _ = decide(ActionLifeEvent, "chuyển nhà phải làm những thủ tục gì")
    papers = reply.card["papers"]
    assert papers and all(len(paper["steps"]) > 1 for paper in papers)
    assert reply.text.count(f"☐ {papers[0]['name']} (cho:") == 1


def test_a_procedure_named_in_the_story_wins_over_the_plan(decide):
    reply, _ = decide(
        ActionLifeEvent, "mới sinh con, làm giấy khai sinh cần gì",
        intent="life_event", asked=("documents",),
    )  # fmt: skip
    assert (codes(reply), reply.aspects) == ([BIRTH], ["documents"])


def test_a_plan_is_given_to_whoever_asks_for_all_of_it_whatever_the_classifier_thinks(decide):
    reply, _ = decide(
        ActionAnswer, "sinh con xong phải làm những thủ tục gì",
        intent="ask_documents", asked=("documents",),
    )  # fmt: skip
    assert reply.card["kind"] == "plan"


def test_an_event_mentioned_in_passing_gets_no_plan(decide):
    reply, _ = decide(ActionAnswer, "khai sinh cho con mới sinh lệ phí bao nhiêu", asked=("fee",))
    assert (codes(reply), reply.aspects) == ([BIRTH], ["fee"])


def test_the_event_button_gives_the_plan(decide):
    reply, _ = decide(ActionLifeEvent, "@event mat_giay_to", intent="life_event")
    assert reply.card["event"] == "mat_giay_to"


def test_a_button_of_an_event_that_is_gone_does_not_fail(decide):
    reply, _ = decide(ActionLifeEvent, "@event khong_con", intent="life_event")
    assert reply.outcome != "answer" or "kind" not in reply.card


def test_what_is_unclear_offers_the_event_it_may_be_about(decide):
    reply, _ = decide(ActionAnswer, "con gái tôi mới lấy chồng bên đó hay sao ấy nhỉ")
    payloads = [button["payload"] for button in reply.buttons]
    if reply.outcome == "clarify":
        assert "@event ket_hon" in payloads


def test_a_term_is_explained(decide):
    reply, slots = decide(ActionExplain, "thường trú khác tạm trú thế nào", intent="compare_terms")
    assert (reply.outcome, reply.procedures) == ("answer", [])
    assert TEMPORARY in slots["options"]  # "làm ở đâu" goes on with what is offered
    assert "sinh sống ổn định, lâu dài" in reply.text
    assert reply.card["kind"] == "term"
    assert f"@overview {TEMPORARY}" in [button["payload"] for button in reply.buttons]


def test_a_term_taken_for_a_procedure_is_explained_all_the_same(decide):
    reply, _ = decide(ActionAnswer, "tạm trú là gì", intent="ask_overview")
    assert reply.card.get("kind") == "term"


def test_a_question_about_a_procedure_taken_for_a_term_is_answered(decide):
    reply, _ = decide(
        ActionExplain, "trích lục khai tử cần giấy gì", intent="compare_terms", asked=("documents",)
    )
    assert reply.card.get("kind") != "term"


def test_an_aspect_asked_with_la_gi_is_none_of_meaning(decide):
    reply, _ = decide(
        ActionAnswer, "hồ sơ đăng ký tạm trú là gì",
        intent="ask_conditions", asked=("conditions",),
    )  # fmt: skip
    assert codes(reply) == [TEMPORARY]


def test_words_that_nobody_explained_are_said_to_be_unknown(decide):
    reply, _ = decide(ActionExplain, "zzzt khác qqqr chỗ nào", intent="compare_terms")
    assert reply.outcome == "smalltalk"
    assert "chưa có phần giải thích" in reply.text


@pytest.fixture
def with_faq(shared_service, language):
    """Return the shared service with one kept question."""

    def make(**fields):
        faq = Faq(
            **{
                "id": 1, "question": "Đi làm giấy tờ có được mặc quần đùi không?",
                "variants": ("lên xã mặc quần đùi được không",), "answer": "Được, miễn là lịch sự.",
                "source": "Nội quy tiếp công dân", "procedures": (TEMPORARY, "9.999999"), "state": FaqState.PUBLISHED,
                "author": "Hoa", "updated_at": datetime(2026, 7, 20), **fields,
            }
        )  # fmt: skip
        knowledge = replace(shared_service.knowledge, faqs=FaqIndex([faq], language))
        return Shared(
            shared_service._engine, shared_service.finder, shared_service.wording, knowledge
        )

    return make


def test_a_kept_question_is_answered_with_its_source_and_known_procedures(with_faq):
    (reply,), _ = ActionAnswer().decide(turn("len xa mac quan dui duoc khong"), with_faq())
    assert (reply.outcome, reply.card["kind"]) == ("answer", "faq")
    assert "miễn là lịch sự" in reply.text and "Nội quy tiếp công dân" in reply.text
    assert [button["payload"] for button in reply.buttons] == [f"@overview {TEMPORARY}"]


def test_a_kept_question_that_is_overdue_says_so(with_faq):
    (reply,), _ = ActionAnswer().decide(
        turn("lên xã mặc quần đùi được không"), with_faq(review_by=date(2020, 1, 1))
    )
    assert "đến hạn rà soát" in reply.text


def test_a_procedure_found_for_certain_is_not_displaced_by_a_question_somewhat_alike(with_faq):
    shared = with_faq(
        question="Đăng ký tạm trú cho trẻ em ở nhờ nhà ông bà có được không?", variants=()
    )
    (reply,), _ = ActionAnswer().decide(turn("đăng ký tạm trú", asked=("fee",)), shared)
    assert codes(reply) == [TEMPORARY]


def test_an_explanation_in_a_talk_leaves_its_procedure_under_discussion(decide):
    _, slots = decide(
        ActionExplain,
        "thường trú khác tạm trú thế nào",
        intent="compare_terms",
        procedure=TEMPORARY,
    )
    assert slots == {}
