"""Dialogues written as YAML: what a citizen says, turn by turn, and what must come back (tests/conversations/README.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tests.installation import PROJECT, Answer

FOLDER = PROJECT / "tests" / "conversations"
OUTCOMES = ("answer", "clarify", "out_of_scope", "refuse", "handover", "smalltalk", "unavailable")


class BadDialogue(ValueError):
    """A file is of another form; the message names it and says what is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Turn(_Strict):
    """One message and what is expected of the answer; what is not given is not judged."""

    says: str = Field(alias="nói", min_length=1)
    outcome: tuple[str, ...] = Field(alias="kết quả", default=())  # any of these
    code: str | None = Field(
        alias="mã", default=None
    )  # the procedure answered, or the first option
    among: tuple[str, ...] = Field(alias="trong các mã", default=())  # all of them are shown
    aspects: tuple[str, ...] = Field(alias="mục", default=())  # all of them are answered
    contains: tuple[str, ...] = Field(alias="có", default=())  # letter case aside
    lacks: tuple[str, ...] = Field(alias="không có", default=())
    kind: str | None = Field(alias="loại thẻ", default=None)  # plan, term, faq
    buttons: tuple[str, ...] = Field(alias="nút", default=())  # payloads that are there

    @field_validator("outcome", "among", "aspects", "contains", "lacks", "buttons", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("outcome")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(value) - set(OUTCOMES):
            raise ValueError(f"không có kết quả nào tên {', '.join(sorted(unknown))}")
        return value


class Dialogue(_Strict):
    """One conversation, from its first message."""

    name: str = Field(alias="tên", min_length=1)
    turns: tuple[Turn, ...] = Field(alias="lượt", min_length=1)
    file: str


def dialogues(folder: Path = FOLDER) -> Iterator[Dialogue]:
    """Every dialogue of every file, in order. Raises BadDialogue."""
    for path in sorted(folder.glob("*.yml")):
        yield from read(path)


def read(path: Path) -> Iterator[Dialogue]:
    """The dialogues of a file. Raises BadDialogue."""
    # Every scalar stays text: "7.000" is no number and "1.010040" keeps its zero.
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    if not isinstance(content, list):
        raise BadDialogue(f"{path.name}: phải là một danh sách hội thoại")
    for entry in content:
        try:
            yield Dialogue(**entry, file=path.name)
        except (ValidationError, TypeError) as error:
            raise BadDialogue(f"{path.name}: {error}") from error


def complaints(turn: Turn, answer: Answer) -> list[str]:
    """What is not as the turn expects; empty when all is well."""
    said = answer.text.lower()
    payloads = {button["payload"] for button in answer.buttons}
    kinds = [reply["card"].get("kind") for reply in answer.replies]
    checks = [
        (not turn.outcome or answer.outcome in turn.outcome, f"kết quả {answer.outcome}"),
        (turn.code is None or answer.codes[:1] == [turn.code], f"mã {answer.codes}"),
        (set(turn.among) <= set(answer.codes), f"trong các mã {answer.codes}"),
        (set(turn.aspects) <= set(answer.aspects), f"mục {answer.aspects}"),
        (turn.kind is None or turn.kind in kinds, f"loại thẻ {kinds}"),
        (set(turn.buttons) <= payloads, f"nút {sorted(payloads)}"),
        *(
            (text.lower() in said, f"không thấy {text!r} trong: {answer.text}")
            for text in turn.contains
        ),
        *((text.lower() not in said, f"có {text!r} trong: {answer.text}") for text in turn.lacks),
    ]
    return [complaint for right, complaint in checks if not right]
