"""PostgreSQL for tests: where it is expected, databases made and dropped."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

POSTGRESQL = "postgresql+psycopg2://postgres@127.0.0.1:5432"


def administer(statement: str) -> None:
    """Run CREATE or DROP DATABASE; the test is skipped where the server is not reachable."""
    engine = create_engine(
        f"{POSTGRESQL}/postgres",
        future=True,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": 2},
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except OperationalError as error:
        pytest.skip(f"PostgreSQL is not reachable at 127.0.0.1:5432: {error.orig}")
    finally:
        engine.dispose()
