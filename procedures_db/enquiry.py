"""A question handed to the staff, as a value, and everything that can be wrong with handling one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

NEW, TAKEN, ANSWERED, CLOSED = "new", "taken", "answered", "closed"
STATUSES = (NEW, TAKEN, ANSWERED, CLOSED)
CITIZEN, BOT, STAFF = "citizen", "bot", "staff"


class EnquiryNotFound(LookupError):
    """No enquiry carries this number."""


class AlreadyTaken(RuntimeError):
    """Another member of staff owns it; ``owner`` says who."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"yêu cầu này đang do {owner} xử lý")
        self.owner = owner


class NotYours(RuntimeError):
    """Only its owner may do this: take it first."""


class AlreadyClosed(RuntimeError):
    """It is closed: nothing more can be done with it."""


@dataclass(frozen=True)
class Message:
    """One thing said; author is "citizen", "bot" or "staff"; text is masked."""

    author: str
    text: str
    at: datetime | None = None  # None: when it is stored


@dataclass(frozen=True)
class Event:
    """A change of state; ``staff`` is None for the citizen."""

    kind: str
    staff: str | None
    at: datetime


@dataclass(frozen=True)
class NewEnquiry:
    """What the bot hands over."""

    conversation_id: str
    channel: str
    question: str  # masked
    conversation: Sequence[Message] = ()  # what was said so far, oldest first, masked
    codes: Sequence[str] = ()  # procedures it may be about, likeliest first
    province: str = ""
    commune: str = ""


@dataclass(frozen=True)
class Enquiry:
    """An enquiry as the staff see it."""

    id: int
    conversation_id: str
    channel: str
    created_at: datetime
    status: str
    question: str
    codes: tuple[str, ...]
    province: str
    commune: str
    assigned_to: str | None
    taken_over_by: str | None
    answered_at: datetime | None
    answer: str | None
    messages: tuple[Message, ...]
    history: tuple[Event, ...]


@dataclass(frozen=True)
class Page:
    """Part of the queue; ``total`` counts all that match."""

    items: tuple[Enquiry, ...]
    total: int
