"""Numbers of a plan, a term or a kept question are checked against what officials wrote, nothing else."""

import pytest

from bot.invented_numbers import invented_numbers
from bot.reviewed_texts import ReviewedTexts
from procedures_db import faqs
from procedures_db.connection import transaction
from procedures_db.faqs import checked


@pytest.fixture
def reviewed(engine) -> ReviewedTexts:
    return ReviewedTexts(engine)


def test_a_term_is_checked_against_the_glossary(reviewed):
    known = reviewed.of({"kind": "term", "entries": [{"id": "thường trú"}]})
    assert invented_numbers("Luật Cư trú 2020, ít hơn 30 ngày", [], reviewed=known) == []
    assert invented_numbers("ít hơn 45 ngày", [], reviewed=known) == ["45"]


def test_a_plan_is_checked_against_its_event(reviewed):
    known = reviewed.of({"kind": "plan", "event": "co_nguoi_mat"})
    assert invented_numbers("trong 15 ngày", [], reviewed=known) == []
    assert invented_numbers("trong 16 ngày", [], reviewed=known) == ["16"]


def test_a_kept_question_is_checked_against_the_database(engine, reviewed):
    text = checked(question="Gửi xe?", answer="Giá 3.000 đồng.", source="Thông báo 12")
    with transaction(engine, write=True) as session:
        number = faqs.add(session, text, author="Hoa").id
    known = reviewed.of({"kind": "faq", "id": number})
    assert invented_numbers("Giá 3.000 đồng, 5.000 đồng", [], reviewed=known) == ["5.000"]


@pytest.mark.parametrize(
    "card",
    [{}, {"fee": {}}, {"kind": "plan", "event": "x"}, {"kind": "faq", "id": 9}, {"kind": "lạ"},
     {"kind": "term", "entries": [{"id": "không có"}]}],
)  # fmt: skip
def test_what_is_not_kept_vouches_for_nothing(reviewed, card):
    assert reviewed.of(card) == []
