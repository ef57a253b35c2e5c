"""How often one conversation, one address and everybody together may ask (the ``limits`` library)."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
from collections.abc import Sequence

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.settings import Settings

logger = structlog.get_logger()

_STORAGE_SECONDS = 0.5  # longest wait for Redis: a citizen must not wait for our counting


class TooManyQuestions(RuntimeError):
    """A limit is reached; asking again makes sense after ``retry_after`` seconds (whole, at least 1)."""

    def __init__(self, limit: str, retry_after: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.retry_after = retry_after


class RateLimits:
    """Counts questions; in memory for one web process, in Redis for several."""

    def __init__(self, settings: Settings) -> None:
        self._conversation = _parse(settings.rate_limit_conversation)
        self._address = _parse(settings.rate_limit_address)
        self._total = _parse(settings.rate_limit_total)
        self._exempt = [ipaddress.ip_network(n) for n in settings.rate_limit_exempt.split()]
        self._shared = _limiter(settings.rate_limit_storage)
        self._own = _limiter("memory://")  # counts while the shared storage is away

    async def admit_request(self, request: Request, conversation_id: str | None) -> None:
        """Count one question of a web page. Raises TooManyQuestions."""
        address = request.client.host if request.client else ""
        if not self._is_exempt(address):
            await self._hit("address", self._address, network_of(address))
            await self.admit(conversation_id)

    async def admit(self, conversation: str | None) -> None:
        """Count one question of a conversation, by an id that stays its. Raises TooManyQuestions."""
        if conversation:
            await self._hit("conversation", self._conversation, conversation)
        await self._hit("total", self._total, "")

    def _is_exempt(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:  # a Unix socket, a test client: nothing to tell clients apart by
            return False
        return any(parsed in network for network in self._exempt)

    async def _hit(self, limit: str, items: Sequence[RateLimitItem], key: str) -> None:
        for item in items:
            wait = await self._wait(item, limit, key)
            if wait:
                logger.warning("rate_limited", limit=limit, retry_after=wait)
                raise TooManyQuestions(limit, wait)

    async def _wait(self, item: RateLimitItem, limit: str, key: str) -> int:
        """Seconds to wait; 0 when the question was counted and may pass."""
        try:
            return await asyncio.wait_for(_count(self._shared, item, limit, key), _STORAGE_SECONDS)
        except Exception as error:  # each storage has its own: Redis away must not stop the answers
            logger.error("rate_limit_storage_unavailable", reason=type(error).__name__)
            return await _count(self._own, item, limit, key)


async def _count(
    limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, limit: str, key: str
) -> int:
    if await limiter.hit(item, limit, key):
        return 0
    stats = await limiter.get_window_stats(item, limit, key)
    return min(item.get_expiry(), max(1, math.ceil(stats.reset_time - time.time())))


def _limiter(storage: str) -> SlidingWindowCounterRateLimiter:
    options = {} if storage.startswith("memory") else {"implementation": "redispy"}
    return SlidingWindowCounterRateLimiter(storage_from_string(f"async+{storage}", **options))  # type: ignore[arg-type]


def _parse(text: str) -> list[RateLimitItem]:
    return parse_many(text)


def network_of(address: str) -> str:
    """What counts as one address: an IPv6 customer holds a whole /64: it counts as one address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def too_many_questions(request: Request, error: Exception) -> JSONResponse:
    """429 with ``{"error", "retry_after"}`` and a Retry-After header: the page shows it and tries again."""
    assert isinstance(error, TooManyQuestions)
    text = request.app.state.wording.say("utter_too_many", seconds=error.retry_after)
    return JSONResponse(
        {"error": text, "retry_after": error.retry_after},
        status_code=429,
        headers={"Retry-After": str(error.retry_after)},
    )
