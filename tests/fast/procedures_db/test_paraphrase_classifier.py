"""The classifier of paraphrases: groups, scores without a group, and what is kept of it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from procedures_db.search.paraphrase_classifier import (
    RIDGE,
    ParaphraseClassifier,
    _grouped,
    _Groups,
    leave_one_out,
)
from procedures_db.search.paraphrase_index import ParaphraseIndex

CLASSES = 3


@pytest.fixture(scope="module")
def index():
    chance = random.Random(20261123)
    words = ["khai", "sinh", "tu", "ket", "hon", "dat", "nha", "xe", "thue", "phi"]
    examples = [(chance.randrange(CLASSES), tuple(chance.sample(words, 4))) for _ in range(25)]
    return ParaphraseIndex(examples, CLASSES)


def test_a_group_holds_two_neighbours_of_one_class():
    group_of, class_of = _grouped(np.array([2, 0, 2, 2, 0, 1]))
    assert group_of.tolist() == [2, 0, 2, 3, 0, 1]
    assert class_of.tolist() == [0, 1, 2, 2]


def test_scores_without_a_group_are_those_of_learning_without_it(index):
    groups, scores = _Groups(index), leave_one_out(index)
    for row in range(len(index)):
        others = np.arange(len(groups.class_of)) != groups.group_of[row]
        known = groups.table[np.flatnonzero(others)]
        kernel = (known @ known.T).toarray() + RIDGE * np.eye(known.shape[0])
        solved = np.linalg.solve(kernel, groups.targets[others])
        alone = (groups.paraphrases[row] @ known.T).toarray()[0] @ solved
        assert scores[row] == pytest.approx(alone, abs=1e-5)


def test_eight_bits_are_enough(index):
    groups = _Groups(index)
    kernel = (groups.table @ groups.table.T).toarray() + RIDGE * np.eye(groups.table.shape[0])
    exact = groups.table.T @ np.linalg.solve(kernel, groups.targets)
    classifier = ParaphraseClassifier.learn(index)
    columns = {feature: at for at, feature in enumerate(groups.features)}
    seen = {f for f, at in columns.items() if groups.seen[at] >= 2}
    view = index.vector(("khai", "sinh", "dat", "lạ"))
    wanted = sum(exact[columns[f]] * share for f, share in view.items() if f in seen)
    assert classifier.scores([view]) == pytest.approx(np.maximum(wanted, 0), abs=0.01)


def test_a_question_of_unknown_words_scores_nothing(index):
    assert not ParaphraseClassifier.learn(index).scores([index.vector(("zzz",))]).any()


def test_what_is_kept_scores_the_same_and_is_nobody_else_s(index, tmp_path):
    learned = ParaphraseClassifier.load_or_learn(index, tmp_path / "kept.npz")
    view = index.vector(("khai", "sinh"))
    again = ParaphraseClassifier.load(index, tmp_path / "kept.npz")
    assert again is not None and (again.scores([view]) == learned.scores([view])).all()
    other = ParaphraseIndex([(0, ("khai",)), (1, ("sinh",))], 2)
    assert ParaphraseClassifier.load(other, tmp_path / "kept.npz") is None
    (tmp_path / "kept.npz").write_bytes(b"PK")
    assert ParaphraseClassifier.load(index, tmp_path / "kept.npz") is None
