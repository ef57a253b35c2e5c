"""What is said about each aspect of each built-in procedure, and of records with gaps."""

import re
from decimal import Decimal

import pytest

from actions import facts, replies
from bot.invented_numbers import invented_numbers
from procedures_db.record import Document, DossierCase, Fee, Method, OnlineLevel, Step, TimeLimit
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
        said = "\n".join(section.lines)
        assert not _BRACES.search(said), code
        assert "None" not in said, code
        assert all(line.strip() for line in section.lines), code
        assert invented_numbers(said, [record]) == [], code


@pytest.mark.parametrize("aspect", ASPECTS)
def test_an_answer_shows_its_source_and_no_number_of_its_own(aspect, built_in, wording):
    for code, record in built_in.items():
        reply = replies.answer(record, [aspect], wording)
        assert invented_numbers(reply.text, [record]) == [], code
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
            said = "\n".join(facts.ASPECTS[aspect](record, wording).lines).lower()
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
    said = {one: facts.online(record(online_level=one), wording).lines[0] for one in OnlineLevel}
    assert len(set(said.values())) == len(OnlineLevel)
    assert said[level]


def test_an_inferred_level_says_that_it_is_inferred(record, wording):
    inferred = record(online_level="một phần", online_level_inferred=True)
    assert "suy ra" in "\n".join(facts.online(inferred, wording).lines)


def test_how_to_file_online_is_told_only_where_one_can(record, wording):
    online = record(online_level="một phần", methods=(Method(method="trực tuyến"),))
    direct = record(online_level="cung cấp thông tin", methods=(Method(method="trực tiếp"),))
    assert "VNeID" in "\n".join(facts.online(online, wording).lines)
    assert "VNeID" not in "\n".join(facts.online(direct, wording).lines)


def test_methods_that_cost_the_same_are_said_together(record, wording):
    fee = Fee(kind="Lệ phí", amount=Decimal(20000))
    methods = (Method(method="trực tuyến", fees=(fee,)), Method(method="trực tiếp", fees=(fee,)))
    assert facts.fee(record(methods=methods), wording).lines == [
        "- trực tuyến, trực tiếp: Lệ phí 20.000 đồng"
    ]


def test_methods_that_cost_differently_are_said_apart(wording):
    methods = (
        Method(method="trực tuyến", fees=(Fee(kind="Lệ phí", amount=Decimal(7000)),)),
        Method(method="trực tiếp", fees=(Fee(kind="Lệ phí", amount=Decimal(15000)),)),
    )
    record = FULL_RECORD.model_copy(update={"methods": methods})
    assert facts.fee(record, wording).lines == [
        "- trực tuyến: Lệ phí 7.000 đồng",
        "- trực tiếp: Lệ phí 15.000 đồng",
    ]


def test_time_limits_of_methods_and_cases_are_said(wording):
    said = "\n".join(facts.time(FULL_RECORD, wording).lines)
    for part in (
        "trực tuyến: 0,5 ngày làm việc",
        "trực tiếp: 36 giờ",
        "Cấp mới: 3 tháng",
        "Cấp lại: 1 năm",
    ):
        assert part in said


def test_a_time_that_stands_only_in_the_note_is_said(record, wording):
    methods = (Method(method="trực tiếp", note="Trả ngay trong ngày"),)
    assert "Trả ngay trong ngày" in "\n".join(facts.time(record(methods=methods), wording).lines)


def test_papers_are_said_with_counts_forms_and_notes_apart(wording):
    said = facts.documents(FULL_RECORD, wording).lines
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
    assert set(reply.card) == {"fee", "time"}


def test_a_replaced_procedure_names_its_successors(wording):
    reply = replies.answer(FULL_RECORD, ["fee"], wording)
    assert "đã được thay bằng mã 1.000003, 1.000004" in reply.text


def test_braces_and_percent_signs_in_a_record_are_said_as_they_are(record, wording):
    odd = record(name="Cấp {giấy} 100% %s {0}", results=("{x}",), steps=(Step(text="{0} {}"),))
    reply = replies.answer(odd, list(ASPECTS), wording)
    assert reply.text.startswith("Cấp {giấy} 100% %s {0} (mã")
    assert "- {x}" in reply.text and "{0} {}" in reply.text


def test_buttons_lead_to_other_aspects_of_the_same_procedure(wording):
    reply = replies.answer(FULL_RECORD, ["documents"], wording)
    assert reply.buttons
    for button in reply.buttons:
        aspect, code = re.fullmatch(r"@(\w+) ([\w.]+)", button["payload"]).groups()
        assert aspect in ASPECTS and aspect != "documents"
        assert code == FULL_RECORD.code
        assert len(button["payload"].encode()) <= 64  # Telegram's limit


def test_a_limit_of_a_period_is_never_rounded(record, wording):
    methods = (
        Method(method="trực tiếp", time_limit=TimeLimit(amount=Decimal("2.5"), unit="ngày")),
    )
    assert facts.time(record(methods=methods), wording).lines == ["- trực tiếp: 2,5 ngày"]
