"""Read the official detail form "Chi tiết thủ tục hành chính" (ChiTietTTHC_<code>.doc), all of it.

The form is a row of labelled sections, always in the same order; some hold a table. It says neither
whether the procedure is toàn trình nor when and by whom the decision was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procedures_db.record import (
    AgencyRole,
    Decision,
    Document,
    DossierCase,
    LegalBasis,
    Method,
    Step,
    portal_url,
)
from procedures_db.sync.file_errors import BrokenFile
from procedures_db.sync.official_text import case_name, is_note, lines, one_line, paper_name, stated
from procedures_db.sync.readers import cells
from procedures_db.sync.readers.fees import read_fees
from procedures_db.sync.readers.reasons import checked, reason
from procedures_db.sync.readers.word_blocks import Block, Paragraph, Rows
from procedures_db.sync.reading import Place, ReadRecord, Refused
from procedures_db.text.folding import fold

_LABELS = (
    "Mã thủ tục", "Số quyết định", "Tên thủ tục", "Cấp thực hiện", "Loại thủ tục", "Lĩnh vực",
    "Trình tự thực hiện", "Cách thức thực hiện", "Thành phần hồ sơ", "Đối tượng thực hiện",
    "Cơ quan thực hiện", "Cơ quan có thẩm quyền", "Địa chỉ tiếp nhận HS", "Cơ quan được ủy quyền",
    "Cơ quan phối hợp", "Kết quả thực hiện", "Căn cứ pháp lý", "Yêu cầu, điều kiện thực hiện",
    "Từ khóa", "Mô tả",
)  # fmt: skip
_ORDER = {fold(label): position for position, label in enumerate(_LABELS)}
_NEEDED = ("Mã thủ tục", "Tên thủ tục")
_ONLY_CASE = "Bao gồm"  # what the form prints for a case without a name
_AGENCIES = {
    "Cơ quan thực hiện": AgencyRole.EXECUTING,
    "Cơ quan có thẩm quyền": AgencyRole.COMPETENT,
    "Cơ quan được ủy quyền": AgencyRole.AUTHORIZED,
    "Cơ quan phối hợp": AgencyRole.COORDINATING,
}


@dataclass
class Section:
    """What follows a label: the text beside it, then paragraphs and tables."""

    beside: str
    below: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its text, tables left out, "Không có thông tin" as nothing."""
        parts = [self.beside, *(b.text for b in self.below if isinstance(b, Paragraph))]
        return stated("\n".join(parts))


def read_detail_form(
    blocks: Sequence[Block], place: Place, *, as_of: date | None = None
) -> ReadRecord | Refused:
    """Return the procedure, or why it is not taken. Raises BrokenFile for another kind of document."""
    labels = [fold(found[0]) for found in map(_label, blocks) if found]
    if labels.count(fold(_NEEDED[0])) > 1:
        raise BrokenFile("tệp chứa nhiều thủ tục: mỗi tệp chỉ được có một phiếu chi tiết")
    sections = _sections(blocks)
    if any(label not in sections for label in _NEEDED):
        raise BrokenFile(
            "tệp Word không phải phiếu “Chi tiết thủ tục hành chính”; bảng danh mục thì chép sang Excel"
        )
    code = ""
    try:
        code = cells.code(sections["Mã thủ tục"].text)
        values = {**dict(_values(sections)), "source_url": portal_url(code)}
        if as_of:
            values["as_of"] = as_of
        return checked(code, values, place, _parts(sections))
    except ValueError as error:
        return Refused(place, code, reason(error))


def _parts(sections: dict[str, Section]) -> dict[str, Any]:
    """The decision's number without its date; what Mô tả says beyond the conditions."""
    none = Section("")
    number = one_line(sections.get("Số quyết định", none).text)
    description = sections.get("Mô tả", none).text
    conditions = sections.get("Yêu cầu, điều kiện thực hiện", none).text
    parts: dict[str, Any] = {"decision": Decision(number=number)} if number else {}
    if description and description != conditions:
        parts["remarks"] = (f"Mô tả: {description}",)
    return parts


def _sections(blocks: Sequence[Block]) -> dict[str, Section]:
    """Cut at the labels. A label stands in its place in the order, so that a step which begins
    "Cơ quan thực hiện: …" or "Mô tả: …" is not taken for one."""
    sections: dict[str, Section] = {}
    current, position = Section(""), -1
    labels = [_label(block) for block in blocks]
    for index, block in enumerate(blocks):
        found = labels[index]
        later = [_ORDER[fold(other)] for other, _ in filter(None, labels[index + 1 :])]
        if found and _in_order(_ORDER[fold(found[0])], position, later):
            position = _ORDER[fold(found[0])]
            current = sections[_LABELS[position]] = Section(found[1])
        else:
            current.below.append(block)
    return sections


def _in_order(here: int, before: int, later: Sequence[int]) -> bool:
    """After the labels so far, and not skipping ones that still come in their order."""
    return here > before and not any(before < other < here for other in later)


def _label(block: Block) -> tuple[str, str] | None:
    """(label, text beside it) of a paragraph that looks like one."""
    if not isinstance(block, Paragraph) or block.plain:
        return None
    label, colon, beside = block.text.partition(":")
    return (label, beside) if colon and fold(label) in _ORDER else None


def _values(sections: dict[str, Section]) -> Iterator[tuple[str, Any]]:
    """Yield (field, value) for every section that the form has, stated or not."""
    for label, (name, read) in _READERS.items():
        if label in sections:
            yield name, _with_label(label, read, sections[label])
    if any(label in sections for label in _AGENCIES):
        yield (
            "agencies",
            tuple(
                agency
                for label, role in _AGENCIES.items()
                if label in sections
                for agency in cells.agencies(sections[label].text, role)
            ),
        )


def _with_label(label: str, read: Callable[[Section], Any], section: Section) -> Any:
    try:
        return read(section)
    except ValueError as error:
        raise ValueError(f"mục {label}: {error}") from error


def _steps(section: Section) -> tuple[Step, ...]:
    """The form prints a step as two paragraphs, its name (mostly empty) and its text."""
    texts = [b.text for b in section.below if isinstance(b, Paragraph)]
    if section.beside.strip():
        texts = ["", section.beside, *texts]
    names, bodies = texts[0::2], texts[1::2]
    if len(names) != len(bodies) or all(map(str.strip, names)):  # not in pairs: all are texts
        names, bodies = [""] * len(texts), texts
    pairs = ((one_line(name), lines(body)) for name, body in zip(names, bodies, strict=True))
    return tuple(Step(name=name, text=body) for name, body in pairs if name or body)


def _table(section: Section, *headings: str) -> Iterator[list[str]]:
    """Yield the rows of the section's first table, in the order of the headings asked for."""
    for block in section.below:
        if isinstance(block, Rows):
            yield from _rows(block, *headings)
            return


def _rows(table: Rows, *headings: str) -> Iterator[list[str]]:
    """Raises ValueError if the table has other headings."""
    first = [fold(cell) for cell in table.cells[0]] if table.cells else []
    missing = [heading for heading in headings if fold(heading) not in first]
    if missing:
        raise ValueError(f"bảng thiếu cột {', '.join(missing)}")
    columns = [first.index(fold(heading)) for heading in headings]
    for row in table.cells[1:]:
        if any(cell.strip() for cell in row):
            yield [lines(row[column]) for column in columns]


def _methods(section: Section) -> tuple[Method, ...]:
    table = _table(section, "Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Mô tả")
    return tuple(_method(*row) for row in table)


def _method(way: str, period: str, fees: str, description: str) -> Method:
    named = cells.methods(way)
    if len(named) != 1:
        raise ValueError(f"không rõ hình thức nộp: “{way[:60]}”")
    limit, words = cells.period(period)
    note = "\n".join(filter(None, [words, stated(description)]))
    return Method(method=named[0], time_limit=limit, note=note, fees=read_fees(fees))


def _dossier(section: Section) -> tuple[DossierCase, ...]:
    """A heading paragraph, then the table of its papers, case by case."""
    found = []
    heading = [section.beside]
    for block in section.below:
        if isinstance(block, Paragraph):
            heading.append(block.text)
            continue
        rows = _rows(block, "Tên giấy tờ", "Mẫu đơn, tờ khai", "Số lượng")
        name = case_name(" ".join(heading))
        papers = tuple(_paper(*row) for row in rows if row[0])
        found.append(DossierCase(name="" if name == _ONLY_CASE else name, documents=papers))
        heading = []
    rest = stated("\n".join(heading))  # a form without tables, its papers in plain words
    if rest:
        found.append(
            DossierCase(documents=tuple(_paper(t, "", "") for t in rest.splitlines() if t))
        )
    return tuple(case for case in found if case.name or case.documents)


def _paper(name: str, forms: str, quantity: str) -> Document:
    copies = {"ban chinh": 0, "ban sao": 0}
    for line in filter(None, quantity.splitlines()):
        kind, _, number = line.partition(":")
        if fold(kind) not in copies:
            raise ValueError(f"không phải số bản: “{line[:60]}”")
        copies[fold(kind)] = cells.count(number)
    files = tuple(filter(None, map(one_line, stated(forms).splitlines())))
    clean = paper_name(name)
    explains = not (any(copies.values()) or files) and is_note(clean)
    return Document(
        name=clean, originals=copies["ban chinh"], copies=copies["ban sao"], forms=files,
        is_note=explains,
    )  # fmt: skip


def _legal_bases(section: Section) -> tuple[LegalBasis, ...]:
    rows = _table(section, "Số ký hiệu", "Trích yếu", "Ngày ban hành", "Cơ quan ban hành")
    return tuple(
        LegalBasis(number=n, title=one_line(t), issued_on=cells.day(d), issuer=one_line(i))
        for n, t, d, i in rows
        if n or t
    )


def _keywords(section: Section) -> tuple[str, ...]:
    parts = (one_line(part) for part in section.text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(filter(None, parts)))


# Label → (field of the record, how to read it). Loại thủ tục says whether a law leaves the details
# to be regulated; no field holds that.
_READERS: dict[str, tuple[str, Callable[[Section], Any]]] = {
    "Tên thủ tục": ("name", lambda section: one_line(section.text)),
    "Cấp thực hiện": ("levels", lambda section: cells.levels(section.text)),
    "Lĩnh vực": ("field", lambda section: one_line(section.text)),
    "Trình tự thực hiện": ("steps", _steps),
    "Cách thức thực hiện": ("methods", _methods),
    "Thành phần hồ sơ": ("dossier", _dossier),
    "Đối tượng thực hiện": ("subjects", lambda section: cells.listed(section.text)),
    "Địa chỉ tiếp nhận HS": ("receiving_address", lambda section: section.text),
    "Kết quả thực hiện": ("results", lambda section: cells.listed(section.text)),
    "Căn cứ pháp lý": ("legal_bases", _legal_bases),
    "Yêu cầu, điều kiện thực hiện": ("conditions", lambda section: section.text),
    "Từ khóa": ("keywords", _keywords),
}
