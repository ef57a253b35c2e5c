"""Read the workbook of a commune's one-stop centre: a list, and sheets with its details.

Layout as communes exchange it: TTHC2-CAPXA, Cách thức thực hiện, Trình tự thực hiện, TPHS, KQTH,
CCPL. The detail sheets name the procedure by its code, one row a paper, step, way to submit …
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from procedures_db.record import Document, DossierCase, LegalBasis, Method, Step
from procedures_db.sync.column_mapping import Vocabulary
from procedures_db.sync.file_errors import BrokenFile
from procedures_db.sync.official_text import case_name, is_note, one_line, paper_name, stated
from procedures_db.sync.readers import cells
from procedures_db.sync.readers.fees import fees_in_words, only_words, read_fees
from procedures_db.sync.readers.grid import Grid
from procedures_db.sync.readers.procedure_list import DETAILS, Chosen, Item, read_lists
from procedures_db.sync.readers.reasons import checked, reason
from procedures_db.sync.readers.table import Row, Table, find_table, is_blank
from procedures_db.sync.reading import Note, Place, ReadRecord, Refused
from procedures_db.text.folding import fold

_CODE = ("Mã TTHC", "Mã thủ tục", "Mã thủ tục hành chính", "Mã số TTHC", "Mã số")
_LIST = "tthc2"  # TTHC2-CAPXA
_FLAGS = ("", "x", "co", "khong", "0", "1")  # says that there is a form, not which
_PLAIN_CODE = "ma"  # may be the paper's own code: taken if the column holds codes of procedures


@dataclass(frozen=True)
class Detail:
    """A detail sheet: the record's field that it fills, its headings, and how its rows are read."""

    field: str
    vocabulary: Vocabulary
    read: Callable[[Sequence[Row]], tuple[Any, ...]]


def is_commune_workbook(grids: Sequence[Grid]) -> bool:
    """Two of the detail sheets by name beside at least one other, or one beside the list's own."""
    details = [grid for grid in grids if _detail(grid)]
    named = any(fold(grid.sheet).startswith(_LIST) for grid in grids)
    return (1 if named else 2) <= len(details) < len(grids)


def read_commune_workbook(
    grids: Sequence[Grid], file: str, *, as_of: date | None, mapping: Chosen = None
) -> Iterator[Item]:
    """Yield the procedures of the list, each with its details. Raises MappingNeeded, BadMapping, or BrokenFile for
    a detail sheet without headings.

    A bad row of a detail sheet refuses its procedure: a dossier that lacks a paper is worse than none.
    """
    lists = [grid for grid in grids if not _detail(grid)]
    items = list(read_lists(lists, file, as_of=as_of, mapping=mapping))
    known = {item.code for item in items if not isinstance(item, Note)}
    details: dict[str, dict[str, Any]] = {}
    broken: dict[str, Refused] = {}
    for grid in grids:
        if detail := _detail(grid):
            yield from _read_detail(grid, detail, file, known, details, broken)
    for item in items:
        if isinstance(item, ReadRecord) and item.code in broken:
            yield broken[item.code]
        elif isinstance(item, ReadRecord):
            yield _with_details(item, details.get(item.code, {}))
        else:
            yield item


def _with_details(item: ReadRecord, details: dict[str, Any]) -> ReadRecord:
    parts = dict(item.parts)
    if "as_of" in parts and DETAILS & details.keys():
        details = {**details, "as_of": parts.pop("as_of")}
    return replace(item, values={**item.values, **details}, parts=parts)


def _detail(grid: Grid) -> Detail | None:
    return _DETAILS.get(fold(grid.sheet))


def _read_detail(
    grid: Grid,
    detail: Detail,
    file: str,
    known: set[str],
    details: dict[str, dict[str, Any]],
    broken: dict[str, Refused],
) -> Iterator[Item]:
    """Put what the sheet says into ``details``, and what is wrong with it into ``broken``."""
    table = find_table(grid, lambda headings: _columns(grid, detail, headings))
    if table is None:
        raise BrokenFile(f"trang “{grid.sheet}”: không tìm thấy dòng tiêu đề có cột mã thủ tục")
    rows, wrong = _by_code(table, file)
    for refusal in wrong:
        if refusal.code in known:
            broken.setdefault(refusal.code, refusal)
        else:
            yield refusal
    for code, group in rows.items():
        place = Place(file, grid.sheet, group[0].number)
        if code not in known:
            yield Refused(place, code, f"mã {code} không có trong trang danh sách")
            continue
        try:
            values = checked(code, {detail.field: detail.read(group)}, place).values
        except ValueError as error:
            row = getattr(error, "row", place.row)
            broken.setdefault(code, Refused(replace(place, row=row), code, reason(error)))
        else:
            details.setdefault(code, {}).update(values)
    in_words = [row.number for group in rows.values() for row in group if _fee_in_words(row)]
    if in_words:
        yield Note(Place(file, grid.sheet), fees_in_words(in_words))


def _fee_in_words(row: Row) -> bool:
    try:
        return only_words(row["fee"])
    except ValueError:  # refused already
        return False


def _columns(grid: Grid, detail: Detail, headings: Sequence[str]) -> dict[int, str]:
    columns = detail.vocabulary.match(headings)
    if "code" not in columns.values():
        for column, heading in enumerate(headings):
            values = (row[column] for row in grid.rows if column < len(row))
            if fold(heading) == _PLAIN_CODE and any(cells.is_code(value) for value in values):
                return {**columns, column: "code"}
    return columns


def _by_code(table: Table, file: str) -> tuple[dict[str, list[Row]], list[Refused]]:
    """Group the rows by procedure. A row without a code spoils the procedure above it: it may
    belong to that one."""
    groups: dict[str, list[Row]] = {}
    wrong = []
    above = ""
    for row in table.rows():
        place = Place(file, table.grid.sheet, row.number)
        try:
            above = cells.code(row["code"])
            groups.setdefault(above, []).append(row)
        except ValueError as error:
            wrong.append(Refused(place, above, reason(error)))
    return groups, wrong


def _each(rows: Sequence[Row], read: Callable[[Row], Any]) -> list[Any]:
    """Read row by row; an error says which row."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except ValueError as error:
            error.row = row.number  # type: ignore[attr-defined]
            raise
    return [value for value in found if value is not None]


def _methods(rows: Sequence[Row]) -> tuple[Method, ...]:
    return tuple(method for several in _each(rows, _method) for method in several)


def _method(row: Row) -> list[Method]:
    named = cells.methods(row["method"])
    if not named:
        raise ValueError("thiếu hình thức nộp")
    limit, words = cells.period(row["time_limit"])
    note = "\n".join(filter(None, [words, stated(cells.text(row["note"]))]))
    fees = read_fees(row["fee"])
    return [Method(method=method, time_limit=limit, note=note, fees=fees) for method in named]


def _steps(rows: Sequence[Row]) -> tuple[Step, ...]:
    return tuple(_each(rows, _step))


def _step(row: Row) -> Step | None:
    step = Step(name=one_line(cells.text(row["name"])), text=cells.text(row["text"]))
    return step if step.name or step.text else None


def _dossier(rows: Sequence[Row]) -> tuple[DossierCase, ...]:
    """Papers by case, in the order in which the cases first come."""
    cases: dict[str, list[Document]] = {}
    for name, paper in _each(rows, lambda row: (case_name(cells.text(row["case"])), _paper(row))):
        cases.setdefault(name, []).append(paper)
    return tuple(DossierCase(name=name, documents=tuple(papers)) for name, papers in cases.items())


def _paper(row: Row) -> Document:
    if is_blank(row["paper"]):
        raise ValueError("thiếu tên giấy tờ")
    name = paper_name(cells.text(row["paper"]))
    originals, copies = cells.count(row["originals"]), cells.count(row["copies"])
    forms = tuple(name for name in cells.names(row["form"]) if fold(name) not in _FLAGS)
    explains = not (originals or copies or forms) and is_note(name)
    return Document(name=name, originals=originals, copies=copies, forms=forms, is_note=explains)


def _results(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each(rows, lambda row: one_line(cells.text(row["name"])) or None)))


def _legal_bases(rows: Sequence[Row]) -> tuple[LegalBasis, ...]:
    return tuple(_each(rows, _legal_basis))


def _legal_basis(row: Row) -> LegalBasis | None:
    number, title = one_line(cells.text(row["number"])), one_line(cells.text(row["title"]))
    if not (number or title):
        return None
    issuer = one_line(cells.text(row["issuer"]))
    return LegalBasis(
        number=number, title=title, issued_on=cells.day(row["issued_on"]), issuer=issuer
    )


_METHOD_SHEET = Detail("methods", Vocabulary.of({
    "code": _CODE, "method": ("Hình thức nộp", "Hình thức", "Cách thức thực hiện", "Cách thức"),
    "time_limit": ("Thời hạn giải quyết", "Thời hạn", "Thời gian giải quyết"),
    "fee": ("Phí, lệ phí", "Phí", "Lệ phí"), "note": ("Mô tả", "Ghi chú"),
}), _methods)  # fmt: skip
_STEP_SHEET = Detail("steps", Vocabulary.of({
    "code": _CODE, "name": ("Tên bước", "Bước", "Tên trình tự", "Tên bước thực hiện"),
    "text": ("Nội dung", "Mô tả", "Trình tự thực hiện", "Nội dung thực hiện", "Trình tự"),
}), _steps)  # fmt: skip
_PAPER_SHEET = Detail("dossier", Vocabulary.of({
    "code": _CODE, "case": ("Trường hợp", "Tên trường hợp"),
    "paper": ("Tên giấy tờ", "Thành phần hồ sơ", "Tên thành phần hồ sơ", "Giấy tờ", "Tên TPHS"),
    "originals": ("Bản chính", "Số bản chính", "Số lượng bản chính"),
    "copies": ("Bản sao", "Số bản sao", "Số lượng bản sao"),
    "form": ("BM điện tử", "Biểu mẫu điện tử", "Biểu mẫu", "Mẫu đơn, tờ khai"),
}), _dossier)  # fmt: skip
_RESULT_SHEET = Detail("results", Vocabulary.of({
    "code": _CODE, "name": ("Kết quả thực hiện", "Tên kết quả", "Kết quả", "Tên KQTH"),
}), _results)  # fmt: skip
_LEGAL_SHEET = Detail("legal_bases", Vocabulary.of({
    "code": _CODE, "number": ("Số ký hiệu", "Số hiệu", "Số, ký hiệu", "Ký hiệu"),
    "title": ("Trích yếu", "Tên văn bản", "Căn cứ pháp lý"),
    "issued_on": ("Ngày ban hành", "Ngày"), "issuer": ("Cơ quan ban hành",),
}), _legal_bases)  # fmt: skip
_DETAILS = {
    "cach thuc thuc hien": _METHOD_SHEET, "trinh tu thuc hien": _STEP_SHEET, "tphs": _PAPER_SHEET,
    "thanh phan ho so": _PAPER_SHEET, "kqth": _RESULT_SHEET, "ket qua thuc hien": _RESULT_SHEET,
    "ccpl": _LEGAL_SHEET, "can cu phap ly": _LEGAL_SHEET,
}  # fmt: skip
