"""A question that staff publish is answered within two seconds, and no more once it is retired."""

from __future__ import annotations

from procedures_db import faqs
from procedures_db.connection import connect, transaction
from procedures_db.faqs import FaqState, checked
from tests.installation import Chat, Installation, eventually

TEXT = checked(
    question="Lên xã làm giấy tờ có được mặc quần đùi không?",
    variants=("mặc quần đùi lên ủy ban được không",),
    answer="Được vào làm việc, nhưng nên ăn mặc lịch sự.",
    source="Nội quy tiếp công dân",
    procedures=("1.004194",),
)
QUESTION = "mac quan dui len uy ban duoc khong"


def test_a_published_question_is_answered_at_once_and_a_retired_one_no_more(
    installation: Installation, chat: Chat
) -> None:
    engine = connect(installation.database_url)
    assert "nên ăn mặc lịch sự" not in chat(QUESTION).text
    with transaction(engine) as session:
        number = faqs.add(session, TEXT, author="Hoa").id
        faqs.set_state(session, number, FaqState.PUBLISHED, author="Hoa")
    assert eventually(lambda: "nên ăn mặc lịch sự" in chat(QUESTION).text, within=2)
    answer = chat(QUESTION)
    assert "Nội quy tiếp công dân" in answer.text
    assert [button["payload"] for button in answer.buttons] == ["@overview 1.004194"]
    with transaction(engine) as session:
        faqs.set_state(session, number, FaqState.RETIRED, author="Hoa")
    assert eventually(lambda: "nên ăn mặc lịch sự" not in chat(QUESTION).text, within=2)
    engine.dispose()
