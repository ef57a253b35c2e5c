"""Personal numbers are masked; everything a question needs stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import mask, tells_a_secret


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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("điện thoại bàn 024 3825 1234", "điện thoại bàn [số điện thoại]"),
        ("02438251234", "[số điện thoại]"),
        ("0238.384.1234 gọi giờ hành chính", "[số điện thoại] gọi giờ hành chính"),
        ("mã otp của em là 483920", "mã otp của em là [mã OTP]"),
        ("otp 4839 20", "otp [mã OTP]"),
        ("ma xac nhan: 1234", "ma xac nhan: [mã OTP]"),
        ("cvv 123", "cvv [mã OTP]"),
        ("mật khẩu vneid là Abc@12345 nhé", "mật khẩu vneid là [mật khẩu] nhé"),
        ("pass: hoa2020", "pass: [mật khẩu]"),
        ("stk 1012345678 vietcombank", "stk [số tài khoản] vietcombank"),
        ("số tài khoản của tôi là 0071 000 123 456", "số tài khoản của tôi là [số tài khoản]"),
        ("mst 0123456789-001", "mst [mã số]"),
        ("số bhxh 7912345678", "số bhxh [mã số]"),
    ],
)
def test_a_number_that_the_words_before_it_give_away_is_masked(typed, kept):
    assert mask(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "mật khẩu là gì",
        "quên mật khẩu là sao",
        "mã otp không nhận được sau 15 phút",
        "tài khoản định danh mức 2",
        "bảo hiểm y tế 5 năm liên tục",
        "nộp 200000 đồng vào tài khoản nào",
        "tài khoản vneid 1.001193",
        "bhxh 1 lần 2025",
    ],
)
def test_words_about_secrets_without_one_stay(text):
    assert mask(text) == text


@pytest.mark.parametrize("typed", ["cccd 012345678901", "mã otp là 123456", "stk 1012345678"])
def test_a_secret_told_is_noticed(typed):
    assert tells_a_secret(typed, mask(typed))


@pytest.mark.parametrize("typed", ["gọi 0912345678", "[số thẻ] là gì", "a@b.vn", "tạm trú"])
def test_what_a_citizen_may_tell_is_no_secret(typed):
    assert not tells_a_secret(typed, mask(typed))
