"""Comparing built-in procedures with official records."""

from datetime import date
from decimal import Decimal

import pytest

from procedures_db.record import (
    Agency,
    AgencyRole,
    Document,
    DossierCase,
    Fee,
    FeeKind,
    Method,
    Step,
)
from procedures_db.reports.built_in import (
    compare,
    comparison_table,
    different_facts,
    official_records,
)
from procedures_db.sync.file_errors import BrokenFile
from tests.fast.procedures_db.readers.files import BEE, HEADINGS, workbook

FEE = Fee(kind=FeeKind.SERVICE_FEE, amount=Decimal(20000), text="mỗi đàn")
METHOD = Method(method="trực tiếp", fees=(FEE,))
CASES = (DossierCase(documents=(Document(name="Tờ khai", originals=1),)),)


@pytest.fixture
def official(record):
    return record(methods=(METHOD,), dossier=CASES, conditions="Nuôi từ 5 đàn, theo 1/2025/TT-BO")


def test_equal_facts_in_other_words_are_no_difference(official):
    other_words = METHOD.model_copy(
        update={"fees": (FEE.model_copy(update={"text": "cho 1 đàn"}),)}
    )
    ours = official.model_copy(
        update={"methods": (other_words,), "conditions": "Có 05 đàn trở lên", "summary": "Xin nuôi ong"}
    )  # fmt: skip
    assert different_facts(ours, official) == {}


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"name": "Nuôi ong"}, "tên"),
        ({"methods": ()}, "cách nộp"),
        ({"methods": (METHOD.model_copy(update={"fees": ()}),)}, "cách nộp có nêu phí"),
        (
            {"methods": (Method(method="trực tiếp", fees=(FEE.model_copy(update={"kind": FeeKind.FEE}),)),)},
            "mức phí",
        ),
        ({"dossier": CASES * 2}, "số trường hợp hồ sơ"),
        ({"replaced_by": ("1.000002",)}, "thay bằng"),
        ({"effective_to": date(2026, 8, 17)}, "hiệu lực đến"),
        ({"kind": "SPECIFIC"}, "loại"),
        ({"agencies": (Agency(role=AgencyRole.AUTHORIZED, name="Sở Tơ Tằm"),)}, "cơ quan được ủy quyền"),
        ({"steps": (Step(text="Nhận kết quả sau 9 ngày"),)}, "con số trong lời văn"),
    ],
)  # fmt: skip
def test_each_fact_that_differs_is_told(official, change, fact):
    assert fact in different_facts(official.model_copy(update=change), official)


def test_a_difference_counts_until_somebody_explains_it(official):
    ours = official.model_copy(update={"name": "Nuôi ong"})
    bare = compare([ours], {official.code: official}, {})
    assert [one.fact for one in bare.unexplained] == ["tên"] and not bare.sound
    told = compare(
        [ours], {official.code: official}, {official.code: {"tên": "Cổng ghi thiếu chữ"}}
    )
    assert told.unexplained == [] and told.sound
    assert "Cổng ghi thiếu chữ" in comparison_table(told).rows[0]


def test_a_reason_for_nothing_and_a_code_that_is_not_there_are_told(official):
    found = compare([official], {}, {official.code: {"tên": "đã sửa"}})
    assert (found.absent, found.stale) == ((official.code,), ((official.code, "tên"),))
    assert not found.sound and len(comparison_table(found).notes) == 2


def test_a_file_without_details_is_refused(tmp_path):
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(workbook(HEADINGS, BEE))
    with pytest.raises(BrokenFile, match="không mang chi tiết"):
        official_records(path, {"1.000001"})
