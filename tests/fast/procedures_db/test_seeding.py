"""The built-in procedures: their files, and how they get into a database."""

from datetime import date
from decimal import Decimal

import pytest

from procedures_db import procedures
from procedures_db.connection import transaction
from procedures_db.record import as_json
from procedures_db.sync.seed_yaml import SEED_FOLDER, SeedError, read_seed, read_seed_file
from procedures_db.sync.seeding import seed

FILE = """\
lĩnh vực: Chăn nuôi
dữ liệu đến ngày: 2026-07-18
thủ tục:
  - mã: "1.000001"
    tên: Đăng ký nuôi ong
    mức trực tuyến: một phần
    cách nộp:
      - hình thức: trực tuyến
        thời hạn: 0,5 ngày làm việc
        phí:
          - {loại: Lệ phí, mức: 20000, điều kiện: mỗi đàn}
      - hình thức: trực tiếp
        phí:
          - {loại: Phí, điều kiện: theo nghị quyết của tỉnh}
    hồ sơ:
      - giấy tờ:
          - {tên: Tờ khai, bản chính: 1, mẫu: Mẫu 01}
    cơ quan thực hiện: [Ủy ban nhân dân cấp xã]
    tên gọi khác: [làm giấy ong]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ong.yml").write_text(FILE, encoding="utf-8")
    return tmp_path


def write(folder, old: str, new: str) -> None:
    assert old in FILE
    (folder / "ong.yml").write_text(FILE.replace(old, new), encoding="utf-8")


def test_a_file_with_the_labels_of_the_form_is_read(folder):
    (record,) = read_seed(folder)
    assert (record.code, record.name, record.field) == ("1.000001", "Đăng ký nuôi ong", "Chăn nuôi")
    online, direct = record.methods
    assert (online.time_limit.amount, online.time_limit.unit.value) == (
        Decimal("0.5"),
        "ngày làm việc",
    )
    assert (online.fees[0].amount, online.fees[0].text) == (20000, "mỗi đàn")
    assert (direct.time_limit, direct.fees[0].amount) == (None, None)
    assert record.dossier[0].documents[0].forms == ("Mẫu 01",)
    assert record.aliases == ("làm giấy ong",)
    assert record.as_of == date(2026, 7, 18)
    assert record.source_url.endswith("1.000001")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mức trực tuyến:", "mức độ trực tuyến:", "mức độ trực tuyến"),
        ("0,5 ngày làm việc", "nửa ngày", "nửa ngày"),
        ("0,5 ngày làm việc", "5 tuần", "5 tuần"),
        ("0,5 ngày làm việc", "0 ngày", "amount"),
        ("mức: 20000", "mức: 0", "amount"),
        ("mức: 20000", "mức: miễn phí", "amount"),
        ("loại: Phí", "loại: Thuế", "Thuế"),
        ("hình thức: trực tiếp", "hình thức: fax", "fax"),
        ("mức trực tuyến: một phần", "mức trực tuyến: mức 4", "mức 4"),
        ("bản chính: 1", "bản chính: -1", "originals"),
        ("tên: Đăng ký nuôi ong", 'tên: ""', "name"),
    ],
)
def test_a_wrong_value_is_told_with_its_file_and_code(folder, old, new, told):
    write(folder, old, new)
    with pytest.raises(SeedError) as error:
        read_seed(folder)
    assert "ong.yml" in str(error.value)
    assert "1.000001" in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize("label", ["tên: Đăng ký nuôi ong", "mức trực tuyến: một phần"])
def test_a_missing_label_is_told_with_its_file_and_code(folder, label):
    write(folder, f"    {label}\n", "")
    with pytest.raises(SeedError, match=r"ong\.yml.*1\.000001.*" + label.split(":")[0]):
        read_seed(folder)


def test_a_code_in_two_files_is_told_with_file_and_code(folder):
    (folder / "ong2.yml").write_text(FILE, encoding="utf-8")
    with pytest.raises(SeedError, match=r"ong2\.yml.*1\.000001"):
        read_seed(folder)


def test_a_code_twice_in_one_file_is_told_too(folder):
    entry = FILE.split("thủ tục:\n")[1]
    (folder / "ong.yml").write_text(FILE + entry, encoding="utf-8")
    with pytest.raises(SeedError, match=r"ong\.yml.*1\.000001"):
        read_seed(folder)


@pytest.mark.parametrize("path", sorted(SEED_FOLDER.glob("*.yml")), ids=lambda path: path.name)
def test_every_built_in_file_loads(path):
    assert list(read_seed_file(path))


def test_each_built_in_procedure_has_what_an_answer_cannot_do_without(built_in):
    for record in built_in.values():
        assert record.decision.number, record.code
        assert record.summary, record.code
        assert record.steps, record.code
        assert record.agencies, record.code
        assert record.source_url.startswith("https://"), record.code


def test_built_in_successors_are_not_the_procedure_itself(built_in):
    for record in built_in.values():
        assert record.code not in record.replaced_by


def test_seeding_fills_a_database_once(seeded_engine, built_in):
    with transaction(seeded_engine) as session:
        stored = {record.code: record for record in procedures.every(session)}
        version = procedures.data_version(session)
    assert stored == built_in
    assert seed(seeded_engine) == 0
    with transaction(seeded_engine) as session:
        assert procedures.data_version(session) == version == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # both are filled above; this is slow
def test_a_procedure_that_is_already_there_is_left_alone(engine, built_in):
    edited = built_in["1.001193"].model_copy(update={"name": "Tên cán bộ đã sửa", "steps": ()})
    with transaction(engine) as session:
        procedures.save(session, edited)
    assert seed(engine) == len(built_in) - 1
    with transaction(engine) as session:
        assert as_json(procedures.get(session, "1.001193")) == as_json(edited)
