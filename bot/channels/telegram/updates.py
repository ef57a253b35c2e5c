"""What a Telegram update wants of us: read into an ``Incoming``, personal numbers masked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.conversation import clean
from bot.privacy import mask, tells_a_secret
from procedures_db.telegram.inbox import Incoming

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]

COMMANDS = {"start": "start", "help": "help", "moi": "new", "canbo": "person"}
_COMMAND = re.compile(r"^/([A-Za-z0-9_]+)(?:@(\w+))?\s*")

# Message field → kind. The first that is there counts; what may show identity papers comes first.
_MEDIA = {
    "photo": "file", "document": "file", "video": "file", "animation": "sticker", "sticker": "sticker",
    "dice": "sticker", "voice": "voice", "audio": "voice", "video_note": "voice", "contact": "contact",
    "venue": "place", "location": "place", "poll": "poll", "story": "other", "paid_media": "file",
    "game": "other", "invoice": "other", "passport_data": "contact",
}  # fmt: skip
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_GONE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


def read(update: Update, me: User) -> Incoming | None:
    """Return what the update asks; None when nothing is to be said: service messages, channel posts,
    other people's talk in groups, live locations moving on.
    """
    if update.callback_query:
        return _button(update.update_id, update.callback_query)
    if update.my_chat_member:
        return _membership(update.update_id, update.my_chat_member)
    if update.message:
        return _message(update.update_id, update.message, me)
    if update.edited_message and update.edited_message.text:
        return _message(update.update_id, update.edited_message, me)
    return None


def _button(update_id: int, pressed: CallbackQuery) -> Incoming | None:
    if pressed.message is None or not pressed.data:  # of an inline message: we write none
        return None
    chat = pressed.message.chat
    return Incoming(
        update_id, chat.id, pressed.from_user.id, "button", pressed.data[:64],
        pressed.message.message_id, chat.type in _GROUPS,
    )  # fmt: skip


def _membership(update_id: int, change: ChatMemberUpdated) -> Incoming | None:
    member: ChatMember = change.new_chat_member
    kind = "blocked" if member.status in _GONE else "unblocked"
    return Incoming(update_id, change.chat.id, change.from_user.id, kind)


def _message(update_id: int, message: Message, me: User) -> Incoming | None:
    in_group = message.chat.type in _GROUPS
    if message.chat.type == ChatType.CHANNEL or (message.from_user and message.from_user.is_bot):
        return None
    text = message.text or message.caption or ""
    kind = _media(message) or ("text" if message.text else "")
    command = _own_command(message.text or "", me)
    if command:
        kind, text = command
    elif in_group and not _is_for(message, me):
        return None
    if not kind:  # somebody joined, a title changed, a message was pinned …
        return None
    user_id = message.from_user.id if message.from_user else message.chat.id
    said = clean(_without(text, me))
    masked = mask(said)
    return Incoming(
        update_id, message.chat.id, user_id, kind, masked,
        message.message_id, in_group, message.media_group_id, tells_a_secret(said, masked),
    )  # fmt: skip


def _own_command(text: str, me: User) -> tuple[str, str] | None:
    """(kind, what stands after it) of one of our commands; None for other text and other bots' commands."""
    match = _COMMAND.match(text)
    if not match or match[1].lower() not in COMMANDS:
        return None
    if match[2] and match[2].lower() != (me.username or "").lower():
        return None
    return COMMANDS[match[1].lower()], text[match.end() :]


def _media(message: Message) -> str | None:
    return next((kind for field, kind in _MEDIA.items() if getattr(message, field, None)), None)


def _is_for(message: Message, me: User) -> bool:
    """Whether a message in a group speaks to us: it answers one of ours or names us."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == me.id:
        return True
    return any(_names(mention, me) for mention in _mentions(message))


def _mentions(message: Message) -> Iterable[tuple[str, User | None]]:
    kinds: list[str | None] = [MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION]
    found = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return [(text, entity.user) for entity, text in found.items()]


def _names(mention: tuple[str, User | None], me: User) -> bool:
    text, user = mention
    return (user is not None and user.id == me.id) or text.lower() == f"@{me.username}".lower()


def _without(text: str, me: User) -> str:
    """The text without our own name, which is no part of the question."""
    return re.sub(rf"@{re.escape(me.username or '')}\b", " ", text, flags=re.IGNORECASE)
