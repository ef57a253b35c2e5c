"""Filing online: today's level, the portal's steps, the old levels for those who ask by them."""

import pytest

from actions import online, replies
from procedures_db.record import Method


@pytest.fixture
def partial(record):
    methods = (Method(method="trực tuyến", note="Nộp qua VNeID."), Method(method="trực tiếp"))
    return record(online_level="một phần", online_level_inferred=True, methods=methods)


def test_how_to_file_is_told_only_where_one_can(record, partial, wording):
    direct = record(online_level="cung cấp thông tin", methods=(Method(method="trực tiếp"),))
    assert any("đăng nhập" in line for line in online.online(partial, wording).lines)
    assert not any("đăng nhập" in line for line in online.online(direct, wording).lines)


def test_the_steps_are_the_portals_with_the_code_to_look_for(partial, wording):
    section = online.online(partial, wording)
    numbered = [line for line in section.lines if line[:2] in ("1.", "2.", "3.", "4.", "5.")]
    assert len(numbered) == len(section.card["steps"]) == 5
    assert partial.code in numbered[1]


def test_the_records_own_words_stand_apart_from_the_general_way(partial, wording):
    lines = online.online(partial, wording).lines
    assert lines.index("- trực tuyến: Nộp qua VNeID.") < lines.index(
        "Cách làm chung trên Cổng Dịch vụ công quốc gia:"
    )


def test_what_still_needs_a_visit_is_said_by_level(record, partial, wording):
    full = record(online_level="toàn trình", methods=(Method(method="trực tuyến"),))
    assert "còn phải đến nơi" in online.online(partial, wording).lines[-1]
    assert "thường không phải đến nơi" in online.online(full, wording).lines[-1]


@pytest.mark.parametrize("asked", ["có mức 4 không", "muc do 3 ha", "dvc mức độ 4", "mức bốn chưa"])
def test_old_levels_are_explained_to_those_who_ask_by_them(partial, wording, asked):
    reply = replies.answer(partial, ["online"], wording, question=asked)
    assert "cách gọi cũ" in reply.text


@pytest.mark.parametrize(
    "asked", ["nộp online được không", "mức phí 3 nghìn", "4 người nộp online"]
)
def test_old_levels_are_not_brought_up_by_the_bot(partial, wording, asked):
    assert "cách gọi cũ" not in replies.answer(partial, ["online"], wording, question=asked).text


def test_a_level_that_no_source_states_is_said_to_be_missing_not_contradictory(record, wording):
    unsaid = online.online(record(methods=(Method(method="trực tuyến"),)), wording).first
    assert "chưa công bố trong dữ liệu" in unsaid and "toàn trình" not in unsaid
    contradictory = online.online(record(online_level_inferred=True), wording).first
    assert "không thống nhất" in contradictory


@pytest.mark.parametrize(
    ("method", "said"), [("bưu chính", "được"), ("trực tiếp", "không ghi cách nộp này")]
)
def test_whether_papers_may_be_posted_is_said_to_who_asks(record, wording, method, said):
    one = record(methods=(Method(method=method),))
    section = online.online(one, wording)
    online.add_post(section, one, "gui buu dien dc ko", wording)
    assert said in section.lines[0]
    before = list(section.lines)
    online.add_post(section, one, "nộp online được không", wording)
    assert section.lines == before


def test_only_a_level_that_was_inferred_is_told_as_inferred(record, partial, wording):
    stated = partial.model_copy(update={"online_level_inferred": False})
    assert "suy ra" in online.online(partial, wording).first
    assert "suy ra" not in online.online(stated, wording).first
