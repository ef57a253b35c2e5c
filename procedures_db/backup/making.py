"""Make a backup: copy online, pack, test, and only then give it its name."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from procedures_db.backup import archive, sqlite_file
from procedures_db.backup.errors import AnotherBackup, NoDatabase
from procedures_db.backup.manifest import PROCEDURES, Manifest

_WORK = ".motcua-backup-"  # prefix of the folder in which one is being made
_NAME = re.compile(r"motcua-\d{8}T\d{6}\.\d{6}Z\.zip")


@dataclass(frozen=True)
class Backup:
    """A backup that was verified; ``removed`` are older ones that retention deleted."""

    path: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def make_backup(sources: Mapping[str, Path], folder: Path, *, keep: int | None = None) -> Backup:
    """Back the databases up (PROCEDURES among them) into one new file in ``folder``.

    Until it has been verified it stands in a hidden folder of its own; a process that is killed
    leaves only that, and the next backup removes it. ``keep``: how many backups may stay, this one
    included. Raises BackupError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _sweep(folder)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=folder) as scratch:
            packed = Path(scratch) / "backup.zip"
            contents = _pack(sources, Path(scratch), packed)
            tested = Path(scratch) / "test"
            tested.mkdir()
            archive.verify(packed, tested)
            path = folder / f"motcua-{contents.made_at:%Y%m%dT%H%M%S.%fZ}.zip"
            packed.rename(path)
        _sync(folder)
        return Backup(path, contents, tuple(_remove_old(folder, keep)))


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def _pack(sources: Mapping[str, Path], work: Path, packed: Path) -> Manifest:
    made_at = datetime.now(timezone.utc)
    copies = {name: work / f"{name}.db" for name in sources}
    for name, source in sources.items():
        sqlite_file.copy_online(source, copies[name])
    contents = Manifest(
        made_at, {name: archive.describe(copy, copy.name) for name, copy in copies.items()}
    )
    if contents.databases[PROCEDURES].revision is None:
        raise NoDatabase(f"{sources[PROCEDURES]} không phải cơ sở dữ liệu của motcua.")
    archive.write_archive(packed, contents, copies)
    return contents


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; the kernel lets go of it when the process dies. Raises AnotherBackup."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherBackup(f"Đang có một bản sao lưu khác được ghi vào {folder}.") from error
        yield
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left; nobody else is at work while we hold the folder."""
    for left in folder.glob(f"{_WORK}*"):
        shutil.rmtree(left)


def _sync(folder: Path) -> None:
    """The new name itself must outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_old(folder: Path, keep: int | None) -> Iterator[Path]:
    for path in backups(folder)[: -keep if keep else 0]:
        path.unlink()
        yield path
