"""Pictures of the consoles for docs/screenshots: part of ``make screenshots``; alone with ``python -m``."""

from __future__ import annotations

import random
from datetime import timedelta

from playwright.sync_api import Browser
from sqlalchemy.engine import Engine

from bot.consoles.visit import SESSION_COOKIE
from procedures_db import enquiries, question_log
from procedures_db.account import Role
from procedures_db.connection import connect, reserve_writing, transaction
from procedures_db.enquiry import Message, NewEnquiry
from procedures_db.learning_loop import jobs, topics, wordings
from procedures_db.learning_loop.words import topic_words
from procedures_db.models.base import now
from procedures_db.question_log import LoggedQuestion
from tests.e2e_browser.consoles import session_of
from tests.e2e_browser.pictures import FOLDER, context_of, run
from tests.installation import Installation, eventually

WILL = "2.001019"
_ASKED = (
    ("phi chung thuc di chuc", "answer", WILL), ("làm khai sinh cho con cần gì", "answer", "1.001193"),
    ("đăng ký tạm trú ở đâu", "answer", "1.004194"), ("sang tên sổ đỏ mất bao lâu", "clarify", ""),
    ("xin tờ giấy con đỏ cho thằng cu", "out_of_scope", ""), ("cho tôi gặp cán bộ", "handover", ""),
)  # fmt: skip
_WAITING = (
    ("Bố mẹ để lại giấy viết tay, giờ ra xã chứng thực di chúc được không?", WILL),
    ("Hộ khẩu ở quê, lên đây ở trọ thì đăng ký ở đâu?", "1.004194"),
    ("Con tôi sinh ở nước ngoài về khai sinh thế nào?", "1.001193"),
)

# name, address, size, colour scheme, whether the whole page is shown
PICTURES = (
    ("staff-queue", "/staff", "desk", "light", False),
    ("staff-enquiry", "/staff/enquiries/1", "desk", "light", False),
    ("staff-enquiry-phone", "/staff/enquiries/1", "phone", "light", True),
    ("staff-counter", "/staff/counter?q=dk+tam+tru", "desk", "light", False),
    ("staff-calendar", "/staff/calendar", "phone", "light", False),
    ("admin-procedures", "/admin/procedures?words=khai+sinh", "desk", "light", False),
    ("admin-procedure", f"/admin/procedures/{WILL}", "desk", "light", False),
    ("admin-edit", f"/admin/procedures/{WILL}/edit", "desk", "light", False),
    ("admin-edit-phone", f"/admin/procedures/{WILL}/edit", "phone", "dark", False),
    ("admin-life-event", "/admin/life-events/sinh_con", "desk", "light", False),
    ("admin-life-event-phone", "/admin/life-events/sinh_con", "phone", "light", False),
    ("admin-life-events", "/admin/life-events", "phone", "light", False),
    ("admin-glossary", "/admin/glossary/tam_vang", "desk", "light", True),
    ("admin-sayings", "/admin/sayings?kind=word&words=ket+hon", "desk", "light", False),
    ("admin-sayings-phone", "/admin/sayings?kind=paraphrase&words=ho+chieu", "phone", "light", False),
    ("admin-wording", "/admin/wording/utter_channel_off", "desk", "light", False),
    ("admin-settings", "/admin/settings#group-3", "desk", "light", False),
    ("admin-settings-phone", "/admin/settings#group-3", "phone", "dark", False),
    ("admin-learning", "/admin/learning", "desk", "light", False),
    ("admin-learning-wording", "/admin/learning/wordings/1", "desk", "light", False),
    ("admin-dashboard", "/admin/dashboard", "desk", "light", True),
    ("admin-dashboard-phone", "/admin/dashboard", "phone", "dark", False),
)  # fmt: skip


def fill(engine: Engine) -> None:
    """Questions of a month, enquiries that wait, a wording whose effect was measured."""
    chance = random.Random(1)
    asked = [_logged(number, *chance.choice(_ASKED)) for number in range(240)]
    with transaction(engine) as session:
        reserve_writing(session)
        question_log.add(session, asked)
        for number, (text, code) in enumerate(_WAITING):
            said = (Message("citizen", text), Message("bot", "Câu này cần cán bộ xem. Đã chuyển cho bộ phận một cửa."))  # fmt: skip
            enquiries.open_enquiry(session, NewEnquiry(f"anh{number}", "web", text, said, (code,)))  # fmt: skip
        enquiries.take(session, 1, "chup-anh")
        made = wordings.propose(
            session, WILL, "tờ dặn dò", terms=["chứng thực di chúc"], by="chup-anh", words=topic_words()
        )  # fmt: skip
        jobs.ask(session, jobs.EFFECT, by="chup-anh", wording=made.id)


def _logged(number: int, text: str, outcome: str, code: str) -> LoggedQuestion:
    return LoggedQuestion(
        "web", f"talk{number}", text, outcome, 40.0 + number, codes=[code] if code else [],
        failed=outcome != "answer", at=now() - timedelta(hours=3 * number),
        feedback="useful" if code and number % 4 == 0 else None,
    )  # fmt: skip


def is_settled(engine: Engine) -> bool:
    """Whether questions are grouped and the effect is measured."""
    with transaction(engine) as session:
        return topics.worst(session).total > 0 and wordings.get(session, 1).effect is not None


def take(browser: Browser, installation: Installation) -> None:
    token = session_of(installation, "chup-anh", tuple(Role))
    engine = connect(installation.database_url)
    fill(engine)
    eventually(lambda: is_settled(engine), within=240, every=1)
    engine.dispose()
    for name, address, size, scheme, whole in PICTURES:
        context = context_of(browser, size, scheme)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": installation.url}])
        page = context.new_page()
        page.goto(installation.url + address, wait_until="networkidle" if "dashboard" in name else "load")  # fmt: skip
        page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)
        print(f"{name}.png", flush=True)
        context.close()


if __name__ == "__main__":
    run(take)
