"""Families of twins: one question where nothing tells them apart, none where a word does."""

import re
from collections import Counter

import pytest
import yaml

from procedures_db.search.choosing import choose
from procedures_db.search.families import AS_RANKED, Families
from procedures_db.search.language import NLU_DATA
from procedures_db.search.resolution import Ambiguous, Context, Found, Question
from procedures_db.text.folding import fold

FILES = sorted((NLU_DATA / "families").glob("*.yml"))
ENTRIES = [(path.name, e) for path in FILES for e in yaml.safe_load(path.read_text("utf-8"))]
COPY, AGAIN, CORRECT = "2.000635", "1.004884", "1.004859"  # of a birth certificate that is lost


@pytest.fixture
def ask(finder):
    def ask(text: str, **context):
        return finder.resolve(Question(text), Context(**context))

    return ask


def test_every_family_has_a_question_and_two_to_five_members_with_telling_words():
    for name, entry in ENTRIES:
        where = f"{name}: {entry['nói'][0]}"
        assert 2 <= len(entry["chọn"]) <= 5, where
        assert entry["hỏi"].endswith("?") and len(entry["hỏi"]) <= 140, where
        for code, member in entry["chọn"].items():
            assert re.fullmatch(r"\d\.\d{6}", code), where
            assert member["khi nói"] and len(member["nhãn"]) <= 70, where


def test_no_name_calls_two_families():
    names = Counter(fold(str(name)) for _, entry in ENTRIES for name in entry["nói"])
    assert [name for name, count in names.items() if count > 1] == []


def test_no_telling_phrase_is_a_word_that_any_question_may_hold():
    everywhere = {
        "mat",
        "moi",
        "lai",
        "cap",
        "doi",
        "lam",
        "xin",
        "nop",
        "nha",
        "con",
        "muon",
        "can",
    }
    telling = {
        fold(str(said))
        for _, entry in ENTRIES
        for member in entry["chọn"].values()
        for said in member["khi nói"]
    }
    assert telling & everywhere == set()


def test_where_nothing_tells_the_twins_apart_the_officials_question_is_asked(ask):
    asked = ask("giấy khai sinh bị mất thì xin ở đâu")
    assert isinstance(asked, Ambiguous)
    assert [c.code for c in asked.candidates][:2] == [COPY, AGAIN]
    assert "sổ" in asked.question and asked.candidates[0].label.startswith("Sổ gốc còn")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("giấy khai sinh bị mất, xã còn lưu sổ gốc", COPY),
        ("giay khai sinh bi mat ma so goc bi chay roi", AGAIN),
    ],
)
def test_a_telling_word_settles_it(ask, text, code):
    found = ask(text)
    assert isinstance(found, Found) and found.candidate.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chứng thực bản sao bằng tốt nghiệp", "2.000815"),
        ("xin bản sao bằng tốt nghiệp bị mất", "3.000465"),
    ],
)
def test_a_longer_phrase_outweighs_the_one_within_it(language, text, code):
    family, _ = language.families.of(code, fold(text).split())
    assert [member.code for member in family.settled(fold(text).split())] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("đăng ký tạm trú cần gì", "1.004194"),
        ("dang ky tam tru cho chong nguoi han quoc", "1.000253"),
        ("bé 5 tuổi làm căn cước", "1.014062"),
        ("con tôi 16 tuổi làm căn cước", "1.014061"),
    ],
)
def test_a_usual_member_is_meant_when_nothing_is_said(ask, text, code):
    found = ask(text)
    assert isinstance(found, Found) and found.candidate.code == code


@pytest.mark.parametrize(
    ("under_discussion", "text", "code"),
    [
        ("1.014061", "à nó mới 9 tuổi thôi", "1.014062"),
        ("1.001653", "bà chưa có giấy bao giờ, xin làm lần đầu", "1.001699"),
    ],
)
def test_in_a_talk_a_telling_word_is_enough(ask, under_discussion, text, code):
    found = ask(text, procedure=under_discussion)
    assert isinstance(found, Found) and (found.candidate.code, found.named) == (code, False)


def test_a_usual_member_belongs_to_its_family():
    for name, entry in ENTRIES:
        usual = entry.get("không nói gì")
        assert usual in (None, AS_RANKED, *entry["chọn"]), f"{name}: {entry['nói'][0]}"


def test_in_a_talk_about_one_of_the_twins_nobody_is_asked(ask):
    found = ask("giấy khai sinh bị mất thì xin ở đâu", procedure=AGAIN)
    assert isinstance(found, Found) and found.candidate.code == AGAIN


def test_a_family_of_which_one_member_is_published_asks_nothing():
    families = Families(
        [{"nói": ["sổ xanh"], "hỏi": "?", "chọn": {"1.000001": {"nhãn": "A", "khi nói": ["một"]}}}]
    )
    assert families.of("1.000001", ["so", "xanh"]) is not None
    assert families.of("1.000002", ["so", "xanh"]) is None
    assert families.of("1.000001", ["so", "do"]) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("sổ gốc cháy mất rồi", AGAIN), ("cái trích lục ấy", COPY), ("cai chinh em oi", CORRECT)],
)
def test_an_option_is_known_by_a_part_of_it(finder, text, code):
    assert finder.choose(Question(text), (COPY, AGAIN, CORRECT)) == code


@pytest.mark.parametrize(
    "words", [["mua", "vang", "hom", "nay"], ["dang", "ky"], ["cap", "doi", "mot", "hai", "ba"]]
)
def test_words_that_several_options_hold_or_none_choose_nothing(words):
    assert choose(words, [["dang", "ky", "cap"], ["dang", "ky", "doi"]]) is None
