"""A zip of many files: each counts by itself, whole or not at all."""

from tests.fast.procedures_db.readers.files import BEE, HEADINGS, csv, form, packed, workbook

LIST = workbook(HEADINGS, BEE)


def test_a_zip_of_many_kinds_is_read_file_by_file(read):
    reading = read(
        packed({
            "phieu/ChiTietTTHC_1.000001.doc": form(),
            "danh sách.xlsx": workbook(HEADINGS, ("1.000002", *BEE[1:])),
            "bang.csv": csv(HEADINGS, ("1.000003", *BEE[1:])),
            "cong.jsonl": '{"code": "1.000004", "name": "Cấp giấy", "updatedAt": 1784000000000}\n',
            "__MACOSX/phieu/._ChiTiet.doc": b"\x00\x05\x16\x07",
            "~$danh sách.xlsx": b"\x08motcua",
        }),
        "goi.zip",
    )  # fmt: skip
    assert [(r.code, r.place.file) for r in reading.records] == [
        ("1.000001", "goi.zip › phieu/ChiTietTTHC_1.000001.doc"),
        ("1.000004", "goi.zip › cong.jsonl"),
        ("1.000002", "goi.zip › danh sách.xlsx"),
        ("1.000003", "goi.zip › bang.csv"),
    ]
    assert reading.refused == []


def test_a_bad_file_in_a_zip_is_refused_by_itself_and_whole(read):
    cut = '{"code": "1.000005", "name": "Cấp giấy", "updatedAt": 1784000000000}\n{"code": "1.0000'
    reading = read(
        packed({
            "a.exe": b"MZ" + bytes(99), "b.jsonl": cut, "c.zip": packed({"d.xlsx": LIST}),
            "e.doc": form()[:900], "f.xlsx": LIST,
        }),
        "goi.zip",
    )  # fmt: skip
    assert [record.code for record in reading.records] == ["1.000001"]
    assert [(r.place.file, r.reason.split(":")[0]) for r in reading.refused] == [
        ("goi.zip › a.exe", "tệp chương trình Windows (.exe, .dll)"),
        ("goi.zip › b.jsonl", "tệp bị cắt cụt ở dòng 2"),
        ("goi.zip › c.zip", "tệp nén lồng trong tệp nén"),
        ("goi.zip › e.doc", "tệp nén (hoặc tệp Word, Excel) bị hỏng hoặc bị cắt cụt"),
    ]


def test_a_detail_form_counts_before_a_list_that_names_its_procedure_too(read):
    reading = read(packed({"a.xlsx": LIST, "b.doc": form()}), "goi.zip")
    assert [record.place.file for record in reading.records] == ["goi.zip › b.doc"]
    assert "dossier" in reading.records[0].values
    (refused,) = reading.refused
    assert refused.reason == "mã 1.000001 đã có ở tệp goi.zip › b.doc"


def test_names_that_leave_the_folder_are_only_names(read, tmp_path):
    reading = read(packed({"../../ra-ngoai.xlsx": LIST}), "goi.zip")
    assert [record.code for record in reading.records] == ["1.000001"]
    assert not list(tmp_path.parent.glob("ra-ngoai*"))


def test_a_code_in_two_files_of_a_zip_is_taken_once_and_the_other_place_is_named(read):
    reading = read(packed({"a.xlsx": LIST, "b.xlsx": LIST}), "goi.zip")
    assert len(reading.records) == 1
    (refused,) = reading.refused
    assert (refused.place.file, refused.place.row) == ("goi.zip › b.xlsx", 2)
    assert refused.reason == "mã 1.000001 đã có ở tệp goi.zip › a.xlsx, trang Danh sách, dòng 2"


def test_vietnamese_names_of_old_zip_programs_are_shown_right(read):
    name = "Thủ tục.xlsx".encode()
    content = packed({"x" * len(name): LIST}).replace(b"x" * len(name), name)  # no UTF-8 flag
    assert read(content, "goi.zip").records[0].place.file == "goi.zip › Thủ tục.xlsx"
