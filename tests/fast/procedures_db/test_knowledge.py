"""An edit to events, terms or kept questions is there after a refresh; a broken file changes nothing."""

import os
import shutil

import pytest

from procedures_db import faqs, knowledge
from procedures_db.connection import transaction
from procedures_db.faqs import FaqState, checked
from procedures_db.knowledge import KeptKnowledge
from procedures_db.life_events import BadLifeEvents, LifeEvents


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Copies of both files that a test may edit, read instead of the real ones."""
    copied = {}
    for name in ("LIFE_EVENTS", "GLOSSARY"):
        original = getattr(knowledge, name)
        copied[name] = path = tmp_path / original.name
        shutil.copy(original, path)
        monkeypatch.setattr(knowledge, name, path)
    load_events, load_terms = LifeEvents.load, knowledge.Glossary.load
    monkeypatch.setattr(
        LifeEvents,
        "load",
        lambda language, kept: load_events(language, copied["LIFE_EVENTS"], kept=kept),
    )
    monkeypatch.setattr(
        knowledge.Glossary,
        "load",
        lambda language, kept: load_terms(language, copied["GLOSSARY"], kept=kept),
    )
    return copied


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))


def test_edits_are_read_at_the_next_refresh(files, engine, language):
    kept = KeptKnowledge(engine, language)
    edit(files["LIFE_EVENTS"], "tên: Sinh con", "tên: Có em bé")
    edit(files["GLOSSARY"], "Thường trú là nơi bạn sinh sống ổn định", "Thường trú là nơi ở lâu")
    kept.refresh()
    assert kept.latest.events.get("sinh_con").name == "Có em bé"
    assert kept.latest.glossary.get("thường trú").text.startswith("Thường trú là nơi ở lâu")


def test_a_published_question_is_found_after_a_refresh(files, engine, language):
    kept = KeptKnowledge(engine, language)
    text = checked(question="Có chỗ gửi xe không?", answer="Có.", source="Nội quy")
    with transaction(engine) as session:
        number = faqs.add(session, text, author="Hoa").id
    kept.refresh()
    assert kept.latest.faqs.find("chỗ gửi xe") is None
    with transaction(engine) as session:
        faqs.set_state(session, number, FaqState.PUBLISHED, author="Hoa")
    kept.refresh()
    assert kept.latest.faqs.find("co cho gui xe khong")[0].id == number


def test_a_broken_file_is_reported_once_and_the_last_good_state_stays(files, engine, language):
    kept = KeptKnowledge(engine, language)
    before = kept.latest
    edit(files["LIFE_EVENTS"], "sự kiện:", "sự kiện: [")
    with pytest.raises(BadLifeEvents):
        kept.refresh()
    assert kept.latest is before
    kept.refresh()
    edit(files["LIFE_EVENTS"], "sự kiện: [", "sự kiện:")
    kept.refresh()
    assert kept.latest.events.get("sinh_con")
