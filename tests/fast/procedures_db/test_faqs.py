"""Questions often asked: kept, published, found by meaning, due for another look."""

from datetime import date, timedelta

import pytest

from procedures_db import faqs
from procedures_db.connection import transaction
from procedures_db.faqs import BadFaq, FaqIndex, FaqNotFound, FaqState, checked

TEXT = checked(
    question="Đi làm giấy tờ có cần mang sổ hộ khẩu không?",
    variants=("làm thủ tục có phải đem hộ khẩu theo không", "bỏ sổ hộ khẩu rồi có cần mang gì"),
    answer="Không. Cơ quan tra cứu nơi cư trú trong cơ sở dữ liệu.",
    source="Luật Cư trú 2020",
    procedures=("1.010041",),
)
DAY = date(2026, 7, 20)


@pytest.fixture
def kept(engine):
    """Return the number of the question, kept as a draft."""
    with transaction(engine) as session:
        return faqs.add(session, TEXT, author="Hoa").id


def read(engine, function, *arguments, **named):
    with transaction(engine) as session:
        return function(session, *arguments, **named)


def test_a_new_question_is_a_draft_with_all_that_was_written(engine, kept):
    faq = read(engine, faqs.get, kept)
    assert faq.model_dump(include=set(TEXT.model_dump())) == TEXT.model_dump()
    assert (faq.state, faq.author) == (FaqState.DRAFT, "Hoa")


def test_only_published_questions_are_answered_from(engine, kept):
    assert read(engine, faqs.every, state=FaqState.PUBLISHED) == []
    read(engine, faqs.set_state, kept, FaqState.PUBLISHED, author="Lan")
    (faq,) = read(engine, faqs.every, state=FaqState.PUBLISHED)
    assert (faq.id, faq.author) == (kept, "Lan")


def test_an_edit_replaces_the_text_and_keeps_the_state(engine, kept):
    read(engine, faqs.set_state, kept, FaqState.PUBLISHED, author="Hoa")
    changed = TEXT.model_copy(update={"answer": "Không cần."})
    faq = read(engine, faqs.update, kept, changed, author="Minh")
    assert (faq.answer, faq.state, faq.author) == ("Không cần.", FaqState.PUBLISHED, "Minh")


def test_every_edit_raises_the_version(engine):
    seen = [read(engine, faqs.version)]
    number = read(engine, faqs.add, TEXT, author="Hoa").id
    seen.append(read(engine, faqs.version))
    read(engine, faqs.update, number, TEXT, author="Hoa")
    seen.append(read(engine, faqs.version))
    read(engine, faqs.set_state, number, FaqState.RETIRED, author="Hoa")
    seen.append(read(engine, faqs.version))
    assert seen == sorted(set(seen)) and len(seen) == 4


def test_the_same_question_is_not_kept_twice(engine, kept):
    twin = TEXT.model_copy(update={"question": "di lam giay to co can mang so ho khau khong"})
    with pytest.raises(BadFaq, match=str(kept)):
        read(engine, faqs.add, twin, author="Hoa")


def test_a_number_that_nobody_gave_is_not_found(engine):
    with pytest.raises(FaqNotFound):
        read(engine, faqs.get, 77)
    with pytest.raises(FaqNotFound):
        read(engine, faqs.set_state, 77, FaqState.RETIRED, author="Hoa")


@pytest.mark.parametrize(
    "fields",
    [
        {"question": ""}, {"answer": " ... "}, {"source": ""}, {"question": "a" * 501}, {"procedures": ("abc",)},
        {"variants": ("",)}, {"review_by": "hôm qua"}, {"state": "x"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_field(fields):
    with pytest.raises(BadFaq, match=next(iter(fields))):
        checked(**{**TEXT.model_dump(), **fields})


def test_questions_whose_day_has_come_are_due_for_review(engine, kept):
    overdue = TEXT.model_copy(update={"review_by": DAY})
    read(engine, faqs.update, kept, overdue, author="Hoa")
    read(engine, faqs.set_state, kept, FaqState.PUBLISHED, author="Hoa")
    assert [faq.id for faq in read(engine, faqs.due_for_review, DAY)] == [kept]
    assert read(engine, faqs.due_for_review, DAY - timedelta(days=1)) == []
    assert read(engine, faqs.get, kept).is_due(DAY)


def test_a_question_is_found_by_meaning_with_or_without_diacritics(engine, kept, language):
    index = FaqIndex([read(engine, faqs.get, kept)], language)
    for asked in (
        "lam thu tuc co phai dem ho khau theo k",
        "đi làm giấy tờ cần mang sổ hộ khẩu ko",
    ):
        faq, similarity = index.find(asked)
        assert faq.id == kept and similarity > 0.7
    assert index.find("phí đăng ký kết hôn")[1] < 0.3


def test_an_index_of_nothing_finds_nothing(language):
    assert FaqIndex([], language).find("sổ hộ khẩu") is None
