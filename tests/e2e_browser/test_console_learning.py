"""The classifier learned anew from the console, put into use and taken back while citizens talk."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from procedures_db.account import Role
from procedures_db.connection import connect, transaction
from procedures_db.learning_loop import classifiers
from tests.e2e_browser.conftest import SIZES, ChatPage
from tests.e2e_browser.console_pages import Desk
from tests.installation import Installation

PAGE = "/admin/learning/classifiers"
LEARN_MS = 300_000


def in_use(installation: Installation) -> str:
    engine = connect(installation.database_url)
    with transaction(engine) as session:
        found = classifiers.in_use(session)
    engine.dispose()
    return found.file if found else ""


def test_a_classifier_is_learned_shown_put_into_use_and_taken_back_while_a_citizen_talks(
    installation: Installation,
    new_page: Callable[..., ChatPage],
    open_chat: Callable[..., ChatPage],
) -> None:
    engine = connect(installation.database_url)
    desk = Desk(installation, engine, new_page)
    administrator = desk.log_in("hoc-lai", [Role.ADMINISTRATOR], name="Học", size="phone")
    citizen = open_chat(SIZES["phone"])
    expect(citizen.ask("đăng ký tạm trú cần giấy tờ gì")).to_contain_text("1.004194")

    page = desk.go(administrator, PAGE)
    page.get_by_role("button", name="Học lại", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Đang học lại ở phía sau")
    expect(citizen.ask("mất bao lâu")).to_contain_text("1.004194")
    expect(page.locator("#retraining")).to_contain_text("câu đúng trong", timeout=LEARN_MS)
    assert in_use(installation) == "", "the result comes before the swap"

    page.get_by_role("link", name="Xem các bản").click()
    row = page.get_by_role("row").filter(has_text="cách nói đã dạy").first
    expect(row).to_contain_text("đúng/")
    row.get_by_role("button", name="Dùng bản").click()
    expect(page.locator("#said")).to_contain_text("Đã chuyển")
    expect(page.get_by_role("row").filter(has_text="cách nói đã dạy").first).to_contain_text(
        "đang dùng"
    )
    assert in_use(installation).startswith("paraphrases-")
    citizen.page.wait_for_timeout(3_000)  # the searchers have changed over by now
    expect(citizen.ask("thế nộp ở đâu")).to_contain_text("1.004194")
    expect(citizen.ask("phí đăng ký thường trú bao nhiêu")).to_contain_text("20.000 đồng")

    page.get_by_role("button", name="Quay về bản gốc").click()
    expect(page.locator("#said")).to_contain_text("Đã chuyển")
    assert in_use(installation) == ""
    citizen.page.wait_for_timeout(3_000)
    expect(citizen.ask("còn giấy tờ thì sao")).to_contain_text("1.004222")
    assert administrator.errors == citizen.errors == []
    engine.dispose()
