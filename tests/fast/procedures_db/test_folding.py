"""Text that looks or sounds alike must compare alike."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from procedures_db.text.folding import fold, has_diacritics, normalize, phonetic

TONES = "\u0300\u0301\u0303\u0309\u0323"
VOWELS = [unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưy" for t in ("", *TONES)]
# What a Vietnamese keyboard types: ASCII, the vowels with their tones, đ and its two look-alikes.
KEYBOARD = (
    [chr(c) for c in range(128)]
    + VOWELS
    + [v.upper() for v in VOWELS]
    + [*TONES, *"đĐ\u00d0\u00f0“”–…"]
)


@pytest.mark.parametrize("word", ["giấy khai sinh", "Đăng ký thường trú", "hộ chiếu", "ƯỚC ĐOÁN"])
def test_letters_typed_as_base_and_mark_become_the_usual_letters(word):
    assert normalize(unicodedata.normalize("NFD", word)) == word


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà giải", "hòa giải"),
        ("Hoà Bình", "Hòa Bình"),
        ("HOÀ BÌNH", "HÒA BÌNH"),
        ("uỷ quyền", "ủy quyền"),
        ("Uỷ ban", "Ủy ban"),
        ("thuỷ lợi", "thủy lợi"),
        ("khoẻ mạnh", "khỏe mạnh"),
        ("xoá đăng ký", "xóa đăng ký"),
        ("luỹ kế", "lũy kế"),
    ],
)
def test_old_tone_marks_move_to_where_they_are_written_today(old, new):
    assert normalize(old) == new


@pytest.mark.parametrize(
    "word",
    ["quý", "quỹ", "quỳ", "Quý vị", "hoàn thuế", "hoạt động", "loài", "khoản", "toán", "huỳnh"],
)
def test_words_already_written_right_keep_their_marks(word):
    assert normalize(word) == word


def test_old_marks_typed_as_separate_characters_move_too():
    assert normalize(unicodedata.normalize("NFD", "uỷ ban hoà giải")) == "ủy ban hòa giải"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("khai\u200bsinh", "khaisinh"),
        ("\ufeffkhai sinh", "khai sinh"),
        ("tạm\u00adtrú", "tạmtrú"),
        ("phí \u2764\ufe0f", "phí \u2764"),
        ("\u202ekhai sinh\u202c", "khai sinh"),
        ("khai\u00a0sinh", "khai sinh"),
        ("khai\x00sinh", "khai sinh"),
        ("khai\x1b\x07sinh", "khai sinh"),
        ("khai\x85sinh", "khai sinh"),
        ("khai \ud800 sinh", "khai sinh"),
        ("\udfff", ""),
        ("  khai \t\r\n sinh  ", "khai sinh"),
    ],
)
def test_what_cannot_be_seen_is_gone(typed, read):
    assert normalize(typed) == read


def test_the_icelandic_eth_that_some_keyboards_type_is_read_as_d_with_stroke():
    assert normalize("\u00d0ăng ký, \u00f0iện") == "Đăng ký, điện"
    assert fold("\u00d0ăng ký") == "dang ky"


def test_letter_case_stays():
    assert normalize("UBND Xã") == "UBND Xã"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký lại khai sinh", "dang ky lai khai sinh"),
        ("đường, phố; (ngõ)", "duong pho ngo"),
        ("NĐ 118/2025/NĐ-CP", "nd 118 2025 nd cp"),
        ("snake_case", "snake case"),
        ("???", ""),
        ("😀👍", ""),
        ("", ""),
    ],
)
def test_folding_leaves_plain_words(text, folded):
    assert fold(text) == folded


def test_the_same_question_with_and_without_diacritics_folds_alike():
    assert fold("Phí đăng ký tạm trú?") == fold("phi dang ky tam tru")


@pytest.mark.parametrize(
    "text", ["phí", "đường", "Ăn", "ở trọ", unicodedata.normalize("NFD", "phí")]
)
def test_vietnamese_letters_are_noticed(text):
    assert has_diacritics(normalize(text))


@pytest.mark.parametrize("text", ["phi dang ky", "", "😀", "123"])
def test_plain_letters_are_not_taken_for_vietnamese_ones(text):
    assert not has_diacritics(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trú", "chú"),
        ("sinh", "xinh"),
        ("giấy", "dấy"),
        ("giấy", "rấy"),
        ("về", "dề"),
        ("nộp", "lộp"),
        ("nghề", "ngề"),
        ("ghi", "gi"),
        ("phí", "fí"),
        ("ký", "kí"),
        ("kon", "con"),
        ("lan", "lang"),
        ("các", "cát"),
        ("khai", "hai"),
    ],
)
def test_syllables_spelled_by_ear_share_a_key(one, other):
    assert phonetic(fold(one)) == phonetic(fold(other))


@pytest.mark.parametrize(
    ("one", "other"), [("phí", "thi"), ("ma", "ba"), ("ở", "ăn"), ("tam", "tan")]
)
def test_syllables_that_sound_different_have_different_keys(one, other):
    assert phonetic(fold(one)) != phonetic(fold(other))


@pytest.mark.parametrize("letter", ["g", "s", "q", "n", "c", ""])
def test_a_lone_letter_has_a_key(letter):
    assert len(phonetic(letter)) == len(letter)


@given(st.text(alphabet=st.characters(codec=None, categories=None)))
@example("hoà\u200b")
@example("oà\u0301")
@example("\ud800\udfff")
@example("\u00d0\u0301")
@example("e\u200b\u0301")
@example("e\x00\u0301")
@example("ho\u200bà")
def test_normalising_twice_is_normalising_once(text):
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(alphabet=KEYBOARD))
def test_folding_latin_text_leaves_letters_digits_and_spaces(text):
    assert re.fullmatch(r"[a-z0-9_ ]*", fold(text))


@given(st.text(alphabet=st.characters(codec=None, categories=None)))
def test_folding_twice_is_folding_once_and_never_fails(text):
    once = fold(text)
    assert fold(once) == once
