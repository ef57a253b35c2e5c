"""The form of published procedures: what goes out comes back."""

import json
import lzma
from itertools import islice

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from procedures_db import procedures
from procedures_db.connection import connect
from procedures_db.exchange import exporting
from procedures_db.exchange.exporting import export
from procedures_db.record import ProcedureRecord
from procedures_db.sync.exported import (
    NotExported,
    Unstorable,
    Withdrawn,
    WrongSchemaVersion,
    exported_object,
    is_exported_object,
    json_schema,
    read_exported_change,
    read_exported_object,
)
from procedures_db.sync.importing import import_file
from procedures_db.sync.portal_json import read_portal_object
from tests.changing import edit
from tests.fast.exchange.conftest import everything
from tests.fast.samples import FULL_RECORD, portal_object

# Texts that a database can keep; the edge of each Unicode plane among them.
texts = st.text(
    st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), max_size=30
)
names = texts.filter(bool)
codes = st.from_regex(r"[0-9]\.[0-9]{6}", fullmatch=True)
amounts = st.decimals(min_value="0.01", max_value=10_000, places=2)
limits = st.fixed_dictionaries({
    "amount": amounts, "unit": st.sampled_from(["giờ", "ngày", "ngày làm việc", "tháng", "năm"]),
})  # fmt: skip
fees = st.fixed_dictionaries({
    "kind": st.sampled_from(["Phí", "Lệ phí", "Giá"]), "amount": st.none() | amounts,
    "currency": st.sampled_from(["VND", "USD"]), "text": texts,
})  # fmt: skip
methods = st.fixed_dictionaries({
    "method": st.sampled_from(["trực tuyến", "trực tiếp", "bưu chính"]),
    "time_limit": st.none() | limits, "note": texts, "fees": st.lists(fees, max_size=2),
})  # fmt: skip
documents = st.fixed_dictionaries({
    "name": names, "originals": st.integers(0, 10_000), "copies": st.integers(0, 10_000),
    "forms": st.lists(texts, max_size=2), "is_note": st.booleans(),
})  # fmt: skip
records = st.fixed_dictionaries({
    "code": codes, "name": names, "field": texts, "summary": texts,
    "kind": st.sampled_from(["STANDARD", "SPECIFIC", "STANDARD_INTERNAL"]),
    "levels": st.lists(st.sampled_from(["bộ", "tỉnh", "xã", "ngành dọc", "cơ quan khác"]), max_size=3),
    "online_level": st.sampled_from(["toàn trình", "một phần", "cung cấp thông tin", "không rõ"]),
    "online_level_inferred": st.booleans(), "non_territorial": st.booleans(),
    "subjects": st.lists(texts, max_size=2), "conditions": texts, "remarks": st.lists(texts, max_size=2),
    "agencies": st.lists(st.fixed_dictionaries(
        {"role": st.sampled_from(["cơ quan thực hiện", "cơ quan phối hợp"]), "name": names}), max_size=2),
    "methods": st.lists(methods, max_size=3),
    "case_time_limits": st.lists(st.fixed_dictionaries({"case": texts, "time_limit": limits}), max_size=2),
    "dossier": st.lists(st.fixed_dictionaries(
        {"name": texts, "documents": st.lists(documents, max_size=2)}), max_size=2),
    "steps": st.lists(st.fixed_dictionaries({"name": texts, "text": texts}), max_size=2),
    "results": st.lists(texts, max_size=2), "keywords": st.lists(texts, max_size=2),
    "aliases": st.lists(texts, max_size=2), "replaced_by": st.lists(codes, max_size=2),
    "legal_bases": st.lists(st.fixed_dictionaries(
        {"number": texts, "title": texts, "issued_on": st.none() | st.dates()}), max_size=2),
    "decision": st.fixed_dictionaries({"number": texts, "issued_on": st.none() | st.dates()}),
    "effective_to": st.none() | st.dates(), "as_of": st.dates(), "source_url": texts,
}).map(ProcedureRecord.model_validate)  # fmt: skip


@settings(max_examples=50)
@given(records)
def test_any_record_comes_back_from_its_json_and_keeps_to_the_schema(made):
    obj = json.loads(json.dumps(exported_object(made)))
    assert is_exported_object(obj)
    assert read_exported_object(obj) == made
    assert procedures.content_hash(read_exported_object(obj)) == procedures.content_hash(made)
    SCHEMA.validate(obj)


@settings(max_examples=15)  # two databases each
@given(st.lists(records, max_size=4, unique_by=lambda one: one.code))
def test_any_records_come_back_through_file_and_database(tmp_path_factory, migrated_file, made):
    folder = tmp_path_factory.mktemp("export")
    first = copy_of(migrated_file, folder / "first.db")
    edit(first, *made)
    assert export(first, folder / "all.jsonl") == len(made)
    if made:
        second = copy_of(migrated_file, folder / "second.db")
        summary = import_file(second, folder / "all.jsonl")
        assert (summary.new, summary.refused) == (len(made), [])
        assert everything(second) == everything(first) == sorted(made, key=lambda one: one.code)
        second.dispose()
    first.dispose()


SCHEMA = jsonschema.Draft202012Validator(json_schema())


def copy_of(migrated_file, path):
    path.write_bytes(migrated_file.read_bytes())
    return connect(f"sqlite:///{path}")


def test_the_schema_is_one_and_refuses_what_no_record_is():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    good = exported_object(FULL_RECORD)
    SCHEMA.validate(good)
    for wrong in (
        {**good, "phí": 1},
        {**good, "schema_version": 2},
        {**good, "levels": "xã"},
        {"code": "x"},
    ):
        assert not SCHEMA.is_valid(wrong), wrong


def test_every_built_in_procedure_keeps_to_the_schema_and_comes_back(built_in):
    for made in built_in.values():
        obj = json.loads(json.dumps(exported_object(made)))
        SCHEMA.validate(obj)
        assert read_exported_object(obj) == made


def test_a_withdrawn_procedure_is_read_where_changes_are_expected_only():
    obj = {"schema_version": 1, "code": "1.000001", "withdrawn_at": "2026-11-22T08:30:00Z"}
    SCHEMA.validate(obj)
    assert isinstance(read_exported_change(obj), Withdrawn)
    with pytest.raises(ValidationError):
        read_exported_object(obj)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"schema_version": 2}, WrongSchemaVersion),
        ({"schema_version": "1"}, WrongSchemaVersion),
        ({"schema_version": None}, WrongSchemaVersion),
        ({"schema_version": True}, WrongSchemaVersion),
        ({"name": ""}, ValidationError),
        ({"code": "abc"}, ValidationError),
        ({"as_of": "hôm qua"}, ValidationError),
        ({"levels": ["huyện"]}, ValidationError),
        ({"lạ": 1}, ValidationError),
        ({"remarks": ["a\x00b"]}, Unstorable),
        ({"steps": [{"text": "\ud83d"}]}, Unstorable),
    ],
)
def test_what_cannot_be_a_record_is_refused_by_name(change, error):
    with pytest.raises(error):
        read_exported_object({**exported_object(FULL_RECORD), **change})


@pytest.mark.parametrize("obj", [None, [], "x", 1, {}, portal_object()])
def test_other_objects_are_told_apart(obj):
    assert not is_exported_object(obj)
    with pytest.raises(NotExported):
        read_exported_object(obj)


def test_an_export_is_packed_when_its_name_says_so(theirs, tmp_path, record):
    edit(theirs, record(), FULL_RECORD)
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.xz"
    assert export(theirs, plain) == export(theirs, packed) == 2
    assert lzma.decompress(packed.read_bytes()) == plain.read_bytes()
    assert [json.loads(line)["code"] for line in plain.open()] == ["1.000001", "1.000002"]
    assert sorted(p.name for p in tmp_path.glob("*a.json*")) == ["a.jsonl", "a.jsonl.xz"]


def test_an_export_that_fails_leaves_the_older_file_as_it_was(
    theirs, tmp_path, monkeypatch, record
):
    edit(theirs, record())
    path = tmp_path / "a.jsonl"
    path.write_text("bản cũ")

    def broken(engine):
        yield b"{}\n"
        raise OSError("đĩa đầy")

    monkeypatch.setattr(exporting.publishing, "json_lines", broken)
    with pytest.raises(OSError, match="đĩa đầy"):
        export(theirs, path)
    assert path.read_text() == "bản cũ"
    assert [p.name for p in tmp_path.glob("*a.jsonl*")] == ["a.jsonl"]


def test_a_file_of_another_kind_is_not_written(theirs, tmp_path):
    with pytest.raises(exporting.UnknownForm):
        export(theirs, tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_national_procedures_come_back_from_their_json(shared):
    """Every twentieth; tests/e2e/test_exchange.py takes all of them through databases and files."""
    path = shared / "data" / "portal_detail_2026-07-18.jsonl.xz"
    if not path.exists():
        pytest.skip("the national snapshot is not on this machine")
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in islice(stream, 0, None, 20):
            made = read_portal_object(json.loads(line))
            assert read_exported_object(json.loads(json.dumps(exported_object(made)))) == made
