"""Turns of a conversation: what is said, and what is remembered."""

from dataclasses import replace

import pytest
from rasa_sdk import Tracker

from actions import limits, place
from actions.acts import ActionAct
from actions.answering import ActionAnswer, ActionChooseOption, ActionGoBack, ActionRejectOptions
from actions.turn import Turn
from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.search.language import NLU_DATA
from procedures_db.search.resolution import Ambiguous
from procedures_db.text.aspect_words import AspectWords

BIRTH, MARRIAGE, TEMPORARY, PERMANENT = "1.001193", "1.000894", "1.004194", "1.004222"


class Shared:
    """What the actions need of a service, over the test's own database."""

    def __init__(self, engine, finder, wording, knowledge):
        self._engine, self.finder, self.wording = engine, finder, wording
        self.knowledge = knowledge
        self.aspect_words = AspectWords.load(NLU_DATA / "aspect_words.yml")

    def record(self, code):
        with transaction(self._engine) as session:
            return procedures.get(session, code)


@pytest.fixture(scope="module")
def shared_service(catalogue, finder, wording, knowledge):
    """The answers do not depend on the kind of database: one is enough here."""
    return Shared(catalogue, finder, wording, knowledge)


def turn(
    text: str,
    *,
    intent="ask_overview",
    confidence=0.9,
    elsewhere=0.0,
    asked=(),
    ordinals=(),
    **slots,
) -> Turn:
    """A turn as Rasa hands it to the actions: a tracker with the latest message and the slots."""
    entities = [{"entity": "aspect", "value": value} for value in asked]
    entities += [{"entity": "ordinal", "value": value} for value in ordinals]
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": [{"name": intent, "confidence": confidence}],
        "entities": entities,
        "elsewhere": elsewhere,
    }
    known = {"procedure": None, "options": None, "aspects": None, "recent": None}
    slots = {
        name: list(value) if isinstance(value, tuple) else value for name, value in slots.items()
    }
    return Turn.of(Tracker("x", {**known, **slots}, message, [], False, None, {}, "action_listen"))


@pytest.fixture
def decide(shared_service):
    """Return (reply, slots) of an action for a turn."""

    def decide(action, text, **fields):
        said, events = action().decide(turn(text, **fields), shared_service)
        (reply,) = said
        return reply, {event["name"]: event["value"] for event in events}

    return decide


def codes(reply) -> list[str]:
    return [procedure["code"] for procedure in reply.procedures]


def test_a_clear_question_is_answered_and_its_procedure_remembered(decide):
    reply, slots = decide(ActionAnswer, "đăng ký tạm trú cần giấy tờ gì", asked=("documents",))
    assert (reply.outcome, codes(reply), reply.aspects) == ("answer", [TEMPORARY], ["documents"])
    assert "Giấy tờ cần có" in reply.text and "https://" in reply.text
    assert slots == {
        "procedure": TEMPORARY,
        "aspects": ["documents"],
        "options": [],
        "recent": [TEMPORARY],
    }


def test_several_aspects_of_one_question_are_all_answered(decide):
    reply, _ = decide(ActionAnswer, "tam tru het bao nhieu tien va bao lau", asked=("fee", "time"))
    assert reply.aspects == ["fee", "time"]


def test_a_question_without_an_aspect_gets_the_overview(decide):
    reply, slots = decide(ActionAnswer, "đăng ký thường trú")
    assert (codes(reply), reply.aspects, slots["aspects"]) == ([PERMANENT], ["overview"], [])


def test_a_bare_question_is_about_the_procedure_under_discussion(decide):
    reply, _ = decide(
        ActionAnswer, "lệ phí bao nhiêu", asked=("fee",), procedure=TEMPORARY, recent=(TEMPORARY,)
    )
    assert (codes(reply), reply.aspects) == ([TEMPORARY], ["fee"])


def test_a_bare_question_at_the_start_is_asked_back(decide):
    reply, slots = decide(ActionAnswer, "lệ phí bao nhiêu", asked=("fee",))
    assert (reply.outcome, reply.procedures, slots) == ("clarify", [], {})
    assert "thủ tục nào" in reply.text


def test_what_was_asked_before_is_answered_for_a_new_procedure_that_leans_on_it(decide):
    reply, _ = decide(
        ActionAnswer,
        "thế còn đăng ký kết hôn thì sao",
        procedure=TEMPORARY,
        aspects=("documents",),
        recent=(TEMPORARY,),
    )
    assert (codes(reply), reply.aspects) == ([MARRIAGE], ["documents"])


def test_a_new_topic_does_not_inherit_what_was_asked_before(decide):
    reply, _ = decide(
        ActionAnswer,
        "đăng ký khai sinh",
        procedure=TEMPORARY,
        aspects=("fee",),
        recent=(TEMPORARY,),
    )
    assert (codes(reply), reply.aspects) == ([BIRTH], ["overview"])


def test_a_vague_question_is_asked_back_with_options_and_buttons(decide):
    reply, slots = decide(ActionAnswer, "hộ tịch", asked=("fee",))
    assert reply.outcome == "clarify"
    assert 2 <= len(codes(reply)) <= 5
    assert slots == {"options": codes(reply), "aspects": ["fee"]}
    assert [button["payload"] for button in reply.buttons] == [
        *(f"@choose {c}" for c in codes(reply)),
        "@none",
    ]
    for number in range(1, len(codes(reply)) + 1):
        assert f"\n{number}. " in reply.text


def test_an_unknown_code_is_said_to_be_unknown_and_nothing_is_forgotten(decide):
    reply, slots = decide(ActionAnswer, "mã 9.999999 cần gì", procedure=BIRTH)
    assert (reply.outcome, reply.procedures, slots) == ("clarify", [], {})
    assert "9.999999" in reply.text


def test_a_code_with_a_province_suffix_is_answered(decide):
    reply, _ = decide(ActionAnswer, "1.001193.000.00.00.H17 lệ phí", asked=("fee",))
    assert codes(reply) == [BIRTH]


def test_what_is_no_procedure_is_not_answered(decide):
    reply, slots = decide(ActionAnswer, "mua vé xem phim", elsewhere=0.9)
    assert (reply.outcome, reply.procedures, slots) == ("out_of_scope", [], {})


def test_a_question_about_some_procedure_that_fits_none_well_is_asked_back(decide):
    reply, slots = decide(ActionAnswer, "xin cái tờ ấn chỉ cho con", elsewhere=0.001)
    assert reply.outcome == "clarify" and 2 <= len(codes(reply)) <= 5
    assert slots["options"] == codes(reply)


@pytest.mark.parametrize(
    ("elsewhere", "strength", "outcome"),
    [(0.99, 0.05, "out_of_scope"), (0.001, 0.999, "clarify")],
)
def test_a_suspected_other_topic_outweighs_only_a_weak_match(
    shared_service, finder, elsewhere, strength, outcome
):
    class Unsure:
        """A search that found two procedures, well or badly."""

        def resolve(self, question, context):
            return Ambiguous(
                (finder.candidate(BIRTH), finder.candidate(MARRIAGE)), strength=strength
            )

    unsure = Shared(
        shared_service._engine, Unsure(), shared_service.wording, shared_service.knowledge
    )
    (reply,), _ = ActionAnswer().decide(
        turn("chuyện con cái vợ chồng", elsewhere=elsewhere), unsure
    )
    assert reply.outcome == outcome


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_an_empty_turn_is_asked_for_its_topic(decide, text):
    reply, _ = decide(ActionAnswer, text)
    assert reply.outcome == "clarify"


@pytest.mark.parametrize(
    ("text", "ordinals", "code"),
    [
        ("cái thứ hai", ("2",), MARRIAGE),
        ("cái cuối", ("last",), TEMPORARY),
        ("1", (), BIRTH),
        ("số 3 nhé", (), TEMPORARY),
    ],
)
def test_an_option_is_chosen_by_its_place(decide, text, ordinals, code):
    reply, slots = decide(
        ActionChooseOption, text, intent="choose_option", ordinals=ordinals,
        options=(BIRTH, MARRIAGE, TEMPORARY), aspects=("fee",),
    )  # fmt: skip
    assert (reply.outcome, codes(reply), reply.aspects) == ("answer", [code], ["fee"])
    assert (slots["procedure"], slots["options"]) == (code, [])


def test_a_button_chooses_its_procedure(decide):
    reply, _ = decide(
        ActionChooseOption,
        f"@choose {MARRIAGE}",
        intent="choose_option",
        options=(BIRTH, MARRIAGE),
        aspects=("time",),
    )
    assert (codes(reply), reply.aspects) == ([MARRIAGE], ["time"])


def test_a_place_that_no_option_has_does_not_pick_another(decide):
    reply, _ = decide(
        ActionChooseOption,
        "cái thứ chín",
        intent="choose_option",
        ordinals=("9",),
        options=(BIRTH, MARRIAGE),
    )
    assert reply.outcome != "answer"


def test_an_option_can_be_chosen_by_its_name(decide):
    reply, _ = decide(
        ActionChooseOption, "đăng ký kết hôn", intent="choose_option", options=(BIRTH, MARRIAGE)
    )
    assert codes(reply) == [MARRIAGE]


def test_a_procedure_discussed_before_is_chosen_by_its_place(decide):
    reply, _ = decide(ActionChooseOption, "cái thứ nhất", ordinals=("1",), recent=(BIRTH, MARRIAGE))
    assert codes(reply) == [BIRTH]


def test_rejected_options_are_forgotten_and_more_is_asked(decide):
    reply, slots = decide(ActionRejectOptions, "không phải", options=(BIRTH, MARRIAGE))
    assert (reply.outcome, slots) == ("clarify", {"options": []})
    assert "gặp cán bộ" in reply.text


def test_what_is_said_beside_a_rejection_is_answered(decide):
    said = "không phải mấy cái đó, em đăng ký kết hôn"
    reply, _ = decide(ActionRejectOptions, said, options=(TEMPORARY, PERMANENT))
    assert codes(reply) == [MARRIAGE]


def test_an_aspect_asked_before_the_choice_shows_the_options_again(decide):
    reply, slots = decide(ActionAnswer, "lệ phí", asked=("fee",), options=(TEMPORARY, PERMANENT))
    assert codes(reply) == [TEMPORARY, PERMANENT] and "tùy từng việc" in reply.text
    assert slots["aspects"] == ["fee"]


def test_another_procedure_that_was_discussed_is_not_the_last_one(decide):
    reply, _ = decide(
        ActionAnswer, "đăng ký tạm trú thì nộp ở đâu", asked=("place",),
        procedure=MARRIAGE, recent=(TEMPORARY, MARRIAGE),
    )  # fmt: skip
    assert codes(reply) == [TEMPORARY]


def test_rejecting_when_nothing_was_offered_says_so(decide):
    reply, _ = decide(ActionRejectOptions, "không phải mấy cái đó")
    assert "chưa đưa ra lựa chọn" in reply.text


def test_going_back_returns_to_the_procedure_before(decide):
    reply, slots = decide(
        ActionGoBack,
        "quay lại cái trước",
        intent="go_back",
        procedure=MARRIAGE,
        recent=(BIRTH, MARRIAGE),
    )
    assert codes(reply) == [BIRTH]
    assert (slots["procedure"], slots["recent"]) == (BIRTH, [MARRIAGE, BIRTH])


def test_going_back_to_a_named_procedure_goes_there(decide):
    reply, _ = decide(
        ActionGoBack,
        "quay lại đăng ký tạm trú",
        intent="go_back",
        procedure=MARRIAGE,
        recent=(TEMPORARY, BIRTH, MARRIAGE),
    )
    assert codes(reply) == [TEMPORARY]


def test_going_back_at_the_start_says_there_is_nothing(decide):
    reply, slots = decide(ActionGoBack, "quay lại", intent="go_back")
    assert (reply.outcome, slots) == ("clarify", {})


def test_only_the_last_six_procedures_are_remembered(decide):
    recent = tuple(f"1.00000{number}" for number in range(6))
    _, slots = decide(ActionAnswer, "đăng ký khai sinh", recent=recent)
    assert slots["recent"] == [*recent[1:], BIRTH]


@pytest.mark.parametrize(
    ("intent", "outcome"),
    [
        ("greet", "smalltalk"), ("thanks", "smalltalk"), ("out_of_scope", "out_of_scope"), ("unsafe", "refuse"),
        ("emergency", "refuse"), ("complaint", "handover"),
    ],
)  # fmt: skip
def test_an_act_has_its_sentence_and_outcome(decide, intent, outcome):
    reply, slots = decide(ActionAct, "ờ", intent=intent)
    assert (reply.outcome, reply.procedures, slots) == (outcome, [], {})
    assert reply.text


def test_an_emergency_gets_the_numbers_to_call_whatever_else_is_named(decide):
    reply, _ = decide(ActionAct, "cháy nhà rồi, đăng ký khai sinh", intent="emergency")
    assert "114" in reply.text and reply.procedures == []


def test_a_procedure_taken_for_a_greeting_is_answered(decide):
    reply, _ = decide(ActionAct, "Thủ tục đăng ký khai sinh", intent="greet", confidence=0.5)
    assert codes(reply) == [BIRTH]


def test_every_reply_has_the_fields_of_the_chat_contract(decide):
    reply, _ = decide(ActionAnswer, "đăng ký khai sinh")
    assert set(reply.as_dict()) == {
        "text", "outcome", "procedures", "aspects", "buttons", "sources", "card",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "intent"), [("bi mat", "emergency"), ("em cung khong ro nua", "self_harm")]
)
def test_a_scrap_that_only_looks_grave_raises_no_alarm(decide, text, intent):
    reply, _ = decide(ActionAct, text, intent=intent, confidence=0.5, procedure=TEMPORARY)
    assert reply.outcome != "refuse"


def test_what_is_surely_grave_does(decide):
    reply, _ = decide(ActionAct, "cứu với", intent="emergency", confidence=0.9)
    assert (reply.outcome, "113" in reply.text) == ("refuse", True)


def test_a_place_told_while_options_wait_shows_them_again_and_is_no_failure(shared_service):
    waiting = turn("tôi ở Hà Nội", intent="out_of_scope", options=(BIRTH, TEMPORARY))
    waiting = replace(waiting, named_province="Hà Nội", place_words=frozenset({"ha", "noi"}))
    reply = place.noted(waiting, shared_service)
    assert codes(reply) == [BIRTH, TEMPORARY] and "bạn ở Hà Nội" in reply.text
    assert not limits.has_failed(reply, waiting)


def test_a_place_told_in_a_talk_is_no_other_topic(shared_service):
    told = turn("tôi ở Hà Nội", intent="out_of_scope", procedure=TEMPORARY, aspects=("online",))
    told = replace(told, named_province="Hà Nội", place_words=frozenset({"ha", "noi"}))
    (reply,), _ = ActionAct().decide(told, shared_service)
    assert (reply.outcome, codes(reply), reply.aspects) == ("answer", [TEMPORARY], ["online"])


@pytest.mark.parametrize(
    ("elsewhere", "said"), [(0.6, "dữ liệu của tôi không nói tới"), (1.0, "ngoài phạm vi")]
)
def test_what_the_record_does_not_tell_is_no_other_topic(decide, elsewhere, said):
    fields = {"intent": "out_of_scope", "elsewhere": elsewhere, "procedure": BIRTH}
    reply, _ = decide(ActionAct, "để quá ba tháng có làm sao không", **fields)
    assert reply.outcome == "out_of_scope" and said in reply.text
    assert bool(reply.buttons) == (elsewhere < 1)


def test_a_short_question_taken_for_small_talk_leans_on_the_talk(decide):
    reply, _ = decide(ActionAct, "thế nào", intent="help", confidence=0.2, procedure=TEMPORARY)
    assert (reply.outcome, codes(reply)) == ("answer", [TEMPORARY])


def test_a_step_of_a_plan_named_with_first_is_chosen(decide):
    reply, _ = decide(ActionGoBack, "tạm trú trước đi", options=(BIRTH, TEMPORARY))
    assert codes(reply) == [TEMPORARY]
