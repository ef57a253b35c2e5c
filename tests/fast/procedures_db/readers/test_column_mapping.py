"""Mappings that officials gave are kept for the next table of the same layout."""

import pytest

from procedures_db.connection import transaction
from procedures_db.sync import column_mapping
from procedures_db.sync.readers import BadMapping, MappingNeeded
from procedures_db.text.folding import fold
from tests.fast.procedures_db.readers.files import workbook

HEADINGS = ["Ký hiệu", "Nội dung công việc", "Bộ phận"]
MAPPING = {"Ký hiệu": "code", "Nội dung công việc": "name"}
TABLE = workbook(HEADINGS, ("1.000001", "Đăng ký nuôi ong", "Sở Ong"))


def test_a_saved_mapping_is_found_again_by_the_same_headings(engine):
    with transaction(engine) as session:
        column_mapping.save(session, HEADINGS, MAPPING)
    with transaction(engine) as session:
        assert column_mapping.find(session, HEADINGS) == MAPPING
        assert (
            column_mapping.find(session, ["KÝ HIỆU ", "nội dung  công việc", "Bộ phận"]) == MAPPING
        )
        assert (
            column_mapping.find(session, [*HEADINGS, ""]) == MAPPING
        )  # an empty column at the end
        assert column_mapping.find(session, HEADINGS[:2]) is None
        assert column_mapping.find(session, HEADINGS[::-1]) is None


def test_a_later_mapping_replaces_the_earlier(engine):
    with transaction(engine) as session:
        column_mapping.save(session, HEADINGS, MAPPING)
        column_mapping.save(session, HEADINGS, {**MAPPING, "Bộ phận": "executing"})
        assert column_mapping.find(session, HEADINGS)["Bộ phận"] == "executing"


@pytest.mark.parametrize("wrong", [{"Ký hiệu": "mã màu"}, {}, {**MAPPING, "Không có": "field"}])
def test_a_mapping_that_does_not_fit_is_not_saved(engine, wrong):
    with transaction(engine) as session:
        with pytest.raises(BadMapping):
            column_mapping.save(session, HEADINGS, wrong)
        assert column_mapping.find(session, HEADINGS) is None


def test_next_month_the_table_is_read_without_asking(engine, read):
    with transaction(engine) as session:
        nothing = column_mapping.saved(session)
        column_mapping.save(session, HEADINGS, MAPPING)
        kept = column_mapping.saved(session)
    with pytest.raises(MappingNeeded):
        read(TABLE, mapping=nothing)
    (record,) = read(TABLE, mapping=kept).records
    assert record.values == {"name": "Đăng ký nuôi ong"}


def test_a_saved_mapping_counts_before_the_headings_own_words(engine, read):
    headings = ("Mã TTHC", "Tên", "Lĩnh vực")
    with transaction(engine) as session:
        mapping = {"Mã TTHC": "code", "Tên": "name", "Lĩnh vực": "summary"}
        column_mapping.save(session, headings, mapping)
        kept = column_mapping.saved(session)
    (record,) = read(workbook(headings, ("1.000001", "Ong", "Nuôi")), mapping=kept).records
    assert record.values == {"name": "Ong", "summary": "Nuôi"}


def test_no_heading_means_two_fields():
    seen: dict[str, str] = {}
    for name, headings in column_mapping.FIELDS.items():
        for heading in headings:
            assert seen.setdefault(fold(heading), name) == name, heading


def test_every_field_can_be_named_by_its_label():
    labels = {headings[0]: name for name, headings in column_mapping.FIELDS.items()}
    assert column_mapping.given({label: label for label in labels}) == {
        fold(label): name for label, name in labels.items()
    }
