"""Settings from the environment: read once, checked as a whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from procedures_db.settings import DEFAULT_DATABASE_URL

PREFIX = "MOTCUA_"


class SettingsError(ValueError):
    """One message that lists every setting that is wrong."""


class Settings(BaseModel):
    """All settings; each is the environment variable ``MOTCUA_`` + its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(
        DEFAULT_DATABASE_URL, description="SQLAlchemy URL of the procedures database"
    )
    host: str = Field("127.0.0.1", description="address the public web app listens on")
    port: int = Field(8000, ge=1, le=65535, description="port of the public web app")
    rasa_url: str = Field(
        "", description="where the web app finds Rasa; empty: the one that serve starts"
    )
    endpoints: str = Field(
        "endpoints.yml",
        description="Rasa's endpoints file: action server, tracker store, lock store",
    )
    rasa_port: int = Field(5005, ge=1, le=65535, description="port Rasa is started on by serve")
    actions_port: int = Field(
        5055, ge=1, le=65535, description="port the action server is started on by serve"
    )
    actions_url: str = Field(
        "", description="where /readyz finds the action server; empty: the one that serve starts"
    )
    rasa_timeout_seconds: float = Field(
        10.0, gt=0, le=60, description="longest wait for one answer of Rasa"
    )
    max_question_chars: int = Field(
        4000, ge=200, le=20000, description="longest question taken; longer ones get a polite no"
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR"
    )

    @property
    def actions_address(self) -> str:
        return self.actions_url or f"http://127.0.0.1:{self.actions_port}"

    @property
    def rasa_address(self) -> str:
        return self.rasa_url or f"http://127.0.0.1:{self.rasa_port}"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Build the settings. Raises SettingsError naming all unknown or wrong ones."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value != ""
    }
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = [
            f"{PREFIX}{str(e['loc'][0]).upper()}: {_explain(e['type'], e['msg'])}"
            for e in error.errors()
        ]
        raise SettingsError("\n".join(["Cấu hình sai:", *wrong])) from error


def _explain(kind: str, message: str) -> str:
    return "không có cấu hình này" if kind == "extra_forbidden" else message


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return read()
