"""What citizens ask is answered from the right record, with its source and nothing made up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.invented_numbers import estimated_dates, invented_numbers
from procedures_db.record import ProcedureRecord
from procedures_db.sync.seed_yaml import read_seed
from tests.installation import Chat

REPLY_FIELDS = {"text", "outcome", "procedures", "aspects", "buttons", "sources", "card"}
OUTCOMES = {
    "answer", "clarify", "out_of_scope", "refuse", "handover", "smalltalk", "unavailable",
}  # fmt: skip

# Words, code, aspects that must be among the answered, numbers that must be in the text.
QUESTIONS: list[tuple[str, str, set[str], list[str]]] = [
    ("phi dang ky thuong tru bao nhieu", "1.004222", {"fee"}, ["10.000", "20.000"]),
    (
        "Cho tôi hỏi lệ phí đăng ký thường trú khi nộp trực tuyến là bao nhiêu?",
        "1.004222",
        {"fee"},
        ["10.000"],
    ),
    ("làm giấy khai sinh cho con cần giấy tờ gì ạ", "1.001193", {"documents"}, []),
    ("xin giay xac nhan doc than mat bao lau", "1.004873", {"time"}, ["3 ngày làm việc"]),
    ("đăng ký kết hôn ở đâu vậy mọi người", "1.000894", {"place"}, []),
    ("khai tu cho ong ngoai can nhung giay to gi", "1.000656", {"documents"}, []),
    (
        "tách hộ khẩu mất bao lâu, tốn bao nhiêu",
        "1.010038",
        {"time", "fee"},
        ["5 ngày làm việc", "10.000"],
    ),
    ("sao y chung thuc 1 trang bao nhieu tien", "2.000815", {"fee"}, ["2.000"]),
    ("mo quan tap hoa can dang ky gi, phi bao nhieu", "1.001612", {"fee"}, ["150.000"]),
    ("gplx bi mat cap lai phi bao nhieu", "3.000348", {"fee"}, ["135.000"]),
    ("đổi bằng lái xe hết hạn bao lâu có", "3.000347", {"time"}, ["5 ngày làm việc"]),
    (
        "nghi viec roi nhan tro cap that nghiep bao lau thi co",
        "1.014748",
        {"time"},
        ["15 ngày làm việc"],
    ),
    ("xin giấy xác nhận khuyết tật cho mẹ bao lâu", "1.001699", {"time"}, ["25 ngày làm việc"]),
    ("cong chung di chuc o xa phi bao nhieu", "2.001019", {"fee"}, ["50.000"]),
    ("chứng thực chữ ký tốn bao nhiêu tiền một lần", "2.000884", {"fee"}, ["10.000"]),
    ("xin ly lich tu phap mat may ngay", "3.000333", {"time"}, ["10 ngày"]),
    ("khai bao tam vang can giay to gi", "1.003677", {"documents"}, []),
    ("hợp thửa đất mất bao lâu", "1.012784", {"time"}, ["12 ngày làm việc", "22 ngày làm việc"]),
    ("nhận con nuôi trong nước phí bao nhiêu", "2.001263", {"fee"}, ["400.000"]),
    ("dk nvqs lan dau can giay to gi", "1.013133", {"documents"}, []),
    ("phí cấp lại thẻ căn cước", "1.014064", {"fee"}, ["70.000"]),
    ("cccd het han doi moi phi bn z", "1.014063", {"fee"}, ["50.000"]),
    ("mất thẻ căn cước làm lại hết bao nhiêu tiền", "1.014064", {"fee"}, ["70.000"]),
    ("khach thue nha nghi qua dem thong bao luu tru the nao", "2.001159", set(), []),
    ("hoà giải tranh chấp đất đai mất bao lâu", "1.012812", {"time"}, ["30 ngày", "40 ngày"]),
    ("1.004222 phi", "1.004222", {"fee"}, ["20.000"]),
    (
        "số cccd của tôi là 001099012345, sđt 0912345678, tôi muốn đăng ký tạm trú",
        "1.004194",
        set(),
        [],
    ),
]


@pytest.fixture(scope="module")
def built_in() -> dict[str, ProcedureRecord]:
    return {record.code: record for record in read_seed()}


@pytest.mark.parametrize(("text", "code", "aspects", "numbers"), QUESTIONS)
def test_a_question_is_answered_from_the_right_record(
    chat: Chat,
    built_in: dict[str, ProcedureRecord],
    text: str,
    code: str,
    aspects: set[str],
    numbers: list[str],
) -> None:
    answer = chat(text)
    assert (answer.status, answer.outcome, answer.codes) == (200, "answer", [code])
    assert aspects <= set(answer.aspects)
    for number in numbers:
        assert number in answer.text
    estimates = estimated_dates(answer.replies[0]["card"])
    assert invented_numbers(answer.text, [built_in[code]], estimates=estimates) == []


@pytest.mark.parametrize("text", ["trợ cấp tuất cần giấy tờ gì", "tro cap tuat can giay to gi"])
def test_a_question_that_fits_two_procedures_is_asked_back(chat: Chat, text: str) -> None:
    answer = chat(text)
    assert answer.outcome == "clarify"
    assert {"1.014178", "1.014179"} <= set(answer.codes)
    assert [button["payload"] for button in answer.buttons] == [
        *(f"@choose {code}" for code in answer.codes),
        "@none",
    ]


@pytest.mark.parametrize(
    "text", ["giá vàng hôm nay bao nhiêu", "ket qua xo so mien bac", "nấu phở bò thế nào"]
)
def test_what_is_no_procedure_is_said_to_be_out_of_scope(chat: Chat, text: str) -> None:
    answer = chat(text)
    assert answer.outcome == "out_of_scope"
    assert answer.codes == []


@pytest.mark.parametrize("text", ["phi dang ky thuong tru bao nhieu", "tach ho can giay to gi"])
def test_an_answer_carries_its_source_in_words_and_as_data(
    chat: Chat, built_in: dict[str, ProcedureRecord], text: str
) -> None:
    (reply,) = chat(text).replies
    record = built_in[reply["procedures"][0]["code"]]
    line = reply["text"].rpartition("\n\n")[2]
    assert line.startswith("Nguồn:")
    for part in (
        f"mã {record.code}",
        f"quyết định công bố {record.decision.number}",
        f"dữ liệu đến ngày {record.as_of:%d/%m/%Y}",
        record.source_url,
    ):
        assert part in line
    assert reply["sources"] == [
        {
            "code": record.code,
            "decision": record.decision.number,
            "as_of": record.as_of.isoformat(),
            "url": record.source_url,
        }
    ]
    assert reply["sources"][0]["url"].startswith("https://dichvucong.gov.vn/")


@pytest.mark.parametrize(
    "text",
    [
        "phi dang ky thuong tru bao nhieu",
        "trợ cấp tuất cần giấy tờ gì",
        "giá vàng hôm nay bao nhiêu",
        "xin chào",
        "gặp cán bộ",
        "mã 9.999999 phí bao nhiêu",
        "😀",
    ],
)
def test_every_reply_keeps_the_contract(chat: Chat, text: str) -> None:
    answer = chat(text)
    assert set(answer.content) == {"conversation_id", "replies"}
    assert re.fullmatch(r"[\w-]{8,64}", answer.conversation_id)
    assert answer.replies
    for reply in answer.replies:
        check_reply(reply)


def check_reply(reply: dict[str, Any]) -> None:
    assert set(reply) == REPLY_FIELDS
    assert isinstance(reply["text"], str) and reply["text"].strip()
    assert reply["outcome"] in OUTCOMES
    assert all(set(procedure) == {"code", "name"} for procedure in reply["procedures"])
    assert all(set(button) == {"title", "payload"} for button in reply["buttons"])
    assert all(set(source) == {"code", "decision", "as_of", "url"} for source in reply["sources"])
    assert isinstance(reply["card"], dict)
    answered = reply["outcome"] == "answer"
    assert bool(reply["aspects"]) == bool(reply["sources"]) == answered
    assert not re.search(r"\{\w+\}", reply["text"]), "a fact is missing in the wording"


def test_a_fee_that_the_record_lacks_is_said_to_be_missing(
    chat: Chat, built_in: dict[str, ProcedureRecord]
) -> None:
    assert not any(method.fees for method in built_in["1.001193"].methods)
    answer = chat("phí làm giấy khai sinh bao nhiêu")
    assert answer.codes == ["1.001193"]
    assert "Phí, lệ phí: chưa công bố trong dữ liệu" in answer.text
    assert "miễn phí" not in answer.text.lower()
    assert not re.search(r"\d đồng", answer.text)


def test_an_unknown_code_is_said_to_be_unknown(chat: Chat) -> None:
    answer = chat("mã 9.999999 phí bao nhiêu")
    assert answer.outcome == "clarify"
    assert "9.999999" in answer.text
    assert answer.codes == []
