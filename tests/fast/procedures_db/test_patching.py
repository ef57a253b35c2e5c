"""An index that took in a few changes answers as one built anew."""

from collections import Counter

import numpy as np
import pytest

from procedures_db.search.catalogue import Change, changes
from procedures_db.search.text_index import TextIndex, official_terms
from procedures_db.search.vocabulary import VocabularyIndex
from tests.fast.samples import entry


@pytest.fixture
def entries():
    names = ("Đăng ký khai sinh", "Đăng ký kết hôn", "Cấp giấy phép xây dựng", "Đăng ký khai tử")
    return [entry(f"1.00000{i}", name) for i, name in enumerate(names)]


def test_changes_tell_what_is_edited_new_and_gone(entries):
    first, second, third, fourth = entries
    edited = entry(second.code, "Đăng ký lại kết hôn")
    added = entry("1.000009", "Đăng ký giám hộ")
    assert changes(entries, [first, edited, fourth, added]) == [
        Change(1, second, edited),
        Change(2, third, None),
        Change(4, None, added),
    ]


def test_a_text_index_after_changes_scores_like_a_new_one(entries):
    changed = [
        Change(0, entries[0], entry(entries[0].code, "Đăng ký lại khai sinh")),
        Change(2, entries[2], None),
        Change(4, None, entry("1.000009", "Đăng ký giám hộ")),
    ]
    patched = TextIndex(entries, {}).patched(changed, {})
    lai, giam, phep = (patched.score({term: 1.0}) for term in ("lai", "giam_ho", "phep"))
    assert np.flatnonzero(lai.bm25).tolist() == [0]
    assert np.flatnonzero(giam.name_coverage).tolist() == [4]
    assert not phep.bm25.any()


def test_the_index_that_was_patched_stays_as_it_was(entries):
    index = TextIndex(entries, {})
    index.patched([Change(2, entries[2], None)], {})
    assert index.score({"phep": 1.0}).bm25.any()


def test_a_vocabulary_after_changes_knows_the_new_words_only(entries):
    official = list(official_terms(entries))
    index = VocabularyIndex(official, [Counter() for _ in entries])
    new = (frozenset({"giam", "ho", "giam_ho"}), Counter({"coi": 3}))
    patched = index.patched([(2, (official[2], Counter()), new)])
    assert np.flatnonzero(patched.score({"coi": 1.0}).usual).tolist() == [2]
    assert not patched.score({"phep": 1.0}).coverage.any()
    assert index.score({"phep": 1.0}).coverage.any()


def test_learning_sees_an_entry_without_one_of_its_wordings(entries):
    official = list(official_terms(entries))
    asked = [Counter({"de": 1, "be": 2}), *(Counter() for _ in entries[1:])]
    index = VocabularyIndex(official, asked)
    without = index.score_without({"de": 1.0, "be": 1.0}, 0, {"de", "be"})
    assert 0 < without.coverage[0] < index.score({"de": 1.0, "be": 1.0}).coverage[0]
    assert index.score_without({"be": 1.0}, 0, None).coverage[0] == 0
