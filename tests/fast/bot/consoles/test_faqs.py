"""Questions often asked, in the console: written, published, looked at again when their day comes."""

from __future__ import annotations

from datetime import date

import pytest

from procedures_db import faqs
from procedures_db.account import Role
from procedures_db.connection import transaction
from procedures_db.faqs import FaqState
from tests.consoles import make_account, send, sign_in
from tests.fast.bot.consoles.test_procedures import fields_of

PAGE = "/admin/faqs"
TYPED = {
    "question": "Thứ bảy có làm việc không?", "variants": "t7 mở cửa ko\r\n\r\ncuối tuần có tiếp dân không",
    "answer": "Có, buổi sáng.", "source": "Thông báo 12/TB-UBND", "procedures": "", "review_by": "2020-01-31",
}  # fmt: skip


def kept(client, number=1):
    with transaction(client.app.state.engine) as session:
        return faqs.get(session, number)


@pytest.fixture
def client(signed_in):
    return signed_in(Role.APPROVER)


def test_a_question_is_written_published_due_and_retired(client):
    assert send(client, PAGE, TYPED, page=f"{PAGE}/new").status_code == 303
    made = kept(client)
    assert made.state is FaqState.DRAFT and made.variants == ("t7 mở cửa ko", "cuối tuần có tiếp dân không")  # fmt: skip
    assert made.review_by == date(2020, 1, 31) and made.author == "lan"
    assert "1 câu hỏi" not in client.get(f"{PAGE}?state=due").text, "drafts are not due"
    assert send(client, f"{PAGE}/1/state", {"state": "công bố"}).status_code == 303
    assert "đến hạn xem lại 31/1/2020" in client.get(f"{PAGE}?state=due").text
    assert send(client, f"{PAGE}/1/state", {"state": "ngừng dùng"}).status_code == 303
    assert kept(client).state is FaqState.RETIRED
    assert send(client, f"{PAGE}/1/state", {"state": "x"}).status_code == 422


def test_a_question_is_saved_and_published_at_once(client):
    assert send(client, PAGE, {**TYPED, "then": "publish"}).status_code == 303
    assert kept(client).state is FaqState.PUBLISHED


def test_the_list_is_looked_through_without_diacritics(client):
    send(client, PAGE, TYPED)
    assert "1 câu hỏi" in client.get(f"{PAGE}?words=thu+bay").text
    assert "1 câu hỏi" in client.get(f"{PAGE}?words=cuoi+tuan").text
    assert "0 câu hỏi" in client.get(f"{PAGE}?words=tau").text


def test_whoever_may_not_publish_writes_drafts_and_changes_no_published_answer(client):
    send(client, PAGE, {**TYPED, "then": "publish"})
    sign_in(client, make_account(client.app.state.engine, "hoa", [Role.STAFF]))
    fields = fields_of(client.get(f"{PAGE}/1"))
    assert send(client, f"{PAGE}/1", {**fields, "answer": "Không."}).status_code == 403
    other = {**TYPED, "question": "Chủ nhật?", "then": "publish"}
    assert send(client, PAGE, other).status_code == 303
    assert kept(client, 2).state is FaqState.DRAFT and kept(client).answer == "Có, buổi sáng."


@pytest.mark.parametrize(
    "wrong", [{"question": ""}, {"answer": " "}, {"procedures": "abc"}, {"review_by": "mai"}, {"source": ""}]
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_typing_kept(client, wrong):
    page = send(client, PAGE, {**TYPED, **wrong})
    assert page.status_code == 422 and "Chưa lưu" in page.text
    assert fields_of(page)["variants"].startswith("t7")


def test_the_second_editor_is_told_and_loses_nothing(client):
    send(client, PAGE, TYPED)
    slow = {**fields_of(client.get(f"{PAGE}/1")), "answer": "Chỉ sáng."}
    fast = {**fields_of(client.get(f"{PAGE}/1")), "answer": "Cả ngày."}
    assert send(client, f"{PAGE}/1", fast).status_code == 303
    page = send(client, f"{PAGE}/1", slow)
    assert (
        page.status_code == 409 and "vừa sửa câu hỏi này" in page.text and "Cả ngày." in page.text
    )
    assert kept(client).answer == "Cả ngày."
    again = fields_of(page)
    assert again["answer"] == "Chỉ sáng."
    assert send(client, f"{PAGE}/1", again).status_code == 303
    assert kept(client).answer == "Chỉ sáng."


def test_the_same_question_is_kept_once_and_a_missing_one_is_a_404(client):
    send(client, PAGE, TYPED)
    assert send(client, PAGE, {**TYPED, "question": "thu bay co lam viec khong"}).status_code == 422
    assert client.get(f"{PAGE}/9").status_code == 404
    for deed in ("", "/state"):
        assert send(client, f"{PAGE}/9{deed}", {**TYPED, "state": "công bố"}).status_code == 404


def test_what_was_searched_for_stays_searched_for_on_the_next_page(client, monkeypatch):
    monkeypatch.setattr("bot.consoles.admin.faqs.PAGE_SIZE", 1)
    for number in (1, 2):
        send(client, PAGE, {**TYPED, "question": f"Quầy A&B {number} mở mấy giờ?", "variants": ""})
    shown = client.get(PAGE, params={"words": "a&b"}).text
    assert "/admin/faqs?words=a%26b&amp;state=&amp;page=2" in shown
