"""Personal numbers reach neither the tracker, nor the database, nor the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.test_conversations import tracker_events
from tests.installation import Chat, Installation

# Typed, and the mask that must stand in its place.
PERSONAL = [
    ("CCCD của tôi 001099123457, đăng ký tạm trú cần gì", "001099123457", "[số căn cước]"),
    ("cccd 036 087 654 321 dang ky tam tru", "036 087 654 321", "[số căn cước]"),
    ("sđt 0987654329 gọi tôi nhé", "0987654329", "[số điện thoại]"),
    ("goi +84 976 543 218 giup em", "+84 976 543 218", "[số điện thoại]"),
    ("số 0965 - 432 - 187 ạ", "0965 - 432 - 187", "[số điện thoại]"),
    ("gửi vào tran.thi.b+1@example.vn nha", "tran.thi.b+1@example.vn", "[email]"),
    ("/0954321876", "0954321876", "[số điện thoại]"),
]


@pytest.mark.parametrize(("typed", "personal", "mask"), PERSONAL)
def test_a_personal_number_is_masked_before_it_is_stored_or_logged(
    chat: Chat, installation: Installation, typed: str, personal: str, mask: str
) -> None:
    answer = chat(typed)
    assert answer.status == 200
    assert personal not in answer.text
    stored = [
        event["text"]
        for event in tracker_events(installation, answer.conversation_id)
        if event["event"] == "user"
    ]
    assert len(stored) == 1 and mask in stored[0]  # so the search below looks in the right place
    forms = {personal.encode(), re.sub(r"[ +-]", "", personal).encode()}
    files = [path for path in installation.folder.rglob("*") if path.is_file()]
    assert {installation.tracker_file, installation.log_file} <= set(files)
    found = [path.name for path in files for form in forms if form in content_of(path)]
    assert found == []


def content_of(path: Path) -> bytes:
    """What a file holds; nothing once SQLite has taken its write-ahead log back."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_the_log_tells_of_each_answer_but_not_what_was_asked(
    chat: Chat, installation: Installation
) -> None:
    before = installation.log.count('"answered"')
    chat("phi dang ky thuong tru bao nhieu qua vay troi")
    assert installation.log.count('"answered"') == before + 1
    assert "qua vay troi" not in installation.log
    assert chat.conversation_id not in installation.log
