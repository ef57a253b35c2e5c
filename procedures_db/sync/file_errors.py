"""Why a file as a whole is not read. Every message is a Vietnamese sentence for the administrator."""

from __future__ import annotations

from collections.abc import Sequence


class UnreadableFile(ValueError):
    """The file cannot be trusted or understood as a whole: nothing of it was taken."""


class BrokenFile(UnreadableFile):
    """Truncated, damaged, or not what it claims to be inside."""


class UnknownFormat(UnreadableFile):
    """None of the kinds of file that are read."""


class Encrypted(UnreadableFile):
    """Protected by a password."""


class TooLarge(UnreadableFile):
    """Over the limit on disk or when unpacked."""


class ConverterMissing(UnreadableFile):
    """A true legacy .doc needs LibreOffice, which is not installed or did not succeed."""


class BadMapping(UnreadableFile):
    """A column mapping that does not fit: unknown field, column that the table lacks."""


class MappingNeeded(UnreadableFile):
    """No table with known headings. ``headers``: the row that looks most like headings."""

    def __init__(self, message: str, headers: Sequence[str]) -> None:
        super().__init__(message)
        self.headers = tuple(headers)
