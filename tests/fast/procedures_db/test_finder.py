"""Finding the procedure a citizen means: cases that leave no doubt."""

from dataclasses import replace

import pytest

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.search.finder import Finder, is_clear
from procedures_db.search.language import Paraphrases
from procedures_db.search.resolution import (
    Ambiguous,
    Candidate,
    Context,
    Found,
    NothingFits,
    Question,
    Reason,
)
from procedures_db.text.folding import fold
from procedures_db.text.phrases import Phrases

BIRTH, MARRIAGE, TEMPORARY, PERMANENT = "1.001193", "1.000894", "1.004194", "1.004222"


@pytest.fixture
def ask(finder):
    def ask(text: str, **context):
        return finder.resolve(Question(text), Context(**context))

    return ask


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thủ tục đăng ký khai sinh", BIRTH),
        ("đăng ký khai sinh", BIRTH),
        ("dang ky khai sinh", BIRTH),
        ("ĐĂNG KÝ KHAI SINH!!!", BIRTH),
        ("cho em hỏi đăng ký khai sinh cần giấy tờ gì ạ", BIRTH),
        ("đăng ký thường trú", PERMANENT),
        ("dang ky thuong tru", PERMANENT),
        ("đăng ký tạm trú", TEMPORARY),
        ("dk tam tru can j", TEMPORARY),
        ("dang ky ket hon", MARRIAGE),
        ("đăng ký khai tử", "1.000656"),
        ("đăng ký lại khai sinh", "1.004884"),
    ],
)
def test_a_procedure_asked_by_its_name_is_found(ask, text, code):
    found = ask(text)
    assert isinstance(found, Found)
    assert found.candidate.code == code
    assert 0 < found.candidate.score <= 1
    assert not found.from_context


@pytest.mark.parametrize(
    ("plain", "special", "plain_code", "special_code"),
    [
        ("đăng ký khai sinh", "đăng ký khai sinh lưu động", BIRTH, "1.003583"),
        ("đăng ký kết hôn", "đăng ký kết hôn lưu động", MARRIAGE, "1.000593"),
        ("đăng ký khai tử", "đăng ký khai tử lưu động", "1.000656", "1.000419"),
        ("đăng ký kết hôn", "đăng ký kết hôn có yếu tố nước ngoài", MARRIAGE, "2.000806"),
        ("đăng ký kết hôn", "đăng ký kết hôn với người nước ngoài", MARRIAGE, "2.000806"),
        ("đăng ký kết hôn", "đăng ký lại kết hôn", MARRIAGE, "1.004746"),
    ],
)
def test_the_special_twin_is_meant_only_when_its_qualifier_is_said(
    ask, plain, special, plain_code, special_code
):
    assert ask(plain).candidate.code == plain_code
    found = ask(special)
    offered = (
        [c.code for c in found.candidates]
        if isinstance(found, Ambiguous)
        else [found.candidate.code]
    )
    assert offered[0] == special_code


@pytest.mark.parametrize(
    "text",
    [
        "1.001193",
        "mã 1.001193 cần gì",
        "1.001193.000.00.00.H17",
        " 1.001193.H21 ",
        "thủ tục 1.001193?",
    ],
)
def test_a_code_is_found_whatever_stands_around_it(ask, text):
    found = ask(text, procedure=TEMPORARY)
    assert isinstance(found, Found)
    assert (found.candidate.code, found.candidate.score) == (BIRTH, 1.0)


def test_two_codes_are_both_given_back(ask):
    found = ask("1.001193 với 1.004222")
    assert (found.candidate.code, [c.code for c in found.others]) == (BIRTH, [PERMANENT])


def test_a_code_nobody_has_is_said_to_be_unknown(ask):
    assert ask("9.999999 cần giấy tờ gì") == NothingFits(Reason.UNKNOWN_CODE)


def test_an_unknown_code_is_not_replaced_by_the_procedure_under_discussion(ask):
    assert ask("9.999999", procedure=BIRTH) == NothingFits(Reason.UNKNOWN_CODE)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000"])
def test_a_blank_question_is_an_error_of_the_caller(ask, text):
    with pytest.raises(ValueError):
        ask(text)


BARE = [
    "lệ phí bao nhiêu",
    "le phi bao nhieu",
    "mất bao lâu",
    "nop o dau",
    "cần giấy tờ gì",
    "hồ sơ gồm những gì",
]


@pytest.mark.parametrize("text", BARE)
def test_a_question_that_names_nothing_is_about_the_procedure_under_discussion(ask, text):
    found = ask(text, procedure=TEMPORARY)
    assert isinstance(found, Found)
    assert (found.candidate.code, found.from_context) == (TEMPORARY, True)


@pytest.mark.parametrize(
    "text",
    [
        "còn phí thì sao",
        "con phi?",
        "thế còn thời hạn",
        "thời gian bao lâu",
        "điều kiện là gì",
        "cần mẫu đơn nào",
    ],
)
def test_a_short_follow_up_stays_with_the_procedure_under_discussion(ask, text):
    found = ask(text, procedure=TEMPORARY)
    assert isinstance(found, Found)
    assert found.candidate.code == TEMPORARY


@pytest.mark.parametrize("text", BARE)
def test_without_a_procedure_under_discussion_it_is_about_nothing(ask, text):
    assert ask(text) == NothingFits(Reason.NO_TOPIC)


def test_a_procedure_under_discussion_that_is_gone_counts_as_none(ask):
    assert ask("mất bao lâu", procedure="9.999999") == NothingFits(Reason.NO_TOPIC)


def test_a_new_topic_replaces_the_procedure_under_discussion(ask):
    assert ask("đăng ký khai sinh", procedure=TEMPORARY).candidate.code == BIRTH


@pytest.mark.parametrize("text", ["asdf qwer zxcv", "mua vé xem phim"])
def test_what_is_no_procedure_finds_none(ask, text):
    assert isinstance(ask(text), NothingFits)


@pytest.mark.parametrize(
    "text",
    [
        "😀",
        "<script>alert(1)</script>",
        "'; DROP TABLE procedure;--",
        "\ud800 phí",
        "a." * 2000,
        "{x}",
        "%s",
    ],
)
def test_odd_text_is_resolved_like_any_other(ask, text):
    assert isinstance(ask(text), Found | Ambiguous | NothingFits)


def test_a_broad_topic_is_asked_back(ask):
    vague = ask("hộ tịch")
    assert isinstance(vague, Ambiguous)
    assert 2 <= len({c.code for c in vague.candidates}) == len(vague.candidates) <= 5


def test_a_topic_of_one_procedure_is_that_one(ask):
    found = ask("làm căn cước ở đâu ạ")
    assert isinstance(found, Found) and found.candidate.code == "1.014061"


def test_a_topic_in_a_talk_is_what_the_talk_is_about(finder):
    context = Context(options=("1.004884",))  # re-registration of a birth
    found = finder.resolve(Question("xin bản sao"), context)
    assert isinstance(found, Found) and found.candidate.code == "2.000635"


def test_no_official_name_is_answered_with_another_procedure(finder, built_in):
    names = {record.code: fold(record.name) for record in built_in.values()}
    wrong = {}
    for code, record in built_in.items():
        if list(names.values()).count(names[code]) > 1:
            continue
        resolution = finder.resolve(Question(record.name))
        if isinstance(resolution, NothingFits):
            wrong[code, record.name] = "nothing"
        elif isinstance(resolution, Found) and resolution.candidate.code != code:
            wrong[code, record.name] = resolution.candidate.code
        elif isinstance(resolution, Ambiguous) and code not in [
            c.code for c in resolution.candidates
        ]:
            wrong[code, record.name] = "not offered"
    assert wrong == {}


def test_every_built_in_code_is_found_with_a_province_suffix(finder, built_in):
    for code in built_in:
        assert finder.resolve(Question(f"{code}.000.00.00.H17")).candidate.code == code


@pytest.mark.parametrize("score", [0.3, 0.41, 0.49])
def test_two_procedures_that_are_equally_likely_are_never_answered(score):
    pair = tuple(Candidate(code, code, code, score) for code in (BIRTH, MARRIAGE))
    assert not is_clear(pair)


# Data that changes


def save(engine, *records):
    with transaction(engine) as session:
        for one in records:
            procedures.save(session, one)
        procedures.bump_data_version(session)


@pytest.fixture
def change(catalogue, finder):
    """Add procedures to those searched; they are gone again after the test."""
    added = set()

    def change(*records):
        save(catalogue, *records)
        added.update(one.code for one in records)

    yield change
    with transaction(catalogue) as session:
        for code in added:
            session.delete(procedures.find_row(session, code))
        procedures.bump_data_version(session)
    finder.refresh()


def first(resolution) -> str | None:
    """The procedure answered, or offered first."""
    if isinstance(resolution, NothingFits):
        return None
    return (
        resolution.candidates[0] if isinstance(resolution, Ambiguous) else resolution.candidate
    ).code


def test_a_procedure_added_is_found_after_a_refresh(ask, finder, change, record):
    assert not finder.is_stale()
    change(record(code="1.000003", name="Cấp phép câu mực"))
    assert finder.is_stale()
    assert first(ask("cấp phép câu mực")) != "1.000003"
    finder.refresh()
    assert not finder.is_stale()
    assert first(ask("cấp phép câu mực")) == "1.000003"


def test_an_alias_added_to_a_procedure_is_found_after_a_refresh(ask, finder, change, record):
    change(record(code="1.000003", name="Cấp phép câu mực"))
    finder.refresh()
    assert first(ask("bẫy ghẹ lồng xếp")) != "1.000003"
    change(record(code="1.000003", name="Cấp phép câu mực", aliases=("bẫy ghẹ lồng xếp",)))
    finder.refresh()
    found = ask("bẫy ghẹ lồng xếp")
    assert isinstance(found, Found)
    assert found.candidate.code == "1.000003"


def test_a_procedure_renamed_is_found_by_its_new_name(ask, finder, change, record):
    change(record(code="1.000003", name="Cấp phép câu mực"))
    change(record(code="1.000003", name="Khai báo tổ chim yến"))
    finder.refresh()
    assert first(ask("khai báo tổ chim yến")) == "1.000003"
    assert finder.candidate("1.000003").name == "Khai báo tổ chim yến"


def test_twins_that_nothing_tells_apart_are_asked_back_likeliest_first(ask, finder, change, record):
    kinds = ("plim", "plam", "plum")
    twins = [
        record(code=f"1.00001{i}", name=f"Cấp mã vùng trồng {kind}") for i, kind in enumerate(kinds)
    ]
    change(*twins)
    finder.refresh()
    asked = ask("cấp mã vùng trồng")
    assert isinstance(asked, Ambiguous)
    assert {c.code for c in asked.candidates[:2]} < {twin.code for twin in twins}
    scores = [c.score for c in asked.candidates]
    assert scores == sorted(scores, reverse=True)
    assert first(ask("cấp mã vùng trồng plam")) == "1.000011"


# Either database


@pytest.fixture(scope="module")
def few_words(language):
    """Citizens' language about one procedure only: learning that of all takes seconds."""
    bees = Paraphrases("1.000001", "Nuôi ong", "hiếm", ("xin nuôi ong", "em muốn nuôi ong mật"))
    return replace(language, paraphrases={"1.000001": bees}, topics=Phrases([]))


def test_an_index_is_stale_once_either_database_changed(engine, few_words, record):
    save(engine, record(code="1.000001"))
    finder = Finder(engine, few_words)
    assert finder.is_stale()
    assert finder.resolve(Question("1.000001")).candidate.label == "Nuôi ong"
    assert not finder.is_stale()
    save(engine, record(code="1.000002"))
    assert finder.is_stale()
    assert finder.resolve(Question("1.000002")) == NothingFits(Reason.UNKNOWN_CODE)
    finder.refresh()
    assert finder.resolve(Question("1.000002")).candidate.code == "1.000002"


@pytest.mark.parametrize("text", ["đăng ký khai sinh", "1.001193", "phí bao nhiêu", "😀"])
def test_an_empty_database_answers_that_nothing_fits(engine, few_words, text):
    assert isinstance(Finder(engine, few_words).resolve(Question(text)), NothingFits)
