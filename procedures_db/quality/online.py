"""Online levels that the record contradicts or that were only inferred."""

from __future__ import annotations

from collections.abc import Iterator

from procedures_db.quality.finding import Check, Finding, Part
from procedures_db.record import OnlineLevel, ProcedureRecord, SubmissionMethod


class OnlineContradiction(Check):
    name = "online-contradiction"
    title = "Mức độ trực tuyến mâu thuẫn"
    explanation = "Mức độ và các hình thức nộp nói ngược nhau: người dân không biết có nộp trực tuyến được không."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if record.online_level_not_stated:
            return
        what = _contradiction(record.online_level, bool(record.methods_of(SubmissionMethod.ONLINE)))
        if what:
            yield Finding(
                record.code, Part.ONLINE, what,
                "Thêm hình thức trực tuyến kèm thời hạn, phí; hoặc sửa lại mức độ.",
            )  # fmt: skip


def _contradiction(level: OnlineLevel, has_online_method: bool) -> str:
    """What speaks against the level; empty if nothing does."""
    if level is OnlineLevel.UNCLEAR:
        return "Đánh dấu toàn trình nhưng không có hình thức nộp trực tuyến."
    if has_online_method and level is OnlineLevel.INFORMATION_ONLY:
        return f"Có hình thức nộp trực tuyến nhưng mức độ là “{level.value}”."
    if not has_online_method and level is not OnlineLevel.INFORMATION_ONLY:
        return f"Mức độ là “{level.value}” nhưng không có hình thức nộp trực tuyến."
    return ""


class OnlineNotStated(Check):
    name = "online-not-stated"
    title = "Không ghi mức độ trực tuyến"
    explanation = "Người dân hỏi có nộp trực tuyến được không thì không có gì để trả lời."

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if record.online_level_not_stated:
            yield Finding(
                record.code, Part.ONLINE, "Không nguồn nào nói mức độ trực tuyến.",
                "Ghi mức độ theo quyết định công bố danh mục dịch vụ công trực tuyến.",
            )  # fmt: skip


class OnlineInferred(Check):
    name = "online-inferred"
    title = "Mức độ trực tuyến do suy luận"
    explanation = (
        "Cổng quốc gia chỉ đánh dấu toàn trình; “một phần” và “cung cấp thông tin” được suy ra từ"
        " hình thức nộp. Báo cáo và câu trả lời chưa chắc đúng cho đến khi có người xác nhận."
    )

    def look(self, record: ProcedureRecord) -> Iterator[Finding]:
        if record.online_level_inferred and record.online_level is not OnlineLevel.UNCLEAR:
            yield Finding(
                record.code, Part.ONLINE,
                f"Mức độ “{record.online_level.value}” là suy luận.",
                "Đối chiếu với quyết định công bố danh mục dịch vụ công trực tuyến rồi xác nhận.",
            )  # fmt: skip
