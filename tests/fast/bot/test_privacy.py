"""Personal numbers are masked; everything a question needs stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import mask


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cccd 012345678901 của em", "cccd [số căn cước] của em"),
        ("012 345 678 901", "[số căn cước]"),
        ("012.345.678.901", "[số căn cước]"),
        ("012-345-678-901", "[số căn cước]"),
        ("079123456789", "[số căn cước]"),
        ("CMND: 123456789 đã hết hạn", "CMND: [số CMND] đã hết hạn"),
        ("sđt 0912345678", "sđt [số điện thoại]"),
        ("0912 345 678", "[số điện thoại]"),
        ("0912.345.678", "[số điện thoại]"),
        ("0912-345-678", "[số điện thoại]"),
        ("0912 - 345 - 678", "[số điện thoại]"),
        ("+84 912 345 678", "[số điện thoại]"),
        ("+84912345678", "[số điện thoại]"),
        ("84912345678", "[số điện thoại]"),
        ("gọi 0912345678.", "gọi [số điện thoại]."),
        ("0912345678,0387654321", "[số điện thoại],[số điện thoại]"),
        ("thẻ 4111 1111 1111 1111", "thẻ [số thẻ]"),
        ("4111-1111-1111-1111", "[số thẻ]"),
        ("4111111111111111", "[số thẻ]"),
        ("stk 1903456789012 vcb", "stk [số tài khoản] vcb"),
        ("hộ chiếu C1234567", "hộ chiếu [số hộ chiếu]"),
        ("gửi về ba.nguyen+a@gmail.com ạ", "gửi về [email] ạ"),
        ("hồ sơ H17.12-240101-0001", "hồ sơ [mã hồ sơ]"),
        ("000.00.00.H17-240101-0001", "000.00.00.[mã hồ sơ]"),
    ],
)
def test_a_personal_number_is_masked(typed, kept):
    assert mask(typed) == kept


@pytest.mark.parametrize(
    "typed", ["CMND 024 123 456", "CMND 024-123-456", "chứng minh 024.123.456"]
)
def test_an_old_identity_number_is_masked_with_separators_too(typed):
    assert "123" not in mask(typed)


@pytest.mark.parametrize("typed", ["hộ chiếu c1234567", "passport: b7654321"])
def test_a_passport_number_is_masked_in_small_letters_too(typed):
    assert "[số hộ chiếu]" in mask(typed)


@pytest.mark.parametrize(
    "text",
    [
        "lệ phí 150000000 đồng",
        "150.000.000 đồng",
        "150 000 000 đ",
        "1500000000đ",
        "200000000 vnđ",
        "từ 20.000 - 50.000 đồng",
        "mất 20000 hay 50000",
        "mã 1.004605",
        "1.004605.000.00.00.H17",
        "1.012784.H21",
        "2.009182739",
        "1.001193 với 1.004222",
        "@fee 1.001193",
        "@choose 1.014955-Xoa",
        "sinh ngày 05/09/1990",
        "sinh ngày 05-09-1990",
        "sinh 05.09.1990 và 07.08.1995",
        "năm 2025-2026",
        "số nhà 123/4 ngõ 56",
        "NĐ 118/2025/NĐ-CP, TT 64/2025/TT-BTC",
        "gọi 113, 114, 115",
        "15 ngày làm việc",
        "mẫu CT01, TK01a",
        "",
    ],
)
def test_what_is_no_personal_number_stays(text):
    assert mask(text) == text


@pytest.mark.parametrize(
    "text", ["ngày 05-09-1990 10 giờ", "1.004605.000.00.00 10 ngày", "từ 07.09.2024 08 giờ"]
)
def test_numbers_that_only_stand_side_by_side_are_not_taken_for_one(text):
    assert mask(text) == text


def test_no_code_of_a_procedure_is_ever_masked(built_in):
    for code in built_in:
        for text in (code, f"{code}.000.00.00.H17", f"{code}.H21"):
            assert mask(text) == text


PIECES = st.sampled_from(
    ["0912345678", "012345678901", "123456789", "4111 1111", "1.004605", ".H17", "-240101-", "0001", "C1234567",
     "a@b.vn", "@", ".", "-", " ", " - ", "đồng", "đ", "84", "+84", "0", "7", "H17", "x"]
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(PIECES, max_size=8).map("".join) | st.text(alphabet="0123456789 .-@aH+đ", max_size=60)
)
def test_masking_twice_is_masking_once(text):
    once = mask(text)
    assert mask(once) == once


@settings(max_examples=50)
@given(st.text())
def test_any_text_can_be_masked(text):
    assert isinstance(mask(text), str)


@given(
    st.from_regex(r"0[35789][0-9]{8}|0[0-9]{11}", fullmatch=True),
    st.sampled_from(["", "số ", "(", "sđt:"]),
)
def test_no_phone_or_identity_number_survives(number, before):
    assert number not in mask(f"{before}{number} của tôi")
