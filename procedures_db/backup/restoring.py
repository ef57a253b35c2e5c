"""Put a backup in the place of the databases in use."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from procedures_db import models, procedures
from procedures_db.backup import archive, sqlite_file
from procedures_db.backup.errors import (
    DatabaseInUse,
    NewerBackup,
    NotInBackup,
    UnreadableDatabase,
)
from procedures_db.backup.in_use import alone
from procedures_db.backup.manifest import PROCEDURES, Manifest
from procedures_db.connection import connect, transaction
from procedures_db.exchange import feed
from procedures_db.migrating import known_revisions, migrate

_WORK = ".motcua-restore-"  # prefix of the folders in which databases are made ready
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database


@dataclass(frozen=True)
class Restored:
    """What was put in place, and where the replaced databases are (those that existed)."""

    manifest: Manifest
    kept: tuple[Path, ...]


def restore(path: Path, targets: Mapping[str, Path], *, force: bool = False) -> Restored:
    """Replace databases (PROCEDURES among them) by those in the backup at ``path``.

    Everything is taken out, verified and migrated beside its target before anything is replaced.
    Raises DamagedBackup, NewerBackup, NotInBackup, DatabaseInUse (unless forced), OSError.
    """
    contents = check(path, targets)
    kept = []
    with ExitStack() as stack:
        targets[PROCEDURES].parent.mkdir(parents=True, exist_ok=True)
        stack.enter_context(alone(targets[PROCEDURES], force=force))
        if not force:
            _sweep(targets)
        staged = {
            name: _stage(path, contents, name, target, stack) for name, target in targets.items()
        }
        _migrate(staged[PROCEDURES])
        stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")
        for target in targets.values():
            _require_quiet(target)
        _renew(staged[PROCEDURES], targets[PROCEDURES])
        for name, target in targets.items():
            kept += _put_in_place(target, staged[name], f"replaced-{stamp}")
    return Restored(contents, tuple(kept))


def _sweep(targets: Mapping[str, Path]) -> None:
    """Remove what killed restores left; no other is at work while we hold the lock."""
    for folder in {target.parent for target in targets.values() if target.parent.exists()}:
        for left in folder.glob(f"{_WORK}*"):
            shutil.rmtree(left)


def check(path: Path, wanted: Mapping[str, Path]) -> Manifest:
    """What can be told from the manifest alone. Raises NotInBackup, NewerBackup, DamagedBackup."""
    contents = archive.read_manifest(path)
    missing = [name for name in wanted if name not in contents.databases]
    if missing:
        raise NotInBackup(f"{path.name} không có {', '.join(missing)}.")
    revision = contents.databases[PROCEDURES].revision
    if revision not in known_revisions():
        raise NewerBackup(
            f"{path.name} có cấu trúc dữ liệu {revision} mà bản motcua này không biết:"
            " cập nhật motcua rồi khôi phục."
        )
    return contents


def _stage(path: Path, contents: Manifest, name: str, target: Path, stack: ExitStack) -> Path:
    """Take a database out beside its target: on the same disk, so that it can be renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix=_WORK, dir=target.parent))
    staged = Path(scratch) / target.name
    archive.extract(path, contents.databases[name], staged)
    return staged


def _migrate(staged: Path) -> None:
    """Bring an older backup to today's schema."""
    engine = connect(f"sqlite:///{staged}")
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _renew(staged: Path, target: Path) -> None:
    """Let every searcher see that the data changed.

    Searchers reload when the data version differs from the one they read: it must be new to them. So it
    is read last of all, as under a forced restore somebody may still raise it. Whoever pulls our open
    data must begin anew: revisions made since the backup are made again.
    """
    engine = connect(f"sqlite:///{staged}")
    try:
        with transaction(engine) as session:
            highest = max(procedures.data_version(session), sqlite_file.data_version(target) or 0)
            session.merge(models.StateRow(name=procedures.DATA_VERSION, value=highest + 1))
            feed.renew(session)
    finally:
        engine.dispose()


def _require_quiet(path: Path) -> None:
    """Bring what is still in the write-ahead log into the file. Raises DatabaseInUse.

    Asked for even when forced: two who write at once is what SQLite's lock is there to prevent. A
    database that SQLite cannot read is left as it is: that may be why one restores.
    """
    if not path.exists():
        return
    try:
        with sqlite_file.opened(path, timeout=1) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise DatabaseInUse(
                f"Một lệnh khác đang ghi vào {path}: đợi xong rồi khôi phục."
            ) from error


def _put_in_place(path: Path, staged: Path, suffix: str) -> list[Path]:
    """Give ``path`` the content of ``staged``; what was there stays beside it under another name.

    A database in use must not be renamed away: whoever has it open deletes, when he closes it, the
    write-ahead log of the new one, and readers and writers part for good
    (https://sqlite.org/howtocorrupt.html, 2.4). SQLite itself writes it over, in one transaction.
    """
    kept = path.with_name(f"{path.name}.{suffix}")
    if path.exists():
        try:
            sqlite_file.copy_online(path, kept)
            sqlite_file.write_over(path, staged)
            shutil.copymode(path, kept)
            return [kept]
        except (sqlite3.DatabaseError, UnreadableDatabase):  # nothing SQLite could go on with
            kept.unlink(missing_ok=True)
    return _replace(path, staged, kept)


def _replace(path: Path, staged: Path, kept: Path) -> list[Path]:
    """Put ``staged`` at ``path`` in one step, and what was there at ``kept``."""
    existed = path.exists()
    if existed:
        _give_to_owner_of(path, staged)
        os.link(path, kept)
    for end in _BESIDE:  # an old log must never be played onto the new database
        beside = Path(f"{path}{end}")
        if beside.exists():
            beside.rename(f"{kept}{end}")
    staged.replace(path)
    return [kept] if existed else []


def _give_to_owner_of(path: Path, staged: Path) -> None:
    """The service must be able to open what root restored."""
    status = path.stat()
    staged.chmod(stat.S_IMODE(status.st_mode))
    if status.st_uid != os.geteuid():
        os.chown(staged, status.st_uid, status.st_gid)
