"""Money, periods, dates and long texts as Vietnamese readers expect them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import formatting
from procedures_db.record import Fee, TimeLimit


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("20000", "20.000"), ("0.5", "0,5"), ("1500000", "1.500.000"), ("7", "7"), ("12.50", "12,5"),
        ("1234.5", "1.234,5"), ("100", "100"), ("1E+3", "1.000"), ("20000.00", "20.000"),
    ],
)  # fmt: skip
def test_numbers_have_points_for_thousands_and_a_comma_for_parts(amount, said):
    assert formatting.number(Decimal(amount)) == said


def test_money_names_its_currency():
    assert formatting.money(Decimal(20000), "VND") == "20.000 đồng"
    assert formatting.money(Decimal(10), "USD") == "10 USD"


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        (Fee(kind="Lệ phí", amount=20000), "Lệ phí 20.000 đồng"),
        (Fee(kind="Phí", amount=10, currency="USD", text="mỗi\nngười"), "Phí 10 USD (mỗi người)"),
        (Fee(kind="Phí", amount=2000, text="/trang"), "Phí 2.000 đồng/trang"),
        (Fee(kind="Giá", text="Theo nghị quyết"), "Giá: Theo nghị quyết"),
    ],
)
def test_a_fee_is_said_with_its_label_and_conditions(fee, said):
    assert formatting.fee(fee) == said


def test_a_fee_without_an_amount_never_says_free():
    assert "miễn phí" not in formatting.fee(Fee(kind="Lệ phí", text="Theo quy định")).lower()
    assert "0 đồng" not in formatting.fee(Fee(kind="Lệ phí", text="Theo quy định"))


def test_an_exemption_stays_with_its_amount():
    assert "hộ nghèo được miễn" in formatting.fee(
        Fee(kind="Lệ phí", amount=5000, text="hộ nghèo được miễn")
    )


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        ("7", "ngày làm việc", "7 ngày làm việc"),
        ("0.5", "ngày làm việc", "0,5 ngày làm việc"),
        ("24", "giờ", "24 giờ"),
    ],
)
def test_a_period_is_said_as_published(amount, unit, said):
    assert formatting.period(TimeLimit(amount=Decimal(amount), unit=unit)) == said


def test_dates_are_day_month_year():
    assert formatting.day(date(2026, 1, 6)) == "06/01/2026"


def test_a_list_names_each_thing_once():
    assert formatting.listed(["trực tiếp", "trực tuyến", "trực tiếp"]) == "trực tiếp, trực tuyến"


def test_a_short_text_is_not_cut():
    assert formatting.clip("Nộp hồ sơ.", 10) == ("Nộp hồ sơ.", False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nộp hồ sơ tại xã. Chờ nhận kết quả", "Nộp hồ sơ tại xã."),
        ("Nộp hồ sơ tại xã\nChờ nhận kết quả", "Nộp hồ sơ tại xã"),
        ("Nộp hồ sơ tại xã; chờ nhận kết quả", "Nộp hồ sơ tại xã;"),
        ("Nộp hồ sơ tại xã rồi chờ", "Nộp hồ sơ tại xã"),
    ],
)
def test_a_long_text_is_cut_where_a_line_sentence_or_word_ends(text, kept):
    assert formatting.clip(text, 20) == (kept, True)


@given(st.text(alphabet="ab .;\n", max_size=80), st.integers(1, 60))
def test_a_clipped_text_is_a_beginning_of_it_within_the_limit(text, limit):
    head, cut = formatting.clip(text, limit)
    assert len(head) <= limit
    assert text.startswith(head)
    assert cut == (len(text) > limit)


@given(st.text(alphabet="abc", min_size=30, max_size=60))
def test_a_text_without_any_gap_is_not_lost_when_clipped(text):
    head, cut = formatting.clip(text, 20)
    assert cut and len(head) >= 15
