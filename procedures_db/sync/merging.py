"""Put what a file carries over what is stored; everything that the file does not carry stays."""

from __future__ import annotations

from datetime import date

from procedures_db.checking import LOCAL_FIELDS, completed
from procedures_db.record import ProcedureRecord
from procedures_db.sync.reading import ReadRecord


def merge(
    old: ProcedureRecord | None, read: ReadRecord, *, as_of: date | None = None
) -> ProcedureRecord:
    """Return the procedure as it shall be after the import.

    Only the fields that the file carries change; what officials wrote (``LOCAL_FIELDS``) is replaced by
    something else, never by nothing. as_of: the day of a new procedure's data where the file does not
    say. Raises InvalidRecord (a new procedure without a name, a value that does not fit).
    """
    values = {
        name: value
        for name, value in read.values_over(old).items()
        if value or old is None or name not in LOCAL_FIELDS
    }
    return completed(read.code, old, values, as_of=as_of)
