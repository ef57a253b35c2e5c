"""Provinces with procedures of their own, and places that no longer exist."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from rasa_sdk import Tracker

from actions import limits, place, standing
from actions.answering import answer_code
from actions.turn import Turn
from procedures_db.connection import connect
from procedures_db.migrating import migrate
from procedures_db.record import Decision, ProcedureKind
from procedures_db.search.finder import Finder
from tests.changing import edit
from tests.fast.actions.test_answering import Shared, turn
from tests.fast.samples import FULL_RECORD

NATION, NORTH, SOUTH, ONE, OTHER = "1.000002", "1.000003", "1.000004", "1.000005", "1.000006"


def own(code, agency, name=FULL_RECORD.name):
    """A record of a province, or of a ministry."""
    kind = ProcedureKind.SPECIFIC if "tỉnh" in agency else ProcedureKind.STANDARD
    decision = Decision(number="1/QĐ", agency=agency)
    changed = {"code": code, "kind": kind, "decision": decision, "name": name}
    return FULL_RECORD.model_copy(
        update={**changed, "replaced_by": (), "effective_to": None, "effective_from": None}
    )


@pytest.fixture(scope="module")
def shared_service(new_database, language, wording, knowledge):
    """One for all: a finder learns the citizens' language when it is made."""
    engine = connect(new_database("sqlite"))
    migrate(engine)
    edit(
        engine,
        own(NATION, "Bộ Nông nghiệp và Môi trường"),
        own(NORTH, "UBND tỉnh Bắc Ninh"),
        own(SOUTH, "UBND tỉnh An Giang"),
        own(ONE, "UBND tỉnh Lai Châu", "Hỗ trợ trồng chè"),
        own(OTHER, "UBND tỉnh Sơn La", "Hỗ trợ trồng chè"),
    )
    without_paraphrases = replace(language, paraphrases={})
    yield Shared(engine, Finder(engine, without_paraphrases), wording, knowledge)
    engine.dispose()


def in_place(text="phí bao nhiêu", *, named="", commune="", district="", asked=("fee",), **slots):
    given = turn(text, asked=asked, **slots)
    known = {"province": named or given.province, "place_words": frozenset(named.lower().split())}
    return replace(
        given, named_province=named, named_commune=commune, named_district=district, **known
    )


def test_without_a_province_the_nations_procedure_is_answered_and_the_province_asked(
    shared_service,
):
    (reply,), _ = answer_code(NORTH, in_place(), shared_service)
    assert (reply.outcome, reply.procedures[0]["code"]) == ("answer", NATION)
    assert "tỉnh, thành phố nào" in reply.text and "Bắc Ninh" in reply.text


@pytest.mark.parametrize(
    ("province", "code"), [("Bắc Ninh", NORTH), ("An Giang", SOUTH), ("Huế", NATION)]
)
def test_the_province_remembered_decides_which_one_holds(shared_service, province, code):
    (reply,), _ = answer_code(NATION, in_place(province=province), shared_service)
    assert reply.procedures[0]["code"] == code
    assert "tỉnh, thành phố nào" not in reply.text
    assert ("chỉ áp dụng ở Bắc Ninh" in reply.text) == (code == NORTH)


def test_what_only_provinces_have_is_asked_for_first(shared_service):
    (reply,), _ = answer_code(ONE, in_place(), shared_service)
    assert reply.outcome == "clarify" and {p["code"] for p in reply.procedures} == {ONE, OTHER}
    assert [b["title"] for b in reply.buttons] == ["Lai Châu", "Sơn La"]


def test_a_province_without_it_is_told_so(shared_service):
    (reply,), _ = answer_code(ONE, in_place(province="Huế"), shared_service)
    assert reply.outcome == "clarify" and "chưa thấy Huế công bố" in reply.text


def test_a_message_of_nothing_but_the_province_answers_again_what_was_asked(shared_service):
    said = in_place("dạ bắc ninh ạ", named="Bắc Ninh", asked=(), procedure=NATION, aspects=("fee",))
    assert place.is_only_a_place(
        replace(said, place_words=frozenset({"bac", "ninh"})), shared_service
    )
    (reply,), _ = answer_code(
        NATION, replace(said, place_words=frozenset({"bac", "ninh"})), shared_service
    )
    assert (reply.procedures[0]["code"], reply.aspects) == (NORTH, ["fee"])


def test_places_named_are_remembered(shared_service):
    said = in_place(named="Bắc Ninh", commune="phường Kinh Bắc")
    slots = {event["name"]: event["value"] for event in place.remembered(said)}
    assert slots == {"province": "Bắc Ninh", "commune": "phường Kinh Bắc"}
    assert place.remembered(in_place()) == []


def test_an_answer_says_what_became_of_a_merged_province_and_of_a_district(shared_service):
    (reply,), _ = answer_code(NATION, in_place(province="Huế"), shared_service)
    text = "tôi ở huyện Thuận Thành, Bắc Giang thì nộp đâu"
    noted = place.with_notes(
        reply, in_place(text, named="Bắc Ninh", district="huyện Thuận Thành"), shared_service
    )
    assert "Bắc Giang đã nhập vào Bắc Ninh" in noted.text
    assert "không còn cấp huyện" in noted.text and "huyện Thuận Thành" in noted.text
    assert place.with_notes(reply, in_place(), shared_service).text == reply.text


def around(shared):
    """The service with a safety net that never catches and doors that never open."""
    return SimpleNamespace(
        **vars(shared), record=shared.record,
        safety=SimpleNamespace(kind=lambda text: None, asks=lambda text: False),
        doors=SimpleNamespace(certain=lambda text: None, unless_clear=lambda text: None, likely=lambda text: None),
    )  # fmt: skip


def test_the_notes_stand_under_what_any_action_says(shared_service):
    service = around(shared_service)
    said = in_place("tôi ở quận 1", district="quận 1", province="Huế")
    (reply,), events = limits.around(lambda t, s: answer_code(NATION, t, s), said, service)
    assert "không còn cấp huyện" in reply.text
    assert {"procedure"} <= {event["name"] for event in events}


@pytest.mark.parametrize(
    "text", ["ubnd huyện còn làm không", "tui len huyen nop dc k", "ra quận làm hay ở phường"]
)
def test_a_district_without_a_name_is_told_to_be_gone_too(shared_service, text):
    (reply,), _ = answer_code(NATION, in_place(province="Huế"), shared_service)
    assert "không còn cấp huyện" in place.with_notes(reply, in_place(text), shared_service).text


@pytest.mark.parametrize("text", ["nộp ở cơ quan nào", "quan hệ cha con", "phí bao nhiêu"])
def test_no_district_is_read_into_other_words(shared_service, text):
    (reply,), _ = answer_code(NATION, in_place(province="Huế"), shared_service)
    assert place.with_notes(reply, in_place(text), shared_service).text == reply.text


def test_a_place_before_any_question_is_acknowledged(shared_service):
    said = replace(in_place("em ở Bắc Ninh", named="Bắc Ninh", asked=()), intent="out_of_scope")
    (reply,), _ = limits.around(lambda t, s: ([], []), said, around(shared_service))
    assert reply.outcome == "clarify" and "Bắc Ninh" in reply.text


def test_a_procedure_stands_for_its_own_name(shared_service):
    assert shared_service.finder.by_province(NORTH)["Bắc Ninh"] == NORTH
    assert shared_service.finder.by_province(NATION)[place.NATIONAL] == NATION


def test_a_ministrys_procedure_is_no_provinces_own(shared_service, wording):
    record = shared_service.record(NATION)
    assert standing.lines(record, wording, date(2026, 11, 23)) == []


def spoken(metadata, entities=(), **slots):
    """A turn of a citizen on a page that says where it is."""
    message = {
        "text": "phí bao nhiêu",
        "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in entities],
        "metadata": metadata,
    }  # fmt: skip
    return Turn.of(Tracker("a" * 16, slots, message, [], False, None, {}, None))


BINH_AN = {"commune": "Xã Bình An", "province": "tỉnh Bắc Ninh"}


@pytest.mark.parametrize(
    ("metadata", "place_of_page"),
    [
        (BINH_AN, ("Bắc Ninh", "Xã Bình An")),
        ({"commune": "Xã Bình An, tỉnh Bắc Giang"}, ("Bắc Ninh", "Xã Bình An")),
        ({"commune": "Phường 1", "province": "TP. Hồ Chí Minh"}, ("Thành phố Hồ Chí Minh", "Phường 1")),
        ({"commune": "Xã Hòa Bình"}, ("", "Xã Hòa Bình")),
        ({"commune": "Hòa Bình"}, ("", "Hòa Bình")),
        ({"province": "Xứ Lạ"}, ("", "")),
        ({}, ("", "")),
        (None, ("", "")),
    ],
)  # fmt: skip
def test_the_page_says_where_the_citizen_is(metadata, place_of_page):
    given = spoken(metadata)
    assert (given.province, given.commune) == place_of_page
    assert (given.named_province, given.named_commune) == ("", ""), "the citizen has named nothing"


def test_a_citizen_who_names_another_place_is_believed_and_not_taken_for_a_neighbour():
    now = spoken(BINH_AN, [("province", "An Giang")])
    before = spoken(BINH_AN, province="An Giang")
    assert (now.province, now.commune) == (before.province, before.commune) == ("An Giang", "")
    own = spoken(BINH_AN, [("commune", "Xã Hòa Phú")])
    assert (own.province, own.commune) == ("Bắc Ninh", "Xã Hòa Phú")


def test_on_a_communes_page_its_provinces_own_procedure_is_answered_and_nothing_asked(
    shared_service,
):
    given = replace(spoken(BINH_AN), asked=("fee",))
    (reply,), _ = answer_code(NATION, given, shared_service)
    assert reply.procedures[0]["code"] == NORTH
    assert "tỉnh, thành phố nào" not in reply.text


def test_a_place_told_chooses_the_option_of_that_province():
    by_code = {"1.000001": {"Huế": "1.000001", "Sơn La": "1.000002"}, "1.000003": {"": "1.000003"}}
    by_code["1.000002"] = by_code["1.000001"]
    shared = SimpleNamespace(finder=SimpleNamespace(by_province=by_code.__getitem__))
    told = replace(in_place("Sơn La", named="Sơn La"), options=tuple(by_code))
    assert place.option_here(told, shared) == "1.000002"
    assert place.option_here(replace(told, named_province="Lào Cai"), shared) is None
