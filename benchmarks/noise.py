"""Changes to a question that leave its meaning: how people type it on another day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_OLD_TONES = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_NEW_TONES = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_NEW_TO_OLD_TONES = dict(zip(_NEW_TONES.split(), _OLD_TONES.split(), strict=True))
_NEW_TONE = re.compile(rf"({'|'.join(_NEW_TO_OLD_TONES)})\b")
_TEENCODE = {
    "không": "ko", "được": "dc", "gì": "j", "vợ": "vk", "chồng": "ck", "với": "vs", "rồi": "r",
    "mình": "mk", "bao nhiêu": "bn", "như thế nào": "ntn", "giờ": "h", "biết": "bít",
    "đăng ký": "đk", "cũng": "cug", "thì": "thỳ", "bây giờ": "bi h", "vậy": "z",
}  # fmt: skip
_TEENCODE_WORD = re.compile(rf"\b({'|'.join(sorted(_TEENCODE, key=len, reverse=True))})\b")


def strip_accents(text: str) -> str:
    """ "Đăng ký" → "Dang ky"; letter case and punctuation stay."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def half_stripped(text: str) -> str:
    """Accents on every other word only."""
    words = text.split(" ")
    return " ".join(strip_accents(word) if i % 2 else word for i, word in enumerate(words))


def old_tones(text: str) -> str:
    """ "hòa, thủy" → "hoà, thuỷ"."""
    return _NEW_TONE.sub(lambda match: _NEW_TO_OLD_TONES[match.group(1)], text)


def doubled_letter(text: str) -> str:
    """The finger stays on the last letter of the longest word: "khai sinhh"."""
    word = max(re.findall(r"\w+", text), key=len, default="")
    return text.replace(word, word + word[-1:], 1) if word else text


def missing_space(text: str) -> str:
    """The two words in the middle run together."""
    words = text.split(" ")
    end = len(words) // 2 + 1
    joined = "".join(words[max(0, end - 2) : end])
    return " ".join([*words[: max(0, end - 2)], joined, *words[end:]])


def teencode(text: str) -> str:
    """ "không được" → "ko dc"."""
    return _TEENCODE_WORD.sub(lambda match: _TEENCODE[match.group(1)], text)


CHANGES: dict[str, Callable[[str], str]] = {
    "accents stripped": strip_accents,
    "every other word stripped": half_stripped,
    "old tone placement": old_tones,
    "decomposed Unicode (NFD)": lambda text: unicodedata.normalize("NFD", text),
    "lower case": str.lower,
    "upper case": str.upper,
    "a doubled letter": doubled_letter,
    "a missing space": missing_space,
    "teencode": teencode,
    "filler words": lambda text: f"à mà cho mình hỏi chút xíu là {text}",
    "politeness": lambda text: f"Dạ em chào anh chị ạ, {text} Em cảm ơn anh chị nhiều ạ",
    "emoji": lambda text: f"🙏 {text} 😊😊",
    "trailing punctuation": lambda text: f"{text.rstrip(' ?.!')} ???!!!",
    "doubled spaces": lambda text: f"  {text.replace(' ', '  ')} ",
}
