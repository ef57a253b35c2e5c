"""Whole dialogues from tests/conversations/: officials and engineers add files there, no code (see README.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogues import FOLDER, BadDialogue, Dialogue, complaints, dialogues, read
from tests.installation import Chat

DIALOGUES = list(dialogues())


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_a_dialogue_goes_as_written(chat: Chat, dialogue: Dialogue) -> None:
    for number, turn in enumerate(dialogue.turns, start=1):
        wrong = complaints(turn, chat(turn.says))
        assert wrong == [], f"{dialogue.name}, lượt {number}: {turn.says!r}"


def test_there_are_dialogues_and_half_of_them_are_typed_as_people_type() -> None:
    assert len(DIALOGUES) >= 66
    assert all(3 <= len(dialogue.turns) <= 12 for dialogue in DIALOGUES)
    plain = [d for d in DIALOGUES if all(turn.says.isascii() for turn in d.turns)]
    assert len(plain) >= max(45, len(DIALOGUES) / 2)


@pytest.mark.parametrize(
    "text",
    [
        "- tên: x", "- tên: x\n  lượt: []", "- tên: x\n  lượt:\n  - nói: a\n    lạ: 1", "tên: x",
        "- tên: x\n  lượt:\n  - nói: a\n    kết quả: không có",
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sai.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDialogue, match=r"sai\.yml"):
        list(read(path))


def test_every_file_of_the_folder_is_read() -> None:
    assert {d.file for d in DIALOGUES} == {path.name for path in FOLDER.glob("*.yml")}
