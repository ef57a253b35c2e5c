"""Sentences that officials change: checked, said within a second, taken back."""

from __future__ import annotations

import os

import pytest

from procedures_db import kept_wording
from procedures_db.connection import connect, transaction
from procedures_db.kept_wording import BadSentence, KeptWording, change, checked, reset

DOMAIN = """
responses:
  utter_hello:
    - text: "Xin chào."
  utter_fee:
    - text: "Phí: {fee}, mã {code}."
"""


@pytest.fixture
def domain(tmp_path):
    path = tmp_path / "domain.yml"
    path.write_text(DOMAIN, "utf-8")
    return path


def put(engine, key, text):
    with transaction(engine) as session:
        change(session, key, text, by="lan")


def test_a_changed_sentence_is_said_by_whoever_holds_the_wording(engine, domain):
    kept = KeptWording(engine, domain)
    held = kept.latest
    put(engine, "utter_hello", "Chào bạn!")
    kept.refresh()
    assert (
        held.say("utter_hello") == "Chào bạn!" and kept.original.text("utter_hello") == "Xin chào."
    )
    assert KeptWording(engine, domain).latest.say("utter_hello") == "Chào bạn!"
    with transaction(engine) as session:
        assert kept_wording.changes(session)["utter_hello"].author == "lan"
        reset(session, "utter_hello")
        reset(session, "utter_hello")
    kept.refresh()
    assert held.say("utter_hello") == "Xin chào."


def test_a_saved_file_is_read_again_and_changes_stay_on_top(engine, domain):
    kept = KeptWording(engine, domain)
    put(engine, "utter_hello", "Chào bạn!")
    domain.write_text(DOMAIN.replace("Phí:", "Lệ phí:"), "utf-8")
    os.utime(domain, (1, 1))
    kept.refresh()
    assert kept.latest.say("utter_fee", fee="1", code="2").startswith("Lệ phí:")
    assert kept.latest.say("utter_hello") == "Chào bạn!"


def test_a_change_that_no_longer_says_the_facts_is_left_out(engine, domain):
    put(engine, "utter_fee", "Phí là {fee}, mã {code}.")
    put(engine, "utter_gone", "x")
    domain.write_text(DOMAIN.replace("{code}", "{code} {as_of}"), "utf-8")
    kept = KeptWording(engine, domain)
    assert kept.latest.text("utter_fee") == "Phí: {fee}, mã {code} {as_of}."
    assert "utter_gone" not in kept.latest


def test_before_the_first_migration_nothing_is_changed(tmp_path, domain):
    kept = KeptWording(connect(f"sqlite:///{tmp_path}/new.db"), domain)
    assert kept.latest.say("utter_hello") == "Xin chào."


@pytest.mark.parametrize(
    "text", ["Mã {code}: {fee}", "{fee}\r\n{code}", "Dấu {{ngoặc}} {fee} {code}"]
)
def test_a_sentence_with_the_same_facts_may_be_said(text):
    assert checked("Phí: {fee}, mã {code}.", text) == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "từ 1"), ("x" * 2001, "từ 1"), ("Phí {fee}", "{code}"), ("{fee} {code} {x}", "{x}"),
     ("{fee} {code", "ngoặc"), ("{fee} {code} }", "ngoặc"), ("{fee.x} {code}", "ngoặc"),
     ("{fee:>9999999} {code}", "ngoặc"), ("{fee!r} {code}", "ngoặc"), ("{} {fee} {code}", "ngoặc"),
     ("{fee} {code} 20.000 đồng", "số tiền"), ("{fee} {code}, 3 ngày", "số tiền")],
)  # fmt: skip
def test_a_sentence_that_lacks_or_invents_facts_is_refused(text, said):
    with pytest.raises(BadSentence) as wrong:
        checked("Phí: {fee}, mã {code}.", text)
    assert said in str(wrong.value)
