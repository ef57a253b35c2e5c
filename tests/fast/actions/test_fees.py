"""Fees: the amount first, its conditions never lost, pages of repeated conditions said once."""

from datetime import date
from decimal import Decimal

import pytest

from actions import fees, replies
from procedures_db.record import Fee, Method

_LONG = (
    "- Mức cụ thể do Hội đồng nhân dân tỉnh quyết định theo quy định của pháp luật về phí và lệ phí. "
    "- Người nộp hồ sơ nộp lệ phí tại thời điểm nộp hồ sơ và không được hoàn trả trong mọi trường hợp. "
    "- Hộ nghèo được miễn."
)


def charge(amount=None, text="", kind="Lệ phí"):
    return Fee(kind=kind, amount=amount and Decimal(amount), text=text)


def way(method, *charges, note=""):
    return Method(method=method, fees=charges, note=note)


def test_an_amount_that_holds_for_all_methods_is_one_line(record, wording):
    methods = (way("trực tuyến", charge(20000)), way("trực tiếp", charge(20000)))
    section = fees.fee(record(methods=methods), wording)
    assert section.first == "Lệ phí 20.000 đồng (trực tuyến, trực tiếp)."
    assert section.lines == []


def test_amounts_of_different_methods_are_all_named_first(record, wording):
    methods = (way("trực tuyến", charge(7000)), way("trực tiếp", charge(15000)))
    section = fees.fee(record(methods=methods), wording)
    assert section.first == "Lệ phí 7.000 đồng (trực tuyến); Lệ phí 15.000 đồng (trực tiếp)."


def test_many_amounts_are_a_range_first_and_each_below(record, wording):
    charges = [charge(1000 * n, f"loại {n}") for n in range(1, 7)]
    section = fees.fee(record(methods=(way("trực tiếp", *charges),)), wording)
    assert section.first == "từ 1.000 đồng đến 6.000 đồng, tùy trường hợp."
    assert len(section.lines) == 6
    assert "- trực tiếp: Lệ phí 3.000 đồng (loại 3)" in section.lines


def test_amounts_in_several_currencies_make_no_range(record, wording):
    charges = [charge(n * 1000) for n in range(1, 5)]
    dollars = Fee(kind="Phí", amount=Decimal(10), currency="USD")
    section = fees.fee(record(methods=(way("trực tiếp", *charges, dollars),)), wording)
    assert "từ" not in section.first
    assert any("10 USD" in line for line in section.lines)


def test_an_exemption_is_announced_on_the_first_line_and_stays_with_the_amount(record, wording):
    methods = (way("trực tiếp", charge(8000, "người khuyết tật được miễn")),)
    section = fees.fee(record(methods=methods), wording)
    assert "miễn" in section.first
    assert section.lines == ["- trực tiếp: Lệ phí 8.000 đồng (người khuyết tật được miễn)"]


def test_what_an_amount_is_for_is_no_condition(record, wording):
    section = fees.fee(record(methods=(way("trực tiếp", charge(2000, "/trang", "Phí")),)), wording)
    assert (section.first, section.lines) == ("Phí 2.000 đồng/trang (trực tiếp).", [])


def test_an_overview_says_that_conditions_apply(record, wording):
    methods = (way("trực tiếp", charge(8000, "người khuyết tật được miễn")),)
    assert "có điều kiện kèm theo" in fees.short(record(methods=methods), wording)


def test_a_page_of_conditions_under_two_amounts_is_said_once(record, wording):
    methods = (way("trực tuyến", charge(150000, _LONG)), way("trực tiếp", charge(50000, _LONG)))
    section = fees.fee(record(methods=methods), wording)
    said = "\n".join(section.lines)
    assert said.count("Hội đồng nhân dân") == 1 and said.count("Hộ nghèo được miễn") == 1
    assert section.lines[:2] == [
        "- trực tuyến: Lệ phí 150.000 đồng",
        "- trực tiếp: Lệ phí 50.000 đồng",
    ]
    assert section.lines[2].startswith("- Điều kiện chung (trực tuyến, trực tiếp): ")


def test_texts_that_differ_only_in_their_end_are_one(record, wording):
    methods = (
        way("trực tuyến", charge(text="Theo biểu giá.")),
        way("trực tiếp", charge(text="Theo biểu giá")),
    )
    section = fees.fee(record(methods=methods), wording)
    assert (section.first, section.lines) == ("Lệ phí: Theo biểu giá.", [])


def test_a_fee_that_stands_only_in_the_note_is_said(record, wording):
    methods = (way("trực tiếp", note="Thu 30.000 đồng mỗi bản"),)
    section = fees.fee(record(methods=methods), wording)
    assert "Thu 30.000 đồng mỗi bản" in "\n".join(section.lines)


def test_nothing_stated_is_nothing_said(record, wording):
    section = fees.fee(record(methods=(way("trực tiếp"),)), wording)
    assert not section.is_stated
    assert fees.short(record(), wording) == ""


def test_the_card_holds_every_fee_with_its_method(record, wording):
    methods = (way("trực tuyến", charge(7000)), way("trực tiếp", charge(15000, "mỗi lần")))
    rows = fees.fee(record(methods=methods), wording).card["fees"]
    assert [(row["method"], row["amount"], row["text"]) for row in rows] == [
        ("trực tuyến", "7000", ""),
        ("trực tiếp", "15000", "mỗi lần"),
    ]


def test_a_fee_told_in_few_words_stands_on_the_first_line(record, wording):
    text = "Mức thu do Hội đồng nhân dân cấp tỉnh quyết định. Miễn cho hộ nghèo."
    methods = (way("trực tuyến", charge(text=text)), way("trực tiếp", charge(text=text)))
    section = fees.fee(record(methods=methods), wording)
    assert (section.first, section.lines) == (f"Lệ phí: {text}", [])


def test_a_fee_in_words_that_holds_for_one_method_only_says_for_which(record, wording):
    methods = (way("trực tuyến"), way("trực tiếp", charge(text="Theo biểu giá.")))
    section = fees.fee(record(methods=methods), wording)
    assert "xem dưới đây" in section.first
    assert section.lines == ["- trực tiếp: Lệ phí: Theo biểu giá."]


@pytest.mark.parametrize(
    ("today", "is_over"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)]
)
def test_a_reduced_fee_whose_last_day_has_passed_is_said_to_be_over(
    record, wording, today, is_over
):
    text = "135.000 đồng/lần. Nộp trực tuyến đến hết ngày 31/12/2025 là 115.000 đồng/lần."
    one = record(methods=(way("trực tuyến", charge(text=text)), way("trực tiếp", charge(135000))))
    said = replies.answer(one, ["fee"], wording, today=today).text
    assert ("“đến hết ngày 31/12/2025” trong dữ liệu nay đã hết hạn" in said) == is_over
