"""Rasa over loopback HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import httpx

_NOTHING: Mapping[str, str] = MappingProxyType({})
_ATTEMPTS = 2  # a connection refused while Rasa restarts is worth one more try


class RasaUnavailable(RuntimeError):
    """Rasa does not answer, answers late or answers with an error."""


class RasaClient:
    """Sends questions to Rasa's REST channel; one instance per web process."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout_seconds, limits=limits)

    async def send(
        self,
        conversation_id: str,
        text: str,
        *,
        channel: str = "",
        page: Mapping[str, str] = _NOTHING,
    ) -> list[dict[str, Any]]:
        """Return Rasa's messages for a text, in order. Raises RasaUnavailable.

        page: what the page says of its place, ``commune`` and ``province`` (``Question.page``).
        """
        metadata = {"channel": channel, **page}
        payload = {"sender": conversation_id, "message": text, "metadata": metadata}
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                response = await self._http.post("/webhooks/rest/webhook", json=payload)
                response.raise_for_status()
                return response.json()
            except httpx.ConnectError as error:
                # Nothing was sent, so a second try cannot ask twice.
                if attempt == _ATTEMPTS:
                    raise RasaUnavailable(str(error)) from error
            except (httpx.HTTPError, ValueError) as error:
                raise RasaUnavailable(repr(error)) from error
        raise AssertionError("unreachable")

    async def start_session(self, conversation_id: str) -> None:
        """Begin a new session of the conversation; its slots carry over. Raises RasaUnavailable.

        Rasa reads all events of a session again for every message: 150 turns take ten times as long
        as the first. What a citizen types can never be this: a leading slash is dropped.
        """
        await self.send(conversation_id, "/session_start")

    async def is_ready(self) -> bool:
        """Whether Rasa answers and has a model."""
        try:
            response = await self._http.get("/", timeout=2)
        except httpx.HTTPError:
            return False
        return response.status_code == 200

    async def close(self) -> None:
        await self._http.aclose()
