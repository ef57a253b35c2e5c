"""Readers of the files that officials have, one module a format.

``read_file`` is the entry; ``read_portal_file`` gives the records of a big file one by one.
"""

from procedures_db.sync.file_errors import (
    BadMapping,
    BrokenFile,
    ConverterMissing,
    Encrypted,
    MappingNeeded,
    TooLarge,
    UnknownFormat,
    UnreadableFile,
)
from procedures_db.sync.readers.files import read_file, read_items
from procedures_db.sync.readers.portal_lines import read_portal_file

__all__ = [
    "BadMapping",
    "BrokenFile",
    "ConverterMissing",
    "Encrypted",
    "MappingNeeded",
    "TooLarge",
    "UnknownFormat",
    "UnreadableFile",
    "read_file",
    "read_items",
    "read_portal_file",
]
