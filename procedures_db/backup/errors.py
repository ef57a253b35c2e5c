"""Every way in which a backup or a restore ends without result; messages are for its user."""

from __future__ import annotations


class BackupError(Exception):
    """Nothing was made or changed; the message is a Vietnamese sentence."""


class NotEmbedded(BackupError):
    """The database is no SQLite file: its own server's tools must be used."""


class NoDatabase(BackupError):
    """There is no database file, or it holds no motcua tables."""


class UnreadableDatabase(BackupError):
    """SQLite cannot read the database (damaged, locked for too long, no room left)."""


class AnotherBackup(BackupError):
    """Another backup is being made into the same folder."""


class DamagedBackup(BackupError):
    """The file is no backup of motcua, or not whole any more."""


class NewerBackup(BackupError):
    """The backup was made by a version of motcua that this one does not know."""


class NotInBackup(BackupError):
    """The backup lacks a database that was asked for."""


class DatabaseInUse(BackupError):
    """motcua serves from this database, or a command is writing to it."""


class BeingRestored(BackupError):
    """The database is being replaced: wait until that is done."""
