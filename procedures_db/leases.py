"""Leases: of several processes exactly one does a piece of work, and another takes over when it dies.

Whether a holder lives is seen from its beats, by the watcher's own monotonic clock: machines whose clocks
differ agree nevertheless.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from procedures_db.connection import transaction
from procedures_db.models import LeaseRow


class Lease:
    """One process's part in a lease: call ``hold`` more often than every ``patience`` seconds."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        *,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._name, self._patience, self._clock = engine, name, patience, clock
        self._me = uuid.uuid4().hex
        self._seen: tuple[str, int] | None = None  # another's (holder, beats) …
        self._since = 0.0  # … and when it was first seen

    def hold(self) -> bool:
        """Keep the lease, or take it when it is free or its holder is silent; whether it is ours now."""
        if self._beat():
            return True
        other = self._other()
        if other is None:
            return self._create()
        if other != self._seen:
            self._seen, self._since = other, self._clock()
            return False
        return self._clock() - self._since > self._patience and self._take_over(other)

    def release(self) -> None:
        """Let the next process take over at once."""
        with transaction(self._engine) as session:
            session.execute(
                delete(LeaseRow).where(LeaseRow.name == self._name, LeaseRow.holder == self._me)
            )

    def _beat(self) -> bool:
        return self._change(LeaseRow.holder == self._me)

    def _take_over(self, other: tuple[str, int]) -> bool:
        return self._change(LeaseRow.holder == other[0], LeaseRow.beats == other[1])

    def _change(self, *conditions: object) -> bool:
        with transaction(self._engine) as session:
            changed = session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == self._name, *conditions)
                .values(holder=self._me, beats=LeaseRow.beats + 1)
                .execution_options(synchronize_session=False)
            )
            return changed.rowcount == 1

    def _other(self) -> tuple[str, int] | None:
        with transaction(self._engine) as session:
            row = session.execute(
                select(LeaseRow.holder, LeaseRow.beats).where(LeaseRow.name == self._name)
            ).first()
        return (row.holder, row.beats) if row else None

    def _create(self) -> bool:
        try:
            with transaction(self._engine) as session:
                session.add(LeaseRow(name=self._name, holder=self._me, beats=1))
        except IntegrityError:  # another process was quicker
            return False
        return True
