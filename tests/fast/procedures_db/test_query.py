"""A citizen's words made ready for the search."""

import pytest

from procedures_db.search.query import make_query, name_qualifiers


@pytest.fixture(scope="module")
def ask(language):
    return lambda text: make_query(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "cho em hỏi đăng ký khai sinh cần giấy tờ gì ạ",
        "Cho em hỏi: ĐĂNG KÝ KHAI SINH cần giấy tờ gì ạ???",
        "dang ky khai sinh can giay to gi",
    ],
)
def test_greetings_and_question_words_say_nothing_about_the_procedure(ask, text):
    assert ask(text).content == ("dang", "ky", "khai", "sinh")


@pytest.mark.parametrize(
    "text",
    [
        "cần giấy tờ gì",
        "can giay to gi",
        "lệ phí bao nhiêu ạ",
        "mất bao lâu",
        "nop o dau",
        "phí bao nhiêu",
        "",
        "???",
    ],
)
def test_a_question_that_names_no_procedure_is_bare(ask, text):
    assert ask(text).is_bare


@pytest.mark.parametrize("text", ["khai sinh", "tam tru bao nhieu tien", "1.001193"])
def test_a_question_that_names_one_is_not_bare(ask, text):
    assert not ask(text).is_bare


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1.004605", ("1.004605",)),
        ("mã 1.004605.000.00.00.H17 cần gì", ("1.004605",)),
        ("1.012784.H21", ("1.012784",)),
        ("1.012784.h21?", ("1.012784",)),
        ("(1.001193).", ("1.001193",)),
        ("1.001193 hay 1.004222, 1.001193", ("1.001193", "1.004222")),
        ("lệ phí 1.000.000 đồng", ()),
        ("số 21.001193", ()),
        ("0912.345678", ()),
    ],
)
def test_codes_are_read_with_any_suffix(ask, text, codes):
    assert ask(text).codes == codes


def test_a_code_is_no_word_of_the_question(ask):
    assert ask("1.001193.000.00.00.H17").words == ()


@pytest.mark.parametrize(
    ("said", "official"),
    [("làm sổ đỏ", "giay chung nhan quyen su dung dat"), ("doi bang lai", "giay phep lai xe")],
)
def test_citizen_words_stand_for_official_ones(ask, said, official):
    assert official in " ".join(word for phrase in ask(said).official for word in phrase)


def test_dialect_and_shorthand_are_written_out_first(ask):
    assert ask("dk khai sanh cho e be").words[:4] == ("dang", "ky", "khai", "sinh")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("khai sinh lưu động", "luu dong"),
        ("cán bộ đến tận nhà làm khai sinh", "luu dong"),
        ("ket hon voi nguoi nuoc ngoai", "co yeu to nuoc ngoai"),
        ("đăng ký lại khai sinh", "dang ky lai"),
    ],
)
def test_a_qualifier_is_heard_in_any_wording(ask, text, qualifier):
    assert qualifier in ask(text).qualifiers


@pytest.mark.parametrize(
    "text",
    [
        "khai sinh cho con",
        "đăng ký tạm trú",
        "làm sổ đỏ",
        "thời hạn bao lâu",
        "thời gian giải quyết",
    ],
)
def test_no_qualifier_is_heard_where_none_is_said(ask, text):
    assert ask(text).qualifiers == frozenset()


def test_qualifiers_of_names_are_found_on_whole_words(language):
    assert name_qualifiers("dang ky khai sinh luu dong", language) == {"luu dong"}
    assert name_qualifiers("dang ky khai sinh", language) == frozenset()
    assert name_qualifiers("dang ky khai sinh luu dongx", language) == frozenset()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("em dẹp luôn chứ không nghỉ tạm nữa, cần gì", ("dep", "luon", "can", "gi")),
        ("lam cho be 6 tuoi chu khong phai em", ("be", "6", "tuoi")),
        ("có được không chứ", ("co", "duoc", "khong", "chu")),
    ],
)
def test_what_is_said_not_to_be_meant_is_left_out(ask, text, left):
    words = ask(text).words
    assert words[-len(left) :] == left


def test_a_long_story_keeps_its_start_and_its_end(ask):
    story = "đăng ký kết hôn " + "rồi thì mà là " * 500 + "xin giấy khai sinh"
    words = ask(story).words
    assert words[:4] == ("dang", "ky", "ket", "hon")
    assert words[-3:] == ("giay", "khai", "sinh")
    assert len(words) <= 200


@pytest.mark.parametrize(
    "text", ["😀😀", "<script>alert(1)</script>", "\ud800", "a." * 2000, "'; DROP TABLE x"]
)
def test_odd_text_makes_a_query_too(ask, text):
    assert ask(text).codes == ()


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("con hop dong thi sao", ("hop", "dong")),
        ("còn hợp đồng thì sao", ("hop", "dong")),
        ("the thuong tru thi sao", ("thuong", "tru")),
        ("thẻ thường trú thì sao", ("the", "thuong", "tru")),
        ("con hop dong lao dong", ("con", "hop", "dong", "lao", "dong")),
    ],
)
def test_what_opens_a_follow_up_is_no_child_and_no_card(ask, text, content):
    assert ask(text).content == content
