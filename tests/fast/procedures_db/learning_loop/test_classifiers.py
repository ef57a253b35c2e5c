"""Classifiers learned anew: the result first, then the swap, and the way back."""

import pytest

from procedures_db.learning_loop import classifiers, jobs, wordings
from procedures_db.search.finder import Finder
from procedures_db.search.resolution import Found, Question
from tests.fast.procedures_db.learning_loop.test_wordings import (  # noqa: F401
    BEES,
    SAID,
    accept,
    few,
    propose,
    published,
    worker,
)


@pytest.fixture
def learned(propose, accept, run, worker):  # noqa: F811
    """A classifier learned from one accepted wording."""
    accept(propose())
    number = run(jobs.ask, "retrain", by="minh")
    assert worker.work()
    done = run(jobs.get, number)
    assert (done.state, done.error) == ("done", "")
    return run(classifiers.every)[0]


@pytest.fixture
def finder(engine, few, worker, learned):  # noqa: F811
    made = Finder(engine, few, classifier=worker._classifier)
    made.refresh()
    return made


def test_the_result_is_shown_before_anything_changes(learned, finder, run):
    assert learned.figures["wordings"] == 1 and learned.figures["seconds"] >= 0
    assert learned.figures["cases"] == 1  # the wording itself, accepted, is a case
    assert learned.made_by == "minh" and not learned.in_use
    assert run(classifiers.in_use) is None
    assert finder._state.citizens.learned_from == ()


def test_put_into_use_it_serves_without_a_restart_and_back_again(learned, finder, run):
    run(classifiers.use, learned.id, by="minh")
    assert finder.is_stale()
    finder.refresh()
    assert finder._state.citizens.learned_from == ((BEES, SAID),)
    assert isinstance(finder.resolve(Question(SAID)), Found)
    assert run(classifiers.in_use).used_by == "minh"
    run(classifiers.use, None, by="hoa")
    finder.refresh()
    assert finder._state.citizens.learned_from == ()
    assert isinstance(finder.resolve(Question(SAID)), Found)  # as a neighbour, as before


def test_two_action_servers_change_over_and_back_and_answer_alike(
    learned,
    engine,
    few,  # noqa: F811
    run,
    worker,  # noqa: F811
):
    """They share the database and the folder of the weights; each looks by itself."""
    servers = [Finder(engine, few, classifier=worker._classifier) for _ in range(2)]
    for number, taught in ((None, ()), (learned.id, ((BEES, SAID),)), (None, ())):
        run(classifiers.use, number, by="minh")
        answers = []
        for server in servers:
            assert server.is_stale()
            server.refresh()
            assert server._state.citizens.learned_from == taught
            answers.append(server.resolve(Question(SAID)))
        assert answers[0] == answers[1]


def test_without_its_file_the_classifier_of_the_files_serves(learned, finder, run, worker):  # noqa: F811
    run(classifiers.use, learned.id, by="minh")
    (worker._classifier.parent / learned.file).write_bytes(b"damaged")
    finder.refresh()
    assert finder._state.citizens.learned_from == ()
    assert isinstance(finder.resolve(Question(SAID)), Found)


def test_a_wording_taken_back_takes_the_classifier_with_it(learned, finder, run):
    run(classifiers.use, learned.id, by="minh")
    finder.refresh()
    run(wordings.take_back, run(wordings.page, state="accepted").items[0].id, by="minh")
    finder.refresh()
    assert finder._state.citizens.learned_from == ()
    assert not isinstance(finder.resolve(Question(SAID)), Found)


def test_only_the_latest_files_are_kept_and_the_one_in_use(learned, run, worker):  # noqa: F811
    run(classifiers.use, learned.id, by="minh")
    for _ in range(classifiers.KEPT + 1):
        run(jobs.ask, "retrain", by="minh")
        assert worker.work()
    kept = run(classifiers.every)
    assert len(kept) == classifiers.KEPT + 1 and kept[-1].id == learned.id
    folder = worker._classifier.parent
    files = {path.name for path in folder.glob("paraphrases-*.npz")}
    assert files == {one.file for one in kept}


def test_a_classifier_that_is_gone_cannot_be_used(run):
    with pytest.raises(classifiers.ClassifierNotFound):
        run(classifiers.use, 12, by="minh")
