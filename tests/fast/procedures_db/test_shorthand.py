"""Phone shorthand is written out; everything else stays as typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures_db.search.language import NLU_DATA
from procedures_db.text.folding import normalize
from procedures_db.text.shorthand import Shorthand

CONTENT = {
    "viết tắt": {
        "dk": "đăng ký",
        "ko": "không",
        "bn": "bao nhiêu",
        "đủ dk": "đủ điều kiện",
        "k": "không",
    },
    "tiếng địa phương": {"mần": "làm", "răng rứa": "sao vậy"},
    "lỗi chính tả": {"giấy khai xinh": "giấy khai sinh"},
    "theo ngữ cảnh": [
        {"từ": "ks", "thành": "khai sinh", "cạnh": ["giay", "dang ky", "ban sao"]},
        {"từ": "k", "thành": "không", "cạnh": ["co"]},
    ],
}


@pytest.fixture(scope="module")
def short() -> Shorthand:
    return Shorthand(CONTENT)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("dk tạm trú", "đăng ký tạm trú"),
        ("phí bn", "phí bao nhiêu"),
        ("đủ dk chưa", "đủ điều kiện chưa"),
        ("răng rứa hè", "sao vậy hè"),
        ("mần giấy khai xinh", "làm giấy khai sinh"),
        ("giấy ks cho con", "giấy khai sinh cho con"),
        ("ks bản sao", "khai sinh bản sao"),
        ("bản sao ks", "bản sao khai sinh"),
    ],
)
def test_shorthand_is_written_out(short, typed, read):
    assert short.expand(typed) == read


def test_a_word_that_needs_its_context_stays_where_the_context_is_missing(short):
    assert short.expand("ở ks gần biển") == "ở ks gần biển"


def test_context_counts_on_whole_words_only(short):
    assert short.expand("giayx ks") == "giayx ks"
    assert short.expand("ks bansao") == "ks bansao"


def test_context_reaches_only_the_words_beside(short):
    assert short.expand("giấy tờ của ks") == "giấy tờ của ks"


def test_the_case_and_punctuation_around_are_kept(short):
    assert short.expand("DK  Tạm Trú, PHÍ (bn)?!") == "đăng ký  Tạm Trú, PHÍ (bao nhiêu)?!"


def test_shorthand_inside_a_word_stays(short):
    assert short.expand("dkx bnn xko") == "dkx bnn xko"


def test_what_was_written_out_is_not_rewritten_again():
    content = {"viết tắt": {"a1": "b1", "b1": "c1"}}
    assert Shorthand(content).expand("a1 b1 a1") == "b1 c1 b1"


def test_numbers_as_keys_are_read_as_text():
    assert Shorthand({"viết tắt": {9: "chín"}}).expand("9 ngày") == "chín ngày"


def test_a_text_without_shorthand_comes_back_as_it_is(short):
    text = "Thủ tục (đăng ký) – “kết hôn”… 100%  ?"
    assert short.expand(text) == text


def test_sections_that_an_official_left_empty_do_no_harm():
    assert Shorthand({"viết tắt": None, "theo ngữ cảnh": None}).expand("ko") == "ko"


@pytest.fixture(scope="module")
def official() -> Shorthand:
    return Shorthand.load(NLU_DATA / "shorthand.yml")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("dk tam tru can j", "đăng ký tam tru can gì"),
        ("phi bn", "phi bao nhiêu"),
        ("vk e mới đẻ", "vợ em mới đẻ"),
        ("lam ks cho con", "lam khai sinh cho con"),
    ],
)
def test_the_shorthand_of_the_officials_file_is_understood(official, typed, read):
    assert official.expand(typed) == read


@given(st.text())
def test_any_text_can_be_written_out(official, text):
    assert isinstance(official.expand(normalize(text)), str)


def test_keys_typed_as_base_and_mark_are_found_after_normalising(short):
    assert short.expand(normalize(unicodedata.normalize("NFD", "mần"))) == "làm"
