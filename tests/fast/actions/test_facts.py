"""What is said about each aspect of each built-in procedure, and of records with gaps."""

import re
from datetime import date

import pytest

from actions import facts, replies
from bot.invented_numbers import estimated_dates, invented_numbers
from procedures_db.record import Agency, Document, DossierCase, OnlineLevel, Step
from tests.fast.samples import FULL_RECORD

ASPECTS = tuple(facts.ASPECTS)
_BRACES = re.compile(r"\{\w+\}")


def test_the_aspects_are_those_of_the_contract():
    assert set(ASPECTS) == {
        "documents", "fee", "time", "place", "online", "steps", "conditions", "result", "legal",
        "form", "overview",
    }  # fmt: skip


@pytest.mark.parametrize("aspect", ASPECTS)
def test_an_aspect_of_a_built_in_procedure_is_said_whole(aspect, built_in, wording):
    for code, record in built_in.items():
        section = facts.ASPECTS[aspect](record, wording)
        said = "\n".join([section.first, *section.lines])
        assert not _BRACES.search(said), code
        assert "None" not in said, code
        assert all(line.strip() for line in section.lines), code
        assert invented_numbers(said, [record]) == [], code


@pytest.mark.parametrize("aspect", ASPECTS)
def test_an_answer_shows_its_source_and_no_number_of_its_own(aspect, built_in, wording):
    for code, record in built_in.items():
        reply = replies.answer(record, [aspect], wording)
        estimates = estimated_dates(reply.card)
        assert invented_numbers(reply.text, [record], estimates=estimates) == [], code
        assert reply.text.startswith(f"{record.name} (mã {code})")
        last = reply.text.split("\n\n")[-1]
        assert code in last and record.decision.number in last and record.source_url in last
        assert f"dữ liệu đến ngày {record.as_of:%d/%m/%Y}" in last
        assert (reply.outcome, reply.aspects) == ("answer", [aspect])
        assert reply.sources == [
            {
                "code": code,
                "decision": record.decision.number,
                "as_of": record.as_of.isoformat(),
                "url": record.source_url,
            }
        ]


def test_free_is_said_only_where_the_record_says_it(built_in, wording):
    for code, record in built_in.items():
        for aspect in ("fee", "overview"):
            section = facts.ASPECTS[aspect](record, wording)
            said = "\n".join([section.first, *section.lines]).lower()
            if "miễn phí" in said or "không mất phí" in said:
                assert (
                    "miễn phí" in repr(record).lower() or "không mất phí" in repr(record).lower()
                ), code
            assert not re.search(r"(?<![\d.,])0 đồng", said) or "0 đồng" in repr(record).lower(), (
                code
            )


@pytest.mark.parametrize("aspect", [a for a in ASPECTS if a not in ("online", "overview")])
def test_what_a_record_does_not_state_is_said_to_be_missing(aspect, record, wording):
    reply = replies.answer(record(), [aspect], wording)
    assert "chưa công bố trong dữ liệu" in reply.text
    assert "miễn phí" not in reply.text.lower()
    assert reply.sources[0]["decision"] is None
    assert "không ghi quyết định công bố" in reply.text


def test_an_overview_says_that_the_fee_is_not_stated(record, wording):
    said = "\n".join(facts.overview(record(), wording).lines)
    assert "Phí, lệ phí: chưa công bố trong dữ liệu" in said


@pytest.mark.parametrize("level", OnlineLevel)
def test_every_online_level_has_a_sentence_of_its_own(level, record, wording):
    records = {one: record(online_level=one, online_level_inferred=True) for one in OnlineLevel}
    said = {one: facts.online(records[one], wording).first for one in OnlineLevel}
    assert len(set(said.values())) == len(OnlineLevel)
    assert said[level]


def test_an_inferred_level_says_that_it_is_inferred(record, wording):
    inferred = record(online_level="một phần", online_level_inferred=True)
    assert "suy ra" in facts.online(inferred, wording).first


def test_papers_are_said_with_counts_forms_and_notes_apart(wording):
    section = facts.documents(FULL_RECORD, wording)
    said = section.lines
    assert "tùy trường hợp" in section.first
    assert said[0] == "Trường hợp: Cấp mới"
    assert said[1] == "☐ Tờ khai nuôi ong (bản chính: 1; mẫu: Mẫu 01.docx, Mẫu 02.docx)"
    assert "☐ Ảnh đàn ong (bản sao: 2)" in said
    assert said[-1] == "Lưu ý: ảnh chụp ban ngày."
    assert not any("☐ Lưu ý" in line for line in said)


def test_a_note_that_names_itself_a_note_says_so_once(record, wording):
    note = Document(name="*Lưu ý: ảnh chụp ban ngày.", is_note=True)
    said = facts.documents(record(dossier=(DossierCase(documents=(note,)),)), wording).lines
    assert said == ["Lưu ý: ảnh chụp ban ngày."]


def test_a_long_dossier_ends_with_where_to_read_the_rest(record, wording):
    papers = tuple(
        Document(name=f"Giấy tờ {chr(97 + i % 26) * 3}{chr(97 + i // 26)}", originals=1)
        for i in range(60)
    )
    said = facts.documents(record(dossier=(DossierCase(documents=papers),)), wording).lines
    assert len(said) < 40
    assert "xem đầy đủ" in said[-1]


def test_long_steps_end_at_a_sentence_with_where_to_read_the_rest(record, wording):
    steps = tuple(Step(text="Nộp hồ sơ tại bộ phận một cửa rồi chờ. " * 20) for _ in range(5))
    said = facts.steps(record(steps=steps), wording).lines
    assert sum(map(len, said)) < 1_800
    assert "xem đầy đủ" in said[-1]
    assert said[-2].endswith(".")


def test_steps_are_numbered_when_there_are_several(record, wording):
    said = facts.steps(record(steps=(Step(text="Nộp."), Step(text="Nhận."))), wording).lines
    assert said == ["1. Nộp.", "2. Nhận."]


def test_several_aspects_are_answered_in_the_order_asked_each_once(wording):
    reply = replies.answer(FULL_RECORD, ["fee", "time", "fee"], wording)
    assert reply.aspects == ["fee", "time"]
    assert reply.text.index("Phí, lệ phí:") < reply.text.index("Thời hạn giải quyết:")
    assert set(reply.card) == {"fee", "time", "feedback"}


@pytest.mark.parametrize("aspect", list(facts.ASPECTS))
@pytest.mark.parametrize("full", [True, False])
def test_the_card_names_the_title_that_the_section_begins_with(wording, record, aspect, full):
    reply = replies.answer(FULL_RECORD if full else record(), [aspect], wording)
    assert reply.text.split("\n\n")[1].startswith(f"{reply.card[aspect]['title']}:")


LAST_DAY = date(2026, 8, 17)
NEXT_DAY = date(2026, 8, 18)


@pytest.mark.parametrize(
    ("fields", "today", "said"),
    [
        ({"replaced_by": ("1.000003", "1.000004")}, LAST_DAY, "đã được thay bằng mã 1.000003, 1.000004"),
        ({"replaced_by": ("1.000003",), "effective_to": LAST_DAY}, NEXT_DAY, "đã được thay bằng"),
        ({"replaced_by": ("1.000003",), "effective_to": LAST_DAY}, LAST_DAY, "17/08/2026, sau đó được thay"),
        ({"effective_to": LAST_DAY}, NEXT_DAY, "đã bị bãi bỏ, chỉ có hiệu lực đến hết ngày 17/08/2026"),
        ({"effective_to": LAST_DAY}, LAST_DAY, "chỉ có hiệu lực đến hết ngày 17/08/2026"),
        ({"effective_from": NEXT_DAY}, LAST_DAY, "có hiệu lực từ ngày 18/08/2026"),
        ({"effective_from": LAST_DAY}, LAST_DAY, None),
        ({}, LAST_DAY, None),
    ],
)  # fmt: skip
def test_what_is_not_or_not_always_in_force_is_said_to_be(record, wording, fields, today, said):
    text = replies.answer(record(**fields), ["fee"], wording, today=today).text
    assert (said in text) if said else ("hiệu lực" not in text and "thay" not in text)


def test_braces_and_percent_signs_in_a_record_are_said_as_they_are(record, wording):
    odd = record(name="Cấp {giấy} 100% %s {0}", results=("{x}",), steps=(Step(text="{0} {}"),))
    reply = replies.answer(odd, list(ASPECTS), wording)
    assert reply.text.startswith("Cấp {giấy} 100% %s {0} (mã")
    assert ": {x}" in reply.text and "{0} {}" in reply.text


def test_buttons_lead_to_other_aspects_of_the_same_procedure(wording):
    reply = replies.answer(FULL_RECORD, ["documents"], wording)
    assert reply.buttons
    for button in reply.buttons:
        aspect, code = re.fullmatch(r"@(\w+) ([\w.]+)", button["payload"]).groups()
        assert aspect in ASPECTS and aspect != "documents"
        assert code == FULL_RECORD.code
        assert len(button["payload"].encode()) <= 64  # Telegram's limit


def test_a_case_that_calls_itself_a_note_lists_no_papers(record, wording):
    note = DossierCase(name="Lưu ý", documents=(Document(name="Nộp bản sao thì mang bản chính."),))
    papers = DossierCase(name="Cấp mới", documents=(Document(name="Tờ khai", originals=1),))
    section = facts.documents(record(dossier=(note, papers)), wording)
    assert section.lines[:2] == ["Trường hợp: Cấp mới", "☐ Tờ khai (bản chính: 1)"]
    assert section.lines[2] == "Lưu ý: Nộp bản sao thì mang bản chính."


def test_a_single_short_result_stands_on_the_first_line(record, wording):
    section = facts.result(record(results=("Giấy chứng nhận",)), wording)
    assert (section.first, section.lines) == ("Giấy chứng nhận", [])


def test_an_agency_of_the_abolished_district_level_is_flagged(record, wording):
    old = record(agencies=(Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân huyện"),))
    new = record(agencies=(Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân cấp xã"),))
    assert "không còn cấp này" in "\n".join(facts.place(old, wording).lines)
    assert "không còn cấp này" not in "\n".join(facts.place(new, wording).lines)


def test_an_overview_names_papers_to_hand_in_before_explanations(record, wording):
    rows = (
        Document(name="Người ủy quyền chịu trách nhiệm"),
        Document(name="Tờ khai;", originals=1),
    )
    said = "\n".join(facts.overview(record(dossier=(DossierCase(documents=rows),)), wording).lines)
    assert "Giấy tờ chính: Tờ khai; Người ủy quyền" in said


def test_papers_for_everybody_come_before_those_for_some(wording):
    papers = [
        Document(name="Trường hợp trẻ bị bỏ rơi: biên bản.", originals=1),
        Document(name="Văn bản ủy quyền (được chứng thực)", originals=1),
        Document(name="Tờ khai", originals=1),
        Document(name="Giấy chứng sinh", originals=1),
    ]
    proxy = DossierCase(
        name="Trường hợp ủy quyền", documents=(Document(name="Hợp đồng", copies=1),)
    )
    usual = DossierCase(name="", documents=tuple(papers))
    record = FULL_RECORD.model_copy(update={"dossier": (proxy, usual)})
    section = facts.documents(record, wording)
    named = [line for line in section.lines if line.startswith("☐")]
    order = ["Tờ khai", "Giấy chứng sinh", "Trường hợp trẻ", "Văn bản", "Hợp đồng"]
    assert [next(n for n in order if n in line) for line in named] == order
    cases = section.card["cases"]
    assert [row["name"] for case in cases for row in case["documents"]][:2] == order[:2]
    said = facts.overview(record, wording).lines
    assert any("Tờ khai; Giấy chứng sinh" in line for line in said)


def test_an_overview_of_many_cases_names_the_papers_that_cases_share(record, wording):
    own = [Document(name=f"Văn bản về trường hợp {n}", originals=1) for n in range(4)]
    form = Document(name="Tờ khai (mẫu CT01)", originals=1)
    cases = [DossierCase(name=f"Diện {n}", documents=(own[n],)) for n in range(3)]
    cases += [DossierCase(name=f"Diện {n}", documents=(own[3], form)) for n in (3, 4)]
    lines = facts.overview(record(dossier=tuple(cases)), wording).lines
    (said,) = [line for line in lines if "Giấy tờ chính" in line]
    assert "Tờ khai (mẫu CT01)" in said and said.endswith("giấy khác tùy trường hợp")
    assert "trường hợp 0" not in said
