"""Tables of the Telegram channel: what came in, what goes out, who is talked with."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Text, text
from sqlalchemy.schema import UniqueConstraint

from procedures_db.models.base import Base, UtcDateTime


class TelegramUpdateRow(Base):
    """An update accepted from Telegram. The row outlives its text: repeats are known by it."""

    __tablename__ = "telegram_update"
    __table_args__ = (
        Index(
            "ix_telegram_update_waiting",
            "chat_id",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        Index("ix_telegram_update_done_at", "done_at"),
    )

    bot_id = Column(BigInteger, primary_key=True, autoincrement=False)  # update ids are each bot's
    update_id = Column(BigInteger, primary_key=True, autoincrement=False)
    chat_id = Column(BigInteger, nullable=False)
    user_id = Column(BigInteger, nullable=False)
    message_id = Column(BigInteger, nullable=True)
    kind = Column(String(20), nullable=False)
    text = Column(Text, nullable=False)  # masked; emptied once answered
    told_secret = Column(Boolean, nullable=False)  # a number was masked that nobody should be told
    in_group = Column(Boolean, nullable=False)
    album = Column(String(64), nullable=True)  # photos sent together share it
    received_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime, nullable=True)


class TelegramOutgoingRow(Base):
    """A message to send. It ends as sent, blocked, refused or expired; then its text is emptied."""

    __tablename__ = "telegram_outgoing"
    __table_args__ = (
        UniqueConstraint("cause", "part"),
        Index(
            "ix_telegram_outgoing_waiting",
            "chat_id",
            "id",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_telegram_outgoing_ended_at", "ended_at"),
    )

    id = Column(Integer, primary_key=True)
    cause = Column(String(80), nullable=False)  # "update:BOT:ID" or "late:KEY": queued only once
    part = Column(Integer, nullable=False)
    chat_id = Column(BigInteger, nullable=False)
    text = Column(Text, nullable=False)  # Telegram HTML
    keyboard = Column(JSON, nullable=False)  # rows of {"text", "callback_data"}
    reply_to = Column(BigInteger, nullable=True)
    attempts = Column(Integer, nullable=False, default=0)
    queued_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime, nullable=True)
    ending = Column(String(10), nullable=True)


class TelegramConversationRow(Base):
    """A conversation with one member of one chat; the newest is the current one."""

    __tablename__ = "telegram_conversation"
    __table_args__ = (Index("ix_telegram_conversation_member", "chat_id", "user_id", "id"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(64), nullable=False, unique=True)
    chat_id = Column(BigInteger, nullable=False)
    user_id = Column(BigInteger, nullable=False)
    started_at = Column(UtcDateTime, nullable=False)
    used_at = Column(UtcDateTime, nullable=False, index=True)


class TelegramBlockedRow(Base):
    """A chat whose citizen has blocked the bot, or that threw it out: nothing is sent there."""

    __tablename__ = "telegram_blocked"

    chat_id = Column(BigInteger, primary_key=True, autoincrement=False)
    blocked_at = Column(UtcDateTime, nullable=False)


class TelegramButtonRow(Base):
    """What a button does, by the short key that Telegram carries (64 bytes at most)."""

    __tablename__ = "telegram_button"

    key = Column(String(32), primary_key=True)
    payload = Column(Text, nullable=False)
