"""Every way in which pulling from a source can fail. The messages are for the administrator."""

from __future__ import annotations


class SyncError(RuntimeError):
    """Pulling from a source failed. What was applied before stays; the next run goes on from there."""


class BadAddress(SyncError):
    """The address is none that can be pulled from."""


class SourceUnreachable(SyncError):
    """The source did not answer, or not to the end, however often it was asked."""


class SourceRefused(SyncError):
    """The source answered that it will not serve this: a status that asking again cannot change."""

    def __init__(self, message: str, *, status: int, body: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class Untrusted(SyncError):
    """The certificate is not valid, or a redirect leads from https to http."""


class TooLarge(SyncError):
    """The source sends more than any such source holds."""


class NotData(SyncError):
    """The source answers with a page for people, or with nothing that holds procedures."""


class BrokenJson(SyncError):
    """The source's JSON cannot be read to its end."""


class WrongSchema(SyncError):
    """The source speaks another version of the form."""


class StuckSource(SyncError):
    """The source says that there is more, and never gets further."""


class CursorLost(SyncError):
    """The source no longer knows how far we were: it was set back or replaced."""


class SyncRunning(SyncError):
    """Another sync of the same source is under way."""
