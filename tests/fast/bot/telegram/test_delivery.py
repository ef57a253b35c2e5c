"""Sending: what to try again, what to give up, and what never to send."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.channels.telegram.delivery import GIVE_UP_AFTER, Delivery
from bot.channels.telegram.late import LateMessages, UnknownConversation, deliver_late
from bot.conversation import Reply
from procedures_db import outbox
from procedures_db.connection import transaction
from procedures_db.models import TelegramOutgoingRow
from procedures_db.models.base import now as utc_now
from procedures_db.telegram import conversations, outgoing
from procedures_db.telegram.outgoing import Message
from tests.fast.bot.telegram.conftest import LAN


class Bot:
    """Raises what the test lays out, then takes messages."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.taken: list[str] = []

    async def send_message(self, chat_id, text, **options):
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append(text)


class Now:
    later = timedelta()

    def __call__(self):
        return utc_now() + self.later


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def delivery(bot, engine, now) -> Delivery:
    return Delivery(bot, engine, now=now)


@pytest.fixture
def endings(engine):
    def endings():
        with transaction(engine) as session:
            rows = session.query(TelegramOutgoingRow).order_by(TelegramOutgoingRow.id)
            return [row.ending for row in rows]

    return endings


async def drain(delivery) -> object:
    while (done := await delivery.send_next(LAN)) is True:
        pass
    return done


async def test_messages_are_sent_in_order_and_once(delivery, bot, engine, endings):
    outgoing.queue(engine, "late:1", LAN, [Message("một"), Message("hai")])
    assert await drain(delivery) is None
    assert bot.taken == ["một", "hai"]
    assert endings() == ["sent", "sent"]


@pytest.mark.parametrize(
    ("error", "seconds"), [(RetryAfter(7), 7), (NetworkError("x"), 0.9), (TimedOut(), 0.9)]
)
async def test_after_a_flood_limit_or_trouble_the_same_message_is_tried_again(
    delivery, bot, engine, now, error, seconds
):
    outgoing.queue(engine, "late:1", LAN, [Message("một"), Message("hai")])
    bot.errors = [error]
    assert await drain(delivery) is False
    assert bot.taken == []
    now.later = timedelta(seconds=seconds - 0.5)
    assert await drain(delivery) is False
    now.later = timedelta(seconds=seconds + 0.5)
    assert await drain(delivery) is None
    assert bot.taken == ["một", "hai"]


async def test_pauses_grow_while_the_trouble_lasts(delivery, bot, engine, now):
    outgoing.queue(engine, "late:1", LAN, [Message("một")])
    pauses = []
    for _ in range(10):
        bot.errors = [NetworkError("x")]
        await drain(delivery)
        pause = outgoing.first_of(engine, LAN).due_at - now()
        pauses.append(round(pause.total_seconds()))
        now.later += pause + timedelta(seconds=1)
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == 300


async def test_a_citizen_who_blocked_the_bot_is_left_alone(delivery, bot, engine, endings):
    outgoing.queue(engine, "late:1", LAN, [Message("một"), Message("hai")])
    bot.errors = [Forbidden("bot was blocked by the user")]
    assert await drain(delivery) is None
    outgoing.queue(engine, "late:2", LAN, [Message("ba")])
    assert await drain(delivery) is None
    assert bot.taken == []
    assert endings() == ["blocked"] * 3


async def test_what_telegram_refuses_does_not_hold_up_the_rest(delivery, bot, engine, endings):
    outgoing.queue(engine, "late:1", LAN, [Message("một"), Message("hai")])
    bot.errors = [BadRequest("Chat not found")]
    assert await drain(delivery) is None
    assert (bot.taken, endings()) == (["hai"], ["refused", "sent"])


async def test_html_that_telegram_cannot_read_is_sent_as_words(delivery, bot, engine):
    outgoing.queue(engine, "late:1", LAN, [Message("<b>a &lt; b</b>")])
    bot.errors = [BadRequest("Can't parse entities: x")]
    assert await drain(delivery) is None
    assert bot.taken == ["a < b"]


async def test_a_group_that_moved_gets_its_messages_in_its_new_place(delivery, bot, engine):
    outgoing.queue(engine, "late:1", LAN, [Message("một")])
    bot.errors = [ChatMigrated(-1005)]
    await drain(delivery)
    assert outgoing.first_of(engine, LAN) is None
    assert await delivery.send_next(-1005) and bot.taken == ["một"]


async def test_what_could_not_be_sent_for_a_day_is_dropped(delivery, bot, engine, now, endings):
    outgoing.queue(engine, "late:1", LAN, [Message("một")])
    now.later = GIVE_UP_AFTER + timedelta(minutes=1)
    assert await drain(delivery) is None
    assert (bot.taken, endings()) == ([], ["expired"])


@pytest.fixture
def put(engine):
    def put(conversation_id, reply, channel="telegram", **fields):
        with transaction(engine, write=True) as session:
            return outbox.put(session, conversation_id, channel, reply, **fields)

    return put


@pytest.fixture
def delivered(engine):
    def delivered():
        with transaction(engine) as session:
            return {m.id for m in outbox.since(session, 0) if m.delivered_at}

    return delivered


async def test_an_officials_reply_reaches_also_an_earlier_conversation(
    delivery, bot, engine, wording, put, delivered
):
    earlier = conversations.current(engine, LAN, LAN)
    conversations.start(engine, LAN, LAN)
    reply = {"text": "Mang theo bản chính nhé. " * 300}
    ours = put(earlier, reply, author="Cán bộ Lan")
    put("telegram-khong-co", reply)
    put("cuoc-tro-chuyen-web", reply, channel="web")
    late = LateMessages(engine, wording)
    assert late.take() == 2
    assert late.take() == 0
    await delivery.send_next(LAN)
    assert bot.taken[0].startswith("Cán bộ Lan trả lời:\n\nMang theo bản chính nhé.")
    assert delivered() == set()
    await drain(delivery)
    assert len(bot.taken) == 2
    assert delivered() == {ours}


def test_a_late_reply_to_one_who_blocked_us_is_told_to_be_undeliverable(engine):
    conversation_id = conversations.current(engine, LAN, LAN)
    conversations.block(engine, LAN)
    with pytest.raises(UnknownConversation):
        deliver_late(engine, conversation_id, Reply("…", "handover"), message_id=1)
