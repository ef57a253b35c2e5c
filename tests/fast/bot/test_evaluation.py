"""Scoring dialogues by the rules of the evaluation contract."""

import json

import httpx
import pytest

from bot import evaluation
from bot.evaluation import Aliases, Case, NotServing, Outcome, Report, read_cases, score


def case(behaviour="answer", codes=("1.000001",), aspects=(), turns=("hỏi",)):
    return Case("t/1", turns, behaviour, frozenset(codes), frozenset(aspects))


def got(behaviour="answer", codes=("1.000001",), aspects=(), invented=()):
    return Outcome(behaviour, list(codes), frozenset(aspects), list(invented), "…")


def counts(one_case, outcome, aliases=()):
    report = Report()
    score(one_case, outcome, Aliases([frozenset(group) for group in aliases]), report)
    return {name: tuple(tally) for name, tally in report.counts.items()}, report


RIGHT, MISSED = (1, 1), (0, 1)


def test_the_right_procedure_answered_counts_everywhere():
    tally, report = counts(case(aspects=["fee"]), got(aspects=["fee", "time"]))
    assert tally == {
        "behaviour": RIGHT, "over_asking": MISSED, "top_1": RIGHT, "offered": RIGHT, "wrong": MISSED,
        "aspects": RIGHT,
    }  # fmt: skip
    assert report.misses == []


def test_any_accepted_code_is_right():
    tally, _ = counts(case(codes=["1.000001", "1.000002"]), got(codes=["1.000002"]))
    assert tally["top_1"] == RIGHT


def test_a_confident_wrong_procedure_is_counted_as_wrong():
    tally, report = counts(case(aspects=["fee"]), got(codes=["1.000009"], aspects=["fee"]))
    assert (tally["behaviour"], tally["top_1"], tally["wrong"]) == (MISSED, MISSED, RIGHT)
    assert "aspects" not in tally
    assert "1.000009" in report.misses[0]


def test_only_the_first_code_answered_counts():
    tally, _ = counts(case(), got(codes=["1.000009", "1.000001"]))
    assert tally["top_1"] == MISSED


def test_asking_back_instead_of_answering_is_over_asking_but_may_offer_the_right_one():
    tally, _ = counts(case(), got("clarify", codes=["1.000009", "1.000001"]))
    assert (tally["behaviour"], tally["over_asking"]) == (MISSED, RIGHT)
    assert (tally["top_1"], tally["offered"], tally["wrong"]) == (MISSED, RIGHT, MISSED)


def test_the_sixth_option_counts_as_not_offered():
    tally, _ = counts(case(), got("clarify", codes=[*"abcde", "1.000001"]))
    assert tally["offered"] == MISSED


def test_a_missing_aspect_is_missed():
    tally, _ = counts(case(aspects=["fee", "time"]), got(aspects=["fee"]))
    assert tally["aspects"] == MISSED


def test_a_question_that_should_be_asked_back():
    assert counts(case("clarify"), got("clarify", codes=["1.000009"]))[0] == {
        "behaviour": RIGHT,
        "ask_back": RIGHT,
    }
    assert counts(case("clarify"), got("answer"))[0] == {"behaviour": MISSED, "ask_back": MISSED}


def test_a_question_out_of_scope():
    tally, _ = counts(case("out_of_scope", codes=()), got("out_of_scope", codes=()))
    assert tally == {"behaviour": RIGHT, "out_of_scope": RIGHT, "no_procedure": RIGHT}
    tally, _ = counts(case("out_of_scope", codes=()), got("answer"))
    assert tally == {"behaviour": MISSED, "out_of_scope": MISSED, "no_procedure": MISSED}


def test_without_accepted_codes_only_the_behaviour_is_judged():
    assert counts(case(codes=()), got(codes=["1.000009"]))[0] == {
        "behaviour": RIGHT,
        "over_asking": MISSED,
    }


def test_an_answer_without_any_procedure_is_not_right():
    assert counts(case(), got(codes=()))[0]["top_1"] == MISSED


def test_dialogues_of_several_turns_are_counted_on_their_own():
    assert counts(case(turns=("a", "b")), got())[0]["multi_turn"] == RIGHT
    assert "multi_turn" not in counts(case(), got())[0]


def test_an_alias_of_an_accepted_code_is_right_and_another_alias_is_not():
    group = {"3.000722", "2.000986", "2.001023"}
    tally, _ = counts(case(codes=["2.001023"]), got(codes=["3.000722"]), [group])
    assert tally["top_1"] == RIGHT
    tally, _ = counts(case(codes=["2.001023"]), got(codes=["3.000722"]), [{"3.000722", "9.999999"}])
    assert tally["top_1"] == MISSED


def test_aliases_are_read_from_their_file(tmp_path):
    path = tmp_path / "code_aliases.json"
    path.write_text(json.dumps({"_about": "…", "3.000722": {"old": ["2.000986"], "why": "…"}}))
    assert Aliases.load(path).accept("3.000722", frozenset({"2.000986"}))
    assert Aliases.load(path).accept("2.000986", frozenset({"3.000722"}))
    assert not Aliases.load(None).accept("3.000722", frozenset({"2.000986"}))


def test_an_invented_number_is_counted_and_shown():
    _, report = counts(case(), got(invented=["25.000"]))
    assert report.figures()["invented_numbers"] == 1
    assert "25.000" in report.misses[0]


def test_the_figures_are_shares_with_their_counts_for_people_and_machines():
    report = Report(latencies_ms=[10.0, 20.0, 30.0])
    for outcome in (got(), got(), got(codes=["1.000009"])):
        score(case(), outcome, Aliases([]), report)
    figures = json.loads(report.as_json())
    assert figures["top_1"] == {"right": 2, "of": 3, "share": 0.6667}
    assert figures["latency_ms"]["p50"] == 20.0
    assert "66.7%" in report.as_text() and "(2/3)" in report.as_text()


def test_a_report_of_nothing_can_be_printed():
    assert json.loads(Report().as_json())["invented_numbers"] == 0
    assert "invented_numbers" in Report().as_text()


def test_cases_are_read_line_by_line_and_a_refusal_counts_as_out_of_scope(tmp_path):
    path = tmp_path / "cases.jsonl"
    lines = [
        {
            "id": "a",
            "turns": ["x", "y"],
            "behaviour": "answer",
            "codes": ["1.000001"],
            "aspects": ["fee"],
        },
        {"id": "b", "turns": ["x"], "behaviour": "refuse"},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    first, second = read_cases([path])
    assert (first.turns, first.codes, first.aspects) == (["x", "y"], {"1.000001"}, {"fee"})
    assert (second.behaviour, second.codes) == ("out_of_scope", frozenset())


# Playing dialogues against an installation


def installation(replies, seen):
    """A chat API that answers every turn with the same replies."""

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return httpx.Response(200, json={"conversation_id": "c" * 16, "replies": replies})

    return httpx.Client(base_url="http://motcua", transport=httpx.MockTransport(handle))


def reply(outcome, codes=(), aspects=(), text="…"):
    return {
        "outcome": outcome,
        "procedures": [{"code": c, "name": ""} for c in codes],
        "aspects": list(aspects),
        "text": text,
    }


def play(replies, engine, turns=("a",)):
    seen, report = [], Report()
    outcome = evaluation.play(case(turns=turns), installation(replies, seen), engine, report)
    return outcome, seen, report


@pytest.fixture(scope="module")
def bees(tmp_path_factory):
    """A database with one procedure, which costs 20.000 đồng."""
    from procedures_db import procedures
    from procedures_db.connection import connect, transaction
    from procedures_db.migrating import migrate
    from tests.fast.samples import FULL_RECORD

    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('bees')}/motcua.db")
    migrate(engine)
    with transaction(engine, write=True) as session:
        procedures.save(session, FULL_RECORD)
    yield engine
    engine.dispose()


def test_the_turns_are_sent_in_one_conversation(bees):
    _, seen, report = play([reply("smalltalk")], bees, turns=("một", "hai", "ba"))
    assert [body["text"] for body in seen] == ["một", "hai", "ba"]
    assert [body["conversation_id"] for body in seen] == [None, "c" * 16, "c" * 16]
    assert len(report.latencies_ms) == 3


@pytest.mark.parametrize(
    ("outcome", "behaviour"),
    [("refuse", "out_of_scope"), ("smalltalk", "out_of_scope"), ("handover", "out_of_scope"),
     ("clarify", "clarify"), ("out_of_scope", "out_of_scope"), ("unavailable", "unavailable")],
)  # fmt: skip
def test_replies_without_a_procedure_count_as_what_they_did(bees, outcome, behaviour):
    assert play([reply(outcome)], bees)[0].behaviour == behaviour


def test_an_answer_among_other_replies_is_what_counts(bees):
    outcome, _, _ = play([reply("smalltalk"), reply("answer", ["1.000002"], ["fee"])], bees)
    assert (outcome.behaviour, outcome.codes, outcome.aspects) == ("answer", ["1.000002"], {"fee"})


def test_numbers_of_an_answer_are_checked_against_the_database(bees):
    text = "Lệ phí 20.000 đồng, có nơi 99.000 đồng"
    outcome, _, _ = play([reply("answer", ["1.000002"], ["fee"], text)], bees)
    assert outcome.invented == ["99.000"]


def test_no_installation_at_the_address_is_told(nowhere, bees, tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": "a", "turns": ["x"], "behaviour": "answer"}))
    with pytest.raises(NotServing):
        evaluation.run([path], url=nowhere, database_url=str(bees.url))


def test_accepted_cases_of_the_database_are_scored_beside_the_files(engine, tmp_path):
    from procedures_db.connection import transaction
    from procedures_db.learning_loop import cases

    with transaction(engine) as session:
        cases.add_out_of_scope(session, "mấy giờ đá bóng", by="lan")
    (kept,) = evaluation.accepted_cases(engine)
    assert (kept.turns, kept.behaviour, kept.codes) == (["mấy giờ đá bóng"], "out_of_scope", set())
