"""Channels switched on and off by an official, with what citizens read meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import Engine

from procedures_db.connection import transaction
from procedures_db.models import ChannelSwitchRow
from procedures_db.models.base import now as utc_now

CHANNELS = ("web", "telegram")


class UnknownChannel(LookupError):
    """No channel has this name."""


@dataclass(frozen=True)
class Switch:
    """The state of one channel. ``message`` may be empty: then the default sentence is said."""

    channel: str
    is_on: bool = True
    message: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None  # UTC; None: never switched


def switch(engine: Engine, channel: str, *, on: bool, message: str = "", by: str = "") -> Switch:
    """Switch a channel and return its new state. Raises UnknownChannel."""
    if channel not in CHANNELS:
        raise UnknownChannel(channel)
    state = Switch(channel, on, "" if on else message.strip(), by, utc_now())
    with transaction(engine) as session:
        session.execute(delete(ChannelSwitchRow).where(ChannelSwitchRow.channel == channel))
        session.add(
            ChannelSwitchRow(
                channel=channel,
                is_on=state.is_on,
                message=state.message,
                changed_by=state.changed_by,
                changed_at=state.changed_at,
            )
        )
    return state


def switches(engine: Engine) -> Sequence[Switch]:
    """The state of every channel, in the order of ``CHANNELS``."""
    with transaction(engine) as session:
        rows = {row.channel: row for row in session.scalars(select(ChannelSwitchRow))}
        return [
            Switch(name, row.is_on, row.message, row.changed_by, row.changed_at)
            if (row := rows.get(name))
            else Switch(name)
            for name in CHANNELS
        ]
