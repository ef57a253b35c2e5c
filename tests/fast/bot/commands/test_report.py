"""`motcua report`: on the screen and into files."""

import json

import openpyxl
import pytest

from procedures_db import procedures
from procedures_db.connection import connect, transaction
from tests.fast.samples import portal_object


@pytest.fixture(autouse=True)
def two_procedures(database, record):
    engine = connect(f"sqlite:///{database}")
    with transaction(engine, write=True) as session:
        procedures.save(session, record(name="[b]Nuôi ong[/b]", levels=("xã",)))
        procedures.save(
            session, record(code="1.001193", name="Đăng ký khai sinh", levels=("tỉnh",))
        )
    engine.dispose()


def test_the_quality_report_explains_and_lists_what_is_asked_often_first(motcua):
    done = motcua("report", "quality", "--limit", "20")
    assert done.exit_code == 0, done.output
    assert "Không có thành phần hồ sơ" in done.output and "Vì sao cần sửa" in done.output
    assert done.output.index("1.001193") < done.output.index("1.000001")
    assert "[b]Nuôi ong[/b]" in done.output


def test_one_check_as_json_goes_to_standard_output(motcua):
    done = motcua("report", "quality", "--check", "no-papers", "--format", "json")
    content = json.loads(done.stdout)
    assert [finding["code"] for finding in content["findings"]] == ["1.001193", "1.000001"]


def test_an_unknown_check_is_named_with_those_there_are(motcua):
    done = motcua("report", "quality", "--check", "phi")
    assert done.exit_code == 1
    assert "Không có phép kiểm “phi”" in done.stderr and "fee-zero" in done.stderr


def test_files_are_written_where_the_person_stands(motcua, tmp_path):
    for arguments in (
        ("quality", "--format", "xlsx", "-o", "q.xlsx"),
        ("quality", "--format", "csv", "-o", "q.csv"),
        ("quality", "-o", "q.txt"),
        ("coverage", "--by", "field", "--format", "xlsx", "-o", "c.xlsx"),
        ("coverage", "--format", "svg", "-o", "c.svg"),
    ):
        done = motcua("report", *arguments)
        assert done.exit_code == 0, done.output
        assert f"Đã ghi {tmp_path / arguments[-1]}" in done.output
    assert openpyxl.load_workbook(tmp_path / "q.xlsx").active["B5"].value == "1.001193"
    assert (tmp_path / "q.csv").read_bytes().startswith(b"\xef\xbb\xbfSTT,")
    assert "1.001193" in (tmp_path / "q.txt").read_text("utf-8")
    assert (tmp_path / "c.svg").read_text("utf-8").startswith("<svg")


def test_the_coverage_report_counts_by_level_with_a_total(motcua):
    done = motcua("report", "coverage", "--format", "csv")
    lines = done.stdout.removeprefix("\ufeff").splitlines()
    assert [line.split(",")[1:3] for line in lines[1:]] == [
        ["Cấp tỉnh", "1"], ["Cấp xã", "1"], ["Tổng cộng", "2"],
    ]  # fmt: skip
    assert "Mức độ 4 ≈ toàn trình" in motcua("report", "coverage").output


def test_a_folder_that_is_not_there_is_told(motcua):
    done = motcua("report", "coverage", "--format", "csv", "-o", "nowhere/c.csv")
    assert done.exit_code == 1
    assert "Không ghi được" in done.stderr and "nowhere" in done.stderr


def test_the_built_in_procedures_are_compared_with_a_file(motcua, tmp_path):
    (tmp_path / "cong.jsonl").write_text(
        json.dumps(portal_object(code="1.004194", name="Đăng ký tạm trú ở xã", executionSteps=[])),
        "utf-8",
    )
    done = motcua("report", "built-in", "cong.jsonl", "--csv", "-o", "khac.csv")
    assert done.exit_code == 1  # nobody has explained that name
    rows = (tmp_path / "khac.csv").read_text("utf-8-sig").splitlines()
    assert rows[1].startswith(
        "1.004194,Đăng ký tạm trú,tên,Đăng ký tạm trú,Đăng ký tạm trú ở xã,CHƯA"
    )


def test_a_file_that_cannot_be_compared_is_refused(motcua, tmp_path):
    (tmp_path / "tep.pdf").write_bytes(b"%PDF-1.7")
    done = motcua("report", "built-in", "tep.pdf")
    assert done.exit_code == 1 and "tệp PDF" in done.stderr
