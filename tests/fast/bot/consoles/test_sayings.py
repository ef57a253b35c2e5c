"""The list of citizen words and paraphrases in the console."""

from __future__ import annotations

import html
import re

import pytest

from procedures_db import audit, sayings
from procedures_db.account import Role
from procedures_db.audit import Filter
from procedures_db.connection import transaction
from procedures_db.learning_loop import jobs, wordings
from tests.changing import edit as publish
from tests.consoles import make_account, send, sign_in

PAGE = "/admin/sayings"
WILL = "2.001019"
TYPED = {"kind": "word", "text": "tờ dặn dò", "terms": "chứng thực di chúc", "code": WILL}


@pytest.fixture
def client(signed_in, record):
    client = signed_in(Role.APPROVER)
    publish(client.app.state.engine, record(code=WILL, name="Chứng thực di chúc"))
    return client


def found(client, kind: str, words: str, **named):
    with transaction(client.app.state.engine) as session:
        return sayings.page(session, kind, words=words, **named).items


def test_a_word_of_the_files_is_found_retired_and_used_again(client):
    page = html.unescape(client.get(f"{PAGE}?kind=word&words=lam+hon+thu").text)
    assert "làm hôn thú" in page and "đăng ký kết hôn" in page and "1 lời" in page
    (one,) = found(client, "word", "lam hon thu")
    assert send(client, f"{PAGE}/{one.id}/retire").status_code == 303
    assert "0 lời" in client.get(f"{PAGE}?words=lam+hon+thu").text
    assert "ngừng dùng: lan" in client.get(f"{PAGE}?words=lam+hon+thu&state=retired").text
    assert send(client, f"{PAGE}/{one.id}/restore").status_code == 303
    assert "1 lời" in client.get(f"{PAGE}?words=lam+hon+thu").text
    with transaction(client.app.state.engine) as session:
        noted = audit.events(session, Filter(subject=str(one.id)), page=1, size=9).items
    assert [event.action for event in noted] == ["saying.restore", "saying.retire"]


def test_paraphrases_are_paged_and_found_by_their_code(client):
    first = client.get(f"{PAGE}?kind=paraphrase").text
    assert int(re.search(r"Trang 1 / (\d+)", first)[1]) > 100  # 50 a page
    assert "làm hộ chiếu" in html.unescape(
        client.get(f"{PAGE}?kind=paraphrase&words=1.001456").text
    )
    assert client.get(f"{PAGE}?kind=paraphrase&page=999").status_code == 200


def test_a_word_is_proposed_accepted_listed_and_taken_back(client):
    answer = send(client, PAGE, TYPED)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "Thay cho thuật ngữ" in page and "chứng thực di chúc" in page
    with transaction(client.app.state.engine) as session:
        (made,) = wordings.page(session).items
        assert jobs.latest(session, jobs.EFFECT, wording=made.id) is not None
        wordings.note_effect(session, made.id, {"cases": 0, "right_before": 0, "right_after": 0})
    send(client, f"/admin/learning/wordings/{made.id}/accept")
    client.get(PAGE)
    (one,) = found(client, "word", "to dan do")
    assert one.taught_id == made.id
    assert send(client, f"{PAGE}/{one.id}/retire").status_code == 303
    assert found(client, "word", "to dan do") == ()
    assert send(client, f"{PAGE}/{one.id}/retire").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"terms": " , "}, "chưa ghi thuật ngữ"),
        ({"terms": "nuôi voi"}, "không thủ tục đang công bố nào có thuật ngữ “nuôi voi”"),
        ({"code": "1.999999"}, "không có thủ tục 1.999999"),
        ({"text": "phí bao nhiêu"}, "thủ tục nào cũng được"),
    ],
)
def test_what_teaches_nothing_is_refused_and_stays_in_the_form(client, change, said):
    page = send(client, PAGE, TYPED | change)
    assert page.status_code == 422 and said in html.unescape(page.text)
    assert all(
        f'value="{v.strip()}"' in page.text for k, v in (TYPED | change).items() if k != "kind"
    )


def test_staff_may_propose_but_neither_accept_nor_retire(client):
    sign_in(client, make_account(client.app.state.engine, "hoa", [Role.STAFF]))
    assert send(client, PAGE, TYPED).status_code == 303
    page = client.get(PAGE).text
    assert "Ngừng dùng:" not in page
    assert send(client, f"{PAGE}/1/retire").status_code == 403
