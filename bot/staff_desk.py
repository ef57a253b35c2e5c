"""The staff's side of a conversation: while a person talks to the citizen, the bot is silent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from procedures_db import enquiries
from procedures_db.connection import DatabaseBusy, reserve_writing, transaction

logger = structlog.get_logger()


class _Asked(Protocol):
    @property
    def conversation_id(self) -> str: ...

    @property
    def hashed_id(self) -> str: ...


@dataclass(frozen=True)
class Taken:
    """A message that went to the person who has taken over."""

    number: int  # of the enquiry
    is_first: bool  # the citizen's first one since then


class StaffDesk:
    """Knows which conversations a person has taken over."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def take_message(self, question: _Asked, masked: str) -> Taken | None:
        """Append the message to the enquiry if a person has taken over, else return None.

        A database that does not answer leaves the citizen with the bot.
        """
        try:
            return await asyncio.to_thread(self._take, question.conversation_id, masked)
        except (SQLAlchemyError, DatabaseBusy) as error:
            logger.error("desk_unavailable", conversation=question.hashed_id, reason=repr(error))
            return None

    def _take(self, conversation_id: str, masked: str) -> Taken | None:
        with transaction(self._engine) as session:
            if enquiries.taken_over(session, conversation_id) is None:
                return None
        with transaction(self._engine) as session:
            reserve_writing(session)
            number = enquiries.taken_over(session, conversation_id)
        if number is None:
            return None
        with transaction(self._engine) as session:  # apart: what has read must not begin to write
            return Taken(number, enquiries.append(session, number, masked))
