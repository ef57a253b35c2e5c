"""Whatever Telegram sends is understood, politely left alone, or masked before it is kept."""

import pytest

from tests.fast.bot.telegram.conftest import GROUP, LAN


def test_a_question_is_read_with_its_personal_numbers_masked(telegram, read):
    incoming = read(telegram.message(LAN, "Tôi là 012345678901, làm lại căn cước?"))
    assert (incoming.kind, incoming.chat_id) == ("text", LAN)
    assert incoming.text == "Tôi là [số căn cước], làm lại căn cước?"
    assert incoming.told_secret
    assert not read(telegram.message(LAN, "làm lại căn cước?")).told_secret


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("/start", "start", ""),
        ("/start quang-cao", "start", "quang-cao"),
        ("/help", "help", ""),
        ("/moi", "new", ""),
        ("/MOI khai sinh", "new", "khai sinh"),
        ("/canbo@motcua_bot", "person", ""),
        ("/khaisinh cần gì", "text", "khaisinh cần gì"),
        ("/help@bot_khac", "text", "help@bot_khac"),
    ],
)
def test_commands_are_ours_and_other_slashes_are_words(telegram, read, text, kind, rest):
    incoming = read(telegram.message(LAN, text))
    assert (incoming.kind, incoming.text) == (kind, rest)


MEDIA = {
    "photo": ([{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}], "file"),
    "document": ({"file_id": "x", "file_unique_id": "x"}, "file"),
    "voice": ({"file_id": "x", "file_unique_id": "x", "duration": 1}, "voice"),
    "location": ({"longitude": 105.8, "latitude": 21.0}, "place"),
    "contact": ({"phone_number": "0912345678", "first_name": "Lan"}, "contact"),
    "dice": ({"value": 3, "emoji": "🎲"}, "sticker"),
}


@pytest.mark.parametrize("field", MEDIA)
def test_things_that_are_no_text_are_told_apart_and_nothing_of_them_is_kept(telegram, read, field):
    content, kind = MEDIA[field]
    incoming = read(telegram.message(LAN, **{field: content}))
    assert (incoming.kind, incoming.text) == (kind, "")


def test_the_words_under_a_photo_are_read(telegram, read):
    photo, _ = MEDIA["photo"]
    incoming = read(telegram.message(LAN, photo=photo, caption="giấy này đổi ở đâu", media_group_id="9"))  # fmt: skip
    assert (incoming.kind, incoming.text, incoming.album) == ("file", "giấy này đổi ở đâu", "9")


def test_an_edited_question_is_a_new_one_and_a_moving_location_is_not(telegram, read):
    edited = telegram.message(LAN, "đăng ký tạm trú")
    edited["edited_message"] = edited.pop("message")
    assert read(edited).text == "đăng ký tạm trú"
    moving = telegram.message(LAN, location=MEDIA["location"][0])
    moving["edited_message"] = moving.pop("message")
    assert read(moving) is None


def test_in_a_group_only_what_speaks_to_the_bot_is_read(telegram, read):
    ours = {"message_id": 1, "date": 0, "chat": {"id": GROUP, "type": "supergroup"}, "text": "…",
            "from": {"id": 123456789, "is_bot": True, "first_name": "Một cửa"}}  # fmt: skip
    assert read(telegram.message(GROUP, "tạm trú cần gì vậy mọi người")) is None
    assert read(telegram.message(GROUP, "@bot_khac tạm trú cần gì")) is None
    assert read(telegram.message(GROUP, "/thoitiet")) is None
    assert read(telegram.message(GROUP, "/help@bot_khac")) is None
    assert read(telegram.message(GROUP, photo=MEDIA["photo"][0])) is None
    assert read(telegram.message(GROUP, "@motcua_bot tạm trú cần gì")).text == "tạm trú cần gì"
    assert read(telegram.message(GROUP, "phí?", reply_to_message=ours)).text == "phí?"
    assert read(telegram.message(GROUP, "/moi@motcua_bot")).kind == "new"


def test_members_of_a_group_are_told_apart(telegram, read):
    raw = telegram.message(GROUP, "@motcua_bot phí?")
    raw["message"]["from"]["id"] = 77
    incoming = read(raw)
    assert (incoming.chat_id, incoming.user_id, incoming.in_group) == (GROUP, 77, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "An"}]},
        {"group_chat_created": True},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}},
        {"from": {"id": 9, "is_bot": True, "first_name": "Bot khác"}, "text": "xin chào"},
    ],
)
def test_service_messages_and_other_bots_get_no_answer(telegram, read, fields):
    assert read(telegram.message(LAN, **fields)) is None


def test_updates_of_kinds_that_do_not_concern_us_are_left_alone(telegram, read):
    assert read({"update_id": 1}) is None
    post = telegram.message(LAN, "tin kênh")
    post["message"]["chat"]["type"] = "channel"
    post["channel_post"] = post.pop("message")
    assert read(post) is None
    assert read({"update_id": 2, "một loại mới": {"a": 1}}) is None


def test_blocking_the_bot_is_noticed(telegram, read):
    def change(status):
        user = {"id": LAN, "is_bot": False, "first_name": "Lan"}
        member = {"user": {"id": 1, "is_bot": True, "first_name": "b"}, "status": status, "until_date": 0}  # fmt: skip
        return {"update_id": 3, "my_chat_member": {
            "chat": {"id": LAN, "type": "private"}, "from": user, "date": 0,
            "old_chat_member": member, "new_chat_member": member}}  # fmt: skip

    assert read(change("kicked")).kind == "blocked"
    assert read(change("member")).kind == "unblocked"


def test_a_pressed_button_is_read_by_its_key(telegram, read):
    incoming = read(telegram.press(LAN, "abc"))
    assert (incoming.kind, incoming.text) == ("button", "abc")
