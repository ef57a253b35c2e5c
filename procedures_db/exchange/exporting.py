"""Write all published procedures to a file that ``motcua import`` takes back."""

from __future__ import annotations

import lzma
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from sqlalchemy.engine import Engine

from procedures_db.exchange import publishing

_PRESET = 3  # a third of the time of the usual 6, a tenth more bytes

_FORMS: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    ".jsonl": lambda raw: raw,
    ".jsonl.xz": lambda raw: lzma.open(raw, "wb", preset=_PRESET),  # noqa: SIM115 closed by _write
}


class UnknownForm(ValueError):
    """No form to write is known for a file of this name."""


def export(engine: Engine, path: Path) -> int:
    """Write JSON lines, packed if the name ends in ".xz"; return how many procedures.

    The file appears once it is whole, replacing an older one. Raises UnknownForm, OSError.
    """
    packed = next((make for suffix, make in _FORMS.items() if path.name.endswith(suffix)), None)
    if packed is None:
        raise UnknownForm("tên tệp phải có đuôi " + " hoặc ".join(_FORMS))
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as raw:
            written = _write(engine, packed(raw))
        Path(draft).chmod(0o644)  # public data; mkstemp lets only the owner read
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink()
        raise
    return written


def _write(engine: Engine, stream: IO[bytes]) -> int:
    written = 0
    with stream:
        for lines in publishing.json_lines(engine):
            stream.write(lines)
            written += lines.count(b"\n")
    return written
