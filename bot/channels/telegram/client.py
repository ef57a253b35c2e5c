"""A client of the Bot API, with a time-out on everything."""

from __future__ import annotations

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.settings import Settings

_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 10.0


def make_bot(settings: Settings) -> ExtBot[int]:
    """The bot of the settings' token. A 429 is left to the outbox, which outlives the process."""
    return ExtBot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=_request(32),
        get_updates_request=_request(2),
        rate_limiter=AIORateLimiter(
            overall_max_rate=settings.telegram_messages_per_second, max_retries=0
        ),
    )


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_ANSWER_SECONDS,
        write_timeout=_ANSWER_SECONDS,
        pool_timeout=_ANSWER_SECONDS,
    )
