"""Clauses are moved and grouped, never changed or lost."""

from hypothesis import given
from hypothesis import strategies as st

from actions import clauses

_SENTENCES = st.lists(
    st.text(alphabet="abc đĐ", min_size=30, max_size=60).map(str.strip).filter(lambda s: len(s) > 25),
    min_size=1, max_size=6,
)  # fmt: skip


def test_sentences_and_list_items_are_clauses():
    text = "Nộp hồ sơ tại Công an cấp xã. Trong thời hạn năm ngày thì trả kết quả;\n- Từ chối thì nêu rõ lý do."
    assert clauses.split(text) == [
        "Nộp hồ sơ tại Công an cấp xã.",
        "Trong thời hạn năm ngày thì trả kết quả;",
        "Từ chối thì nêu rõ lý do.",
    ]


def test_a_very_short_piece_is_no_clause_of_its_own():
    text = "TP. Hồ Chí Minh và các tỉnh phía Nam nộp tại Sở. Nơi khác nộp tại Văn phòng đăng ký."
    assert clauses.split(text) == [
        "TP. Hồ Chí Minh và các tỉnh phía Nam nộp tại Sở.",
        "Nơi khác nộp tại Văn phòng đăng ký.",
    ]


def test_equal_clauses_of_two_methods_are_one_with_both():
    same = "Trả trong ngày làm việc tiếp theo"
    pairs = [("trực tiếp", f"Nộp tại bộ phận một cửa của xã.\n{same}."), ("trực tuyến", same)]
    assert clauses.grouped(pairs) == [
        ("Nộp tại bộ phận một cửa của xã.", ("trực tiếp",)),
        (f"{same}.", ("trực tiếp", "trực tuyến")),
    ]


def test_clauses_for_the_same_methods_are_said_together():
    both = ("trực tiếp", "trực tuyến")
    pairs = [("Nộp tại xã.", both), ("Mang bản chính.", ("trực tiếp",)), ("Chờ kết quả.", both)]
    assert clauses.by_methods(pairs) == [
        (both, "Nộp tại xã. Chờ kết quả."),
        (("trực tiếp",), "Mang bản chính."),
    ]


@given(_SENTENCES)
def test_every_word_survives(sentences):
    text = "\n- ".join(sentences)
    words = " ".join(clauses.split(text)).split()
    assert words == [word for word in text.split() if word.strip("-+*•")]


@given(st.text(max_size=200))
def test_any_text_can_be_split(text):
    assert all(clause.strip() for clause in clauses.split(text))
