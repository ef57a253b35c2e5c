"""Replies become Telegram messages that Telegram takes and a citizen can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import LONGEST, keyboard, length, messages, plain
from bot.conversation import Reply
from procedures_db.telegram.buttons import key_of
from tests.fake_telegram import shown

ANSWER = Reply(
    "Đăng ký tạm trú (mã 1.004194)\n\nPhí, lệ phí:\n- trực tuyến: 7.000 đồng (a < b & c)\n\n"
    "Nguồn: mã 1.004194, dữ liệu đến ngày 18/07/2026. Xem tại https://dichvucong.gov.vn/a?b=1&c=2",
    "answer",
    buttons=[{"title": "Lệ phí", "payload": "@fee 1.004194"}],
)


def test_an_answer_keeps_its_words_and_shows_title_and_sections_in_bold():
    (message,) = messages(ANSWER)
    assert message.text.startswith("<b>Đăng ký tạm trú (mã 1.004194)</b>\n\n<b>Phí, lệ phí:</b>\n")
    assert "7.000 đồng (a < b & c)" in shown(message.text)
    assert '<a href="https://dichvucong.gov.vn/a?b=1&amp;c=2">dichvucong.gov.vn</a>' in message.text


def test_a_section_that_begins_with_its_answer_has_only_its_title_in_bold():
    text = (
        "Đăng ký tạm trú (mã 1.004194)\n\nPhí, lệ phí: từ 5.000 đồng.\n- trực tuyến: 7.000 đồng\n\n"
        "Thời hạn: 3 ngày"
    )
    (message,) = messages(Reply(text, "answer", card={"fee": {"title": "Phí, lệ phí"}}))
    lines = message.text.split("\n")
    assert lines[2:4] == ["<b>Phí, lệ phí:</b> từ 5.000 đồng.", "- trực tuyến: 7.000 đồng"]
    assert lines[-1] == "Thời hạn: 3 ngày", "no title of this reply"


def test_each_case_of_a_dossier_has_a_title_in_bold_and_room_above_it():
    text = "Tên\n\nGiấy tờ cần có: tùy trường hợp.\nTrường hợp: Nhà thuê\n☐ Hợp đồng\nTrường hợp: Nhà mình\n☐ Sổ đỏ"
    (message,) = messages(Reply(text, "answer"))
    cases = "\n\n<b>Trường hợp: Nhà thuê</b>\n☐ Hợp đồng\n\n<b>Trường hợp: Nhà mình</b>\n☐ Sổ đỏ"
    assert message.text.endswith(cases)


def test_html_in_a_reply_is_shown_and_not_obeyed():
    (message,) = messages(Reply("<b>đậm</b> <script>x</script> &lt;", "smalltalk"))
    assert shown(message.text) == "<b>đậm</b> <script>x</script> &lt;"


def test_a_long_answer_is_cut_at_paragraphs_and_only_the_last_part_has_buttons():
    paragraphs = [f"Bước {number}:\n" + "nộp hồ sơ " * 60 for number in range(30)]
    parts = messages(
        Reply("Tên\n\n" + "\n\n".join(paragraphs), "answer", buttons=ANSWER.buttons), reply_to=7
    )
    assert len(parts) > 3
    assert all(part.text.startswith("<b>") for part in parts)
    assert [bool(part.keyboard) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.reply_to for part in parts] == [7] + [None] * (len(parts) - 1)


def test_a_short_beginning_does_not_stand_alone_before_a_long_paragraph():
    parts = messages(Reply("Cán bộ Lan trả lời:\n\n" + "mang bản chính. " * 400, "handover"))
    assert len(parts) == 2
    assert length(parts[0].text) > LONGEST * 0.9


PIECES = [*"aăđ<>&\"' \n.:", "😀", "\n\n", "https://x.vn/?a=1&b=2 ", "hồ sơ " * 99]


@given(
    st.lists(st.sampled_from(PIECES), max_size=200).map("".join),
    st.sampled_from(["answer", "smalltalk"]),
)
def test_whatever_a_reply_says_every_part_is_short_enough_and_well_formed(text, outcome):
    parts = messages(Reply(text, outcome))
    for part in parts:
        assert 0 < length(part.text) <= LONGEST
        shown(part.text)
    said = "".join("".join(shown(part.text).split()) for part in parts)
    if "https" not in text:
        assert said == "".join(text.split())


@pytest.mark.parametrize("unit", ["ệ", "<", "😀", "&"])
def test_one_endless_word_is_cut_within_it(unit):
    parts = messages(Reply(unit * 9000, "smalltalk"))
    assert "".join(shown(part.text) for part in parts) == unit * 9000
    assert all(length(part.text) <= LONGEST for part in parts)


def test_short_buttons_stand_beside_each_other_and_long_ones_alone():
    titles = ["Lệ phí", "Mất bao lâu", "Đăng ký khai sinh cho con (lần đầu)", "Mẫu đơn"]
    rows = keyboard([{"title": title, "payload": title} for title in titles])
    assert [[button["text"] for button in row] for row in rows] == [titles[:2], titles[2:3], titles[3:]]  # fmt: skip


def test_a_button_carries_a_key_of_few_bytes_however_long_its_payload():
    payload = "@choose " + "đ" * 300
    (row,) = keyboard([{"title": "Tên rất dài " * 20, "payload": payload}])
    assert len(row[0]["callback_data"].encode()) <= 64
    assert row[0]["callback_data"] == key_of(payload) != key_of(payload + ".")
    assert len(row[0]["text"]) <= 60


def test_the_plain_words_are_those_shown():
    (message,) = messages(ANSWER)
    assert plain(message.text) == shown(message.text)
