"""Citizen words taught by staff, sayings of the files retired: in force without any training."""

import shutil

import pytest
from sqlalchemy import text

from procedures_db import sayings
from procedures_db.connection import transaction
from procedures_db.learning_loop import cases, effect, wordings
from procedures_db.learning_loop.wordings import PARAPHRASE, WORD, BadWording
from procedures_db.search.finder import Finder
from procedures_db.search.language import NLU_DATA, Language
from procedures_db.search.query import make_query
from procedures_db.search.resolution import Found, Question
from tests.changing import edit

WILL = "2.001019"
WORDS = "tờ dặn dò"
TERM = "chứng thực di chúc"


@pytest.fixture
def published(engine, record):
    edit(
        engine,
        record(code=WILL, name="Chứng thực di chúc"),
        record(code="1.000002", name="Cấp phép sửa chữa tàu cá"),
    )


@pytest.fixture
def propose(run, words, published):
    def propose(said=WORDS, terms=(TERM,), code=WILL):
        return run(wordings.propose, code, said, by="lan", words=words, terms=terms)

    return propose


@pytest.fixture
def accept(run):
    def accept(wording, **found):
        run(wordings.note_effect, wording.id, {"cases": 0, **found})
        return run(wordings.accept, wording.id, by="minh")

    return accept


@pytest.fixture(scope="session")
def few(language):
    some = dict(list(language.paraphrases.items())[:3])
    return Language(**{**vars(language), "paraphrases": some})


def test_an_accepted_word_stands_for_its_term_and_taken_back_it_does_not(
    engine, few, propose, accept, run
):
    finder = Finder(engine, few)
    finder.refresh()

    def means() -> tuple:
        finder.refresh()
        return make_query(f"xin {WORDS} ở đâu", finder._ready().language).official

    assert means() == ()
    made = accept(propose())
    assert finder.is_stale()
    assert means() == (("chung", "thuc", "di", "chuc"),)
    assert run(wordings.accepted) == [], "it is no paraphrase"
    run(wordings.take_back, made.id, by="minh")
    assert means() == ()


def test_its_effect_is_measured_with_a_finder_that_knows_it(finder):
    """Over the built-in procedures: the search decides otherwise, the finder in use stays as it was."""
    own = cases.KeptCase("own", WORDS, cases.ANSWER, (WILL,))
    found = effect.measure(finder, finder.trying(words=[(WORDS, (TERM,))]), [], own=own)
    assert (found.own_before.code, found.own_after.code, found.own_right) == ("", WILL, True)
    assert not isinstance(finder.resolve(Question(WORDS)), Found)


def test_it_becomes_a_case_only_where_it_found_its_procedure(propose, accept, run):
    accept(propose(), own_right=False)
    assert run(cases.accepted) == []
    accept(propose("tờ trối trăng"), own_right=True)
    assert [case.question for case in run(cases.accepted)] == ["tờ trối trăng"]


@pytest.mark.parametrize(
    ("said", "terms", "why"),
    [
        ("x" * 90, (TERM,), "dài nhất 80"),
        (WORDS, ("nuôi voi",), "không thủ tục đang công bố nào có thuật ngữ “nuôi voi”"),
        (WORDS, ("di chúc", "chứng thực", "chúc", "chứng thực di chúc"), "nhiều nhất 3"),
        (TERM, (TERM,), "là một"),
    ],
)
def test_a_word_that_teaches_nothing_is_refused(propose, said, terms, why):
    with pytest.raises(BadWording, match=why):
        propose(said, terms)


@pytest.fixture
def folder(tmp_path):
    """The files as they are; a test may change its copy."""
    made = tmp_path / "nlu_data"
    (made / "paraphrases").mkdir(parents=True)
    shutil.copy(NLU_DATA / "citizen_words.yml", made)
    shutil.copy(NLU_DATA / "paraphrases" / "thue.yml", made / "paraphrases")
    return made


def listed(engine, kind, words, **named):
    with transaction(engine) as session:
        return sayings.page(session, kind, words=words, **named)


def test_the_list_mirrors_the_files_and_what_staff_taught(engine, folder, propose, accept):
    accept(propose())
    sayings.bring_up_to_date(engine, folder)
    (found,) = listed(engine, WORD, "hon thu lam").items
    assert (found.text, found.target) == ("làm hôn thú", "đăng ký kết hôn")
    assert [one.text for one in listed(engine, WORD, "di chuc to dan do").items] == [WORDS]
    assert (
        listed(engine, PARAPHRASE, "cá nhân lần đầu mã số thuế 1.008498").items[0].target
        == "1.008498"
    )
    total = listed(engine, WORD, "").total
    second = listed(engine, WORD, "", page=2, per_page=7)
    assert total > 1000 and second.total == total and len(second.items) == 7

    path = folder / "citizen_words.yml"
    path.write_text(path.read_text().replace("làm hôn thú", "mần hôn thú"))
    sayings.bring_up_to_date(engine, folder)
    assert listed(engine, WORD, "lam hon thu").total == 0
    assert listed(engine, WORD, "man hon thu").total == 1
    assert listed(engine, WORD, "").total == total


def test_words_accepted_or_taken_back_later_are_listed_at_once(
    engine, folder, propose, accept, run
):
    sayings.bring_up_to_date(engine, folder)
    made = accept(propose())
    assert listed(engine, WORD, "to dan do").items[0].taught_id == made.id
    run(wordings.take_back, made.id, by="minh")
    assert listed(engine, WORD, "to dan do").total == 0


def test_a_word_of_the_files_that_is_retired_stands_for_nothing_until_it_is_restored(
    engine, folder, few, run, published
):
    sayings.bring_up_to_date(engine, folder)
    finder = Finder(engine, few)
    finder.refresh()

    def official() -> bool:
        finder.refresh()
        means = make_query("làm hôn thú", finder._ready().language).official
        return ("dang", "ky", "ket", "hon") in means

    (found,) = listed(engine, WORD, "lam hon thu").items
    assert official()
    run(sayings.retire, found.id, by="lan")
    assert finder.is_stale() and listed(engine, WORD, "lam hon thu").total == 0
    assert listed(engine, WORD, "lam hon thu", retired=True).items[0].retired_by == "lan"
    (shorter,) = (one for one in listed(engine, WORD, "hon thu").items if one.text == "hôn thú")
    run(sayings.retire, shorter.id, by="lan")  # it stands in the longer one
    assert not official()
    run(sayings.restore, found.id)
    assert official()


def test_a_retired_paraphrase_is_no_neighbour_any_more(engine, run, language):
    code, known = next(iter(language.paraphrases.items()))
    few = Language(**{**vars(language), "paraphrases": {code: known}})
    with transaction(engine) as session:
        session.execute(
            text(
                "INSERT INTO saying (kind, text, folded, target, retired_by)"
                " VALUES ('paraphrase', :text, '', :code, 'lan')"
            ),
            {"text": known.questions[0], "code": code},
        )
        wordings.bump(session)
    finder = Finder(engine, few)
    finder.refresh()
    citizens = finder._ready().citizens
    query = make_query(known.questions[0], few)
    assert citizens.without([]).similarities(citizens.views(query))[0] == 0.0
    assert max(citizens.similarities(citizens.views(query))) < 0.99


def test_what_staff_taught_is_not_retired_but_taken_back(engine, folder, propose, accept, run):
    accept(propose())
    sayings.bring_up_to_date(engine, folder)
    (found,) = listed(engine, WORD, "to dan do").items
    with pytest.raises(sayings.SayingNotFound):
        run(sayings.retire, found.id, by="lan")
    with pytest.raises(sayings.SayingNotFound):
        run(sayings.get, 10**6)
