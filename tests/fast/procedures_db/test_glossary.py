"""Terms: found by name or by the question, told from questions about a procedure."""

import copy

import pytest
import yaml

from procedures_db.glossary import GLOSSARY, BadGlossary, Glossary


@pytest.fixture(scope="module")
def glossary(knowledge) -> Glossary:
    return knowledge.glossary


@pytest.fixture
def content():
    return yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("thường trú khác tạm trú thế nào", "thường trú"),
        ("luu tru la gi", "thường trú"),
        ("cong chung voi chung thuc khac cho nao", "chứng thực"),
        ("trích lục là gì vậy ạ", "bản chính"),
        ("trích lục với bản sao khác nhau sao", "bản chính"),
        ("toàn trình với một phần khác gì", "toàn trình"),
        ("vneid muc 2 la gi", "VNeID"),
        ("muc 4 la gi", "mức độ 3"),
        ("CT07 là giấy gì", "CT07"),
        ("phí và lệ phí khác nhau chỗ nào", "phí"),
        ("so hong voi so do la mot ha", "sổ đỏ"),
        ("lý lịch tư pháp số 1 là gì", "lý lịch tư pháp số 1"),
    ],
)
def test_a_question_of_meaning_finds_its_term(glossary, asked, term):
    found = glossary.find(asked)
    assert found.is_definition
    assert found.entries[0].id == term


@pytest.mark.parametrize(
    "asked",
    [
        "trích lục khai tử cần giấy gì",
        "đăng ký tạm trú khác tỉnh cần gì",
        "lệ phí đăng ký tạm trú bao nhiêu",
        "xin trích lục khai sinh ở đâu",
        "làm căn cước mất bao lâu",
        "điều kiện mua nhà ở xã hội là gì",
    ],
)
def test_a_question_about_a_procedure_is_none_of_meaning(glossary, asked):
    found = glossary.find(asked)
    assert found is None or not found.is_definition


def test_terms_of_two_entries_are_both_explained(glossary):
    found = glossary.find("căn cước khác thường trú chỗ nào")
    assert [entry.id for entry in found.entries] == ["căn cước", "thường trú"]


@pytest.mark.parametrize("text", ["", "...", "zzz qqq"])
def test_nothing_known_is_nothing_explained(glossary, text):
    assert glossary.find(text) is None


def test_there_are_enough_terms_with_questions_and_explanations(glossary):
    entries = list(glossary)
    assert len(entries) >= 60
    for entry in entries:
        assert len(entry.questions) >= 3 and 60 < len(entry.text) < 600, entry.id


def test_every_kept_question_finds_its_entry(glossary):
    wrong = [
        (entry.id, question)
        for entry in glossary
        for question in entry.questions
        if not (found := glossary.find(question)) or entry not in found.entries
    ]
    assert len(wrong) <= len(list(glossary)) * 0.1, wrong


@pytest.mark.parametrize("missing", ["từ ngữ", "hỏi nghĩa", "chữ đệm"])
def test_a_file_that_misses_a_part_is_refused_by_its_name(content, language, missing):
    del content[missing]
    with pytest.raises(BadGlossary, match=missing):
        Glossary(content, language)


@pytest.mark.parametrize("missing", ["từ", "hỏi", "trả lời"])
def test_an_entry_that_misses_a_part_is_refused_by_its_name(content, language, missing):
    broken = copy.deepcopy(content)
    del broken["từ ngữ"][3][missing]
    with pytest.raises(BadGlossary, match=missing):
        Glossary(broken, language)


@pytest.mark.parametrize("text", ["- [", "chỉ là chữ", ""])
def test_a_broken_file_is_refused(tmp_path, language, text):
    path = tmp_path / "glossary.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadGlossary):
        Glossary.load(language, path)
