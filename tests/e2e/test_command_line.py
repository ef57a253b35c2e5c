"""`motcua ask`, `eval` and `import` against the running installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.installation import Chat, Installation, eventually

PORTAL_OBJECT = {
    "code": "1.987654.000.00.00.H17",
    "name": "Cấp phép tổ chức lễ hội đua ghe ngo",
    "type": "STANDARD",
    "isWard": True,
    "categoriesDetails": [{"name": "Văn hóa"}],
    "subjectTypesDetails": [{"name": "Công dân Việt Nam"}],
    "departmentsExecuting": [{"name": "Ủy ban nhân dân cấp xã"}],
    "executionMethods": [
        {
            "submissionMethod": "DIRECT",
            "processingTime": 13,
            "processingTimeUnit": "WORKING_DAY",
            "description": "",
            "fees": [
                {"type": "FEE", "value": 345000, "currencyName": "VND", "description": "mỗi lễ hội"}
            ],
        }
    ],
    "executionCases": [
        {"name": "", "profileComponents": [{"name": "Đơn đề nghị đua ghe", "originalQty": 1}]}
    ],
    "executionSteps": [{"name": "Bước 1", "description": "Nộp đơn tại xã."}],
    "resultsDetails": [{"name": "Giấy phép tổ chức lễ hội"}],
    "legalBasisesDetails": [{"code": "110/2018/NĐ-CP", "name": "Nghị định về lễ hội"}],
    "procedureProposal": {
        "proposalNumber": "77/QĐ-UBND",
        "decisionDate": 1784300000000,
        "issuingAgency": {"name": "Ủy ban nhân dân tỉnh"},
    },
}


def test_ask_prints_the_answer_and_its_source(installation: Installation) -> None:
    done = installation.motcua("ask", "phi dang ky thuong tru bao nhieu")
    assert done.returncode == 0, done.stderr
    assert "10.000 đồng" in done.stdout and "20.000 đồng" in done.stdout
    assert "mã 1.004222" in done.stdout and "https://dichvucong.gov.vn/" in done.stdout


def test_ask_goes_on_in_a_conversation(installation: Installation, chat: Chat) -> None:
    chat("đăng ký tạm trú cần gì")
    done = installation.motcua("ask", "--conversation", str(chat.conversation_id), "mất bao lâu?")
    assert done.returncode == 0, done.stderr
    assert "mã 1.004194" in done.stdout and "3 ngày làm việc" in done.stdout


def test_eval_counts_what_is_right_and_what_is_not(
    installation: Installation, tmp_path: Path
) -> None:
    cases = [
        case("right", ["phi dang ky thuong tru bao nhieu"], "answer", ["1.004222"], ["fee"]),
        case(
            "follow-up",
            ["đăng ký tạm trú cần gì", "mất bao lâu?"],
            "answer",
            ["1.004194"],
            ["time"],
        ),
        case("wrong code", ["đăng ký kết hôn cần gì"], "answer", ["9.999999"], []),
        case("asks back", ["trợ cấp tuất cần giấy tờ gì"], "clarify", [], []),
        case("elsewhere", ["giá vàng hôm nay bao nhiêu"], "out_of_scope", [], []),
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(c, ensure_ascii=False) for c in cases), encoding="utf-8")
    done = installation.motcua("eval", "--json", str(file))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["top_1"] == {"right": 2, "of": 3, "share": 0.6667}
    assert figures["wrong"] == {"right": 1, "of": 3, "share": 0.3333}
    assert figures["behaviour"] == {"right": 4, "of": 5, "share": 0.8}
    assert figures["ask_back"] == {"right": 1, "of": 1, "share": 1.0}
    assert figures["out_of_scope"] == {"right": 1, "of": 1, "share": 1.0}
    assert figures["aspects"] == {"right": 2, "of": 2, "share": 1.0}
    assert figures["invented_numbers"] == 0
    assert figures["latency_ms"]["p50"] > 0


def case(name: str, turns: list[str], behaviour: str, codes: list[str], aspects: list[str]) -> dict:
    return {
        "id": name, "turns": turns, "behaviour": behaviour, "codes": codes, "aspects": aspects,
    }  # fmt: skip


def test_an_imported_procedure_is_answered_without_a_restart(
    installation: Installation, chat: Chat, tmp_path: Path
) -> None:
    question = "thu tuc cap phep to chuc le hoi dua ghe ngo"
    assert "1.987654" not in chat(question).codes
    file = tmp_path / "portal_detail_2026-10-05.jsonl"
    broken = json.dumps({"code": "1.987655", "name": ""})
    file.write_text(f"{json.dumps(PORTAL_OBJECT)}\n{broken}\n", encoding="utf-8")
    done = installation.motcua("import", str(file))
    assert done.returncode == 0, done.stderr
    assert "Mới: 1" in done.stdout and "từ chối: 1" in done.stdout
    eventually(lambda: chat(question).codes == ["1.987654"], within=2)
    answer = chat(question)
    assert (answer.outcome, answer.codes) == ("answer", ["1.987654"])
    answer = chat("phí bao nhiêu")
    assert "345.000 đồng (mỗi lễ hội)" in answer.text
    assert answer.replies[0]["sources"][0]["as_of"] == "2026-10-05"
    again = installation.motcua("import", str(file))
    assert "Mới: 0" in again.stdout and "không đổi: 1" in again.stdout


def test_a_new_procedure_named_in_full_is_not_taken_for_something_else(
    installation: Installation, chat: Chat, tmp_path: Path
) -> None:
    """Scope is learned, procedures are not: what is imported today must be found today."""
    entry = {**PORTAL_OBJECT, "code": "1.987657", "name": "Cấp giấy phép đặt trạm quan trắc độ mặn"}
    file = tmp_path / "portal.json"
    file.write_text(json.dumps(entry), encoding="utf-8")
    assert installation.motcua("import", "--as-of", "2026-10-05", str(file)).returncode == 0
    question = "phi cap giay phep dat tram quan trac do man het bao nhieu"
    assert eventually(lambda: chat(question).codes == ["1.987657"], within=2)


def test_a_damaged_file_changes_nothing(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "cut.jsonl"
    whole = json.dumps({**PORTAL_OBJECT, "code": "1.987656"})
    file.write_text(f"{whole}\n{whole[: len(whole) // 2]}", encoding="utf-8")
    done = installation.motcua("import", str(file))
    assert done.returncode == 1
    assert "cắt cụt" in done.stderr
    assert installation.chat()("1.987656 phí").codes == []


@pytest.mark.parametrize("command", ["ask", "eval"])
def test_without_an_installation_the_command_says_what_to_start(
    installation: Installation, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(case("a", ["khai sinh"], "answer", [], [])), encoding="utf-8")
    elsewhere = Installation(installation.folder, port=9, rasa_port=9, actions_port=9)
    done = elsewhere.motcua(command, "phí" if command == "ask" else str(file))
    assert done.returncode == 1
    assert "motcua serve" in done.stderr
    assert "Traceback" not in done.stderr
