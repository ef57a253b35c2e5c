"""Importing portal files: what goes in, what is refused, what is left alone."""

import json
import lzma
from datetime import date

import pytest

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.record import as_json
from procedures_db.sync.importing import date_in_name, import_file
from procedures_db.sync.readers import UnreadableFile
from tests.fast.samples import portal_fee, portal_method, portal_object

DAY = date(2026, 7, 18)
ONE = portal_object(code="1.000001", name="Đăng ký nuôi ong")
TWO = portal_object(code="1.000002", name="Cấp giấy nuôi ong")


def lines(*entries) -> str:
    return "".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e in entries)


def counts(summary) -> tuple[int, int, int, int]:
    return summary.new, summary.changed, summary.unchanged, len(summary.refused)


def content(engine) -> tuple[int, list[dict]]:
    """Everything that an import may change."""
    with transaction(engine) as session:
        return procedures.data_version(session), [as_json(r) for r in procedures.every(session)]


def names(engine) -> list[str]:
    return [record["name"] for record in content(engine)[1]]


def version(engine) -> int:
    return content(engine)[0]


@pytest.fixture
def put(engine, tmp_path):
    """Write a file and import it."""

    def put(data: str | bytes, name: str = "procedures.jsonl", **options):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return import_file(engine, path, **{"as_of": DAY, **options})

    return put


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("one.json", json.dumps(ONE)),
        ("list.json", json.dumps([ONE, TWO], indent=2, ensure_ascii=False)),
        ("lines.jsonl", lines(ONE, TWO)),
        ("last-line-unfinished.jsonl", lines(ONE, TWO).rstrip("\n")),
        ("gaps.jsonl", "\n" + lines(ONE, "", "  ", TWO)),
        ("windows.jsonl", lines(ONE, TWO).replace("\n", "\r\n")),
        ("lines.jsonl.xz", lzma.compress(lines(ONE, TWO).encode())),
        ("list.json.xz", lzma.compress(json.dumps([ONE, TWO]).encode())),
        ("misnamed.jsonl", lzma.compress(lines(ONE, TWO).encode())),
        ("not-packed.jsonl.xz", lines(ONE, TWO)),
    ],
)
def test_every_form_of_file_goes_in(put, engine, name, data):
    summary = put(data, name)
    expected = (
        ["Đăng ký nuôi ong"] if name == "one.json" else ["Đăng ký nuôi ong", "Cấp giấy nuôi ong"]
    )
    assert names(engine) == expected
    assert counts(summary) == (len(expected), 0, 0, 0)


def test_a_file_saved_by_notepad_with_a_byte_order_mark_goes_in(put, engine):
    assert counts(put(b"\xef\xbb\xbf" + lines(ONE, TWO).encode())) == (2, 0, 0, 0)
    assert counts(put(b"\xef\xbb\xbf" + json.dumps(ONE).encode(), "one.json")) == (0, 0, 1, 0)


def test_new_changed_and_unchanged_are_told_apart(put, engine):
    put(lines(ONE, TWO))
    summary = put(
        lines({**ONE, "name": "Đăng ký nuôi ong mật"}, TWO, portal_object(code="1.000003"))
    )
    assert counts(summary) == (1, 1, 1, 0)
    assert names(engine)[0] == "Đăng ký nuôi ong mật"


def test_the_same_file_twice_changes_nothing(put, engine):
    put(lines(ONE, TWO))
    before = content(engine)
    assert counts(put(lines(ONE, TWO))) == (0, 0, 2, 0)
    assert content(engine) == before


def test_a_later_day_alone_is_a_change(put, engine):
    put(lines(ONE))
    assert counts(put(lines(ONE), as_of=date(2026, 9, 17))) == (0, 1, 0, 0)


def test_without_a_day_each_procedure_has_its_own(put, engine):
    put(lines(ONE), as_of=None)
    assert content(engine)[1][0]["as_of"] == "2026-07-14"


def test_a_bad_line_is_reported_and_the_others_go_in(put, engine):
    summary = put(lines(ONE, {**TWO, "type": "LẠ"}, "{hỏng", {"name": "không mã"}, "[1]", TWO))
    assert names(engine) == ["Đăng ký nuôi ong", "Cấp giấy nuôi ong"]
    assert counts(summary) == (2, 0, 0, 4)
    assert [(r.place.row, r.code) for r in summary.refused] == [
        (2, "1.000002"),
        (3, "?"),
        (4, "?"),
        (5, "?"),
    ]
    assert all(refusal.reason for refusal in summary.refused)
    assert "\n" not in "".join(refusal.reason for refusal in summary.refused)
    assert summary.refused[2].reason == "thiếu mã thủ tục"


BAD_VALUES = {
    "a fee in words": {"executionMethods": [portal_method(fees=[portal_fee(value="20.000 đồng")])]},
    "a period in words": {"executionMethods": [portal_method(processingTime="ba ngày")]},
    "a fee without end": {
        "executionMethods": [portal_method(fees=[portal_fee(value=float("inf"))])]
    },
    "a fee that is no number": {
        "executionMethods": [portal_method(fees=[portal_fee(value=float("nan"))])]
    },
    "a date far away": {"procedureProposal": {"decisionDate": 10**18}},
    "a date without end": {"procedureProposal": {"decisionDate": 10**30}},
    "an unknown method": {"executionMethods": [portal_method(submissionMethod="FAX")]},
    "steps that are a number": {"executionSteps": 5},
    "a code too long": {"code": "1.000002" + "x" * 60},
}


@pytest.mark.parametrize("fields", BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_a_value_that_cannot_be_read_costs_only_its_own_line(put, engine, fields):
    summary = put(lines(ONE, {**TWO, **fields}, portal_object(code="1.000003")))
    assert counts(summary) == (2, 0, 0, 1)
    assert summary.refused[0].place.row == 2


# What one database would take and the other not, or neither.
UNSTORABLE = {
    "a NUL in the name": {"name": "Cấp\x00 giấy"},
    "a NUL in a step": {"executionSteps": [{"description": "Nộp\x00 hồ sơ"}]},
    "half a character": {"name": "Cấp giấy \ud83d"},
    "a very long decision number": {"procedureProposal": {"proposalNumber": "7" * 500}},
    "a very long agency": {"procedureProposal": {"issuingAgency": {"name": "Bộ " * 200}}},
    "a very long field": {"categoriesDetails": [{"name": "Chăn nuôi " * 100}]},
    "a very long document number": {
        "legalBasisesDetails": [{"code": "1/2026 " * 100, "name": "x"}]
    },
    "more papers than there are": {
        "executionCases": [{"profileComponents": [{"name": "Đơn", "originalQty": 10**12}]}]
    },
    "a fee with too many digits": {
        "executionMethods": [portal_method(fees=[portal_fee(value=123456789.12345678901)])]
    },
    "a fee with a very long number": {
        "executionMethods": [portal_method(fees=[portal_fee(value="1" * 40)])]
    },
}


@pytest.mark.parametrize("fields", UNSTORABLE.values(), ids=UNSTORABLE.keys())
def test_a_value_that_a_database_cannot_hold_never_stops_the_import(put, engine, fields):
    summary = put(lines(ONE, {**TWO, **fields}, portal_object(code="1.000003")))
    assert summary.new + len(summary.refused) == 3
    assert summary.new >= 2
    assert {"1.000001", "1.000003"} <= {record["code"] for record in content(engine)[1]}


DEEP = '{"code": "1.000009", "name": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    "line", [DEEP, '{"code": "1.000009", "name": ' + "1" * 5000 + "}"], ids=["deep", "digits"]
)
def test_a_line_that_python_cannot_parse_is_refused_like_any_other(put, engine, line):
    summary = put(lines(ONE, line, TWO))
    assert counts(summary) == (2, 0, 0, 1)
    assert (summary.refused[0].place.row, summary.refused[0].code) == (2, "?")


def test_a_second_record_of_a_code_is_refused_and_the_first_stays(put, engine):
    summary = put(lines(ONE, {**ONE, "code": "1.000001.H21", "name": "bản khác"}))
    assert names(engine) == ["Đăng ký nuôi ong"]
    assert summary.refused[0].place.row == 2
    assert "1.000001" in summary.refused[0].reason and "1" in summary.refused[0].reason


def test_a_second_record_is_refused_batches_later_too(put, engine):
    many = [portal_object(code=f"1.{number:06}") for number in range(510)]
    summary = put(lines(*many, {**many[0], "name": "bản khác"}))
    assert counts(summary) == (510, 0, 0, 1)
    assert "bản khác" not in names(engine)


def test_progress_is_told_and_ends_with_the_last_procedure(put, engine):
    told = []
    many = [portal_object(code=f"1.{number:06}") for number in range(505)]
    put(lines(*many), on_progress=told.append)
    assert told[-1] == 505
    assert len(told) > 1


PACKED = lzma.compress(
    lines(*(portal_object(code=f"1.{n:06}", note=str(n) * 50) for n in range(300))).encode()
)
BROKEN = {
    "truncated.jsonl.xz": PACKED[:-200],
    "half.jsonl.xz": PACKED[: len(PACKED) // 2],
    "damaged.jsonl.xz": PACKED[:100] + b"\x00" * 40 + PACKED[140:],
    "truncated.jsonl": lines(ONE, TWO).encode()[:-30],
    "truncated.json": json.dumps([ONE, TWO]).encode()[:-30],
    "latin.jsonl": lines(ONE).encode() + b'{"code": "1.000009", "name": "C\xe2\xecp"}\n',
    "utf16.jsonl": lines(ONE, TWO).encode("utf-16"),
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "empty.jsonl": b"",
    "blank.jsonl": b"\n\n \n",
    "empty-list.json": b"[]",
    "page.jsonl": b"<html>\n<body>502 Bad Gateway</body>\n</html>\n",
    "page.json": b"<html></html>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_whole_and_the_database_stays_as_it_was(put, engine, name):
    put(lines(ONE))
    before = content(engine)
    with pytest.raises(UnreadableFile) as refusal:
        put(BROKEN[name], name)
    assert str(refusal.value)
    assert content(engine) == before


def test_the_data_version_rises_only_when_something_changed(put, engine):
    assert version(engine) == 0
    put(lines(ONE))
    first = version(engine)
    put(lines(ONE))
    assert version(engine) == first > 0
    put(lines(ONE, {"name": "không mã"}))
    assert version(engine) == first
    put(lines({**ONE, "name": "tên mới"}))
    assert version(engine) > first


def test_what_officials_wrote_survives_an_import(put, engine):
    put(lines(ONE))
    local = {
        "summary": "Lời tóm tắt", "aliases": ("làm giấy ong",), "replaced_by": ("1.000002",),
        "effective_to": date(2026, 12, 31),
    }  # fmt: skip
    with transaction(engine) as session:
        record = procedures.get(session, "1.000001")
        procedures.save(session, record.model_copy(update=local))
    put(lines({**ONE, "name": "tên mới"}))
    with transaction(engine) as session:
        kept = procedures.get(session, "1.000001")
    assert kept.name == "tên mới"
    assert {field: getattr(kept, field) for field in local} == local
    assert counts(put(lines({**ONE, "name": "tên mới"}))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("portal_detail_2026-07-18.jsonl.xz", DAY),
        ("2026-07-18.json", DAY),
        ("portal.jsonl", None),
        ("portal_2026-13-45.jsonl", None),
        ("portal_20260718.jsonl", None),
    ],
)
def test_the_day_of_a_snapshot_is_read_from_its_name(name, day):
    assert date_in_name(name) == day
