"""What officials type for a life event or a term, checked: it must lead a citizen nowhere wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from procedures_db import procedures
from procedures_db.kept_texts import Content
from procedures_db.life_events import LifeEvent
from procedures_db.record import ProcedureRecord
from procedures_db.sync.exported import exported_object
from procedures_db.text.folding import fold, normalize

LONGEST_NAME, LONGEST_SAID, LONGEST_STORY, LONGEST_TEXT = 80, 80, 300, 600
MOST_STEPS, MOST_PHRASES, MOST_TERMS, MOST_CODES = 20, 200, 12, 4
_CODE = re.compile(r"\d\.\d{6}")
_NUMBER = re.compile(r"\d+")
_MONEY = re.compile(r"\d[\d.]*\s*(nghìn|triệu|đồng|đ\b|k\b)")


class BadEntry(ValueError):
    """It cannot be kept; ``problems``: sentences by field, in Vietnamese."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class Checker:
    """Collects what is wrong, field by field, so that an official reads all of it at once."""

    def __init__(self, session: Session, *, before: Collection[str]) -> None:
        """before: codes that stood in the entry already; one whose record is not imported may stay."""
        self._session, self._before = session, frozenset(before)
        self.problems: dict[str, str] = {}

    def text(self, field: str, value: str, *, most: int, label: str) -> str:
        """One line of text that has to be there."""
        said = " ".join(normalize(value).split())
        if not said:
            self.problems[field] = f"Chưa ghi {label}."
        elif len(said) > most:
            self.problems[field] = f"{label.capitalize()} dài nhất {most} ký tự."
        return said

    def optional(self, field: str, value: str, *, label: str) -> str:
        return self.text(field, value, most=LONGEST_TEXT, label=label) if value.strip() else ""

    def phrases(
        self, field: str, value: str, *, most: int, label: str, commas: bool, needed: bool = True
    ) -> list[str]:
        """Phrases, one a line (or between commas), each once."""
        parts = re.split(r"[\n,]" if commas else r"\n", value)
        said = [" ".join(normalize(part).split()) for part in parts if fold(part)]
        found = list({one.lower(): one for one in said}.values())
        long = next((one for one in found if len(one) > most), None)
        if needed and not found:
            self.problems[field] = f"Chưa ghi {label}."
        elif long:
            self.problems[field] = f"Dài quá {most} ký tự: “{long[:60]}…”."
        elif len(found) > MOST_PHRASES:
            self.problems[field] = f"Nhiều nhất {MOST_PHRASES} dòng."
        return found

    def code(self, field: str, value: str) -> tuple[str, ProcedureRecord | None]:
        """A code, with its record if it is published."""
        code = value.strip()
        if not _CODE.fullmatch(code):
            self.problems[field] = "Mã thủ tục có dạng 1.004222."
            return code, None
        try:
            return code, procedures.get(self._session, code)
        except procedures.ProcedureNotFound:
            if code not in self._before:
                self.problems[field] = f"Không có thủ tục {code} đang công bố."
            return code, None


def checked_event(
    session: Session, raw: Mapping[str, Any], *, key: str, before: Content | None,
    others: Iterable[LifeEvent],
) -> Content:  # fmt: skip
    """The entry of life_events.yml that was typed. Raises BadEntry."""
    known = before["các bước"] if before else ()
    codes = {c for step in known for c in (str(step["thủ tục"]), *step.get("thay cho", ()))}
    check = Checker(session, before=codes)
    entry: Content = {
        "mã": key,
        "tên": check.text("name", raw["name"], most=LONGEST_NAME, label="tên sự kiện"),
        "nói": check.phrases("said", raw["said"], most=LONGEST_SAID, label="những chữ cho biết chuyện này", commas=True),
        "nêu rõ": check.phrases("named", raw["named"], most=LONGEST_SAID, label="những chữ hỏi riêng một thủ tục", commas=True, needed=False),
        "hỏi": check.phrases("stories", raw["stories"], most=LONGEST_STORY, label="câu chuyện mẫu", commas=False),
        "lời dẫn": check.text("opening", raw["opening"], most=LONGEST_TEXT, label="lời dẫn"),
        "các bước": [_step(check, f"steps.{at}", step) for at, step in enumerate(raw["steps"])],
    }  # fmt: skip
    _check_words(check, entry["nói"], others)
    _check_steps(check, entry["các bước"])
    if check.problems:
        raise BadEntry(check.problems)
    return entry


def checked_term(session: Session, raw: Mapping[str, Any], *, before: Content | None) -> Content:
    """The entry of glossary.yml that was typed. Raises BadEntry."""
    check = Checker(session, before=map(str, before.get("thủ tục", ())) if before else ())  # type: ignore[arg-type]
    terms = check.phrases("terms", raw["terms"], most=LONGEST_SAID, label="từ ngữ", commas=True)
    if len(terms) > MOST_TERMS:
        check.problems["terms"] = f"Nhiều nhất {MOST_TERMS} từ ngữ."
    text = check.text("text", raw["text"], most=LONGEST_TEXT * 2, label="lời giải thích")
    if _MONEY.search(text):
        check.problems["text"] = "Không ghi số tiền: phí, lệ phí lấy từ dữ liệu thủ tục."
    questions = check.phrases("questions", raw["questions"], most=LONGEST_STORY, label="cách hỏi", commas=False)  # fmt: skip
    codes = list(dict.fromkeys(raw["codes"].replace(",", " ").split()))
    for code in codes:
        check.code("codes", code)
    if len(codes) > MOST_CODES:
        check.problems["codes"] = f"Nhiều nhất {MOST_CODES} mã."
    if check.problems:
        raise BadEntry(check.problems)
    return {"từ": terms, "hỏi": questions, "trả lời": text, "thủ tục": codes}


def _step(check: Checker, at: str, raw: Mapping[str, str]) -> Content:
    code, record = check.code(f"{at}.code", raw["code"])
    deadline = check.optional(f"{at}.deadline", raw["deadline"], label="thời hạn")
    step = {
        "thủ tục": code,
        "vì sao": check.text(f"{at}.why", raw["why"], most=LONGEST_TEXT, label="vì sao"),
        "khi nào": deadline,
        "chỉ khi": check.optional(f"{at}.only_if", raw["only_if"], label="điều kiện"),
        "thay cho": list(dict.fromkeys(raw["replaces"].replace(",", " ").split())),
    }
    if record and (unknown := _unknown_numbers(deadline, record)):
        said = ", ".join(unknown)
        check.problems[f"{at}.deadline"] = f"Số {said} không có trong bản ghi của thủ tục {code}."
    for replaced in step["thay cho"]:
        check.code(f"{at}.replaces", replaced)
    return {name: value for name, value in step.items() if value}


def _unknown_numbers(text: str, record: ProcedureRecord) -> list[str]:
    """Figures that the record does not state: a plan repeats terms, it never makes them."""
    stated = _NUMBER.findall(json.dumps(exported_object(record), ensure_ascii=False, default=str))
    known = {number.lstrip("0") for number in stated}
    return [number for number in _NUMBER.findall(text) if number.lstrip("0") not in known]


def _check_words(check: Checker, said: Iterable[str], others: Iterable[LifeEvent]) -> None:
    taken = {fold(one): event.name for event in others for one in event.expressions}
    for one in said:
        if "said" in check.problems:
            return
        if len(fold(one).split()) < 2:
            check.problems["said"] = f"“{one}” rộng quá: cần từ hai chữ trở lên."
        elif fold(one) in taken:
            check.problems["said"] = f"“{one}” đã thuộc sự kiện {taken[fold(one)]}."


def _check_steps(check: Checker, steps: list[Content]) -> None:
    codes = [step["thủ tục"] for step in steps]
    if not steps:
        check.problems["steps"] = "Chưa có thủ tục nào."
    elif len(steps) > MOST_STEPS:
        check.problems["steps"] = f"Nhiều nhất {MOST_STEPS} thủ tục."
    for at, code in enumerate(codes):
        if code in codes[:at]:
            check.problems.setdefault(f"steps.{at}.code", f"Thủ tục {code} đã có ở trên.")
        if code in steps[at].get("thay cho", ()):
            check.problems.setdefault(f"steps.{at}.replaces", "Thủ tục không thay cho chính nó.")
