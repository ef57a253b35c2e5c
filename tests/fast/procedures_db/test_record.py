"""The record: codes, online levels, and values that must not get in."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from procedures_db.record import (
    BadCode,
    Document,
    Fee,
    OnlineLevel,
    ProcedureRecord,
    TimeLimit,
    as_json,
    infer_online_level,
    national_code,
)
from tests.fast.samples import FULL_RECORD


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.004605", "1.004605"),
        ("1.004605.000.00.00.H17", "1.004605"),
        ("1.012784.H21", "1.012784"),
        ("1.012784.h21", "1.012784"),
        (" 1.004605 ", "1.004605"),
        ("1.004605 .000.00.00. H17\n", "1.004605"),
        ("\u00a01.004605", "1.004605"),
        ("1.014955-Xoa", "1.014955-Xoa"),
        ("2.009182739", "2.009182739"),
    ],
)
def test_a_code_is_read_with_its_suffix_and_stray_spaces(typed, code):
    assert national_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "None",
        "abc",
        "1.004",
        "1.00",
        "11.004605",
        "1,004605",
        "1.004605<b>",
        "1.0046051" * 6,
    ],
)
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(BadCode):
        national_code(typed)


@pytest.mark.parametrize("code", ["１.００４６０５", "1.004605\n", " 1.004605", "1.0046 05", ""])
def test_a_record_holds_only_clean_codes(record, code):
    with pytest.raises(ValidationError):
        record(code=code)
    with pytest.raises(ValidationError):
        record(replaced_by=(code,))


@pytest.mark.parametrize(
    ("full", "online", "level", "inferred"),
    [
        (True, True, OnlineLevel.FULL, False),
        (False, True, OnlineLevel.PARTIAL, True),
        (False, False, OnlineLevel.INFORMATION_ONLY, True),
        (True, False, OnlineLevel.UNCLEAR, True),
    ],
)
def test_the_online_level_follows_the_flag_and_the_methods(full, online, level, inferred):
    assert infer_online_level(full_process=full, has_online_method=online) == (level, inferred)


@pytest.mark.parametrize("counts", [{"originals": -1}, {"copies": -1}])
def test_a_negative_number_of_papers_is_refused(counts):
    with pytest.raises(ValidationError):
        Document(name="Tờ khai", **counts)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5000)])
def test_a_fee_of_nothing_or_less_is_refused(amount):
    with pytest.raises(ValidationError):
        Fee(kind="Lệ phí", amount=amount)


@pytest.mark.parametrize("amount", ["0", "-1", "10001"])
def test_an_impossible_time_limit_is_refused(amount):
    with pytest.raises(ValidationError):
        TimeLimit(amount=Decimal(amount), unit="ngày")


def test_an_unknown_field_is_refused(record):
    with pytest.raises(ValidationError):
        record(phí=5)


@pytest.mark.parametrize("missing", ["name", "code", "as_of"])
def test_a_record_without_name_code_or_date_is_refused(missing):
    fields = {"code": "1.000001", "name": "Đăng ký nuôi ong", "as_of": date(2026, 7, 18)}
    del fields[missing]
    with pytest.raises(ValidationError):
        ProcedureRecord(**fields)


def test_a_record_cannot_be_changed(record):
    with pytest.raises(ValidationError):
        record().name = "khác"


def test_the_json_form_comes_back_as_the_same_record(record):
    for one in (FULL_RECORD, record()):
        assert ProcedureRecord.model_validate(as_json(one)) == one


def test_the_json_form_leaves_out_what_is_not_stated(record):
    assert as_json(record()) == {
        "code": "1.000001",
        "name": "Đăng ký nuôi ong",
        "as_of": "2026-07-18",
    }
