"""Parts that a procedure must have and this one lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procedures_db.quality.finding import Check, Finding, Part
from procedures_db.record import AgencyRole, ProcedureRecord

_SHORTEST_STEPS = 30  # characters; a real procedure says at least where to go


class NoPapers(Check):
    name = "no-papers"
    title = "Không có thành phần hồ sơ"
    explanation = "Người dân hỏi giấy tờ nhiều nhất, mà không có giấy tờ nào để trả lời."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if not any(not document.is_note for case in record.dossier for document in case.documents):
            yield Finding(
                record.code, Part.DOSSIER, "Không có giấy tờ nào.",
                "Ghi từng giấy tờ với số bản chính, bản sao; nếu không cần thì ghi rõ.",
            )  # fmt: skip


class NoTimeLimit(Check):
    name = "no-time-limit"
    title = "Không có thời hạn giải quyết"
    explanation = "Người dân không biết bao giờ có kết quả."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if record.case_time_limits or any(method.time_limit for method in record.methods):
            return
        in_words = any(method.note for method in record.methods)
        what = "Không có con số, chỉ có phần mô tả bằng lời." if in_words else "Không ghi thời hạn."
        yield Finding(
            record.code, Part.TIME, what, "Ghi số ngày (giờ) cho từng hình thức hoặc trường hợp."
        )


class NoDecision(Check):
    name = "no-decision"
    title = "Thiếu quyết định công bố"
    explanation = "Câu trả lời phải nêu nguồn: số và ngày của quyết định công bố."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        missing = []
        if not record.decision.number:
            missing.append("số quyết định")
        if not record.decision.issued_on:
            missing.append("ngày quyết định")
        if missing:
            yield Finding(
                record.code, Part.DECISION, f"Thiếu {' và '.join(missing)}.",
                "Ghi theo quyết định công bố đang có hiệu lực.",
            )  # fmt: skip
        elif record.decision.issued_on > self.today:  # type: ignore[operator]
            yield Finding(
                record.code, Part.DECISION,
                f"Ngày quyết định {record.decision.issued_on:%d/%m/%Y} ở tương lai.",
                "Sửa lại ngày.",
            )  # fmt: skip


class NoSteps(Check):
    name = "no-steps"
    title = "Không có trình tự thực hiện"
    explanation = "Người dân hỏi các bước mà không có gì để trả lời."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        said = " ".join(f"{step.name} {step.text}".strip() for step in record.steps)
        if len(said) < _SHORTEST_STEPS:
            what = f"Chỉ ghi “{said}”." if said else "Không có bước nào."
            yield Finding(record.code, Part.STEPS, what, "Ghi từng bước theo văn bản gốc.")


class NoAgency(Check):
    name = "no-agency"
    title = "Không có cơ quan thực hiện"
    explanation = "Người dân không biết nộp ở đâu."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if not record.agencies_of(AgencyRole.EXECUTING):
            yield Finding(
                record.code, Part.AGENCIES, "Không ghi cơ quan thực hiện.",
                "Ghi cơ quan đang tiếp nhận và giải quyết.",
            )  # fmt: skip


_USUAL_CODE = re.compile(r"\d\.\d{6}", re.ASCII)
_TEST = re.compile(r"\b[Tt]est\b|TEST")


class TestRecord(Check):
    __test__ = False  # pytest: this is no test

    name = "test-record"
    title = "Bản ghi thử hoặc mã lạ"
    explanation = "Bản ghi thử nghiệm của cán bộ nhập liệu mà người dân vẫn tìm thấy."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        # In steps only as the whole text: "test" is also a word of medicine.
        steps = [step.text for step in record.steps if _TEST.fullmatch(step.text)]
        marked = [t for t in (record.decision.number, record.name, *steps) if _TEST.search(t)]
        if marked:
            what = f"Có chữ “test”: “{marked[0][:80]}”."
        elif not _USUAL_CODE.fullmatch(record.code):
            what = f"Mã {record.code} không theo mẫu 1.234567."
        else:
            return
        yield Finding(record.code, Part.CODE, what, "Nếu là bản ghi thử, ngừng công bố.")
