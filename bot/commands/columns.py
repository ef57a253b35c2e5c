"""Which column of a table holds what, as an administrator says it: in a file, or asked one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from bot.commands.terminal import fail, out


def read_mapping(file: Path) -> dict[str, str]:
    """Heading → field, from a JSON file. Ends the command if it is none."""
    try:
        content = json.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        fail(f"Không đọc được {file}: {error.strerror}.")
    except ValueError as error:
        fail(f"{file.name} không phải JSON (UTF-8): {error}.")
    if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
        fail(f'{file.name} phải có dạng {{"Tiêu đề cột": "Tên trường", …}}.')
    return content


def ask_mapping(headings: Sequence[str]) -> dict[str, str]:
    """Ask for each column what it holds: a number of the list, or nothing to leave it out."""
    from procedures_db.sync.column_mapping import FIELDS, IGNORED

    labels = [names[0] for names in FIELDS.values()]
    out.print("Bảng có tiêu đề chưa biết. Mỗi cột chứa gì? Gõ số của trường, hoặc Enter để bỏ qua.")
    for number, label in enumerate(labels, start=1):
        out.print(f"  {number:2} {label}", markup=False)
    chosen: dict[str, str] = {}
    for heading in dict.fromkeys(filter(None, headings)):
        number = _ask(heading, len(labels))
        chosen[heading] = labels[number - 1] if number else IGNORED
    return chosen


def _ask(heading: str, highest: int) -> int:
    """The number of a field; 0: none."""
    while True:
        given = typer.prompt(f"Cột “{heading}”", default="", show_default=False).strip()
        if not given:
            return 0
        if given.isdigit() and 1 <= int(given) <= highest:
            return int(given)
        out.print(f"Cần một số từ 1 đến {highest}.")


def advice(file: Path, headings: Sequence[str]) -> str:
    """What to type where nobody can be asked: a mapping to be completed, and the command."""
    from procedures_db.sync.column_mapping import FIELDS

    empty = dict.fromkeys(filter(None, headings), "")
    return (
        f"Ghi vào một tệp, chẳng hạn ghep-cot.json, điền tên trường cho từng cột:\n"
        f"{json.dumps(empty, ensure_ascii=False)}\n"
        f"Các trường: {' · '.join(names[0] for names in FIELDS.values())}.\n"
        f"Rồi chạy: motcua import {file.name} --columns ghep-cot.json"
    )
