"""Settings from the environment: read once, checked as a whole."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.embedding import Origins
from procedures_db.settings import DEFAULT_DATABASE_URL, DEFAULT_MAX_IMPORT_MB

PREFIX = "MOTCUA_"


class SettingsError(ValueError):
    """One message that lists every setting that is wrong."""


class Settings(BaseModel):
    """All settings; each is the environment variable ``MOTCUA_`` + its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

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
    max_import_mb: int = Field(
        DEFAULT_MAX_IMPORT_MB,
        ge=1,
        le=2048,
        description="largest file that an import reads, in MB",
    )
    allowed_origins: str = Field(
        "",
        description="other sites that may embed the widget: https://xa.example.vn, https://*.example.vn",
    )
    keep_questions_days: int = Field(
        90, ge=1, le=3650, description="days until logged questions, feedback, settled enquiries go"
    )
    keep_conversations_days: int = Field(
        90, ge=1, le=3650, description="days of silence until Rasa's record of a conversation goes"
    )
    publisher: str = Field(
        "", description="who publishes the open data; empty: the catalogue names nobody"
    )
    open_data_licence: str = Field(
        "",
        pattern="^(https?://\\S+)?$",
        description="address of the open data's licence; empty: the catalogue names none",
    )
    questions_at_once: int = Field(
        48, ge=1, le=1000, description="questions a web process lets Rasa work on at a time"
    )
    rate_limit_conversation: str = Field(
        "30/minute", description="questions of one conversation or Telegram chat, as of ``limits``"
    )
    rate_limit_address: str = Field(
        "300/minute", description="questions from one IP address (a whole office may share one)"
    )
    rate_limit_total: str = Field("6000/minute", description="questions of everybody together")
    rate_limit_exempt: str = Field(
        "127.0.0.0/8 ::1", description="networks without limits, separated by spaces"
    )
    rate_limit_storage: str = Field(
        "memory://",
        pattern="^(memory|redis|rediss)://",
        description="where questions are counted: memory:// or redis://… for several processes",
    )
    rate_limit_login: str = Field(
        "20/minute", description="logins to the consoles tried from one IP address"
    )
    session_idle_minutes: int = Field(
        60, ge=5, le=1440, description="minutes without a click until a console logs out"
    )
    session_hours: int = Field(
        12, ge=1, le=168, description="hours until a console asks for the password again"
    )
    telegram_token: SecretStr = Field(
        SecretStr(""), description="the bot's token from @BotFather; empty: no Telegram"
    )
    telegram_webhook_url: str = Field(
        "",
        pattern="^(https?://.+/telegram/webhook)?$",
        description="public https address of /telegram/webhook; empty: Telegram is polled",
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org",
        pattern="^https?://.+[^/]$",
        description="Bot API server, when a local one is used",
    )
    telegram_messages_per_second: int = Field(
        25, ge=1, le=1000, description="messages sent to Telegram a second; it allows about 30"
    )
    telegram_retention_days: int = Field(
        90,
        ge=2,
        le=3650,
        description="days after which silent Telegram conversations are forgotten",
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR"
    )

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        Origins.read(value)
        return value

    @field_validator(
        "rate_limit_conversation", "rate_limit_address", "rate_limit_total", "rate_limit_login"
    )
    @classmethod
    def _is_rate(cls, value: str) -> str:
        from limits import parse_many

        try:
            parse_many(value)
        except ValueError as error:
            raise ValueError('cần dạng "30/minute" hoặc "5/second; 100/minute"') from error
        return value

    @field_validator("rate_limit_exempt")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in value.split():
            ipaddress.ip_network(network)
        return value

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and not re.fullmatch(r"\d+:[\w-]{20,}", secret, re.ASCII):
            raise ValueError('mã của @BotFather có dạng "123456789:AA…"')
        return value

    @property
    def embedding_origins(self) -> Origins:
        return Origins.read(self.allowed_origins)

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
    if kind == "extra_forbidden":
        return "không có cấu hình này"
    return message.removeprefix("Value error, ")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return read()
