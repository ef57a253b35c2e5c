"""A checklist cut to one page: whole lines, in their order, the rest counted."""

from bot.consoles.staff.counter import plain
from bot.consoles.staff.sheet import LINES, fitted
from bot.conversation import Reply


def test_what_fits_is_kept_whole():
    sheet = fitted([("Giấy tờ", "- đơn\n\n- ảnh"), ("", "Phí: 0")])
    assert sheet.sections == (("Giấy tờ", ("- đơn", "- ảnh")), ("", ("Phí: 0",)))
    assert sheet.left_out == 0


def test_what_does_not_fit_is_counted_not_cut():
    sheet = fitted([("Giấy tờ", "\n".join(f"- giấy {n}" for n in range(100))), ("Phí", "10.000")])
    assert len(sheet.sections[0][1]) == LINES - 1
    assert sheet.left_out == 100 - (LINES - 1) + 1


def test_a_line_longer_than_the_page_is_wide_takes_several():
    sheet = fitted([("", "x" * 90 + "\n" + "y" * 960 * 6)])
    assert (sheet.sections, sheet.left_out) == ((("", ("x" * 90,)),), 1)


def test_an_answer_becomes_lines_and_papers_keep_their_box():
    text = (
        "Đăng ký tạm trú (mã 1.004194)\n\nGiấy tờ cần có:\nTrường hợp: cá nhân\n☐ Tờ khai (bản chính: 1)\n"
        "☐ Giấy về chỗ ở\n\nNguồn: mã 1.004194. Xem tại https://dichvucong.gov.vn"
    )
    (section,) = plain(Reply(text=text, outcome="answer"))
    assert "☐ Tờ khai (bản chính: 1)\n☐ Giấy về chỗ ở" in section[1]
    assert "Trường hợp: cá nhân" in section[1] and "[" not in section[1]
