"""A long answer becomes several messages that lose nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paragraphs import split_at_paragraphs


def test_a_short_text_is_one_part():
    assert split_at_paragraphs("Lệ phí: 8.000 đồng.", 100) == ["Lệ phí: 8.000 đồng."]


def test_a_blank_text_has_no_part():
    assert split_at_paragraphs(" \n\n ", 100) == []


def test_the_cut_is_where_a_paragraph_ends():
    text = "Giấy tờ cần có:\n☐ Tờ khai\n\nLệ phí: 8.000 đồng."
    assert split_at_paragraphs(text, 40) == ["Giấy tờ cần có:\n☐ Tờ khai", "Lệ phí: 8.000 đồng."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("một hai ba bốn\nnăm sáu bảy", ["một hai ba bốn", "năm sáu bảy"]),
        ("một hai ba. bốn năm sáu", ["một hai ba.", "bốn năm sáu"]),
        ("một hai ba bốn năm sáu", ["một hai ba bốn", "năm sáu"]),
        ("a" * 40, ["a" * 16, "a" * 16, "a" * 8]),
    ],
)
def test_without_a_paragraph_the_next_best_place_is_taken(text, parts):
    assert split_at_paragraphs(text, 16) == parts


def test_a_limit_below_one_is_refused():
    with pytest.raises(ValueError, match="0"):
        split_at_paragraphs("a", 0)


@given(st.text(alphabet="ab .;,\n", max_size=300), st.integers(1, 50))
def test_parts_fit_and_hold_every_letter_in_order(text, limit):
    parts = split_at_paragraphs(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
