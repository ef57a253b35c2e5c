"""Texts damaged on their way into the data: broken sentences, letters of other alphabets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from procedures_db.quality.finding import Check, Finding, Part, excerpt, texts
from procedures_db.record import ProcedureRecord

_ENDS = re.compile(r"[.;:,!?…)”\"»\]>*/–-]$")
_LIST_ITEM = re.compile(r"[a-zđ][)./ ]|[ivx]+[).]")  # "a) …", "ii. …" begin small by right


class BrokenSteps(Check):
    name = "steps-broken"
    title = "Trình tự thực hiện bị ngắt câu, xáo trộn"
    explanation = (
        "Câu bị cắt giữa chừng rồi xuống dòng, có khi đoạn của câu khác chen vào (chép từ tệp PDF)."
        " Trợ lý đọc lại nguyên văn, người dân không hiểu."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        breaks = [
            (before, after)
            for step in record.steps
            for before, after in pairwise(_lines(step.text))
            if _breaks(before, after)
        ]
        if breaks:
            before, after = breaks[0]
            yield Finding(
                record.code, Part.STEPS,
                f"{len(breaks)} chỗ ngắt giữa câu, ví dụ “…{before[-40:]} ⏎ {after[:40]}…”.",
                "So với văn bản gốc, nối lại câu và xếp lại đoạn cho đúng thứ tự.",
            )  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _breaks(before: str, after: str) -> bool:
    return not _ENDS.search(before) and after[0].islower() and not _LIST_ITEM.match(after)


# Cyrillic look-alikes, private use (bullets of Word's symbol fonts), control and replacement characters.
_STRANGE = re.compile("[\u0400-\u04ff\ue000-\uf8ff\ufffd\u0080-\u009f\x00-\x08\x0b\x0c\x0e-\x1f]")


class StrangeCharacters(Check):
    name = "strange-characters"
    title = "Ký tự lạ"
    explanation = (
        "Ô vuông, chữ cái của bảng chữ khác (С, Р tiếng Nga trông như C, P): màn hình hiện sai,"
        " tìm kiếm không ra."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        seen: set[Part] = set()
        for part, text in texts(record):
            found = _STRANGE.search(text)
            if found and part not in seen:
                seen.add(part)
                yield Finding(
                    record.code, part,
                    f"Ký tự U+{ord(found.group()):04X} trong “{excerpt(text, *found.span())}”.",
                    "Gõ lại chữ này bằng bàn phím tiếng Việt, hoặc bỏ ký hiệu đầu dòng.",
                )  # fmt: skip
