"""What the benchmarks compute; that they run is seen by running them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.noise import CHANGES
from benchmarks.reliability import binned
from benchmarks.resolve_speed import multiplied
from benchmarks.result import Figure, Result
from procedures_db.record import ProcedureKind
from procedures_db.search.catalogue import Entry
from procedures_db.search.paraphrase_index import ParaphraseIndex
from procedures_db.text.folding import fold

_ONLY_SPELLING = (
    "accents stripped", "every other word stripped", "old tone placement",
    "decomposed Unicode (NFD)", "lower case", "upper case", "trailing punctuation",
    "doubled spaces",
)  # fmt: skip


@pytest.mark.parametrize("name", _ONLY_SPELLING)
def test_a_change_of_spelling_leaves_the_folded_words(name):
    text = "Đăng ký khai sinh cho cháu Thuỷ hòa giải thế nào?"
    assert fold(CHANGES[name](text)) == fold(text)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_bears_the_shortest_question(name):
    assert CHANGES[name]("x").strip()


def test_a_figure_knows_whether_it_meets_a_ceiling_a_floor_or_nothing():
    assert Figure("p50", 3, "ms", 4).meets
    assert Figure("same", 97, "%", 98, at_least=True).meets is False
    assert Figure("questions", 3).meets is None


def test_a_result_survives_json():
    result = Result(figures=(Figure("p50", 3.5, "ms", 4),))
    assert Result.from_json(result.as_json()) == result


def test_bins_hold_every_score_and_the_highest_has_a_place():
    bins = binned([(1.0, True), (0.95, False), (0.0, False)])
    assert [(b["from"], b["count"], b["right"]) for b in bins] == [(0.0, 1, 0.0), (0.9, 2, 0.5)]


def test_multiplied_procedures_are_the_same_every_time():
    entries = [
        Entry(**dict.fromkeys(Entry.__dataclass_fields__, ()) | {
            "code": f"1.00000{i}", "name": name, "field": "", "kind": ProcedureKind.STANDARD,
        })
        for i, name in enumerate(("Đăng ký khai sinh", "Cấp hộ chiếu phổ thông"))
    ]  # fmt: skip
    made = multiplied(entries, 20)
    assert made == multiplied(entries, 20)
    assert len({entry.code for entry in made}) == 20


def test_the_best_and_the_mass_of_classes_in_any_order_and_of_one_without_examples():
    index = ParaphraseIndex([(2, ("a",)), (0, ("b",)), (2, ("c",))], classes=4)
    best, mass = index.by_class(np.array([0.5, 0.2, 0.1], dtype=np.float32))
    assert best.tolist() == pytest.approx([0.2, 0, 0.5, 0])
    assert mass.tolist() == pytest.approx([0.2, 0, (0.5**3 + 0.1**3) ** (1 / 3), 0])
