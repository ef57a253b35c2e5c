"""Structured logs: one JSON object a line on standard error, never a citizen's words."""

from __future__ import annotations

import io
import logging
import re
import sys
from typing import Any

import structlog

# A Telegram bot's token is part of every address its library calls, and so of messages about them.
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")


def conceal(text: str) -> str:
    """Return the text with Telegram tokens replaced."""
    return _TOKEN.sub("[token]", text)


class _Formatter(logging.Formatter):
    """The message and its traceback, without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        return conceal(super().format(record))


def _conceal_event(_logger: Any, _method: str, line: Any) -> str:
    return conceal(str(line))


class _StandardError(io.TextIOBase):
    """Standard error as it is when a line is written: loggers are kept for longer than a redirection lasts."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logging(level: str) -> None:
    """Set up structlog and the standard library's loggers; call once per process."""
    logging.basicConfig(level=level, stream=sys.stderr, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Formatter("%(message)s"))
    # httpx logs every request with its address: noise, and addresses may carry ids.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # These log what citizens write, in DEBUG and in CRITICAL lines; what goes wrong we log ourselves.
    for name in ("telegram", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            _conceal_event,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(_StandardError()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
