"""True Word 97–2003 files: through LibreOffice where it is, with a clear word where it is not.

LibreOffice is stood in for by a small program on the PATH that is called the same way.
"""

import stat
import time
from pathlib import Path

import pytest

from procedures_db.sync.readers import ConverterMissing, legacy_doc
from tests.fast.procedures_db.readers.files import form

DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le")


@pytest.fixture
def soffice(tmp_path, monkeypatch):
    """Put a program named soffice on the PATH; ``$out`` is the folder that it is told to write to."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def install(body: str) -> None:
        program = folder / "soffice"
        find_out = 'while [ "$1" != --outdir ]; do shift; done; out="$2"; source="$3"'
        program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{find_out}\n{body}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return install


def test_without_libreoffice_the_message_says_what_to_do(read, soffice):
    with pytest.raises(ConverterMissing, match=r"\.docx.*libreoffice-writer-nogui"):
        read(DOC, "cu.doc")


def test_with_libreoffice_the_form_is_read_under_its_own_name(read, soffice, tmp_path):
    (tmp_path / "form.docx").write_bytes(form())
    soffice(f'cp "{tmp_path}/form.docx" "$out/$(basename "$source" .doc).docx"')
    (record,) = read(DOC, "cũ.doc").records
    assert (record.code, record.place.file) == ("1.000001", "cũ.doc")


def test_a_file_that_libreoffice_cannot_convert_is_refused(read, soffice):
    soffice("exit 1")
    with pytest.raises(ConverterMissing, match="không đổi được"):
        read(DOC, "cu.doc")


def test_a_conversion_that_hangs_is_ended_with_its_children(read, soffice, monkeypatch, tmp_path):
    monkeypatch.setattr(legacy_doc, "TIMEOUT_SECONDS", 0.5)
    soffice(f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(ConverterMissing, match="giây"):
        read(DOC, "cu.doc")
    assert ended(int((tmp_path / "child").read_text()))


def ended(process: int) -> bool:
    """Wait until the system has carried out the kill; a zombie counts as ended."""
    state = Path(f"/proc/{process}/stat")
    for _ in range(100):
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
