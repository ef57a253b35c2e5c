"""The pages beside the chat: an answer under its own link, the demo, the privacy notice, the script."""

import pytest
from starlette.testclient import TestClient

from actions import facts
from bot import pages
from bot.app import create_app
from bot.conversation import Reply
from bot.housekeeping import KEEP_MESSAGES, KEEP_REPLIES
from bot.settings import Settings

ANSWER = {
    "text": "Đăng ký tạm trú (mã 1.004194)\n\nPhí, lệ phí:\n- trực tuyến: Phí 7.000 đồng\n- <b>đậm</b>\n\n"
            "Lưu ý: mang theo thẻ.\n\nNguồn: mã 1.004194. Xem tại https://dichvucong.gov.vn/x?ma=1.004194",
    "outcome": "answer", "procedures": [{"code": "1.004194", "name": "Đăng ký tạm trú"}],
    "aspects": ["fee"], "buttons": [], "sources": [], "card": {},
}  # fmt: skip


@pytest.fixture
def site(rasa, tmp_path):
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{tmp_path}/motcua.db", log_level="ERROR"
    )
    with TestClient(create_app(settings)) as client:
        yield client


def reply(**fields):
    return [{"recipient_id": "x", "custom": {"reply": {**ANSWER, **fields}}}]


def test_an_answer_under_its_own_link_says_what_the_chat_says(site, rasa):
    rasa.answer = reply()
    page = site.get("/tra-loi/1.004194/fee")
    assert page.status_code == 200
    assert rasa.messages == ["@fee 1.004194"]
    assert "<h1>Đăng ký tạm trú</h1>" in page.text
    assert "<h2>Phí, lệ phí</h2>" in page.text
    assert "<li>trực tuyến: Phí 7.000 đồng</li>" in page.text
    assert "Lưu ý: mang theo thẻ." in page.text
    assert 'href="https://dichvucong.gov.vn/x?ma=1.004194"' in page.text
    assert "&lt;b&gt;đậm&lt;/b&gt;" in page.text, "facts are text, never markup"
    assert 'href="/?q=%40fee%201.004194"' in page.text


def test_the_direct_first_line_of_a_section_stands_below_its_heading(site, rasa):
    text = ANSWER["text"].replace("Phí, lệ phí:", "Phí, lệ phí: từ 5.000 đồng.")
    rasa.answer = reply(text=text, card={"fee": {"title": "Phí, lệ phí", "fees": []}})
    page = site.get("/tra-loi/1.004194/fee").text
    assert "<h2>Phí, lệ phí</h2>" in page
    assert '<p class="lead">từ 5.000 đồng.</p>' in page
    assert "<li>trực tuyến: Phí 7.000 đồng</li>" in page


def test_each_case_of_papers_has_a_heading_of_its_own(site, rasa):
    text = "Đăng ký tạm trú (mã 1.004194)\n\nGiấy tờ cần có: tùy trường hợp.\nTrường hợp: Cá nhân\n☐ Tờ khai\n\nNguồn."
    rasa.answer = reply(text=text, card={"documents": {"title": "Giấy tờ cần có"}})
    page = " ".join(site.get("/tra-loi/1.004194/documents").text.split())
    assert '<h3>Trường hợp: Cá nhân</h3> <ul class="papers"> <li>Tờ khai</li> </ul>' in page


def test_several_aspects_are_one_page(site, rasa):
    rasa.answer = reply()
    assert site.get("/tra-loi/1.004194/fee,time,fee").status_code == 200
    assert rasa.messages == ["@fee 1.004194", "@time 1.004194"]


PLAN = {
    "text": "Sinh con: các việc cần làm\nChúc mừng gia đình bạn.\n\n1. Khai sinh (mã 1.001193)\nLàm trước.\n\n"
            "Giấy tờ nhiều việc cùng cần:\n☐ Tờ khai\n\nThứ tự do cán bộ soạn.",
    "procedures": [{"code": "1.001193", "name": "Khai sinh"}], "aspects": ["overview"],
    "card": {"kind": "plan", "event": "sinh_con", "title": "Sinh con"},
}  # fmt: skip


def test_a_plan_has_a_page_of_its_own_with_every_line(site, rasa):
    rasa.answer = reply(**PLAN)
    page = site.get("/tra-loi/su-kien/sinh_con")
    assert page.status_code == 200
    assert rasa.messages == ["@event sinh_con"]
    assert "<h1>Sinh con: các việc cần làm</h1>" in page.text
    assert "<h2>Giấy tờ nhiều việc cùng cần</h2>" in page.text
    for line in ("Chúc mừng gia đình bạn.", "1. Khai sinh (mã 1.001193)", "Thứ tự do cán bộ soạn."):
        assert f">{line}</p>" in page.text
    papers = page.text.partition('<ul class="papers">')[2].partition("</ul>")[0]
    assert "<li>Tờ khai</li>" in papers
    assert "Mã thủ tục" not in page.text, "a plan is of several procedures"
    assert 'href="/?q=%40event%20sinh_con"' in page.text


def test_an_event_of_another_form_asks_nothing_and_an_unknown_one_is_a_404(site, rasa):
    assert site.get("/tra-loi/su-kien/a%20b").status_code == 404
    assert rasa.received == []
    rasa.answer = reply(outcome="clarify", text="Bạn cần việc nào?")
    assert site.get("/tra-loi/su-kien/bay_len_trang").status_code == 404


def test_answer_pages_count_against_the_limits_each_aspect_once(rasa, tmp_path):
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{tmp_path}/motcua.db", log_level="ERROR",
        rate_limit_address="3/minute",
    )  # fmt: skip
    rasa.answer = reply()
    with TestClient(create_app(settings), client=("203.0.113.7", 50000)) as client:
        assert client.get("/tra-loi/1.004194/fee,time").status_code == 200
        assert client.get("/tra-loi/1.004194/fee").status_code == 200
        page = client.get("/tra-loi/1.004194/fee")
    assert page.status_code == 429
    wait = int(page.headers["retry-after"])
    assert f"Bạn chờ {wait} giây" in page.text and "<h1>Bạn chờ một lát</h1>" in page.text
    assert len(rasa.messages) == 3


@pytest.mark.parametrize(
    "path", ["1.004194/destroy", "1.004194/fee,destroy", "x/fee", "1.0041944/fee",
             "1.004194/documents,fee,time,place,online", "1.004194/,"]
)  # fmt: skip
def test_a_link_of_another_form_asks_nothing(site, rasa, path):
    page = site.get(f"/tra-loi/{path}")
    assert page.status_code == 404
    assert "Không có câu trả lời" in page.text
    assert rasa.received == []


def test_a_procedure_that_is_not_there_is_a_404_and_a_busy_system_a_503(site, rasa):
    rasa.answer = reply(outcome="clarify", text="Không có thủ tục nào mang mã 1.999999.")
    page = site.get("/tra-loi/1.999999/fee")
    assert page.status_code == 404
    assert "Không có thủ tục nào mang mã 1.999999." in page.text
    rasa.status = 500
    assert site.get("/tra-loi/1.004194/fee").status_code == 503


def test_every_aspect_of_the_answers_has_a_link():
    assert set(pages.ASPECTS) == set(facts.ASPECTS)


def test_no_line_of_an_answer_is_lost_on_its_page():
    text = ANSWER["text"].replace("đậm", "một:\n\nhai:\nba")
    divided = pages.sections(Reply(**{**ANSWER, "text": text}))
    said = "\n".join(
        f"{head}\n{''.join(a + b for _, lines in groups for parts in lines for a, b in parts)}"
        for head, groups in divided
    )
    for line in text.split("\n\n", 1)[1].rpartition("\n\n")[0].split("\n"):
        assert line.removeprefix("- ").rstrip(":") in said


def test_the_privacy_page_says_how_long_things_are_kept(site):
    page = site.get("/privacy").text
    assert f"{int(KEEP_REPLIES.total_seconds()) // 3600} giờ" in page
    assert f"{KEEP_MESSAGES.days} ngày" in page
    assert "Telegram" not in page, "no such channel here"
    store = (pages._FOLDER.parent / "widget/src/store.ts").read_text(encoding="utf-8")
    assert "const DAYS = 3;" in store and "3 ngày không dùng" in page


def test_the_privacy_page_states_the_times_of_this_installation(rasa, tmp_path):
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{tmp_path}/motcua.db", log_level="ERROR",
        keep_questions_days=31, keep_conversations_days=17, telegram_retention_days=53,
        telegram_token="123456789:AAfakefakefakefakefakefakefakefakefa",
        telegram_api_url="http://127.0.0.1:9",
    )  # fmt: skip
    with TestClient(create_app(settings)) as client:
        page = " ".join(client.get("/privacy").text.split())
    for said in (
        "17 ngày sau tin cuối", "31 ngày từ khi gửi", "53 ngày không hoạt động",
        "17 days after its last message", "answers, 31 days", "53 days without activity",
    ):  # fmt: skip
        assert said in page


def test_the_demo_shows_the_code_with_this_installations_address(site):
    page = site.get("/demo").text
    assert '&lt;script src="http://testserver/widget.js" defer' in page
    assert '<script src="/widget.js" defer' in page


def test_the_script_is_small_asked_for_again_and_packed(site):
    script = site.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["cache-control"] == "public, max-age=300"
    again = site.get("/widget.js", headers={"If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
