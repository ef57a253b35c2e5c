"""A checklist cut to one page: whole lines, in their order, the rest counted and on the screen."""

from bot.consoles.staff.counter import plain
from bot.consoles.staff.sheet import LINES, Section, fitted
from bot.conversation import Reply

PAPERS = "\n".join(f"☐ giấy {n}" for n in range(100))


def test_what_fits_is_kept_whole():
    sheet = fitted([("Giấy tờ", "- đơn\n\n- ảnh"), ("", "Phí: 0")])
    assert sheet.sections == (Section("Giấy tờ", ("- đơn", "- ảnh")), Section("", ("Phí: 0",)))
    assert sheet.left_out == 0


def test_what_does_not_fit_is_counted_not_cut_and_stays_on_the_screen():
    sheet = fitted([("Giấy tờ", PAPERS)])
    (papers,) = sheet.sections
    assert LINES / 2 < len(papers.lines) < LINES
    assert papers.lines + papers.more == tuple(PAPERS.split("\n"))
    assert sheet.left_out == len(papers.more) == 100 - len(papers.lines)


def test_a_long_list_of_papers_leaves_room_for_fee_time_and_place():
    rest = [("Phí", "10.000 đồng"), ("Thời hạn", "8 ngày"), ("Nơi nộp", "xã\nphường")]
    papers, *others = fitted([("Giấy tờ", PAPERS), *rest]).sections
    assert papers.more and all(section.lines and not section.more for section in others)


def test_a_line_longer_than_the_page_is_wide_takes_several():
    (section,) = fitted([("", "x" * 90 + "\n" + "y" * 960 * 6)]).sections
    assert (section.lines, len(section.more)) == (("x" * 90,), 1)


def test_a_long_title_takes_lines_from_the_list():
    (short,), (long,) = (fitted([("", PAPERS)], title="t" * n).sections for n in (50, 600))
    assert len(long.lines) < len(short.lines)


def test_an_answer_becomes_lines_and_papers_keep_their_box():
    text = (
        "Đăng ký tạm trú (mã 1.004194)\n\nGiấy tờ cần có:\nTrường hợp: cá nhân\n☐ Tờ khai (bản chính: 1)\n"
        "☐ Giấy về chỗ ở\n\nNguồn: mã 1.004194. Xem tại https://dichvucong.gov.vn"
    )
    (section,) = plain(Reply(text=text, outcome="answer"))
    assert "☐ Tờ khai (bản chính: 1)\n☐ Giấy về chỗ ở" in section[1]
    assert "Trường hợp: cá nhân" in section[1] and "[" not in section[1]
