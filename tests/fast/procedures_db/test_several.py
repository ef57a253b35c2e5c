"""Two procedures in one message."""

import pytest

from procedures_db.search.resolution import Question
from procedures_db.search.several import several


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("đăng ký khai sinh cho con với đăng ký kết hôn luôn", ["1.001193", "1.000894"]),
        ("Đăng ký kết hôn cần gì; đăng ký tạm trú mất mấy ngày?", ["1.000894", "1.004194"]),
        ("dang ky tam tru va dang ky khai tu", ["1.004194", "1.000656"]),
        ("đăng ký thường trú bao nhiêu tiền còn đăng ký khai tử thì sao", ["1.004222", "1.000656"]),
    ],
)
def test_two_procedures_named_are_both_found_in_order(finder, text, codes):
    question = Question(text)
    parts = several(question, finder.resolve(question), finder.resolve)
    assert [part.found.candidate.code for part in parts] == codes


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký khai sinh cho con",
        "vợ và con tôi đăng ký tạm trú ở đâu",
        "thủ tục nhận con nuôi trong nước tốn bao nhiêu",
        "đăng ký khai sinh mất bao lâu và lệ phí bao nhiêu",
        "đăng ký khai sinh và đăng ký khai sinh",
    ],
)
def test_one_procedure_is_not_taken_apart(finder, text):
    question = Question(text)
    assert several(question, finder.resolve(question), finder.resolve) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "em hỏi ba việc: đăng ký thường trú, đăng ký tạm trú, đăng ký kết hôn",
            ["1.004222", "1.004194", "1.000894"],
        ),
        (
            "1. dang ky khai tu 2. dang ky tam tru 3. dang ky ket hon",
            ["1.000656", "1.004194", "1.000894"],
        ),
    ],
)
def test_a_list_of_procedures_is_taken_apart(finder, text, codes):
    question = Question(text)
    parts = several(question, finder.resolve(question), finder.resolve)
    assert [part.found.candidate.code for part in parts] == codes


def test_a_story_with_commas_is_no_list(finder):
    question = Question("tôi mới sinh con, đang ở trọ, chưa có hộ khẩu, muốn đăng ký khai sinh")
    assert several(question, finder.resolve(question), finder.resolve) == []


def test_two_wishes_joined_by_with_need_not_both_be_named(finder):
    text = "làm khai tử với xóa thường trú cho ông nội thì mất bao lâu"
    parts = several(Question(text), finder.resolve(Question(text)), finder.resolve)
    assert [part.found.candidate.code for part in parts] == ["1.000656", "1.003197"]
