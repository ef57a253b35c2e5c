"""Updates as Telegram sends them, and a channel that works on them without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from telegram import Update, User

from bot.channels.telegram import updates
from procedures_db.telegram.inbox import Incoming
from tests.fake_telegram import BOT, FakeTelegram

ME = User.de_json(BOT, None)
LAN = 5001  # a private chat
GROUP = -100500


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    yield fake
    fake.stop()


@pytest.fixture
def read() -> Callable[[dict], Incoming | None]:
    """Read a raw update as the bot does."""
    return lambda raw: updates.read(Update.de_json(raw, None), ME)
