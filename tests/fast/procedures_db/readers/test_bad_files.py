"""Files that cannot be trusted as a whole: refused by name, in Vietnamese, and nothing of them taken."""

import lzma
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures_db.sync import readers
from procedures_db.sync.file_limits import Limits
from procedures_db.sync.readers import (
    BrokenFile,
    Encrypted,
    TooLarge,
    UnknownFormat,
    UnreadableFile,
)
from tests.fast.procedures_db.readers.files import (
    BEE,
    HEADINGS,
    changed,
    csv,
    form,
    packed,
    unpacked,
    workbook,
)

LIST = workbook(HEADINGS, BEE)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)

UNKNOWN = {
    "a program named .xlsx": (b"MZ\x90\x00\x03" + bytes(200), "chương trình"),
    "a program of Linux": (b"\x7fELF\x02\x01" + bytes(200), "chương trình"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "tệp lệnh"),
    "a PDF": (b"%PDF-1.7\n" + bytes(50), "PDF"),
    "an RTF named .doc": (b"{\\rtf1\\ansi Chi ti\\'ea't}", "RTF"),
    "a RAR": (b"Rar!\x1a\x07\x00" + bytes(50), ".zip"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c" + bytes(50), ".zip"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "ảnh"),
    "a web page named .xls": ("<html><table><tr><td>Mã số</td></tr></table></html>", "HTML"),
    "XML": ("\ufeff<?xml version='1.0'?><Workbook/>", "HTML hoặc XML"),
    "a web page in UTF-16": ("<html></html>".encode("utf-16"), "HTML"),
    "an old Excel file": (OLE + "Workbook\0".encode("utf-16-le"), ".xls"),
    "an old PowerPoint file": (OLE + "PowerPoint Document".encode("utf-16-le"), "không phải Word"),
    "slides": (
        packed({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}),
        "Office",
    ),
    "a LibreOffice sheet": (packed({"mimetype": "application/vnd.oasis"}), "OpenDocument"),
    "random bytes": (bytes(range(256)) * 20, "không nhận ra"),
}


@pytest.mark.parametrize(("content", "says"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_another_kind_of_file_is_refused_whatever_its_name(read, content, says):
    for name in ("tep.xlsx", "ChiTietTTHC_1.000001.doc", "du-lieu.jsonl", "bang.csv", "nhieu.zip"):
        with pytest.raises(UnknownFormat, match=says):
            read(content, name)


@pytest.mark.parametrize("name", ["tep.exe", "tep", "tep.doc", "tep.csv", "tep.zip", "../tep.json"])
def test_a_good_file_is_read_whatever_its_name(read, name, tmp_path):
    name = name.rpartition("/")[2]
    assert [r.code for r in read(LIST, name).records] == ["1.000001"]
    assert [r.code for r in read(form(), name).records] == ["1.000001"]
    assert [r.code for r in read(csv(HEADINGS, BEE), name).records] == ["1.000001"]
    assert [r.code for r in read(packed({"a": LIST}), name).records] == ["1.000001"]


def encrypted_flag(content: bytes) -> bytes:
    """Set the "encrypted" bit of every member, as zip programs do with a password."""
    out = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(signature)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(signature, at + 4)
    return bytes(out)


@pytest.mark.parametrize(
    "content",
    [encrypted_flag(packed({"a.xlsx": LIST})), OLE + "EncryptedPackage".encode("utf-16-le")],
    ids=["zip", "office"],
)
def test_a_password_is_named_as_the_reason(read, content):
    with pytest.raises(Encrypted, match="mật khẩu"):
        read(content)


def damaged(content: bytes) -> bytes:
    """Change bytes in the middle of the packed data."""
    middle = len(content) // 2
    return (
        content[:middle]
        + bytes(b ^ 0x5A for b in content[middle : middle + 40])
        + content[middle + 40 :]
    )


BROKEN = {
    "nothing": b"",
    "half a workbook": LIST[: len(LIST) // 2],
    "a workbook without its end": LIST[:-30],
    "a damaged workbook": damaged(LIST),
    "half a form": form()[: len(form()) // 2],
    "a damaged form": damaged(form()),
    "half a zip": packed({"a.xlsx": LIST, "b.doc": form()})[:6000],
    "a workbook with a hole": LIST[:100] + LIST[300:],
    "headings without a row": csv(HEADINGS),
    "nothing but blank lines": "\n\n  \n",
    "an empty zip": packed({}),
    "a zip of nothing but folders": packed({"thu-muc/": "", "__MACOSX/._a.xlsx": "x"}),
    "a workbook whose sheet is no XML": changed(LIST, "xl/worksheets/sheet1.xml", lambda x: x[:-50]),
    "a workbook without its sheet": packed(
        {k: v for k, v in unpacked(LIST).items() if "sheet1" not in k}
    ),
    "a form whose body is no XML": changed(form(), "word/document.xml", lambda x: x[:-50]),
    "an empty workbook": workbook(),
    "a CSV cut within quotes": csv(HEADINGS, BEE)[:-20],
    "UTF-16 cut within a letter": csv(HEADINGS, BEE).encode("utf-16")[:-1],
    "half an xz": lzma.compress(b'{"code": "1.000001"}' * 999)[:-9],
    "another Word document": form(Mã_thủ_tục=None),
    "a form without the name": form(Tên_thủ_tục=None),
}  # fmt: skip


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_refused_in_words(read, content):
    with pytest.raises(BrokenFile) as error:
        read(content)
    assert len(str(error.value)) >= 8 and str(error.value).isprintable()


def test_two_forms_in_one_document_are_refused_not_mixed(read):
    double = form(Mô_tả=["x"], **{"Mã thủ tục ": "1.000002"})
    with pytest.raises(BrokenFile, match="nhiều thủ tục"):
        read(double)


# Bombs and floods


@pytest.fixture
def one_megabyte(monkeypatch):
    monkeypatch.setenv("MOTCUA_MAX_IMPORT_MB", "1")


def test_a_file_over_the_limit_is_refused_before_it_is_read(read, one_megabyte):
    with pytest.raises(TooLarge, match="giới hạn là 1 MB"):
        read(b"x" * (1024 * 1024 + 1))


def test_a_file_of_a_hundred_megabytes_is_refused_by_default(tmp_path):
    path = tmp_path / "lon.csv"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)  # takes no room on disk
    with pytest.raises(TooLarge, match="100 MB, giới hạn là 64 MB"):
        readers.read_file(path)


def test_a_zip_bomb_is_refused_by_its_ratio(read):
    with pytest.raises(TooLarge, match="bom nén"):
        read(packed({"a.csv": b"0" * 5_000_000}))


def test_a_workbook_bomb_is_refused_by_its_ratio(read):
    with pytest.raises(TooLarge, match="bom nén"):
        read(changed(LIST, "xl/worksheets/sheet1.xml", lambda x: x + b" " * 5_000_000))


def test_a_zip_that_unpacks_to_too_much_is_refused(read, one_megabyte):
    parts = {f"{n}.csv": bytes(range(256)) * 3900 for n in range(9)}
    with pytest.raises(TooLarge, match="lớn hơn 8 MB"):
        read(packed(parts))


def test_an_xz_bomb_is_refused_while_it_is_unpacked(read, one_megabyte):
    with pytest.raises(TooLarge, match="lớn hơn 8 MB"):
        read(lzma.compress((b" " * 1023 + b"\n") * 9000, preset=0))


def test_an_xz_that_wants_too_much_memory_is_refused(read):
    content = bytearray(lzma.compress(b"{}"))
    content[16] = 40  # the size of the dictionary, 4 GB, in the block header at byte 12
    content[20:24] = zlib.crc32(content[12:20]).to_bytes(4, "little")
    with pytest.raises(TooLarge, match="256 MB"):
        read(bytes(content))


def test_too_many_members_are_refused(read):
    with pytest.raises(TooLarge, match="10001 tệp"):
        read(packed({str(n): b"" for n in range(10_001)}, zipfile.ZIP_STORED))


def test_a_line_without_end_is_refused(read):
    with pytest.raises(TooLarge, match="dòng 2"):
        read('{"code": "1.000001"}\n{"code": "' + "x" * 17_000_000)


def test_a_cell_at_the_far_end_of_a_sheet_is_refused_quickly(read):
    far = workbook(
        HEADINGS, BEE, change=lambda book: book.worksheets[0].cell(1_048_576, 16_384, "x")
    )
    with pytest.raises(TooLarge, match="16384 cột"):
        read(far)


def test_a_directory_that_lies_about_sizes_is_found_out(read):
    """The size in the directory is made small: what comes out does not fit its checksum."""
    content = bytearray(packed({"a.csv": csv(HEADINGS, *[BEE] * 50)}))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    reading = read(bytes(content))
    assert reading.records == [] and "hỏng" in reading.refused[0].reason


# Entities

DTD = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def with_dtd(content: bytes, part: str, dtd: bytes) -> bytes:
    def put(xml: bytes) -> bytes:
        head, mark, rest = xml.rpartition(b"?>")
        return head + mark + dtd + rest

    return changed(content, part, put)


@pytest.mark.parametrize("dtd", [DTD, LAUGHS], ids=["external", "laughs"])
@pytest.mark.parametrize(
    ("content", "part"),
    [
        (LIST, "xl/worksheets/sheet1.xml"),
        (LIST, "xl/workbook.xml"),
        (LIST, "[Content_Types].xml"),
        (LIST, "xl/_rels/workbook.xml.rels"),
        (form(), "word/document.xml"),
        (form(), "docProps/core.xml"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_office_file_with_entities_is_refused_before_it_is_parsed(read, content, part, dtd):
    with pytest.raises(BrokenFile, match="DTD"):
        read(with_dtd(content, part, dtd))


def test_a_dtd_in_utf16_is_found_too(read):
    part = "word/document.xml"
    body = unpacked(form())[part].decode().rpartition("?>")[2]
    xml = f'<?xml version="1.0" encoding="UTF-16"?>{DTD.decode()}{body}'.encode("utf-16")
    with pytest.raises(BrokenFile, match="DTD"):
        read(changed(form(), part, lambda _: xml))


def test_an_external_relationship_is_never_fetched(read):
    """A picture or template from outside: the reader opens no address (a refused port would raise)."""
    link = (
        b'<Relationship Id="rX" TargetMode="External" Target="http://127.0.0.1:9/x.png" Type="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    content = changed(
        form(), "word/_rels/document.xml.rels", lambda x: x.replace(b"</Relationships>", link)
    )
    assert [r.code for r in read(content).records] == ["1.000001"]


def test_the_limits_come_from_the_setting(monkeypatch):
    monkeypatch.setenv("MOTCUA_MAX_IMPORT_MB", "3")
    assert Limits.of_settings() == Limits(on_disk=3 * 1024**2, unpacked=24 * 1024**2)


SEEDS = (LIST, form(), csv(HEADINGS, BEE).encode(), packed({"a.xlsx": LIST, "b.doc": form()}))


@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=9)),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=60)
def test_no_damage_ends_in_another_error(read, seed, cuts):
    """Bytes lost, changed or added anywhere: refused by a name of ours, or read."""
    content = bytearray(seed)
    for place, lost, added in cuts:
        at = int(place * len(content))
        content[at : at + lost] = added
    with suppress(UnreadableFile):
        read(bytes(content))


@given(
    part=st.sampled_from(["word/document.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"]),
    place=st.floats(0, 1),
    lost=st.integers(0, 200),
    added=st.text("<>/&;=\"' wrtcp1Đ", max_size=9),
)
@settings(max_examples=60)
def test_no_damage_inside_an_office_file_ends_in_another_error(read, part, place, lost, added):
    def damage(xml: bytes) -> bytes:
        at = int(place * len(xml))
        return xml[:at] + added.encode() + xml[at + lost :]

    with suppress(UnreadableFile):
        read(changed(form() if part.startswith("word") else LIST, part, damage))
