"""The inbox and the outbox: nothing twice, nothing lost, nothing kept longer than needed."""

from datetime import timedelta

import pytest

from procedures_db.connection import transaction
from procedures_db.models import TelegramOutgoingRow, TelegramUpdateRow
from procedures_db.models.base import now as utc_now
from procedures_db.telegram import buttons, conversations, inbox, outgoing
from procedures_db.telegram.inbox import Incoming
from procedures_db.telegram.outgoing import Message

BOT, LAN, MINH = 1, 5001, 5002
SOON = timedelta(minutes=1)


def asked(number: int, chat: int = LAN, **fields) -> Incoming:
    return Incoming(number, chat, chat, "text", f"câu {number}", **fields)


@pytest.fixture
def rows(engine):
    def rows(table):
        with transaction(engine) as session:
            found = session.query(table).all()
            session.expunge_all()
            return found

    return rows


def test_an_update_that_comes_again_is_dropped_also_after_its_answer(engine):
    assert inbox.accept(engine, BOT, [asked(1), asked(2), asked(1)]) == 2
    assert inbox.finish(engine, BOT, asked(1), [Message("a")])
    assert inbox.accept(engine, BOT, [asked(1)]) == 0
    assert inbox.first_of(engine, BOT, LAN) == asked(2)


def test_updates_of_another_bot_are_other_updates(engine):
    inbox.accept(engine, BOT, [asked(1)])
    assert inbox.accept(engine, 2, [asked(1)]) == 1


def test_a_chat_is_answered_in_the_order_in_which_it_was_written(engine):
    inbox.accept(engine, BOT, [asked(3), asked(2, MINH), asked(1)])
    assert inbox.first_of(engine, BOT, LAN).update_id == 1
    assert sorted(inbox.chats_with_work(engine, BOT, 10)) == [LAN, MINH]


def test_an_update_is_answered_once_even_by_two_processes(engine, rows):
    inbox.accept(engine, BOT, [asked(1)])
    assert inbox.finish(engine, BOT, asked(1), [Message("một"), Message("hai")])
    assert not inbox.finish(engine, BOT, asked(1), [Message("lần nữa")])
    assert [row.text for row in rows(TelegramOutgoingRow)] == ["một", "hai"]


def test_the_same_late_reply_is_queued_once(engine):
    assert outgoing.queue(engine, "late:7", LAN, [Message("a"), Message("b")]) == 2
    assert outgoing.queue(engine, "late:7", LAN, [Message("a"), Message("b")]) == 0


def test_words_are_forgotten_once_answered_and_once_sent(engine, rows):
    inbox.accept(engine, BOT, [asked(1)])
    keyboard = [[{"text": "Phí", "callback_data": "k"}]]
    inbox.finish(engine, BOT, asked(1), [Message("trả lời", keyboard)])
    assert [row.text for row in rows(TelegramUpdateRow)] == [""]
    pending = outgoing.first_of(engine, LAN)
    assert pending.message == Message("trả lời", keyboard)
    outgoing.sent(engine, pending.id)
    (row,) = rows(TelegramOutgoingRow)
    assert (row.text, row.keyboard, row.ending) == ("", [], "sent")


def test_a_chat_told_to_wait_waits_with_all_it_has(engine):
    inbox.accept(engine, BOT, [asked(1), asked(2), asked(3, MINH)])
    inbox.finish(engine, BOT, asked(1), [Message("a"), Message("b")])
    first = outgoing.first_of(engine, LAN)
    outgoing.postpone(engine, first.id, utc_now() + SOON, failed=False)
    assert inbox.chats_with_work(engine, BOT, 10) == [MINH]
    outgoing.postpone(engine, first.id, utc_now() - SOON, failed=True)
    assert sorted(inbox.chats_with_work(engine, BOT, 10)) == [LAN, MINH]
    assert outgoing.first_of(engine, LAN).attempts == 1


def test_a_blocked_chat_waits_for_nothing_any_more(engine):
    outgoing.queue(engine, "late:1", LAN, [Message("a"), Message("b")])
    conversations.block(engine, LAN)
    conversations.block(engine, LAN)
    outgoing.end_all(engine, LAN, "blocked")
    assert conversations.is_blocked(engine, LAN)
    assert outgoing.first_of(engine, LAN) is None
    conversations.unblock(engine, LAN)
    assert not conversations.is_blocked(engine, LAN)


def test_each_member_has_a_conversation_whose_id_tells_nothing(engine):
    group = -1005001
    lan, minh = (conversations.current(engine, group, user) for user in (LAN, MINH))
    assert lan != minh
    assert conversations.current(engine, group, LAN) == lan
    assert lan.startswith("telegram-") and "5001" not in lan.replace(lan[9:], "")
    assert len(lan) == 41


def test_a_new_conversation_replaces_the_old_one_which_keeps_its_chat(engine):
    old = conversations.current(engine, LAN, LAN)
    new = conversations.start(engine, LAN, LAN)
    assert conversations.current(engine, LAN, LAN) == new != old
    assert conversations.chat_of(engine, old) == conversations.chat_of(engine, new) == LAN
    assert conversations.chat_of(engine, "telegram-khac") is None


def test_a_button_is_found_by_its_key_and_an_unknown_key_is_not(engine):
    payloads = ["@fee 1.004194", "đ" * 500, "@fee 1.004194"]
    buttons.remember(engine, payloads)
    buttons.remember(engine, payloads)
    assert [buttons.payload_of(engine, buttons.key_of(p)) for p in payloads] == payloads
    assert buttons.payload_of(engine, "khac") is None


def test_only_the_first_of_an_album_opens_it(engine):
    album = [asked(n, album="x") for n in (1, 2)] + [asked(3, MINH, album="x"), asked(4)]
    inbox.accept(engine, BOT, album)
    assert [inbox.opens_album(engine, BOT, one) for one in album] == [True, False, True, True]


def test_a_group_that_moves_takes_everything_along(engine):
    inbox.accept(engine, BOT, [asked(1, -5), asked(2, -5)])
    inbox.finish(engine, BOT, asked(1, -5), [Message("a")])
    conversation = conversations.current(engine, -5, LAN)
    outgoing.move_chat(engine, -5, -1005)
    assert outgoing.first_of(engine, -1005).message.text == "a"
    assert inbox.first_of(engine, BOT, -1005).update_id == 2
    assert conversations.chat_of(engine, conversation) == -1005


def test_what_is_old_is_deleted_and_what_still_waits_is_not(engine, rows):
    inbox.accept(engine, BOT, [asked(1), asked(2)])
    inbox.finish(engine, BOT, asked(1), [Message("a"), Message("b")])
    outgoing.sent(engine, outgoing.first_of(engine, LAN).id)
    conversations.current(engine, LAN, LAN)
    later = utc_now() + SOON
    forgotten = [inbox.forget(engine, later), outgoing.forget(engine, later)]
    assert [*forgotten, conversations.forget(engine, later)] == [1, 1, 1]
    assert [row.update_id for row in rows(TelegramUpdateRow)] == [2]
    assert [row.text for row in rows(TelegramOutgoingRow)] == ["b"]
