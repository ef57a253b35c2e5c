"""Text of official forms, tidied the same way whatever file it comes from."""

from __future__ import annotations

import re
import unicodedata

_NOT_STATED = re.compile(
    r"^(không|không có|không quy định|không có thông tin)[.\s]*$", re.IGNORECASE
)
_NOTE_ROW = re.compile(r"^\W*(lưu ý|ghi chú|chú ý)\b|:\s*$", re.IGNORECASE)

# Soft hyphens, zero-width letters, marks that turn the direction of writing.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")  # PostgreSQL keeps no NUL, Excel none of them


def one_line(value: object) -> str:
    """One line of text: stray line breaks, doubled and no-break spaces tidied."""
    return " ".join(_composed(value).split())


def lines(value: object) -> str:
    """Text with its line breaks, each line trimmed, runs of empty lines made one."""
    trimmed = [" ".join(part.split()) for part in _composed(value).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(trimmed)).strip()


def stated(value: object) -> str:
    """``lines``, or nothing for the form's ways to say that nothing is stated."""
    text = lines(value)
    return "" if _NOT_STATED.match(text) else text


def is_note(name: str) -> bool:
    """Whether a row of the dossier without copies explains ("Lưu ý …", "Giấy tờ phải nộp:")."""
    return bool(_NOTE_ROW.search(name))


def case_name(value: object) -> str:
    """Heading of a case without its bullet and colon: "* Cấp mới gồm: " → "Cấp mới gồm"."""
    return one_line(value).lstrip("*-+• ").rstrip(": ")


def paper_name(value: object) -> str:
    return lines(value).lstrip("-+• ")


def _composed(value: object) -> str:
    """NFC: the portal writes "ấ" in one, two or three code points, a list file in another way; shown
    side by side they are no change. Without what nobody sees but a search trips over."""
    plain = _CONTROLS.sub(" ", _INVISIBLE.sub("", str(value or "")))
    return unicodedata.normalize("NFC", plain)
