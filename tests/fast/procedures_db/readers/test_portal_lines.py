"""Portal JSON as a stream: told apart by content, refused line by line."""

import json
import lzma
from datetime import date

import pytest

from procedures_db.sync import readers
from procedures_db.sync.readers import BrokenFile
from procedures_db.sync.reading import ReadRecord
from tests.fast.samples import portal_fee, portal_method, portal_object

ONE = portal_object(code="1.000001", name="Đăng ký nuôi ong")
TWO = portal_object(code="1.000002", name="Cấp giấy nuôi ong")


def lines(*entries) -> str:
    return "".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e in entries)


FORMS = {
    "an object": (json.dumps(ONE), 1),
    "an object over several lines": (json.dumps(ONE, indent=1, ensure_ascii=False), 1),
    "a list": (json.dumps([ONE, TWO]), 2),
    "a list over several lines": (json.dumps([ONE, TWO], indent=1), 2),
    "a line each": (lines(ONE, TWO), 2),
    "lines of Windows": (lines(ONE, TWO).replace("\n", "\r\n"), 2),
    "lines with gaps": ("\n\n" + lines(ONE, "", TWO), 2),
    "a mark at the beginning": ("\ufeff" + lines(ONE, TWO), 2),
}


@pytest.mark.parametrize(
    "pack", [str.encode, lambda t: lzma.compress(t.encode())], ids=["plain", "xz"]
)
@pytest.mark.parametrize(("text", "count"), FORMS.values(), ids=FORMS.keys())
def test_every_form_is_read_whatever_the_name(read, pack, text, count):
    reading = read(pack(text), "ten.doc")
    assert [r.code for r in reading.records] == ["1.000001", "1.000002"][:count]
    assert reading.refused == []


def test_two_xz_streams_behind_each_other_are_one_file(read):
    parts = (lzma.compress(lines(entry).encode()) for entry in (ONE, TWO))
    assert len(read(b"".join(parts)).records) == 2


def test_records_carry_every_field_but_the_local_ones(read):
    (record,) = read(json.dumps(ONE)).records
    assert not {"code", "summary", "aliases", "replaced_by", "effective_to"} & set(record.values)
    assert record.values["name"] == "Đăng ký nuôi ong"
    assert record.values["as_of"] == date(2026, 7, 14)
    assert read(json.dumps(ONE), as_of=date(2026, 10, 1)).records[0].values["as_of"] == date(
        2026, 10, 1
    )


def test_places_are_lines_and_bad_lines_cost_only_themselves(read):
    reading = read(lines("{hỏng", ONE, {**TWO, "name": ""}, [1], TWO, {**ONE, "name": "bản khác"}))
    assert [(r.code, r.place.row) for r in reading.records] == [("1.000001", 2), ("1.000002", 5)]
    assert [(r.place.row, r.code, r.reason) for r in reading.refused] == [
        (1, "?", "không phải JSON"),
        (3, "1.000002", "tên thủ tục: để trống"),
        (4, "?", "không phải một đối tượng JSON"),
        (6, "1.000001", "mã 1.000001 đã có ở dòng 2"),
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"categoriesDetails": [{"name": "Ong " * 100}]}, "lĩnh vực: dài quá 300 ký tự"),
        (
            {"executionCases": [{"profileComponents": [{"name": "Đơn", "copyQty": -1}]}]},
            "không được nhỏ",
        ),
        ({"procedureProposal": {"proposalNumber": "7" * 500}}, "quyết định công bố: dài quá 120"),
        ({"type": "LẠ"}, "LẠ"),
        ({"code": "ong"}, "không phải mã thủ tục"),
        ({"code": None}, "thiếu mã thủ tục"),
        ({"updatedAt": "hôm nay"}, "dữ liệu đến ngày: giá trị sai dạng"),
        ({"updatedAt": 10**20}, "dữ liệu đến ngày: không phải số"),
        ({"updatedAt": 10**400}, "dữ liệu đến ngày: không phải số"),
        ({"executionMethods": "sai"}, "cách thức thực hiện: giá trị sai dạng"),
        (
            {"executionMethods": [{"submissionMethod": "FAX"}]},
            "cách thức thực hiện: thiếu hoặc lạ: 'FAX'",
        ),
        (
            {"executionMethods": [portal_method(fees=[portal_fee(value="hai nghìn")])]},
            "cách thức thực hiện: không phải số",
        ),
        (
            {"executionCases": [{"profileComponents": [{"name": "Đơn", "copyQty": "hai"}]}]},
            "thành phần hồ sơ: giá trị sai dạng",
        ),
        ({"executionSteps": 7}, "trình tự thực hiện: giá trị sai dạng"),
    ],
)
def test_reasons_are_in_vietnamese(read, fields, says):
    (refused,) = read(lines(ONE, {**TWO, **fields})).refused
    assert says in refused.reason


def test_a_file_cut_in_the_last_line_is_refused_after_its_good_records(tmp_path):
    path = tmp_path / "cut.jsonl"
    path.write_text(lines(ONE, TWO)[:-20])
    stream = readers.read_portal_file(path)
    assert isinstance(next(stream), ReadRecord)
    with pytest.raises(BrokenFile, match="dòng 2"):
        list(stream)


@pytest.mark.parametrize(
    "text",
    ["[]", "[" * 99_999, json.dumps([ONE], indent=1)[:-9], "{}"[:1], '{"a": ' + "1" * 9999 + "}"],
)
def test_a_file_without_one_good_object_is_refused(read, text):
    with pytest.raises(BrokenFile):
        read(text)


def test_json_in_another_encoding_is_refused(read):
    for content in (
        lines(ONE).encode("utf-16"),
        '{"code": "x", "name": "Cấp"}'.encode("utf-16-le"),
    ):
        with pytest.raises(BrokenFile, match="UTF-8"):
            read(content)
