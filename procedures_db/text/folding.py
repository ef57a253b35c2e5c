"""Vietnamese text made comparable: normalised, stripped of diacritics, folded by sound."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Zero-width characters, joiners, BOM, direction marks: invisible on screen, different to a machine.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufe0f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_SURROGATES = re.compile("[\ud800-\udfff]")

# Old tone placement (hoà, thuỷ) → new (hòa, thủy), open syllables only; "quý" keeps its y.
_OLD_TONES = {
    **dict(zip(("oà", "oá", "oả", "oã", "oạ"), ("òa", "óa", "ỏa", "õa", "ọa"), strict=True)),
    **dict(zip(("oè", "oé", "oẻ", "oẽ", "oẹ"), ("òe", "óe", "ỏe", "õe", "ọe"), strict=True)),
    **dict(zip(("uỳ", "uý", "uỷ", "uỹ", "uỵ"), ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True)),
}
_OLD_TONE = re.compile(rf"(?<!q)({'|'.join(_OLD_TONES)})\b", re.IGNORECASE)


def normalize(text: str) -> str:
    """Return NFC text without invisible and control characters, new tone placement, single spaces.

    Letter case stays. Never raises: lone surrogates become spaces.
    """
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", _SURROGATES.sub(" ", text)))
    text = unicodedata.normalize("NFC", text.replace("\u00d0", "Đ").replace("\u00f0", "đ"))
    return " ".join(unicodedata.normalize("NFC", _OLD_TONE.sub(_new_tone, text)).split())


def _new_tone(match: re.Match[str]) -> str:
    old = match.group(1)
    pairs = zip(old, _OLD_TONES[old.lower()], strict=True)
    return "".join(new.upper() if was.isupper() else new for was, new in pairs)


def fold(text: str) -> str:
    """Return lower-case ASCII-like words: "Đăng ký lại" → "dang ky lai"; punctuation becomes a space."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("\u00f0", "d"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_NOT_WORD.sub(" ", bare).split())


def spoken_words(text: str) -> list[str]:
    """The words of ``fold`` as they were written: lower case, diacritics kept, one for one."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).lower()).split()


def has_diacritics(text: str) -> bool:
    """Whether the writer used Vietnamese letters at all."""
    return any(c in "đĐ" or unicodedata.decomposition(c) for c in text if ord(c) > 127)


# Spellings that sound alike in at least one large region (north: tr/ch, s/x, gi/r/d, l/n;
# south: v/d, final n/ng, t/c), or that writers swap (k/c/q, y/i, ph/f, gh/g, ngh/ng).
_ONSETS = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("qu", "w"), ("ph", "f"), ("kh", "h"),
    ("th", "th"), ("nh", "nh"), ("ng", "ng"), ("s", "x"), ("r", "d"), ("v", "d"), ("z", "d"),
    ("k", "c"), ("q", "c"), ("n", "l"),
)  # fmt: skip
_CODAS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))


@lru_cache(maxsize=50_000)
def phonetic(syllable: str) -> str:
    """Return a key that syllables spelled by ear share: trú/chú, sinh/xinh, giấy/dấy, khai/hai."""
    onset, rest = "", syllable
    for spelling, sound in _ONSETS:
        # "gi" is an onset only before a vowel ("gì" is g + i).
        if syllable.startswith(spelling) and len(syllable) > len(spelling):
            onset, rest = sound, syllable[len(spelling) :]
            break
    for spelling, sound in _CODAS:
        if rest.endswith(spelling) and len(rest) > len(spelling):
            rest = rest[: -len(spelling)] + sound
            break
    return onset + rest.replace("y", "i")


_OWN = r"(?: (?:của|cua) \w+)?"  # "của tôi"
_ITS_NAME = rf"(?:(?:số|so) )?(?:cccd|cmnd|căn cước|can cuoc|mã số|ma so|stk|tài khoản|tai khoan){_OWN}\s*(?:là|la|:)"
_ITS_CALL = (
    rf"(?:s?đt|s?dt|(?:số )?điện thoại|(?:so )?dien thoai|email|zalo){_OWN}(?:\s*(?:là|la|:))?"
)
_MASK = re.compile(
    rf"(?:\b(?:{_ITS_NAME}|{_ITS_CALL})\s*)?\[(?:số|mã|mật khẩu|email)[^\]]{{0,20}}\]",
    re.IGNORECASE,
)


def without_masks(text: str) -> str:
    """Drop what stands for a masked personal number, and what introduces it ("sđt của tôi là [số điện thoại]").

    It says nothing of the matter; "mất căn cước [số căn cước]" keeps its "căn cước".
    """
    return _MASK.sub(" ", text)
