"""A number that no field of the record holds is noticed."""

import pytest

from bot.invented_numbers import invented_numbers
from tests.fast.samples import FULL_RECORD


@pytest.mark.parametrize(
    "text",
    [
        "Lệ phí 20.000 đồng", "Lệ phí 20000 đồng", "12,5 USD", "0,5 ngày làm việc", "36 giờ",
        "quyết định 77/QĐ-BNN ngày 16/01/2026", "dữ liệu đến ngày 18/07/2026", "mã 1.000002", "Nghị định 99/2099/NĐ-CP",
        "bản chính: 1; bản sao: 2", "Số 5, đường Hoa Nhãn", "1. Nộp\n2. Nhận\n17. Xong", "không có số nào",
        "https://dichvucong.gov.vn/p/home?x=987654",
    ],
)  # fmt: skip
def test_numbers_of_the_record_are_known_however_written(text):
    assert invented_numbers(text, [FULL_RECORD]) == []


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("Lệ phí 25.000 đồng", ["25.000"]),
        ("mất 8 ngày", ["8"]),
        ("Lệ phí 20.000 hoặc 30.000 đồng", ["30.000"]),
        ("ngày 17/01/2026", ["17"]),
        ("200.000 đồng", ["200.000"]),
        ("gọi 1900 1234", ["1900", "1234"]),
    ],
)
def test_numbers_the_record_does_not_hold_are_named(text, invented):
    assert invented_numbers(text, [FULL_RECORD]) == invented


def test_a_number_may_stand_in_any_of_several_records(record):
    other = record(conditions="từ 6 tuổi")
    assert invented_numbers("từ 6 tuổi, 36 giờ", [FULL_RECORD, other]) == []
    assert invented_numbers("từ 6 tuổi", []) == ["6"]
