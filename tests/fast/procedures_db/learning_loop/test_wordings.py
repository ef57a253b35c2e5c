"""Wordings taught by staff: proposed, weighed, accepted; then in force without any training."""

import threading

import pytest

from procedures_db.learning_loop import cases, effect, jobs, wordings
from procedures_db.learning_loop.cases import KeptCase
from procedures_db.learning_loop.worker import Worker
from procedures_db.search.finder import Finder
from procedures_db.search.language import Language
from procedures_db.search.resolution import Candidate, Found, NothingFits, Question, Reason
from tests.changing import edit, withdraw

BEES = "1.000001"
SAID = "kiếm cái tờ cho đàn mật của ông"


@pytest.fixture
def published(engine, record):
    """Two procedures with nothing in common."""
    edit(
        engine,
        record(code=BEES, name="Đăng ký nuôi ong"),
        record(code="1.000002", name="Cấp phép sửa chữa tàu cá"),
    )


@pytest.fixture
def propose(run, words, published):
    def propose(text=SAID, code=BEES, by="lan", **named):
        return run(wordings.propose, code, text, by=by, words=words, **named)

    return propose


@pytest.fixture(scope="session")
def few(language):
    """The project's language with the paraphrases of three procedures: built in a moment."""
    daily = [known for known in language.paraphrases.items() if known[1].asked == "hằng ngày"]
    some = dict(daily[:3])
    return Language(**{**vars(language), "paraphrases": some})


@pytest.fixture
def finder(engine, few, published):
    made = Finder(engine, few)
    made.refresh()
    return made


@pytest.fixture
def accept(run):
    def accept(wording, by="minh"):
        run(wordings.note_effect, wording.id, {"cases": 0})
        return run(wordings.accept, wording.id, by=by)

    return accept


def test_a_wording_waits_until_somebody_decides(propose, run):
    made = propose(origin="yêu cầu 12")
    assert (made.state, made.name, made.proposed_by) == ("proposed", "Đăng ký nuôi ong", "lan")
    assert [w.id for w in run(wordings.page).items] == [made.id]
    assert run(wordings.accepted) == [] and run(cases.accepted) == []


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("  ", BEES, "chưa có cách nói"),
        ("[số điện thoại]", BEES, "chưa có cách nói"),
        ("còn phí thì sao ạ", BEES, "thủ tục nào cũng được"),
        ("nuôi ong " * 60, BEES, "dài quá"),
        (SAID, "1.999999", "không có thủ tục"),
    ],
)
def test_what_teaches_nothing_is_refused(propose, text, code, why):
    with pytest.raises(wordings.BadWording, match=why):
        propose(text, code)


def test_masked_numbers_are_no_part_of_a_wording(propose):
    assert propose("nuôi ong, gọi [số điện thoại] nhé").text == "nuôi ong, gọi nhé"


def test_the_same_wording_is_taken_once_for_whichever_procedure(propose, run):
    first = propose()
    with pytest.raises(wordings.BadWording, match=f"số {first.id}"):
        propose(SAID.upper())
    with pytest.raises(wordings.BadWording, match=f"cho thủ tục {BEES}"):
        propose(SAID, "1.000002")
    run(wordings.refuse, first.id, by="minh")
    assert propose(SAID, "1.000002").state == "proposed"


def test_nothing_is_accepted_before_its_effect_is_known(propose, run):
    made = propose()
    with pytest.raises(wordings.EffectUnknown):
        run(wordings.accept, made.id, by="minh")
    assert run(wordings.get, made.id).state == "proposed"


def test_only_the_first_decision_counts(propose, accept, run):
    made = propose()
    accept(made)
    with pytest.raises(wordings.AlreadyDecided) as told:
        run(wordings.refuse, made.id, by="hoa")
    assert told.value.by == "minh"
    assert run(wordings.get, made.id).state == "accepted"


def test_an_accepted_wording_is_found_after_a_refresh_without_training(
    propose, accept, finder, run
):
    assert not isinstance(finder.resolve(Question(SAID)), Found)
    made = propose()
    assert not finder.is_stale()
    accept(made)
    assert finder.is_stale()
    finder.refresh()
    found = finder.resolve(Question("Kiem cai to cho dan mat cua ong"))
    assert isinstance(found, Found) and found.candidate.code == BEES
    near = finder.resolve(Question("kiếm cái tờ cho đàn mật nhà ông với"))
    assert isinstance(near, Found) and near.candidate.code == BEES
    run(wordings.take_back, made.id, by="minh")
    finder.refresh()
    assert not isinstance(finder.resolve(Question(SAID)), Found)


def test_wordings_survive_an_edit_and_go_silent_with_the_procedure(
    propose, accept, finder, engine, record
):
    accept(propose())
    finder.refresh()
    edit(engine, record(code=BEES, name="Đăng ký nuôi ong mật"))
    finder.refresh()
    found = finder.resolve(Question(SAID))
    assert isinstance(found, Found) and found.candidate.name == "Đăng ký nuôi ong mật"
    withdraw(engine, BEES)
    finder.refresh()
    assert isinstance(finder.resolve(Question(SAID)), NothingFits)


def test_a_finder_that_starts_later_knows_the_wordings_too(propose, accept, engine, few):
    accept(propose())
    later = Finder(engine, few)
    assert isinstance(later.resolve(Question(SAID)), Found)


def test_questions_are_answered_while_wordings_come_in(propose, accept, finder):
    wrong, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            found = finder.resolve(Question("đăng ký nuôi ong"))
            if not isinstance(found, Found) or found.candidate.code != BEES:
                wrong.append(found)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for number in range(5):
            accept(propose(f"{SAID} kiểu {number} chín"))
            finder.refresh()
    finally:
        stop.set()
        thread.join(10)
    assert wrong == []


@pytest.fixture
def worker(engine, tmp_path, few, monkeypatch, published):
    monkeypatch.setattr(Language, "load", classmethod(lambda cls: few))
    return Worker(engine, classifier=tmp_path / "models" / "paraphrases.npz")


def test_the_effect_is_measured_with_and_without_the_wording(propose, run, worker, log):
    made = propose()
    run(cases.add_out_of_scope, "hôm nay trời đẹp quá nhỉ", by="lan")
    number = run(jobs.ask, "effect", by="lan", wording=made.id)
    assert worker.work() and not worker.work()
    done = run(jobs.get, number)
    assert (done.state, done.error) == ("done", "")
    found = run(wordings.get, made.id).effect
    assert found == done.result
    assert found["own_before"]["behaviour"] != "answer"
    assert found["own_after"]["code"] == BEES and found["own_right"]
    assert (found["cases"], found["right_before"], found["right_after"]) == (1, 1, 1)
    assert not found["turned_wrong"]


def test_a_wording_cannot_take_a_question_that_is_an_official_name(propose, run, worker, log):
    name = "cấp phép sửa chữa tàu cá"
    log(name, codes=["1.000002"], feedback="useful")
    run(lambda session: session.execute(_every_question_has_a_topic()))
    made = propose(name, BEES)
    run(jobs.ask, "effect", by="lan", wording=made.id)
    assert worker.work()
    found = run(wordings.get, made.id).effect
    assert (found["cases"], found["right_before"], found["right_after"]) == (1, 1, 1)
    assert not found["own_right"] and found["own_after"]["code"] == "1.000002"


def test_a_new_installation_measures_on_what_is_asked_every_day(
    propose, run, worker, few, engine, record
):
    daily = next(known for known in few.paraphrases.values())
    assert daily.asked == "hằng ngày"
    edit(engine, record(code=daily.code, name="Thủ tục có sẵn"))
    run(jobs.ask, "effect", by="lan", wording=propose().id)
    assert worker.work()
    found = run(wordings.page).items[0].effect
    assert (found["cases"], found["right_before"], found["right_after"]) == (1, 1, 1)


def test_harm_is_shown_question_by_question():
    class Knows:
        def __init__(self, codes):
            self.codes = codes

        def resolve(self, question):
            code = self.codes.get(question.text)
            return Found(Candidate(code, "", "", 1.0)) if code else NothingFits(Reason.NO_MATCH)

    kept = [KeptCase("a", "ong", "answer", (BEES,)), KeptCase("b", "tàu", "answer", ("1.000002",)),
            KeptCase("c", "trời đẹp", "out_of_scope", ())]  # fmt: skip
    found = effect.measure(Knows({"tàu": "1.000002"}), Knows({"ong": BEES, "tàu": BEES}), kept)
    assert (found.cases, found.right_before, found.right_after) == (3, 2, 2)
    assert [turned.question for turned in found.turned_right] == ["ong"]
    (wrong,) = found.turned_wrong
    assert (wrong.question, wrong.before.code, wrong.after.code) == ("tàu", "1.000002", BEES)


def _every_question_has_a_topic():
    from sqlalchemy import update

    from procedures_db.models import QuestionRow

    return update(QuestionRow).values(topic_id=1)


def test_a_job_for_a_wording_that_is_gone_says_so(run, worker, propose, monkeypatch):
    made = propose()
    number = run(jobs.ask, "effect", by="lan", wording=made.id)

    def gone(session, number):
        raise wordings.WordingNotFound(number)

    monkeypatch.setattr(wordings, "get", gone)
    assert worker.work()
    done = run(jobs.get, number)
    assert (done.state, done.error) == ("failed", "cách nói này không còn")


def test_the_same_job_is_not_queued_twice_and_is_done_by_one(run, propose):
    made = propose()
    first = run(jobs.ask, "effect", by="lan", wording=made.id)
    assert run(jobs.ask, "effect", by="minh", wording=made.id) == first
    assert run(jobs.is_wanted)
    assert run(jobs.claim).id == first
    assert run(jobs.claim) is None and not run(jobs.is_wanted)


def test_a_job_whose_worker_died_is_done_by_the_next(run, monkeypatch):
    number = run(jobs.ask, "retrain", by="lan")
    run(jobs.claim)
    monkeypatch.setattr(jobs, "SILENT", jobs.timedelta(seconds=-1))
    assert run(jobs.claim).id == number


def test_accepted_cases_are_lines_for_motcua_eval(propose, accept, run, tmp_path):
    from bot.evaluation import read_cases

    accept(propose())
    run(cases.add_out_of_scope, "mấy giờ đá bóng", by="lan")
    file = tmp_path / "accepted.jsonl"
    file.write_text("".join(run(lambda session: list(cases.as_jsonl(session)))), "utf-8")
    first, second = read_cases([file])
    assert (first.turns, first.behaviour, first.codes) == ([SAID], "answer", {BEES})
    assert (second.turns, second.behaviour) == (["mấy giờ đá bóng"], "out_of_scope")
    assert run(cases.count) == 2
