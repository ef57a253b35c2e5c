"""Which column of a table holds which field: by its heading, or as an official said once.

A mapping is kept under the signature of the headings, so that next month's table of the same
layout is read without asking again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from procedures_db.models.column_mapping import ColumnMappingRow
from procedures_db.sync.file_errors import BadMapping
from procedures_db.text.folding import fold

# What a column may hold → (label, other headings seen). Labels and headings are compared folded.
FIELDS: dict[str, tuple[str, ...]] = {
    "code": ("Mã thủ tục", "Mã TTHC", "Mã số", "Mã thủ tục hành chính", "Mã số TTHC", "Mã hồ sơ TTHC",
             "Mã số thủ tục hành chính", "Mã TTHC trên CSDLQG", "Mã số hồ sơ TTHC", "Mã"),
    "name": ("Tên thủ tục", "Tên TTHC", "Tên", "Tên thủ tục hành chính", "Thủ tục hành chính",
             "Tên dịch vụ công", "Tên dịch vụ công trực tuyến"),
    "field": ("Lĩnh vực", "Tên lĩnh vực", "Ngành, lĩnh vực"),
    "summary": ("Tóm tắt",),
    "levels": ("Cấp thực hiện", "Cấp giải quyết", "Cấp"),
    "online_level": ("Mức trực tuyến", "Mức độ", "Mức độ DVC", "Mức độ DVCTT", "Mức độ dịch vụ công",
                     "Mức độ cung cấp dịch vụ công", "Mức độ cung cấp dịch vụ công trực tuyến"),
    "online_full": ("Toàn trình", "DVCTT toàn trình", "DVC trực tuyến toàn trình"),
    "online_partial": ("Một phần", "DVCTT một phần", "DVC trực tuyến một phần"),
    "subjects": ("Đối tượng thực hiện", "Đối tượng"),
    "executing": ("Cơ quan thực hiện", "Đơn vị thực hiện", "Cơ quan giải quyết"),
    "competent": ("Cơ quan có thẩm quyền", "Cơ quan có thẩm quyền quyết định", "Thẩm quyền giải quyết"),
    "authorized": ("Cơ quan được ủy quyền",),
    "coordinating": ("Cơ quan phối hợp",),
    "receiving_address": ("Địa chỉ tiếp nhận", "Địa chỉ tiếp nhận HS", "Địa điểm thực hiện",
                          "Nơi tiếp nhận", "Địa chỉ tiếp nhận hồ sơ"),
    "methods": ("Cách thức thực hiện", "Hình thức nộp", "Hình thức nộp hồ sơ"),
    "time_limit": ("Thời hạn giải quyết", "Thời gian giải quyết", "Thời hạn"),
    "fee": ("Phí, lệ phí", "Phí", "Lệ phí", "Phí, lệ phí (nếu có)", "Lệ phí, phí"),
    "dossier": ("Thành phần hồ sơ",),
    "steps": ("Trình tự thực hiện",),
    "conditions": ("Yêu cầu, điều kiện", "Yêu cầu, điều kiện thực hiện"),
    "results": ("Kết quả thực hiện", "Kết quả", "Kết quả giải quyết"),
    "legal_bases": ("Căn cứ pháp lý",),
    "decision_number": ("Số quyết định", "Quyết định công bố", "Số quyết định công bố", "Số QĐ"),
    "decision_date": ("Ngày quyết định", "Ngày ban hành quyết định", "Ngày QĐ"),
    "decision_agency": ("Cơ quan ban hành", "Cơ quan công bố"),
    "keywords": ("Từ khóa", "Từ khoá"),
    "aliases": ("Tên gọi khác",),
    "replaced_by": ("Thay bằng", "Mã thay thế"),
    "effective_from": ("Hiệu lực từ", "Ngày có hiệu lực"),
    "effective_to": ("Hiệu lực đến", "Ngày hết hiệu lực"),
    "remarks": ("Lưu ý", "Ghi chú"),
    "source_url": ("Link truy cập", "Đường dẫn", "Link"),
    "status": ("Trạng thái",),
}  # fmt: skip
IGNORED = ""

Lookup = Callable[[Sequence[str]], "Mapping[str, str] | None"]
_BRACKETS = re.compile(r"\([^)]*\)|\*")


@dataclass(frozen=True)
class Vocabulary:
    """Headings, folded → field: which words a kind of sheet uses for what."""

    by_heading: Mapping[str, str]

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> Vocabulary:
        return cls({fold(heading): name for name, all_ in fields.items() for heading in all_})

    def match(self, headings: Sequence[str]) -> dict[int, str]:
        """Column (0-based) → field; of two columns for one field the first counts."""
        found: dict[int, str] = {}
        for column, heading in enumerate(headings):
            name = self.field(heading)
            if name and name not in found.values():
                found[column] = name
        return found

    def field(self, heading: str) -> str | None:
        """The field of a heading; below a common heading ("DVCTT › Toàn trình") the last part counts."""
        last = heading.rpartition("›")[2]
        for candidate in (heading, last, _BRACKETS.sub(" ", heading), _BRACKETS.sub(" ", last)):
            if name := self.by_heading.get(fold(candidate)):
                return name
        return None


VOCABULARY = Vocabulary.of(FIELDS)


def given(mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping as an official gives it, heading → field or its Vietnamese label; checked, folded.

    Raises BadMapping for an unknown field, a field given twice, or no column for the code.
    """
    checked: dict[str, str] = {}
    for heading, wanted in mapping.items():
        name = wanted if wanted in (*FIELDS, IGNORED) else VOCABULARY.field(wanted)
        if name is None:
            raise BadMapping(f"không có trường “{wanted}” để ghép với cột “{heading}”")
        if name != IGNORED and name in checked.values():
            raise BadMapping(f"hai cột cùng ghép với trường “{FIELDS[name][0]}”")
        checked[fold(heading)] = name
    if "code" not in checked.values():
        raise BadMapping("phải có một cột ghép với “Mã thủ tục”")
    return checked


def match_given(mapping: Mapping[str, str], headings: Sequence[str]) -> dict[int, str] | None:
    """Column → field as ``given`` said; None where the row lacks one of its headings."""
    columns = {fold(heading): column for column, heading in reversed(list(enumerate(headings)))}
    if any(heading not in columns for heading in mapping):
        return None
    return {columns[heading]: name for heading, name in mapping.items() if name != IGNORED}


def signature(headings: Sequence[str]) -> str:
    """SHA-256 of the headings, folded, in their order: the same layout has the same one."""
    return hashlib.sha256("\x1f".join(map(fold, headings)).rstrip("\x1f").encode()).hexdigest()


def save(session: Session, headings: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Keep a mapping for tables with these headings, instead of an earlier one. Raises BadMapping."""
    if match_given(given(mapping), headings) is None:
        raise BadMapping("có cột được ghép mà bảng không có")
    row = session.get(ColumnMappingRow, signature(headings)) or ColumnMappingRow()
    row.signature, row.headings = signature(headings), list(headings)
    row.mapping = dict(mapping)
    row.saved_at = datetime.now(timezone.utc).replace(tzinfo=None)
    session.add(row)


def find(session: Session, headings: Sequence[str]) -> dict[str, str] | None:
    """The mapping kept for tables with these headings."""
    row = session.get(ColumnMappingRow, signature(headings))
    return dict(row.mapping) if row else None


def saved(session: Session) -> Lookup:
    """All kept mappings, as the ``mapping`` of ``readers.read_file``; the session is not used later."""
    rows = session.execute(select(ColumnMappingRow)).scalars()
    kept = {row.signature: dict(row.mapping) for row in rows}
    return lambda headings: kept.get(signature(headings))


class Chosen:
    """A mapping that an official gives now, as a ``Lookup``; it notes the tables that it fits.

    Other tables are looked up in ``otherwise``. Raises BadMapping if it makes no sense.
    """

    def __init__(self, mapping: Mapping[str, str], otherwise: Lookup = lambda _: None) -> None:
        self._mapping, self._otherwise = dict(mapping), otherwise
        self._fields = given(mapping)
        self._fitted: list[tuple[str, ...]] = []

    def __call__(self, headings: Sequence[str]) -> Mapping[str, str] | None:
        if match_given(self._fields, headings) is None:
            return self._otherwise(headings)
        self._fitted.append(tuple(headings))
        return self._mapping

    def require_used(self) -> None:
        """Raises BadMapping if no table had all of its columns: nobody shall believe it was used."""
        if not self._fitted:
            raise BadMapping(f"không bảng nào có đủ các cột được ghép: {', '.join(self._mapping)}")

    def keep(self, session: Session) -> None:
        """Save it for the next tables with the same headings."""
        for headings in dict.fromkeys(self._fitted):
            save(session, headings, self._mapping)
