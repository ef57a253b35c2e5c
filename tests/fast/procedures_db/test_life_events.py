"""Life events: told in citizens' words, not mistaken for a single procedure, true to the records."""

import copy

import pytest
import yaml

from bot.invented_numbers import invented_numbers
from procedures_db.life_events import LIFE_EVENTS, BadLifeEvents, LifeEvents


@pytest.fixture(scope="module")
def events(knowledge) -> LifeEvents:
    return knowledge.events


@pytest.fixture
def content():
    return yaml.safe_load(LIFE_EVENTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("told", "event"),
    [
        ("tôi sắp sinh con cần làm những thủ tục gì", "sinh_con"),
        ("vk e moi de xong gio lam gi truoc", "sinh_con"),
        ("e sap cuoi can lam j", "ket_hon"),
        ("nhà mới có người mất phải làm gì", "co_nguoi_mat"),
        ("ba em mat roi gio lam gi", "co_nguoi_mat"),
        ("bà ngoại của em mới mất hôm qua", "co_nguoi_mat"),
        ("mở quán phở cần giấy tờ gì", "mo_quan"),
        ("mat vi mat het giay to gio sao", "mat_giay_to"),
        ("tôi bị mất việc giờ làm gì", "that_nghiep"),
        ("sắp xây nhà phải xin những gì", "xay_nha"),
        ("tui tới tuổi hưu rồi làm chi", "nghi_huu"),
        ("bố mẹ mất để lại đất thì anh em làm gì", "thua_ke_nha_dat"),
    ],
)
def test_an_event_is_found_by_the_words_it_is_told_in(events, told, event):
    assert events.find(told).event.id == event


@pytest.mark.parametrize(
    "text",
    [
        "khai sinh cho con", "trích lục khai tử cần giấy gì", "phí đăng ký thường trú", "sinh viên đăng ký tạm trú",
        "đăng ký kết hôn cần gì", "mất căn cước thì làm sao", "", "...", "xin chào",
    ],
)  # fmt: skip
def test_a_procedure_is_no_event(events, text):
    assert events.find(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "em mới sinh, làm giấy khai sinh cho con cần gì",
        "xây nhà ở thì xin giấy phép xây dựng cần gì",
        "bo toi mat giay to xe",
        "vừa nghỉ việc muốn lãnh bảo hiểm thất nghiệp",
        "người khuyết tật xin giấy xác nhận khuyết tật",
    ],
)
def test_a_procedure_named_within_a_story_is_noticed(events, text):
    assert events.find(text).names_procedure


@pytest.mark.parametrize(
    ("text", "for_all", "what_to_do"),
    [
        ("sinh con xong phải làm những thủ tục gì", True, True),
        ("sinh con xong, bat dau tu dau", True, True),
        ("sinh con xong phải làm gì", False, True),
        ("mở quán phở cần giấy tờ gì", False, False),
        ("mới sinh bé xong", False, False),
    ],
)
def test_how_much_is_asked_for(events, text, for_all, what_to_do):
    told = events.find(text)
    assert (told.asks_for_all, told.asks_what_to_do) == (for_all, what_to_do)


def test_a_story_like_a_kept_one_is_found_without_its_words(events):
    told = events.find("bé nhà em được 2 tuần rồi mà chưa làm gì hết, nên bắt đầu từ đâu ạ")
    assert (told.event.id, told.in_words) == ("sinh_con", False)


def test_every_event_has_steps_expressions_and_stories(events):
    assert len(list(events)) >= 12
    for event in events:
        assert len(event.steps) >= 3 and len(event.stories) >= 10, event.id
        assert len(event.expressions) >= 10 and event.procedure_words, event.id
        codes = [step.code for step in event.steps]
        assert len(set(codes)) == len(codes), event.id
        assert {code for step in event.steps for code in step.replaces} <= set(codes), event.id


def test_every_story_that_names_its_event_finds_it(events):
    wrong = [
        (event.id, story, told.event.id)
        for event in events
        for story in event.stories
        if (told := events.find(story)) and told.event.id != event.id
    ]
    assert wrong == []


def test_bundles_come_before_what_they_replace(events):
    for event in events:
        place = {step.code: number for number, step in enumerate(event.steps)}
        for step in event.steps:
            if len(step.replaces) > 1:  # liên thông, not an alternative
                assert all(place[step.code] < place[code] for code in step.replaces), event.id


def test_deadlines_repeat_numbers_of_the_record(events, built_in):
    for event in events:
        for step in event.steps:
            if step.code in built_in:
                assert invented_numbers(step.deadline, [built_in[step.code]]) == [], step


def test_most_steps_are_among_the_built_in_procedures(events, built_in):
    codes = {step.code for event in events for step in event.steps}
    assert len(codes & set(built_in)) > len(codes) * 0.7


@pytest.mark.parametrize("missing", ["tên", "nói", "nêu rõ", "hỏi", "lời dẫn", "các bước"])
def test_an_event_that_misses_a_part_is_refused_by_its_name(content, language, missing):
    broken = copy.deepcopy(content)
    del broken["sự kiện"][0][missing]
    with pytest.raises(BadLifeEvents, match=missing):
        LifeEvents(broken, language)


@pytest.mark.parametrize("text", ["- [", "chỉ là chữ", "a: 1", ""])
def test_a_broken_file_is_refused(tmp_path, language, text):
    path = tmp_path / "life_events.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadLifeEvents):
        LifeEvents.load(language, path)


def test_two_events_of_one_name_are_refused(content, language):
    content["sự kiện"].append(content["sự kiện"][0])
    with pytest.raises(BadLifeEvents, match="cùng mã"):
        LifeEvents(content, language)
