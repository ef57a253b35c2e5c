"""Questions handed to the staff: one owner, nothing asked twice, nothing lost."""

import threading
from datetime import datetime, timedelta, timezone

import pytest

from procedures_db import enquiries, outbox
from procedures_db.connection import transaction
from procedures_db.enquiry import (
    AlreadyClosed,
    AlreadyTaken,
    EnquiryNotFound,
    Message,
    NewEnquiry,
    NotYours,
)
from procedures_db.enquiry_replies import through_outbox

TALK = (Message("citizen", "đất nhà tôi không có giấy"), Message("bot", "Bạn cần việc nào?"))


@pytest.fixture
def run(engine):
    """Call a function of the module in a transaction of its own."""

    def run(function, *arguments, **named):
        with transaction(engine) as session:
            return function(session, *arguments, **named)

    return run


def new(question="Đất ông bà để lại không giấy tờ thì làm sổ thế nào?", conversation="a" * 16):
    return NewEnquiry(conversation, "web", question, TALK, ("1.012784",), "Nghệ An", "xã Hải Châu")


def kinds(enquiry):
    return [(event.kind, event.staff) for event in enquiry.history]


def nobody(conversation_id, text):
    raise AssertionError("nothing is to be delivered")


def test_what_the_citizen_asked_and_said_before_reaches_the_queue(run):
    number = run(enquiries.open_enquiry, new())
    page = run(enquiries.queue)
    (item,) = page.items
    assert (page.total, item.id, item.status) == (1, number, "new")
    assert item.question.startswith("Đất ông bà") and item.codes == ("1.012784",)
    assert (item.province, item.commune, item.channel) == ("Nghệ An", "xã Hải Châu", "web")
    assert [(m.author, m.text) for m in item.messages] == [(m.author, m.text) for m in TALK]
    assert kinds(item) == [("opened", None)]
    assert abs(datetime.now(timezone.utc) - item.created_at) < timedelta(minutes=1)


def test_a_conversation_that_waits_gets_no_second_enquiry_but_adds_to_the_first(run):
    first = run(enquiries.open_enquiry, new())
    assert run(enquiries.open_enquiry, new("Tôi quên nói: đất ở từ năm 1990")) == first
    item = run(enquiries.get, first)
    assert item.messages[-1].text == "Tôi quên nói: đất ở từ năm 1990"
    assert run(enquiries.queue).total == 1
    assert run(enquiries.open_enquiry, new(conversation="b" * 16)) != first


def test_a_blank_question_opens_nothing(run):
    with pytest.raises(ValueError):
        run(enquiries.open_enquiry, new("  "))
    assert run(enquiries.queue).total == 0


def test_an_enquiry_has_one_owner_until_it_is_released(run):
    number = run(enquiries.open_enquiry, new())
    assert run(enquiries.take, number, "lan").assigned_to == "lan"
    with pytest.raises(AlreadyTaken) as refused:
        run(enquiries.take, number, "minh")
    assert refused.value.owner == "lan"
    run(enquiries.take, number, "lan")
    with pytest.raises(NotYours):
        run(enquiries.release, number, "minh")
    run(enquiries.release, number, "lan")
    assert run(enquiries.take, number, "minh").assigned_to == "minh"
    assert kinds(run(enquiries.get, number)) == [
        ("opened", None),
        ("taken", "lan"),
        ("released", "lan"),
        ("taken", "minh"),
    ]


def test_an_answer_is_delivered_to_the_conversation_and_kept(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    delivered = []
    run(
        enquiries.answer, number, "lan", " Mời bác tới xã. ", deliver=lambda *a: delivered.append(a)
    )
    assert delivered == [("a" * 16, "Mời bác tới xã.")]
    item = run(enquiries.get, number)
    assert (item.status, item.answer) == ("answered", "Mời bác tới xã.")
    assert item.answered_at and (item.messages[-1].author, item.messages[-1].text) == (
        "staff",
        "Mời bác tới xã.",
    )


def test_an_answer_that_cannot_be_delivered_is_not_stored(run):
    def broken(conversation_id, text):
        raise ConnectionError("kênh không gửi được")

    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    with pytest.raises(ConnectionError):
        run(enquiries.answer, number, "lan", "Mời bác tới xã.", deliver=broken)
    assert (run(enquiries.get, number).status, run(enquiries.get, number).answer) == ("taken", None)


def test_only_the_owner_answers_and_never_nothing(run):
    number = run(enquiries.open_enquiry, new())
    with pytest.raises(NotYours):
        run(enquiries.answer, number, "lan", "chào bác", deliver=nobody)
    run(enquiries.take, number, "lan")
    with pytest.raises(ValueError):
        run(enquiries.answer, number, "lan", "   ", deliver=nobody)


def test_a_taken_over_conversation_is_the_staffs_until_handed_back_or_answered(run):
    number = run(enquiries.open_enquiry, new())
    assert run(enquiries.taken_over, "a" * 16) is None
    run(enquiries.take_over, number, "lan")
    assert run(enquiries.taken_over, "a" * 16) == number
    run(enquiries.append, number, "dạ bác nghe")
    sent = []
    run(enquiries.say, number, "lan", "Bác có giấy gì?", deliver=lambda *a: sent.append(a))
    assert sent == [("a" * 16, "Bác có giấy gì?")]
    run(enquiries.hand_back, number, "lan")
    assert run(enquiries.taken_over, "a" * 16) is None
    run(enquiries.take_over, number, "lan")
    run(enquiries.answer, number, "lan", "Xong bác nhé.", deliver=lambda *a: None)
    assert run(enquiries.taken_over, "a" * 16) is None
    said = [(m.author, m.text) for m in run(enquiries.get, number).messages[2:]]
    assert said == [
        ("citizen", "dạ bác nghe"),
        ("staff", "Bác có giấy gì?"),
        ("staff", "Xong bác nhé."),
    ]


def test_nobody_takes_over_what_another_owns(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    with pytest.raises(AlreadyTaken):
        run(enquiries.take_over, number, "minh")
    assert run(enquiries.taken_over, "a" * 16) is None


def test_a_closed_enquiry_is_done_with_and_the_next_question_opens_another(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    run(enquiries.close, number, "lan")
    for act in (enquiries.take, enquiries.release, enquiries.close, enquiries.take_over):
        with pytest.raises(AlreadyClosed):
            run(act, number, "lan")
    assert run(enquiries.open_number, "a" * 16) is None
    assert run(enquiries.open_enquiry, new()) != number


def test_an_unknown_number_is_said_to_be_unknown(run):
    with pytest.raises(EnquiryNotFound):
        run(enquiries.get, 99)
    with pytest.raises(EnquiryNotFound):
        run(enquiries.take, 99, "lan")


def test_the_queue_comes_in_pages_and_can_be_narrowed(run):
    numbers = [
        run(enquiries.open_enquiry, new(f"Câu {n} về 100% đất", f"{n:016}")) for n in range(5)
    ]
    run(enquiries.take, numbers[1], "lan")
    assert [e.id for e in run(enquiries.queue, page=2, per_page=2).items] == numbers[2:4]
    assert run(enquiries.queue, page=9).items == ()
    assert [e.id for e in run(enquiries.queue, assigned_to="lan").items] == [numbers[1]]
    assert run(enquiries.queue, statuses=("new",)).total == 4
    assert run(enquiries.queue, words="Câu 3").total == 1
    assert run(enquiries.queue, words="100%").total == 5
    assert run(enquiries.queue, words="100_").total == 0
    assert run(enquiries.queue, province="Huế").total == 0


def test_old_settled_enquiries_are_purged_with_all_that_was_said_open_ones_stay(run, engine):
    settled, waiting = (run(enquiries.open_enquiry, new(conversation=c * 16)) for c in "ab")
    run(enquiries.take, settled, "lan")
    run(enquiries.answer, settled, "lan", "Rồi ạ.", deliver=lambda *a: None)
    assert run(enquiries.purge, before=datetime.now(timezone.utc) - timedelta(days=1)) == 0
    assert run(enquiries.purge, before=datetime.now(timezone.utc) + timedelta(days=1)) == 1
    assert [e.id for e in run(enquiries.queue).items] == [waiting]
    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT DISTINCT enquiry_id FROM enquiry_message").all()
    assert left == [(waiting,)]


def test_an_answer_reaches_the_citizens_channel_through_the_outbox_with_its_storing(engine):
    with transaction(engine) as session:
        number = enquiries.open_enquiry(session, new())
        enquiries.take(session, number, "lan")
        send = through_outbox(session, number, author="Cán bộ Lan")
        enquiries.answer(session, number, "lan", "Mời bác tới xã.", deliver=send)
    with transaction(engine) as session:
        (message,) = outbox.after(session, "a" * 16, 0)
    assert (message.text, message.channel, message.author) == (
        "Mời bác tới xã.",
        "web",
        "Cán bộ Lan",
    )


def told(engine):
    """What the citizen got through the outbox: (kind, author, event, text)."""
    with transaction(engine) as session:
        return [
            (m.kind.value, m.author, m.reply.get("event"), m.text)
            for m in outbox.after(session, "a" * 16, 0)
        ]


JOINED = ("notice", "Cán bộ Lan", "staff_joined",
          "Cán bộ Lan đã vào cuộc trò chuyện và đang trả lời bạn. Bạn cứ nhắn tiếp tại đây.")  # fmt: skip
LEFT = ("notice", "", "staff_left", "Cán bộ đã trả lời xong. Từ đây trợ lý ảo trả lời tiếp.")


def test_the_citizen_is_told_once_who_takes_over_and_once_that_the_bot_answers_again(run, engine):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    assert told(engine) == [], "owning it is not speaking"
    for _ in range(2):
        run(enquiries.take_over, number, "lan", author="Cán bộ Lan")
    assert told(engine) == [JOINED]
    for _ in range(2):
        run(enquiries.hand_back, number, "lan")
    assert told(engine) == [JOINED, LEFT]


@pytest.mark.parametrize("end", [enquiries.release, enquiries.close])
def test_however_a_taken_over_talk_ends_the_citizen_is_told(run, engine, end):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take_over, number, "lan", author="Cán bộ Lan")
    run(end, number, "lan")
    assert told(engine) == [JOINED, LEFT]
    assert run(enquiries.taken_over, "a" * 16) is None


def test_the_answer_comes_before_the_word_that_the_bot_goes_on(engine):
    with transaction(engine) as session:
        number = enquiries.open_enquiry(session, new())
        enquiries.take_over(session, number, "lan", author="Cán bộ Lan")
        send = through_outbox(session, number, author="Cán bộ Lan")
        enquiries.answer(session, number, "lan", "Mời bác tới xã.", deliver=send)
    assert told(engine) == [JOINED, ("staff", "Cán bộ Lan", None, "Mời bác tới xã."), LEFT]


def test_an_official_without_a_name_is_still_announced(run, engine):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take_over, number, "lan")
    ((_, author, event, text),) = told(engine)
    assert (author, event) == ("Cán bộ một cửa", "staff_joined") and text.startswith(author)


def test_who_may_not_take_over_is_not_announced(run, engine):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    with pytest.raises(AlreadyTaken):
        run(enquiries.take_over, number, "minh", author="Cán bộ Minh")
    with pytest.raises(NotYours):
        run(enquiries.hand_back, number, "minh")
    assert told(engine) == []


def test_opening_saying_and_appending_go_well_while_others_write(run, engine):
    """SQLite cannot turn a reader into a writer once somebody else has written."""
    others = threading.Event()

    def write() -> None:
        while not others.is_set():
            with transaction(engine) as session:
                outbox.put(session, "c" * 16, "web", {"text": "khác"})

    def say(session, number):
        send = through_outbox(session, number, author="Cán bộ Lan")
        enquiries.say(session, number, "lan", "Chào bác.", deliver=send)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for count in range(30):
            number = run(enquiries.open_enquiry, new(conversation=f"{count:016}"))
            run(enquiries.take_over, number, "lan")
            run(say, number)
            run(enquiries.append, number, "dạ")
    finally:
        others.set()
        writer.join()
    assert run(enquiries.queue).total == 30


def test_what_an_absent_colleague_owns_may_be_taken_and_only_that(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take_over, number, "lan")
    with pytest.raises(AlreadyTaken):
        run(enquiries.take, number, "minh", away={"hoa"})
    assert run(enquiries.take, number, "minh", away={"lan"}).assigned_to == "minh"
    assert run(enquiries.taken_over, "a" * 16) is None  # the bot speaks until Minh takes over
    with pytest.raises(AlreadyTaken):
        run(enquiries.take, number, "lan", away={"lan"})


def test_an_answered_enquiry_is_not_taken_from_an_absent_colleague(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take, number, "lan")
    run(enquiries.answer, number, "lan", "Vâng.", deliver=lambda *_: None)
    with pytest.raises(AlreadyTaken):
        run(enquiries.take, number, "minh", away={"lan"})


def test_a_take_over_that_nobody_uses_ends_by_itself_and_the_citizen_is_told(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take_over, number, "lan")
    now = datetime.now(timezone.utc)
    assert run(enquiries.end_idle, before=now - timedelta(minutes=15)) == []
    run(enquiries.append, number, "Có ai không ạ?")  # the citizen's words do not keep it going
    assert run(enquiries.end_idle, before=now + timedelta(minutes=1)) == [number]
    assert run(enquiries.taken_over, "a" * 16) is None
    found = run(enquiries.get, number)
    assert (found.status, found.assigned_to) == ("taken", "lan")
    assert kinds(found)[-1] == ("idle", "lan")
    notices = run(outbox.since, 0)
    assert [notice.reply.get("event") for notice in notices] == [outbox.JOINED, outbox.LEFT]
    assert run(enquiries.end_idle, before=now + timedelta(minutes=1)) == []


def test_the_staffs_words_keep_a_take_over_going(run):
    number = run(enquiries.open_enquiry, new())
    run(enquiries.take_over, number, "lan")
    before = datetime.now(timezone.utc)
    run(enquiries.say, number, "lan", "Xin chờ chút.", deliver=lambda *_: None)
    assert run(enquiries.end_idle, before=before) == []


def test_the_queue_counts_by_status_and_turns_round(run):
    numbers = [run(enquiries.open_enquiry, new(conversation=c * 16)) for c in "abc"]
    run(enquiries.take, numbers[0], "lan")
    assert run(enquiries.counts) == {"new": 2, "taken": 1}
    assert [e.id for e in run(enquiries.queue, newest_first=True).items] == numbers[::-1]
