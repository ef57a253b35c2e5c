"""One entry for every file: find out what it is, read it, gather what was taken and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipInfo

from procedures_db.sync.detecting import FileKind, detect
from procedures_db.sync.file_errors import BrokenFile, UnknownFormat, UnreadableFile
from procedures_db.sync.file_limits import Limits
from procedures_db.sync.packed import created_on, open_zip, read_member
from procedures_db.sync.readers import cells
from procedures_db.sync.readers.commune_workbook import is_commune_workbook, read_commune_workbook
from procedures_db.sync.readers.csv_text import read_csv
from procedures_db.sync.readers.detail_form import read_detail_form
from procedures_db.sync.readers.legacy_doc import as_docx
from procedures_db.sync.readers.portal_lines import read_portal_file
from procedures_db.sync.readers.procedure_list import Chosen, Item, read_lists
from procedures_db.sync.readers.word_blocks import read_blocks
from procedures_db.sync.readers.workbook import read_workbook
from procedures_db.sync.reading import Note, Place, Reading, Refused
from procedures_db.text.folding import fold

_NATIONAL_LIST = "danh sach tthc"  # its only sheet; such a file is made on the day it is exported
_LISTS = (FileKind.WORKBOOK, FileKind.CSV)
_HIDDEN_SHEET = "trang đang ẩn, không đọc; cần nạp thì bỏ ẩn trong Excel rồi lưu lại"
_LEFTOVERS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini", "~$")


def read_file(path: Path, *, as_of: date | None = None, mapping: Chosen = None) -> Reading:
    """Read a file of any kind that is known; see docs/nap-du-lieu.md.

    as_of: the day the data is of; by default the day that the file itself states (portal JSON: when
    each procedure was last updated; portal exports: when they were made), else no record has one.
    mapping: for tables whose headings are not known: heading → field (``column_mapping.FIELDS``),
    or a look-up by headings such as ``column_mapping.saved(session)``.

    Raises UnreadableFile (BrokenFile, UnknownFormat, Encrypted, TooLarge, ConverterMissing,
    MappingNeeded, BadMapping), OSError. Then nothing of the file counts. In an archive a file that
    cannot be read is refused by itself.
    """
    return _gathered(read_items(path, as_of=as_of, mapping=mapping))


def read_items(path: Path, *, as_of: date | None = None, mapping: Chosen = None) -> Iterator[Item]:
    """As ``read_file``, item by item, for files too big to hold: an error may come after many items,
    and a code may come twice."""
    only_notes = True
    for item in _Reader(as_of, mapping, Limits.of_settings()).items(path, path.name):
        only_notes = only_notes and isinstance(item, Note)
        yield item
    if only_notes:
        raise BrokenFile("không có thủ tục nào trong tệp")


@dataclass(frozen=True)
class _Reader:
    as_of: date | None
    mapping: Chosen
    limits: Limits

    def items(self, path: Path, name: str) -> Iterator[Item]:
        """Yield what the file holds; ``name`` is how places call it."""
        self.limits.check_file(path)
        kind = detect(path, self.limits)
        if kind is FileKind.PORTAL_JSON:
            yield from read_portal_file(path, as_of=self.as_of, limits=self.limits, name=name)
        elif kind is FileKind.DETAIL_DOCX:
            yield from self._detail(path, name)
        elif kind is FileKind.LEGACY_DOC:
            with as_docx(path) as converted:
                yield from self._detail(converted, name)
        elif kind is FileKind.WORKBOOK:
            yield from self._workbook(path, name)
        elif kind is FileKind.CSV:
            yield from read_lists([read_csv(path)], name, as_of=self.as_of, mapping=self.mapping)
        else:
            yield from self._archive(path, name)

    def _detail(self, path: Path, name: str) -> Iterator[Item]:
        blocks, encoding = read_blocks(path, self.limits)
        place = Place(name)
        if encoding:
            yield Note(place, f"chữ viết theo {encoding}, đã đổi sang Unicode")
        yield read_detail_form(blocks, place, as_of=self.as_of or created_on(path, self.limits))

    def _workbook(self, path: Path, name: str) -> Iterator[Item]:
        everything = read_workbook(path, self.limits)
        grids = [grid for grid in everything if not grid.hidden]
        if not grids:
            raise BrokenFile("bảng tính không có dòng nào")
        for grid in everything:
            if grid.hidden:
                yield Note(Place(name, grid.sheet), _HIDDEN_SHEET)
            elif grid.hidden_rows:
                yield Note(Place(name, grid.sheet), _hidden_rows(grid.hidden_rows))
        if is_commune_workbook(grids):
            yield from read_commune_workbook(grids, name, as_of=self.as_of, mapping=self.mapping)
            return
        day = self.as_of
        if day is None and fold(grids[0].sheet) == _NATIONAL_LIST:
            day = created_on(path, self.limits)
        yield from read_lists(grids, name, as_of=day, mapping=self.mapping)

    def _archive(self, path: Path, name: str) -> Iterator[Item]:
        """Read member after member, each from a temporary file with a name of ours.

        Lists last: of two records of a code the first is taken, and a list knows the less.
        """
        with (
            TemporaryDirectory(prefix="motcua-zip-") as folder,
            open_zip(path, self.limits) as archive,
        ):
            members = [member for member in archive.infolist() if not _is_leftover(member)]
            if not members:
                raise BrokenFile("tệp nén không chứa tệp nào")
            lists: list[ZipInfo] = []
            inside = Path(folder) / "member"
            for member, lists_too in _with_lists_last(members, lists):
                shown = f"{name} › {_shown_name(member)}"
                try:
                    inside.write_bytes(read_member(archive, member, self.limits.on_disk))
                    if not lists_too and detect(inside, self.limits) in _LISTS:
                        lists.append(member)
                        continue
                    yield from self._member(inside, shown)
                except UnreadableFile as error:
                    yield Refused(Place(shown), "", str(error))

    def _member(self, path: Path, shown: str) -> Iterator[Item]:
        """All of a member or nothing: it is read to its end before anything is given on."""
        if detect(path, self.limits) is FileKind.ARCHIVE:
            raise UnknownFormat("tệp nén lồng trong tệp nén: hãy giải nén rồi nạp riêng")
        yield from list(self.items(path, shown))


def _hidden_rows(rows: Sequence[int]) -> str:
    return f"các dòng đang ẩn cũng được đọc: {cells.row_numbers(rows)}"


def _with_lists_last(
    members: Iterable[ZipInfo], lists: Iterable[ZipInfo]
) -> Iterator[tuple[ZipInfo, bool]]:
    """Each member, and then those that were put into ``lists`` meanwhile, marked as such."""
    yield from ((member, False) for member in members)
    yield from ((member, True) for member in lists)


def _is_leftover(member: ZipInfo) -> bool:
    """Folders, and what operating systems and Office leave behind."""
    last = member.filename.rpartition("/")[2]
    return member.is_dir() or any(
        member.filename.startswith(mark) or last.startswith(mark) for mark in _LEFTOVERS
    )


def _shown_name(member: ZipInfo) -> str:
    """Old zip programs write Vietnamese names in UTF-8 without saying so."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return member.filename


def _gathered(items: Iterable[Item]) -> Reading:
    """Sort the items, and refuse a second record of a code."""
    reading = Reading()
    first: dict[str, Place] = {}
    for item in items:
        if isinstance(item, Note):
            reading.notes.append(item)
        elif isinstance(item, Refused):
            reading.refused.append(item)
        elif item.code in first:
            where = _where(first[item.code], item.place)
            reading.refused.append(
                Refused(item.place, item.code, f"mã {item.code} đã có ở {where}")
            )
        else:
            first[item.code] = item.place
            reading.records.append(item)
    return reading


def _where(place: Place, seen_from: Place) -> str:
    parts = [
        f"tệp {place.file}" if place.file != seen_from.file else "",
        f"trang {place.sheet}" if place.sheet else "",
        f"dòng {place.row}" if place.row else "",
    ]
    return ", ".join(filter(None, parts)) or "chính tệp này"
