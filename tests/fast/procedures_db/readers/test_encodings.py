"""Old Vietnamese encodings, told apart by what words come out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures_db.sync import encodings
from procedures_db.sync.readers import BrokenFile
from tests.fast.procedures_db.readers.files import csv, workbook

# The same words as they stand in a file typed with .VnTime (TCVN3), with VNI-Times, and in Unicode.
WORDS = {
    "Thñ tôc hµnh chÝnh": ("Thuû tuïc haønh chính", "Thủ tục hành chính"),
    "§¨ng ký kÕt h«n": ("Ñaêng kyù keát hoân", "Đăng ký kết hôn"),
    "GiÊy chøng nhËn quyÒn sö dông ®Êt": (
        "Giaáy chöùng nhaän quyeàn söû duïng ñaát", "Giấy chứng nhận quyền sử dụng đất",
    ),
    "ñy ban nh©n d©n cÊp x·": ("uûy ban nhaân daân caáp xaõ", "ủy ban nhân dân cấp xã"),
    "Së T­ ph¸p, Bé T­ ph¸p": ("Sôû Tö phaùp, Boä Tö phaùp", "Sở Tư pháp, Bộ Tư pháp"),
    "NghØ h­u, lÞch, lÜnh vùc, kü thuËt": (
        "Nghæ höu, lòch, lónh vöïc, kyõ thuaät", "Nghỉ hưu, lịch, lĩnh vực, kỹ thuật",
    ),
    "¦u tiªn ng­êi cao tuæi, trÎ em": (
        "Öu tieân ngöôøi cao tuoåi, treû em", "Ưu tiên người cao tuổi, trẻ em",
    ),
    "®­êng bé, ®Þa giíi, thuû lîi": (
        "ñöôøng boä, ñòa giôùi, thuûy lôïi", "đường bộ, địa giới, thủy lợi",
    ),
}  # fmt: skip
HEADINGS = ("Mã TTHC", "Tên thủ tục", "Lĩnh vực")
ROW = ("1.000001", "Đăng ký quyền sử dụng đất", "Quản lý đất đai của cấp xã")


def tcvn3(text: str) -> str:
    return text.translate({ord(v): k for k, v in encodings._TCVN3.items()})


def vni(text: str) -> str:
    by_letter = {v: k for k, v in encodings._VNI.items()}
    both = {**{k.upper(): v.upper() for k, v in by_letter.items()}, **by_letter}
    return "".join(both.get(letter, letter) for letter in text)


@pytest.mark.parametrize("typed", WORDS, ids=lambda typed: WORDS[typed][1])
def test_real_words_of_tcvn3_and_vni(typed):
    in_vni, meant = WORDS[typed]
    meant = meant.replace("thủy", "thuỷ") if "thuû" in typed else meant
    assert encodings.from_tcvn3(typed) == meant
    assert encodings.from_vni(in_vni) == meant.replace("thuỷ", "thủy")


@given(
    st.text(
        "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ "
    )
)
def test_every_letter_comes_back_from_tcvn3(text):
    assert encodings.from_tcvn3(tcvn3(text)) == text


@pytest.mark.parametrize("letter", sorted(set(encodings._VNI.values())))
def test_every_letter_comes_back_from_vni(letter):
    assert encodings.from_vni(f"b{vni(letter)}c") == f"b{letter}c"
    assert encodings.from_vni(vni(letter.upper())) == letter.upper()


ENCODED = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 big-endian with a mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 big-endian without a mark": lambda text: text.encode("utf-16-be"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
}
OLD = {
    "windows-1258": lambda text: cp1258(text),
    "TCVN3 (ABC)": lambda text: tcvn3(text).encode("latin-1"),
    "VNI": lambda text: vni(text).encode("latin-1"),
}


def cp1258(text: str) -> bytes:
    """Windows writes base letters (some with marks) and tones apart; Python only knows the table."""
    out = []
    for letter in text:
        try:
            out.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            *base, tone = unicodedata.normalize("NFD", letter)
            out.append((unicodedata.normalize("NFC", "".join(base)) + tone).encode("cp1258"))
    return b"".join(out)


@pytest.mark.parametrize("encode", ENCODED.values(), ids=ENCODED.keys())
def test_a_csv_in_any_form_of_unicode_is_read(read, encode):
    reading = read(encode(csv(HEADINGS, ROW)), "bang.csv")
    (record,) = reading.records
    assert record.values == {"name": ROW[1], "field": ROW[2]}
    assert reading.notes == []


@pytest.mark.parametrize("encoding", OLD)
def test_a_csv_in_an_old_encoding_is_read_and_that_is_noted(read, encoding):
    reading = read(OLD[encoding](csv(HEADINGS, ROW)), "bang.csv")
    assert reading.records[0].values == {"name": ROW[1], "field": ROW[2]}
    assert [note.text for note in reading.notes] == [
        f"chữ viết theo {encoding}, đã đổi sang Unicode"
    ]


@pytest.mark.parametrize("typed", [tcvn3, vni])
def test_a_workbook_typed_in_an_old_font_is_read(read, typed):
    reading = read(workbook(tuple(map(typed, HEADINGS)), ("1.000001", *map(typed, ROW[1:]))))
    assert reading.records[0].values == {"name": ROW[1], "field": ROW[2]}
    assert len(reading.notes) == 1


def test_rows_in_unicode_among_rows_in_an_old_font_stay_as_they_are(read):
    rows = [("1.000001", *map(tcvn3, ROW[1:])), ("1.000002", "Bình Thành, xã Đồng Tâm", "Đất đai")]
    reading = read(workbook(HEADINGS, *rows))
    assert [r.values["name"] for r in reading.records] == [ROW[1], "Bình Thành, xã Đồng Tâm"]


def test_a_row_in_two_encodings_is_refused(read):
    rows = [("1.000001", *map(tcvn3, ROW[1:])), ("1.000002", "Đất đai", tcvn3("Quản lý nhà nước"))]
    reading = read(workbook(HEADINGS, *rows))
    assert [r.code for r in reading.records] == ["1.000001"]
    assert "hai bảng mã" in reading.refused[0].reason


def test_unicode_text_with_signs_of_old_fonts_is_left_alone(read):
    name = "Chứng nhận ISO® 9001 © của “Ong”, góc 90° ± 2, cà phê Hà Tĩnh"
    reading = read(workbook(HEADINGS, ("1.000001", name, "Đất đai")))
    assert reading.records[0].values["name"] == name and reading.notes == []


def test_bytes_that_make_no_vietnamese_are_refused(read):
    with pytest.raises(BrokenFile, match="UTF-8"):
        read(b"Ma,Ten\r\n1.000001,\xe4\xf6\xfc\xdf caf\xe9\r\n", "bang.csv")
