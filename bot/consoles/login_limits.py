"""How often one address may try to log in: beside the lock of each account, against trying many of them."""

from __future__ import annotations

import structlog
from limits import parse_many
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.rate_limits import network_of
from bot.settings import Settings

logger = structlog.get_logger()


class LoginLimits:
    """Counts logins tried; in memory for one web process, in Redis for several."""

    def __init__(self, settings: Settings) -> None:
        self._items = parse_many(settings.rate_limit_login)
        self._shared = SlidingWindowCounterRateLimiter(
            storage_from_string(settings.rate_limit_storage)
        )
        self._own = SlidingWindowCounterRateLimiter(storage_from_string("memory://"))

    def admit(self, address: str) -> bool:
        """Count a try; False: too many."""
        key = network_of(address)
        try:
            return all(self._shared.hit(item, "login", key) for item in self._items)
        except Exception as error:  # each storage has its own: Redis away must not open the door
            logger.error("rate_limit_storage_unavailable", reason=type(error).__name__)
            return all(self._own.hit(item, "login", key) for item in self._items)
