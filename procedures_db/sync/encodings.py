"""Vietnamese text in its encodings: UTF-8, UTF-16, windows-1258, TCVN3 (ABC) and VNI.

The last two are fonts more than encodings: their texts also stand, as Latin letters, inside files
that are formally Unicode ("Thñ tôc hµnh chÝnh" in an Excel cell set in .VnTime).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from procedures_db.sync.file_errors import BrokenFile

# TCVN 5712:1993 VN3: lower-case letters; capitals with tones have no codes (fonts ".VnTimeH").
_TCVN3 = dict(zip(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
    strict=True,
))  # fmt: skip
_TCVN3_TABLE = str.maketrans(_TCVN3)

# VNI-Windows: a base letter, then a letter that stands for its marks.
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}


def _vni_pairs() -> dict[str, str]:
    pairs = {base + mark: base + tone for base in "aeouy" for mark, tone in _TONES.items()}
    pairs |= {
        base + mark: _VNI_SINGLE[base] + tone for base in "ôö" for mark, tone in _TONES.items()
    }
    pairs |= {b + mark: b + "\u0302" + tone for b in "aeo" for mark, tone in _CIRCUMFLEX.items()}
    pairs |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()}
    return {key: unicodedata.normalize("NFC", value) for key, value in pairs.items()} | _VNI_SINGLE


_VNI = _vni_pairs()
_VNI_UNIT = re.compile("|".join(sorted(_VNI, key=len, reverse=True)), re.IGNORECASE)


def from_tcvn3(text: str) -> str:
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    def unit(match: re.Match[str]) -> str:
        letter = _VNI[match.group().lower()]
        return letter.upper() if match.group()[0].isupper() else letter

    return _VNI_UNIT.sub(unit, text)


LEGACY = {"TCVN3 (ABC)": from_tcvn3, "VNI": from_vni}

# Words of every official table, each with a letter that a wrong decoding destroys.
_OFFICIAL = (
    "thủ tục chính cấp xã tỉnh bộ số mã lĩnh vực cơ thực hiện hồ sơ giấy tờ người được không của "
    "việc ủy quyết định bố trình tự kết quả thời hạn giải phí lệ đồng đăng ký đất đai chứng nhận "
    "phép đổi lại quản bảo hiểm hộ tịch nước xây dựng điều kiện yêu cầu căn cứ pháp trực tiếp tuyến "
    "đối tượng trường hợp nghị thông tư luật ngày"
)
_KNOWN = frozenset(_OFFICIAL.split())
_WORD = re.compile(r"[^\W\d_]+")
_PROVES_UNICODE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LEGACY_LETTER = re.compile("[\u00a1-\u00ff\u00ad]")
_GARBLED = re.compile(r"[a-z][µ¸¶·¹¨©®ª«¬»¾¼½]|[µ¸¶·¹»¾¼½][a-z]", re.IGNORECASE)


def known_words(text: str) -> int:
    """How many words of the text are common official words, spelled with their diacritics."""
    composed = unicodedata.normalize("NFC", text[:200_000]).lower()
    return sum(word in _KNOWN for word in _WORD.findall(composed))


@dataclass(frozen=True)
class Decoded:
    """Text and the name of the encoding it was in."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded:
    """Decode a text file. Raises BrokenFile if no encoding makes Vietnamese of it."""
    if marked := _by_mark(content):
        return marked
    try:
        return Decoded(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return _by_words(content)


def _by_mark(content: bytes) -> Decoded | None:
    """By the byte order mark, or by the NULs that UTF-16 puts at every second place."""
    half = len(content) // 2
    try:
        if content.startswith(b"\xef\xbb\xbf"):
            return Decoded(content.decode("utf-8-sig"), "UTF-8")
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return Decoded(content.decode("utf-16"), "UTF-16")
        if content[1::2].count(0) > half // 4:
            return Decoded(content.decode("utf-16-le"), "UTF-16")
        if content[0::2].count(0) > half // 4:
            return Decoded(content.decode("utf-16-be"), "UTF-16")
    except UnicodeDecodeError as error:
        raise BrokenFile("văn bản bị hỏng hoặc bị cắt cụt: sai mã UTF") from error
    return None


def _by_words(content: bytes) -> Decoded:
    latin = content.decode("latin-1")
    attempts = {name: convert(latin) for name, convert in LEGACY.items()}
    with suppress(UnicodeDecodeError):  # some bytes mean nothing in it: then it is not this one
        attempts["windows-1258"] = content.decode("cp1258")
    scores = {name: known_words(text) for name, text in attempts.items()}
    best = max(scores, key=scores.__getitem__)
    if not scores[best]:
        raise BrokenFile("không nhận ra bảng mã chữ: hãy lưu lại tệp với mã UTF-8")
    return Decoded(unicodedata.normalize("NFC", attempts[best]), best)


def legacy_encoding(texts: Sequence[str]) -> str | None:
    """Name the old encoding that texts read as Unicode are really in; None if they are Unicode."""
    suspect = "\n".join(t for t in texts if _LEGACY_LETTER.search(t) and not is_unicode(t))
    before = known_words(suspect)
    scores = {name: known_words(convert(suspect)) for name, convert in LEGACY.items()}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 2 * before and scores[best] else None


def is_unicode(text: str) -> bool:
    """Whether it has a Vietnamese letter that neither TCVN3 nor VNI texts can hold."""
    return bool(_PROVES_UNICODE.search(text))


def looks_garbled(text: str) -> bool:
    """Whether letters are mixed with the signs that TCVN3 uses as letters ("thñ tôc hµnh")."""
    return bool(_GARBLED.search(text))
