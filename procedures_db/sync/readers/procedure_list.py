"""Read a list of procedures: the national list, a province's annex, any table with known columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from procedures_db.sync import column_mapping
from procedures_db.sync.column_mapping import VOCABULARY, Lookup
from procedures_db.sync.file_errors import MappingNeeded
from procedures_db.sync.official_text import one_line
from procedures_db.sync.readers import cells
from procedures_db.sync.readers.fees import fees_in_words, only_words
from procedures_db.sync.readers.grid import Grid
from procedures_db.sync.readers.reasons import checked, reason
from procedures_db.sync.readers.table import Row, Table, find_table, is_blank, likely_headings
from procedures_db.sync.readers.table_values import values_of
from procedures_db.sync.reading import Note, Place, ReadRecord, Refused

Item = ReadRecord | Refused | Note
Chosen = Mapping[str, str] | Lookup | None

_GROUP_NUMBER = re.compile(r"(?:[IVXLC]+|[A-Z]|\d+(?:\.\d+)*)\s*[.):\-/]*", re.IGNORECASE)
_FIELD_GROUP = re.compile(r"^(?:[IVXLC\dA-Z.]+\s*[.):\-]*\s*)?lĩnh vực:?\s+(.+)$", re.IGNORECASE)
_SUSPECT_SHARE = 0.5
DETAILS = {"methods", "dossier", "steps"}


def read_lists(
    grids: Sequence[Grid], file: str, *, as_of: date | None, mapping: Chosen = None
) -> Iterator[Item]:
    """Yield the procedures of all sheets whose headings are known, a note for each other one.

    Raises MappingNeeded if no sheet has known headings, BadMapping.
    """
    unknown: list[MappingNeeded] = []
    for grid in grids:
        try:
            yield from read_list(grid, file, as_of=as_of, mapping=mapping)
        except MappingNeeded as error:
            unknown.append(error)
            if len(unknown) == len(grids):
                raise max(unknown, key=lambda needed: len(set(needed.headers))) from None
            yield Note(Place(file, grid.sheet), "trang không có danh sách thủ tục, không đọc")


def read_list(
    grid: Grid, file: str, *, as_of: date | None, mapping: Chosen = None
) -> Iterator[Item]:
    """Yield the procedures of one sheet. Raises MappingNeeded if no heading is known, BadMapping."""
    table = find_table(grid, lambda headings: choose(headings, mapping))
    if table is None:
        raise MappingNeeded(_unknown(grid), likely_headings(grid))
    place = Place(file, grid.sheet, table.header_row)
    if table.unused:
        yield Note(place, f"các cột không dùng: {', '.join(table.unused)}")
    if grid.encoding:
        yield Note(Place(file, grid.sheet), f"chữ viết theo {grid.encoding}, đã đổi sang Unicode")
    if swapped := _swapped(table):
        yield Refused(place, "", swapped)
        return
    yield from _records(table, file, as_of)


def choose(headings: Sequence[str], mapping: Chosen) -> dict[int, str] | None:
    """Column → field: as given or saved for these headings, else by the headings themselves."""
    known = mapping(headings) if callable(mapping) else mapping
    if known:
        return column_mapping.match_given(column_mapping.given(known), headings)
    return None if isinstance(mapping, Mapping) and mapping else VOCABULARY.match(headings)


def _unknown(grid: Grid) -> str:
    sheet = f"trang “{grid.sheet}”: " if grid.sheet else ""
    return f"{sheet}không tìm thấy dòng tiêu đề có cột mã thủ tục: cần chỉ ra cột nào chứa gì"


def _swapped(table: Table) -> str:
    """Say so if the code column mostly holds no codes: taking single rows of it would be luck."""
    rows = [row for row in table.rows() if not is_blank(row["code"]) and not _group_text(row)]
    good = sum(cells.is_code(row["code"]) for row in rows)
    if not rows or good >= len(rows) * _SUSPECT_SHARE:
        return ""
    heading = {field: table.headings[column] for column, field in table.columns.items()}
    for column, title in enumerate(table.headings):
        holds = sum(
            column < len(r.everything) and cells.is_code(r.everything[column]) for r in rows
        )
        if holds > good and holds >= len(rows) * _SUSPECT_SHARE:
            return f"cột “{heading['code']}” không chứa mã thủ tục, cột “{title}” lại chứa mã: có thể đã đổi chỗ"
    if len(rows) < 3:
        return ""  # too few to judge the column: each row says what is wrong with it
    return f"cột “{heading['code']}” không chứa mã thủ tục ({len(rows) - good}/{len(rows)} dòng)"


def _records(table: Table, file: str, as_of: date | None) -> Iterator[Item]:
    group: dict[str, object] = {}
    in_words = []
    for row in table.rows():
        place = Place(file, table.grid.sheet, row.number)
        if heading := _group_text(row):
            group = _group(heading, group)
            if not group.get("known"):
                yield Note(place, f"dòng không phải thủ tục, bỏ qua: {heading[:100]}")
            continue
        item = _record(row, table, place, group, as_of)
        if isinstance(item, ReadRecord) and only_words(row["fee"]):
            in_words.append(row.number)
        yield item
    if in_words:
        yield Note(Place(file, table.grid.sheet), fees_in_words(in_words))


def _record(
    row: Row, table: Table, place: Place, group: dict[str, object], as_of: date | None
) -> Item:
    code = ""
    try:
        code = cells.code(row["code"])
        if row.number in table.grid.garbled:
            raise ValueError("chữ trong dòng lẫn hai bảng mã (Unicode và TCVN3/VNI)")
        _refuse_torn(row, table)
        if "name" in table.fields and is_blank(row["name"]):
            raise ValueError("thiếu tên thủ tục")
        values, parts = values_of(row)
        for name in ("field", "levels"):
            if group.get(name) and name not in table.fields:
                values[name] = group[name]
        if as_of:  # what citizens read under that day is its details: a bare list makes none newer
            (values if DETAILS & values.keys() else parts)["as_of"] = as_of
        return checked(code, values, place, parts)
    except ValueError as error:
        return Refused(place, code, reason(error))


def _refuse_torn(row: Row, table: Table) -> None:
    """A delimiter inside a text without quotation marks tears a CSV row into too many cells, and
    each value behind it stands under the wrong heading."""
    width = len(table.headings)
    if not table.grid.sheet and not all(map(is_blank, row.everything[width:])):
        raise ValueError(
            f"dòng có {len(row.everything)} ô mà tiêu đề có {width}: chữ chứa dấu phân cách phải đặt trong dấu nháy kép"
        )


def _group_text(row: Row) -> str:
    """The text of a row that only titles a group ("I. Lĩnh vực Hộ tịch"), or nothing.

    Such a row has one text besides a number or letter; a row with a code is never one, and neither
    is a numbered row with a name: that is a procedure whose code is missing.
    """
    texts = [one_line(cell) for cell in row.everything if isinstance(cell, str) and cell.strip()]
    numbers = [cell for cell in row.everything if isinstance(cell, (int, float))]
    if numbers or any(map(cells.is_code, row.everything)):
        return ""
    titles = [text for text in texts if not _GROUP_NUMBER.fullmatch(text)]
    arabic = [text for text in texts if text.rstrip(".").isdigit()]
    if len(set(titles)) != 1 or (arabic and not _FIELD_GROUP.match(titles[0])):
        return ""
    return titles[0]


def _group(heading: str, before: dict[str, object]) -> dict[str, object]:
    """What a group row says of the procedures below it: their field, or their level."""
    if match := _FIELD_GROUP.match(heading):
        return {**before, "known": True, "field": match.group(1).strip(" .:")}
    if levels := cells.levels_in_title(heading):
        return {"known": True, "levels": levels}
    return {**before, "known": False}
