"""Turn a true Word 97–2003 file into .docx with LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from procedures_db.sync.file_errors import ConverterMissing

TIMEOUT_SECONDS = 90
_COMMANDS = ("soffice", "libreoffice")
_INSTALL = (
    "tệp .doc kiểu Word 97–2003: hãy lưu lại thành .docx, "
    "hoặc cài LibreOffice trên máy chủ (gói libreoffice-writer-nogui)"
)


@contextmanager
def as_docx(path: Path) -> Iterator[Path]:
    """Give a .docx copy that is gone afterwards. Raises ConverterMissing."""
    command = next(filter(None, map(shutil.which, _COMMANDS)), None)
    if command is None:
        raise ConverterMissing(_INSTALL)
    with TemporaryDirectory(prefix="motcua-doc-") as folder:
        source = Path(folder) / "source.doc"
        shutil.copyfile(path, source)  # the name that was uploaded never reaches a command line
        _convert(command, source, Path(folder))
        result = Path(folder) / "source.docx"
        if not result.is_file():
            raise ConverterMissing("LibreOffice không đổi được tệp .doc này sang .docx")
        yield result


def _convert(command: str, source: Path, folder: Path) -> None:
    """Run LibreOffice with a profile of its own; it and its children are ended when too slow."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    arguments = ["--headless", "--norestore", "--convert-to", "docx", "--outdir", str(folder)]
    process = subprocess.Popen(
        [command, profile, *arguments, str(source)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise ConverterMissing(f"LibreOffice đổi tệp .doc quá {TIMEOUT_SECONDS} giây") from error
