"""Finding the procedure a citizen means: cases that leave no doubt."""

import pytest

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.search.finder import Finder
from procedures_db.search.resolution import Ambiguous, Context, Found, NothingFits, Question, Reason
from procedures_db.text.folding import fold

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


@pytest.mark.parametrize("text", ["bay lên sao hỏa", "asdf qwer zxcv", "mua vé xem phim"])
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


def test_a_vague_question_offers_two_to_five_different_procedures_likeliest_first(ask, finder):
    vague = ask("giấy tờ đất")
    assert isinstance(vague, Ambiguous)
    assert 2 <= len({c.code for c in vague.candidates}) == len(vague.candidates) <= 5
    scores = [c.score for c in vague.candidates]
    assert scores == sorted(scores, reverse=True)
    fewer = finder.resolve(Question("giấy tờ đất"), limit=2)
    assert len(fewer.candidates) == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
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


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_built_in_code_is_found_with_a_province_suffix(finder, built_in):
    for code in built_in:
        assert finder.resolve(Question(f"{code}.000.00.00.H17")).candidate.code == code


# Data that changes


@pytest.fixture
def change(engine):
    def change(*records):
        with transaction(engine) as session:
            for one in records:
                procedures.save(session, one)
            procedures.bump_data_version(session)

    return change


@pytest.fixture
def bees(engine, language, record, change) -> Finder:
    """A search over two procedures of a database of its own."""
    change(
        record(code="1.000001", name="Đăng ký nuôi ong"),
        record(code="1.000002", name="Cấp phép thả diều"),
    )
    finder = Finder(engine, language)
    finder.refresh()
    return finder


def test_an_index_is_stale_once_the_data_changed(bees, change, record):
    assert not bees.is_stale()
    change(record(code="1.000003", name="Cấp phép câu mực"))
    assert bees.is_stale()
    assert isinstance(bees.resolve(Question("câu mực")), NothingFits)
    bees.refresh()
    assert not bees.is_stale()
    assert bees.resolve(Question("câu mực")).candidate.code == "1.000003"


def test_an_alias_added_to_a_procedure_is_found_after_a_refresh(bees, change, record):
    assert isinstance(bees.resolve(Question("bay lồng đèn giấy")), NothingFits)
    change(record(code="1.000002", name="Cấp phép thả diều", aliases=("bay lồng đèn giấy",)))
    bees.refresh()
    found = bees.resolve(Question("bay lồng đèn giấy"))
    assert isinstance(found, Found)
    assert found.candidate.code == "1.000002"


def test_a_procedure_renamed_is_found_by_its_new_name(bees, change, record):
    change(record(code="1.000001", name="Khai báo tổ chim yến"))
    bees.refresh()
    assert bees.resolve(Question("tổ chim yến")).candidate.code == "1.000001"
    assert bees.candidate("1.000001").name == "Khai báo tổ chim yến"


def test_a_finder_that_nobody_refreshed_builds_its_index_on_first_use(
    engine, language, change, record
):
    change(record())
    finder = Finder(engine, language)
    assert finder.is_stale()
    assert finder.resolve(Question("nuôi ong")).candidate.code == "1.000001"
    assert not finder.is_stale()


@pytest.mark.parametrize("text", ["đăng ký khai sinh", "1.001193", "phí bao nhiêu", "😀"])
def test_an_empty_database_answers_that_nothing_fits(engine, language, text):
    assert isinstance(Finder(engine, language).resolve(Question(text)), NothingFits)
