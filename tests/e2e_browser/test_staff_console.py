"""The staff's jobs in a real browser, each from the login to what the citizen sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy.engine import Engine

from procedures_db import enquiries, question_log
from procedures_db.account import Role
from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.enquiry import Message, NewEnquiry
from procedures_db.learning_loop import topics, wordings
from procedures_db.learning_loop.words import topic_words
from procedures_db.question_log import LoggedQuestion
from tests.e2e_browser.conftest import ANSWER_MS, SIZES, ChatPage
from tests.e2e_browser.console_pages import Desk
from tests.e2e_browser.test_accessibility import violations
from tests.installation import Installation, eventually

LATE_MS = 60_000
BIRTH, WILL = "1.001193", "2.001019"
SAID = "xin tờ giấy con đỏ cho thằng cu"


@pytest.fixture(scope="session")
def engine(installation: Installation) -> Iterator[Engine]:
    engine = connect(installation.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(installation: Installation, engine: Engine, new_page: Callable[..., ChatPage]) -> Desk:
    return Desk(installation, engine, new_page)


@pytest.fixture
def citizen(open_chat: Callable[..., ChatPage]) -> ChatPage:
    """Somebody whose question was handed to the staff, in the open widget."""
    chat = open_chat(SIZES["phone"])
    chat.ask("cho tôi gặp cán bộ")
    chat.ask("đất nhà tôi không có giấy tờ gì thì làm sổ thế nào")
    return chat


def number_of(engine: Engine, chat: ChatPage) -> int:
    with transaction(engine) as session:
        number = enquiries.open_number(session, chat.saved("conversation"))
    assert number is not None
    return number


def test_a_staff_answer_arrives_in_the_open_widget(
    desk: Desk, citizen: ChatPage, engine: Engine
) -> None:
    number = number_of(engine, citizen)
    from_staff = citizen.page.locator(".message.staff")
    staff = desk.log_in("lan", [Role.STAFF], name="Lan").page
    staff.get_by_role("link", name=str(number), exact=True).click()
    expect(staff.get_by_role("log")).to_contain_text("không có giấy tờ gì")
    staff.get_by_role("button", name="Nhận và trả lời trực tiếp").click()
    expect(citizen.page.locator("motcua-chat")).to_contain_text("Cán bộ Lan", timeout=LATE_MS)

    citizen.ask("đất ở từ năm 1990 ạ")  # the bot only says that the staff will read it
    expect(staff.get_by_role("log")).to_contain_text("từ năm 1990", timeout=LATE_MS)
    staff.get_by_label(re.compile("^Trả lời ")).fill("Bác mang theo xác nhận của thôn nhé.")
    staff.get_by_role("button", name="Gửi tin nhắn, còn trao đổi tiếp").click()
    expect(from_staff.filter(has_text="xác nhận của thôn")).to_have_count(1, timeout=LATE_MS)

    staff.get_by_label(re.compile("^Trả lời ")).fill("Mời bác tới bộ phận một cửa sáng thứ Hai.")
    staff.get_by_role("button", name="Gửi câu trả lời, xong").click()
    expect(staff.locator("#said")).to_contain_text("Đã gửi câu trả lời")
    expect(from_staff.filter(has_text="sáng thứ Hai")).to_have_count(1, timeout=LATE_MS)
    assert citizen.ask("phi dang ky thuong tru bao nhieu").inner_text().count("20.000") >= 1


def test_a_fact_with_its_source_is_inserted_by_keyboard_alone(
    desk: Desk, citizen: ChatPage, engine: Engine
) -> None:
    number = number_of(engine, citizen)
    staff = desk.log_in("lan", [Role.STAFF], name="Lan")
    page = desk.go(staff, f"/staff/enquiries/{number}")
    page.get_by_role("button", name="Nhận xử lý").press("Enter")
    expect(page.locator("#said")).to_contain_text("Bạn đang xử lý")
    page.keyboard.press("/")
    expect(page.get_by_label(re.compile("Gõ vài chữ"))).to_be_focused()
    page.keyboard.type("dk thuong tru")
    fee = page.locator("#found li", has_text="1.004222").get_by_role("button", name="Phí")
    expect(fee).to_be_visible(timeout=ANSWER_MS)
    fee.press("Enter")
    insert = page.get_by_role("button", name="Chèn vào câu trả lời")
    expect(insert).to_be_visible(timeout=ANSWER_MS)
    insert.press("Enter")
    field = page.get_by_label(re.compile("^Trả lời "))
    expect(field).to_be_focused()
    assert "20.000 đồng" in field.input_value() and "Nguồn: mã 1.004222" in field.input_value()


def test_a_typed_answer_outlives_the_pages_other_buttons(
    desk: Desk, citizen: ChatPage, engine: Engine
) -> None:
    page = desk.go(
        desk.log_in("lan", [Role.STAFF], name="Lan"),
        f"/staff/enquiries/{number_of(engine, citizen)}",
    )
    page.get_by_role("button", name="Nhận xử lý").click()
    field = page.get_by_label(re.compile("^Trả lời "))
    field.fill("Bác chờ tôi một lát.")
    page.get_by_role("button", name=re.compile("^Trả lời trực tiếp")).click()
    expect(page.locator("#said")).to_contain_text("trợ lý tự động im lặng")
    expect(field).to_have_value("Bác chờ tôi một lát.")
    page.get_by_role("button", name="Gửi tin nhắn, còn trao đổi tiếp").click()
    expect(page.locator("#said")).to_contain_text("Đã gửi")
    expect(field).to_have_value("")


def test_of_two_staff_who_take_the_same_enquiry_one_is_told(
    desk: Desk, citizen: ChatPage, engine: Engine
) -> None:
    number = number_of(engine, citizen)
    path = f"/staff/enquiries/{number}"
    lan = desk.go(desk.log_in("lan", [Role.STAFF], name="Lan"), path)
    minh_page = desk.log_in("minh", [Role.STAFF], name="Minh")
    # Minh's page would show by itself, within three seconds, that Lan has it: it is kept as it was.
    minh_page.page.route("**/talk?*", lambda route: route.abort())
    minh = desk.go(minh_page, path)
    lan.get_by_role("button", name="Nhận xử lý").click()
    minh.get_by_role("button", name="Nhận xử lý").click()
    expect(lan.locator("#said")).to_contain_text("Bạn đang xử lý")
    expect(minh.get_by_role("alert")).to_contain_text("Lan đang xử lý yêu cầu này")


def test_on_a_phone_no_heading_lies_over_the_enquiries(desk: Desk, citizen: ChatPage) -> None:
    """Each enquiry is a card there; the headings of the table's columns are for screen readers only."""
    staff = desk.log_in("lan", [Role.STAFF], name="Lan", size="phone")
    head = desk.go(staff, "/staff").locator("#queue thead")
    expect(head).to_have_count(1)
    assert head.evaluate("element => getComputedStyle(element).clipPath") == "inset(50%)"


def test_shorthand_at_the_counter_becomes_one_printed_page(desk: Desk) -> None:
    staff = desk.log_in("lan", [Role.STAFF], name="Lan")
    page = desk.go(staff, "/staff/counter")
    expect(page.get_by_label(re.compile("Người dân cần làm gì"))).to_be_focused()
    page.keyboard.type("dk thuong tru")
    page.keyboard.press("Enter")
    expect(page.locator(".sheet h2")).to_contain_text("thường trú", timeout=ANSWER_MS)
    papers = page.locator(".sheet .checklist li:not(.note)")
    expect(papers.first).to_contain_text("bản chính")
    assert "[(" not in page.locator(".sheet").inner_text(), "lines are told, not their structure"
    expect(page.locator("img.qr")).to_have_attribute("alt", re.compile("tra-loi"))
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page\n") == 1
    assert staff.errors == []


def test_a_wording_taught_and_approved_is_understood_at_once(
    desk: Desk, open_chat: Callable[..., ChatPage], engine: Engine
) -> None:
    """From a citizen who was not understood to the next one who is; nothing is trained."""
    first = open_chat(SIZES["phone"])
    assert "khai sinh" not in first.ask(SAID).inner_text().lower().split("\n")[0]
    with transaction(engine) as session:
        asked = LoggedQuestion("web", "x", SAID, "out_of_scope", 9.0, failed=True)
        question_log.add(session, [asked] * 30)
    approver = desk.log_in("duyet", [Role.APPROVER], name="Duyệt")
    link = approver.page.get_by_role("link", name=SAID)
    assert eventually(
        lambda: desk.go(approver, "/admin/learning") and link.count(), within=120, every=1
    )
    link.click()
    approver.page.get_by_label(re.compile("^Thủ tục khác")).fill("dang ky khai sinh")
    approver.page.get_by_role("button", name=BIRTH).click()
    effect = approver.page.locator("#effect")
    expect(effect).to_contain_text("Chính câu này", timeout=180_000)
    expect(effect).to_contain_text(BIRTH)
    approver.page.get_by_role("button", name="Duyệt, dùng ngay").click()
    expect(approver.page.locator("#said")).to_contain_text("hiểu ngay")

    def understood() -> bool:
        chat = open_chat(SIZES["phone"])
        return "khai sinh" in chat.ask(SAID).inner_text().lower()

    assert eventually(understood, within=60, every=1)
    with transaction(engine) as session:
        assert (BIRTH, SAID) in wordings.accepted(session)


@pytest.fixture(scope="session")
def filled(engine: Engine) -> int:
    """Enquiries and questions, so that every page has something to show; an enquiry's number."""
    with transaction(engine) as session:
        reserve_writing(session)  # the web process writes its log at any moment
        said = (Message("citizen", "nuôi ong phải xin ai"), Message("bot", "Bạn cần việc nào?"))
        numbers = [
            enquiries.open_enquiry(
                session,
                NewEnquiry(f"axe{n:05}", "web", "Nuôi ong ở vườn nhà xin ai?", said, (BIRTH,)),
            )
            for n in range(25)
        ]
        asked = LoggedQuestion("web", "x", "xin nuôi ong", "out_of_scope", 9.0, failed=True)
        question_log.add(session, [asked] * 3)
        enquiries.take(session, numbers[1], "axe")
    return numbers[1]


@pytest.fixture(scope="session")
def topic(engine: Engine, filled: int) -> int:
    """The number of a topic; questions are grouped within seconds."""

    def first() -> int | None:
        with transaction(engine) as session:
            found = topics.worst(session).items
        return found[0].id if found else None

    number = eventually(first, within=180, every=0.5)
    assert number, "no question was grouped"
    return number


@pytest.fixture(scope="session")
def wording(engine: Engine) -> int:
    """The number of a word whose effect turned a question right and another one wrong."""
    right = {"behaviour": "answer", "code": BIRTH, "name": "Đăng ký khai sinh"}
    wrong = {"behaviour": "out_of_scope", "code": "", "name": ""}
    turned = [{"question": "làm giấy cho cu tí", "before": wrong, "after": right}]
    effect = {
        "cases": 40, "right_before": 31, "right_after": 31, "own_before": wrong, "own_after": right,
        "own_right": True, "turned_right": turned, "turned_wrong": turned,
    }  # fmt: skip
    with transaction(engine) as session:
        made = wordings.propose(
            session,
            WILL,
            "tờ trối trăng",
            terms=["chứng thực di chúc"],
            by="axe",
            words=topic_words(),
        )
        wordings.note_effect(session, made.id, effect)
    return made.id


PAGES = [
    "/staff", "/staff?view=answered", "/staff/enquiries/{number}", "/staff/counter", "/staff/counter?q=dk+thuong+tru",
    "/staff/counter?q=tam+tru", "/staff/canned", "/staff/calendar", "/admin/dashboard", "/admin/learning", "/admin/learning/topics/{topic}",
    "/admin/learning/wordings", "/admin/learning/wordings/{wording}", "/admin/learning/classifiers",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_barrier_on_the_staffs_pages(
    desk: Desk, filled: int, topic: int, wording: int, axe: str, size: str, scheme: str
) -> None:
    staff = desk.log_in("axe", list(Role), name="Lan Anh", size=size, color_scheme=scheme)
    wrong = {}
    for path in PAGES:
        page = desk.go(staff, path.format(number=filled, topic=topic, wording=wording))
        found = violations(staff, axe)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if found or wide > 0:
            wrong[path] = (found, wide)
    assert wrong == {}
    assert staff.errors == []
