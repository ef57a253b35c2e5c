"""Life events and terms edited in the console: what is answered, history, bad input, two at once."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot.consoles.admin import glossary, life_events
from procedures_db import audit, kept_texts
from procedures_db.account import Role
from procedures_db.audit import Filter
from procedures_db.connection import transaction
from procedures_db.entry_checking import checked_event, checked_term
from procedures_db.kept_texts import Deed, EditedMeanwhile, Kind
from procedures_db.knowledge import KeptKnowledge
from procedures_db.life_events import event_of
from procedures_db.search.language import Language
from tests.changing import edit as publish
from tests.consoles import send

EVENTS, TERMS = "/admin/life-events", "/admin/glossary"
MARRIAGE = f"{EVENTS}/ket_hon"
_FIELD = re.compile(r'<input[^>]* name="([^"]+)" value="([^"]*)"|<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)  # fmt: skip


@pytest.fixture(scope="module")
def plain_language() -> Language:
    return Language.load(paraphrases=False)


@pytest.fixture
def client(signed_in, record):
    """An approver; what the plan of a marriage names is published."""
    client = signed_in(Role.APPROVER)
    steps = life_events._in_file()["ket_hon"]["các bước"]
    for code in {c for step in steps for c in (step["thủ tục"], *step.get("thay cho", ()))}:
        publish(client.app.state.engine, record(code=code, name=f"Việc {code}"))
    return client


@pytest.fixture
def kept(client, plain_language) -> KeptKnowledge:
    """What the action server answers from; ``refresh`` is its look every half second."""
    return KeptKnowledge(client.app.state.engine, plain_language)


def fields(client, path: str) -> dict[str, Any]:
    """What stands in the form of a page, as a browser would send it."""
    main = client.get(path).text.partition('<form id="form"')[2].partition("</form>")[0]
    found = {}
    for name, value, area, text in _FIELD.findall(main):
        found[name or area] = html.unescape(value or text)
    found.pop("csrf")
    return found


def test_the_plan_of_the_next_citizen_follows_the_form_and_comes_back_with_the_old_version(
    client, kept
):
    form = fields(client, MARRIAGE)
    assert form["steps.0.code"] == "1.000894"
    form |= {"name": "Lập gia đình", "said": form["said"] + "\nnên duyên vợ chồng"}
    assert send(client, MARRIAGE, form).status_code == 303
    kept.refresh()
    told = kept.latest.events.find("hai đứa sắp nên duyên vợ chồng thì làm những thủ tục gì")
    assert told.event.name == "Lập gia đình" and told.asks_for_all
    listed = client.get(EVENTS).text
    assert listed.index("Lập gia đình") < listed.index("Sinh con"), "edited ones stand first"

    send(client, MARRIAGE, fields(client, MARRIAGE) | {"name": "Cưới hỏi"})
    history = client.get(MARRIAGE).text
    first = re.search(r"versions/(\d+)", history)[1]
    seen = fields(client, MARRIAGE)["seen"]
    assert send(client, f"{MARRIAGE}/versions/{first}", {"seen": seen}).status_code == 303
    kept.refresh()
    assert kept.latest.events.get("ket_hon").name == "Lập gia đình"

    seen = fields(client, MARRIAGE)["seen"]
    assert send(client, f"{MARRIAGE}/reset", {"seen": seen}).status_code == 303
    kept.refresh()
    assert kept.latest.events.get("ket_hon").name == "Kết hôn"
    assert kept.latest.events.find("nên duyên vợ chồng") is None
    with transaction(client.app.state.engine) as session:
        noted = [
            e.action for e in audit.events(session, Filter(subject="ket_hon"), page=1, size=9).items
        ]
    assert noted == [
        "life_event.reset",
        "life_event.roll_back",
        "life_event.save",
        "life_event.save",
    ]


def test_steps_are_added_moved_and_removed_and_nothing_typed_is_lost(client, kept):
    form = fields(client, MARRIAGE) | {"name": "Cưới"}
    page = send(client, MARRIAGE, form | {"up": "1"})
    assert page.status_code == 200 and 'value="Cưới"' in page.text
    assert page.text.index('value="2.000806"') < page.text.index('value="1.000894"')
    page = send(client, MARRIAGE, form | {"remove": "0"})
    assert 'name="steps.0.code" value="1.000894"' not in page.text
    page = send(client, MARRIAGE, form | {"add": "1"})
    assert re.search(r'name="steps.6.code" value=""[^>]* autofocus', page.text)
    kept.refresh()
    assert kept.latest.events.get("ket_hon").name == "Kết hôn", "nothing is saved by moving rows"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "Chưa ghi tên sự kiện."),
        ({"opening": "x" * 700}, "Lời dẫn dài nhất 600 ký tự."),
        ({"said": "cưới"}, "“cưới” rộng quá: cần từ hai chữ trở lên."),
        ({"said": "sắp cưới\nsinh con"}, "“sinh con” đã thuộc sự kiện Sinh con."),
        ({"stories": ""}, "Chưa ghi câu chuyện mẫu."),
        ({"steps.0.code": "1.99"}, "Mã thủ tục có dạng 1.004222."),
        ({"steps.0.code": "9.999999"}, "Không có thủ tục 9.999999 đang công bố."),
        ({"steps.1.code": "1.000894"}, "Thủ tục 1.000894 đã có ở trên."),
        ({"steps.0.why": ""}, "Chưa ghi vì sao."),
        ({"steps.0.deadline": "Trong 77777 ngày"}, "Số 77777 không có trong bản ghi của thủ tục 1.000894."),
        ({"steps.0.replaces": "1.000894"}, "Thủ tục không thay cho chính nó."),
    ],
)  # fmt: skip
def test_what_would_mislead_is_refused_with_its_reason_and_stays_in_the_form(
    client, kept, change, said
):
    form = fields(client, MARRIAGE) | change
    page = send(client, MARRIAGE, form)
    assert page.status_code == 422 and said in html.unescape(page.text)
    ((name, typed),) = change.items()
    assert fields_of(page.text)[name] == typed.strip()
    kept.refresh()
    assert kept.latest.events.get("ket_hon").steps[0].code == "1.000894"


def fields_of(text: str) -> dict[str, str]:
    return {n or a: html.unescape(v or t) for n, v, a, t in _FIELD.findall(text)}


def test_a_new_event_is_found_and_dropped_again(client, kept):
    form = fields(client, MARRIAGE) | {
        "name": "Đón cháu về quê", "said": "đón cháu về quê", "stories": "đón cháu về quê ở hẳn làm gì",
    }  # fmt: skip
    assert send(client, f"{EVENTS}/new", form | {"seen": "0"}).status_code == 303
    kept.refresh()
    assert kept.latest.events.find("tôi đón cháu về quê").event.id == "don_chau_ve_que"
    assert send(client, f"{EVENTS}/new", form).status_code == 422, "its name is taken"
    seen = fields(client, f"{EVENTS}/don_chau_ve_que")["seen"]
    assert send(client, f"{EVENTS}/don_chau_ve_que/retire", {"seen": seen}).status_code == 303
    kept.refresh()
    assert kept.latest.events.get("don_chau_ve_que") is None
    again = fields(client, f"{EVENTS}/don_chau_ve_que")
    assert send(client, f"{EVENTS}/don_chau_ve_que", again).status_code == 303
    kept.refresh()
    assert kept.latest.events.get("don_chau_ve_que").name == "Đón cháu về quê"


def test_an_event_of_the_file_that_is_retired_gives_no_plan_until_it_is_taken_back(client, kept):
    send(client, f"{MARRIAGE}/retire", {"seen": "0"})
    kept.refresh()
    assert kept.latest.events.get("ket_hon") is None
    assert "ngừng dùng" in client.get(EVENTS).text
    seen = fields(client, MARRIAGE)["seen"]
    send(client, f"{MARRIAGE}/reset", {"seen": seen})
    kept.refresh()
    assert kept.latest.events.get("ket_hon").name == "Kết hôn"


def test_who_saves_second_is_told_and_keeps_what_was_typed(client, kept):
    mine = fields(client, MARRIAGE) | {"name": "Bản của tôi"}
    send(client, MARRIAGE, fields(client, MARRIAGE) | {"name": "Bản của họ"})
    page = send(client, MARRIAGE, mine)
    assert page.status_code == 409 and 'value="Bản của tôi"' in page.text
    assert "lan vừa sửa" in page.text and "Bản của họ" in page.text
    assert send(client, f"{MARRIAGE}/retire", {"seen": "0"}).status_code == 409
    kept.refresh()
    assert kept.latest.events.get("ket_hon").name == "Bản của họ"
    again = fields_of(page.text) | {"name": "Bản của tôi"}
    again.pop("csrf")
    assert send(client, MARRIAGE, again).status_code == 303


def test_a_term_is_explained_as_edited_and_money_is_refused(client, kept):
    page = f"{TERMS}/tam_vang"
    form = fields(client, page)
    refused = send(client, page, form | {"text": "Nộp 10.000 đồng."})
    assert refused.status_code == 422 and "Không ghi số tiền" in refused.text
    assert send(client, page, form | {"text": "Tạm vắng là đi khỏi nơi ở."}).status_code == 303
    kept.refresh()
    assert (
        kept.latest.glossary.find("tạm vắng là gì").entries[0].text == "Tạm vắng là đi khỏi nơi ở."
    )
    new = {"terms": "hộ nghèo đa chiều", "text": "Hộ thiếu nhiều mặt.", "questions": "hộ nghèo đa chiều là gì", "codes": ""}  # fmt: skip
    assert send(client, f"{TERMS}/new", new).status_code == 303
    kept.refresh()
    assert (
        kept.latest.glossary.find("ho ngheo da chieu la gi").entries[0].text
        == "Hộ thiếu nhiều mặt."
    )


def test_pages_of_what_is_not_there_are_a_404(client):
    for path in (f"{EVENTS}/x", f"{TERMS}/x"):
        assert client.get(path).status_code == 404
        for deed in ("", "/retire", "/reset", "/versions/7"):
            assert send(client, f"{path}{deed}", {"seen": "0"}).status_code == 404


def test_every_entry_of_the_files_comes_back_out_of_its_form_unchanged(consoles):
    """A save without a change changes nothing that is answered."""
    with transaction(consoles.app.state.engine) as session:
        events = life_events._in_file()
        for key, entry in events.items():
            others = [event_of(one) for other, one in events.items() if other != key]
            raw = life_events._raw(entry)
            made = checked_event(session, raw, key=key, before=entry, others=others)
            assert event_of(made) == event_of(entry)
        for entry in glossary._in_file().values():
            made = checked_term(session, glossary._raw(entry), before=entry)
            assert made == {**entry, "trả lời": " ".join(entry["trả lời"].split())}


def test_both_databases_keep_versions_and_refuse_the_second_of_two(engine):
    with transaction(engine, write=True) as session:
        first = kept_texts.save(session, Kind.TERM, "x", Deed.KEEP, {"a": "ă"}, by="lan", seen=0)
    with transaction(engine) as session, pytest.raises(EditedMeanwhile) as refused:
        kept_texts.save(session, Kind.TERM, "x", Deed.RETIRE, by="hoa", seen=0)
    assert refused.value.latest == first
    with transaction(engine, write=True) as session:
        kept_texts.save(session, Kind.TERM, "x", Deed.RETIRE, by="hoa", seen=first.id)
        assert kept_texts.latest(session, Kind.TERM)["x"].deed is Deed.RETIRE
        assert kept_texts.latest(session, Kind.LIFE_EVENT) == {}
        assert [one.author for one in kept_texts.history(session, Kind.TERM, "x")] == ["hoa", "lan"]
