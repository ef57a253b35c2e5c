"""The real files: every field that they carry, as a person reads them."""

from collections import Counter
from datetime import date

import pytest

from procedures_db.record import Decision, Fee, LegalBasis, ProcedureRecord
from procedures_db.sync import readers

RESIDENCE_FEES = "quy định mức thu, chế độ thu, nộp và quản lý lệ phí đăng ký cư trú"
EXEMPT = (
    "Miễn phí (- Trường hợp công dân thuộc diện được miễn phí theo quy định tại Điều 4 Thông tư số "
    f"75/2022/TT-BTC ngày 22/12/2022 {RESIDENCE_FEES} thì công dân phải xuất trình giấy tờ chứng minh "
    "thuộc diện được miễn trừ trường hợp thông tin đã có trong Cơ sở dữ liệu quốc gia về dân cư hoặc "
    "Cơ sở dữ liệu quốc gia, Cơ sở dữ liệu chuyên ngành mà đã được kết nối với Cơ sở dữ liệu quốc gia "
    "về dân cư.)"
)
HOURS = (
    "Thời gian tiếp nhận hồ sơ: Giờ hành chính các ngày làm việc từ thứ 2 đến thứ 6 và sáng thứ 7 hàng "
    "tuần (trừ các ngày nghỉ lễ, tết theo quy định của pháp luật)."
)
FORM_CT01 = ("1.MuCT01banhnhkmtheoThngts53.doc",)


@pytest.fixture(scope="module")
def temporary_residence(shared):
    """Đăng ký tạm trú, exported on 17/7/2026."""
    reading = readers.read_file(shared / "data/samples/ChiTietTTHC_1.004194.doc")
    assert (len(reading.records), reading.refused, reading.notes) == (1, [], [])
    return reading.records[0]


@pytest.fixture(scope="module")
def national(shared):
    """The national portal's details of 18/7/2026."""
    return readers.read_file(shared / "data/portal_detail_2026-07-18.jsonl.xz")


@pytest.fixture(scope="module")
def portal(national):
    return {record.code: record for record in national.records}


@pytest.fixture(scope="module")
def values(temporary_residence):
    return temporary_residence.values


def test_the_detail_form_carries_these_fields_and_no_others(temporary_residence):
    assert temporary_residence.code == "1.004194"
    assert temporary_residence.place.file == "ChiTietTTHC_1.004194.doc"
    assert set(temporary_residence.values) == {
        "name", "field", "levels", "subjects", "agencies", "receiving_address", "methods", "dossier",
        "steps", "conditions", "results", "legal_bases", "keywords", "source_url", "as_of",
    }  # fmt: skip
    assert temporary_residence.parts == {"decision": Decision(number="370/QĐ-BCA-C06")}


def test_the_short_fields_of_the_detail_form(values):
    assert values["name"] == "Đăng ký tạm trú"
    assert values["field"] == "Đăng ký, quản lý cư trú"
    assert values["levels"] == ("xã",)
    assert values["subjects"] == (
        "Công dân Việt Nam", "Doanh nghiệp", "Tổ chức (không bao gồm doanh nghiệp, HTX)", "Hợp tác xã",
    )  # fmt: skip
    assert [(a.role.value, a.name) for a in values["agencies"]] == [
        ("cơ quan thực hiện", "Công an Xã"),
        ("cơ quan có thẩm quyền", "Công an Xã"),
    ]
    assert values["receiving_address"] == "Công an cấp xã"
    assert values["conditions"] == ""  # "Không"
    assert values["keywords"] == ("Đăng ký tạm trú",)
    assert values["as_of"] == date(2026, 7, 17)
    assert values["source_url"].endswith("?ma_thu_tuc=1.004194")


def test_the_methods_of_the_detail_form_with_times_and_fees(values):
    desk, online = values["methods"]
    assert (desk.method, online.method) == ("trực tiếp", "trực tuyến")
    for method in (desk, online):
        assert (method.time_limit.amount, method.time_limit.unit) == (3, "ngày làm việc")
        assert method.note.endswith(HOURS)
        assert {(fee.kind, fee.currency) for fee in method.fees} == {("Phí", "VND")}
    assert desk.note == f"- Nộp hồ sơ trực tiếp tại Công an cấp xã.\n{HOURS}"
    assert online.note == (
        "- Nộp hồ sơ trực tuyến qua các cổng cung cấp dịch vụ công trực tuyến như: Trực tuyến qua Cổng "
        "dịch vụ công quốc gia, Cổng dịch vụ công Bộ Công an, ứng dụng VNeID hoặc dịch vụ công trực tuyến "
        f"khác theo quy định của pháp luật.\n\n{HOURS}"
    )
    assert [(fee.amount, fee.text) for fee in desk.fees] == [
        (10000, "- Đăng ký tạm trú theo danh sách: + Trường hợp công dân nộp hồ sơ trực tiếp thu 10.000 "
                "đồng/người/lần đăng ký;"),
        (15000, "Đăng ký tạm trú (cá nhân, hộ gia đình): + Trường hợp công dân nộp hồ sơ trực tiếp thu "
                "15.000 đồng/lần đăng ký;"),
        (None, EXEMPT),
    ]  # fmt: skip
    assert [(fee.amount, fee.text) for fee in online.fees] == [
        (5000, "- Đăng ký tạm trú theo danh sách: + Trường hợp công dân nộp hồ sơ qua cổng dịch vụ công "
               "trực tuyến thu 5.000 đồng/người/lần đăng ký."),
        (7000, "- Đăng ký tạm trú (cá nhân, hộ gia đình): + Trường hợp công dân nộp hồ sơ qua cổng dịch "
               "vụ công trực tuyến thu 7.000 đồng/lần đăng ký."),
        (None, EXEMPT),
    ]  # fmt: skip


def test_the_dossier_of_the_detail_form_case_by_case(values):
    assert [case.name for case in values["dossier"]] == [
        "Hồ sơ đăng ký tạm trú gồm",
        "Đăng ký tạm trú theo danh sách, hồ sơ gồm",
        "Đăng ký tạm trú tại nơi đơn vị đóng quân trong Công an nhân dân, Quân đội nhân nhân (đơn vị đóng "
        "quân, nhà ở công vụ) hồ sơ gồm",
        "",
    ]
    papers = [
        [(p.name[:34], p.originals, p.copies, p.forms, p.is_note) for p in case.documents]
        for case in values["dossier"]
    ]
    assert papers == [
        [
            ("Tờ khai thay đổi thông tin cư trú ", 1, 0, FORM_CT01, False),
            ("Thông tin chứng minh về chỗ ở hợp ", 1, 0, (), False),
            ("Ví dụ: Trường hợp giấy tờ, tài liệ", 0, 0, (), False),
        ],
        [
            ("Tờ khai thay đổi thông tin cư trú ", 1, 0, FORM_CT01, False),
            ("Văn bản đề nghị đăng ký tạm trú, t", 1, 1, (), False),
        ],
        [
            ("Tờ khai thay đổi thông tin cư trú ", 1, 0, FORM_CT01, False),
            ("Đối với Công an nhân dân: Giấy giớ", 1, 0, (), False),
            ("Đối với Quân đội nhân dân: Giấy gi", 1, 0, (), False),
        ],
        [("*Lưu ý: - Trường hợp giấy tờ, tài ", 0, 0, (), True)],
    ]
    first, military, note = (values["dossier"][i].documents[j] for i, j in ((0, 0), (2, 2), (3, 0)))
    assert first.name.endswith("trừ trường hợp đã có ý kiến đồng ý bằng văn bản;")
    assert military.name == (
        "Đối với Quân đội nhân dân: Giấy giới thiệu đăng ký tạm trú của đơn vị cấp trung đoàn và tương "
        "đương trở lên."
    )
    assert note.name.endswith("thì phải thực hiện thủ tục đăng ký cư trú.")


def test_the_steps_and_results_of_the_detail_form(values):
    (step,) = values["steps"]
    lines = step.text.splitlines()
    assert step.name == "" and len(lines) == 7
    assert lines[1] == "Bước 2: Cá nhân, tổ chức nộp hồ sơ đến Công an cấp xã."
    assert lines[-1].endswith(
        "để nhận thông báo kết quả giải quyết thủ tục đăng ký cư trú (nếu có)."
    )
    assert values["results"] == (
        "Cập nhật thông tin trong Cơ sở dữ liệu quốc gia về dân cư",
        "Thông báo kết quả giải quyết thủ tục về cư trú, hủy bỏ thủ tục về cư trú",
        "Cập nhật thông tin trong Cơ sở dữ liệu về cư trú",
        "Phiếu từ chối tiếp nhận, giải quyết hồ sơ (lĩnh vực cư trú)",
    )


def test_the_legal_bases_of_the_detail_form_with_their_days(values):
    assert [(basis.number, basis.issued_on, basis.issuer) for basis in values["legal_bases"]] == [
        ("68/2020/QH14", date(2020, 11, 13), ""),
        ("55/2021/TT-BCA", date(2021, 5, 15), ""),
        ("56/2021/TT-BCA", date(2021, 5, 15), ""),
        ("57/2021/TT-BCA", date(2021, 5, 15), ""),
        ("85/2019/TT-BTC", date(2019, 11, 29), ""),
        ("66/2023/TT-BCA", date(2023, 11, 17), "Bộ Công an"),
        ("75/2022/TT-BTC", date(2022, 12, 22), "Bộ Tài chính"),
        ("154/2024/NĐ-CP", date(2024, 11, 26), "Chính phủ"),
        ("53/2025/TT-BCA", date(2025, 7, 1), "Bộ Công an"),
        ("66.7/2025/NQ-CP", date(2025, 11, 15), "Văn phòng Chính phủ"),
        ("54/2025/TT-BCA", date(2025, 7, 1), "Bộ Công an"),
    ]
    assert values["legal_bases"][7] == LegalBasis(
        number="154/2024/NĐ-CP",
        title="Nghị định quy định chi tiết một số điều và biện pháp thi hành Luật Cư trú",
        issued_on=date(2024, 11, 26),
        issuer="Chính phủ",
    )


def test_a_form_and_the_portal_say_the_same_of_the_methods(values, portal):
    """Two exports of one procedure: what an import of the one changes after the other."""
    portal_methods = {m.method: m for m in portal["1.004194"].values["methods"]}
    for method in values["methods"]:
        same = portal_methods[method.method]
        assert method.time_limit == same.time_limit
        assert {f.amount for f in method.fees} == {f.amount for f in same.fees}
    assert sorted(values["results"]) == sorted(portal["1.004194"].values["results"])
    assert sorted(values["subjects"]) == sorted(portal["1.004194"].values["subjects"])


@pytest.fixture(scope="module")
def police_list(shared):
    return readers.read_file(shared / "data/samples/danh-sach-tthc-BoCongAn.xlsx")


def test_the_national_list_is_read_whole(police_list):
    assert (len(police_list.records), police_list.refused, police_list.notes) == (339, [], [])
    assert [record.place.row for record in police_list.records] == list(range(3, 342))
    assert {record.place.sheet for record in police_list.records} == {"Danh sách TTHC"}
    assert len({record.code for record in police_list.records}) == 339


def test_the_national_list_carries_list_fields_only(police_list):
    for record in police_list.records:
        assert set(record.values) == {"name", "field"}
        assert set(record.parts) <= {"agencies", "decision", "as_of"}
        assert record.parts["as_of"] == date(2026, 6, 8)
        assert record.parts["decision"].number == ""


def test_the_totals_of_the_national_list(police_list):
    records = police_list.records
    ministries = Counter(record.parts["decision"].agency for record in records)
    assert ministries == {"Bộ Công an": 338, "Bộ Xây dựng": 1}
    fields = Counter(record.values["field"] for record in records)
    assert len(fields) == 23
    assert fields["Quản lý xuất nhập cảnh"] == 68 and fields["Đăng ký, quản lý cư trú"] == 13
    assert sum("agencies" not in record.parts for record in records) == 162  # cells left blank
    agencies = Counter(a.name for r in records for a in r.parts.get("agencies", ()))
    assert agencies["Công an cấp Xã"] == 64 and agencies["Bộ Công an"] == 28


def test_rows_of_the_national_list_as_they_stand(police_list):
    rows = {record.place.row: record for record in police_list.records}
    assert rows[7].code == "1.014984"
    assert rows[7].values["name"] == "Cấp giấy phép vận chuyển pháo hoa nổ, thuốc pháo nổ"
    assert rows[9].parts["decision"].agency == "Bộ Xây dựng"
    assert (
        rows[10].values["name"].startswith("Công bố cơ sở cai nghiện ma túy")
    )  # two blanks in the file
    assert [a.name for a in rows[18].parts["agencies"]] == [
        "Ủy ban nhân dân cấp xã"
    ]  # twice in the file
    assert "agencies" not in rows[12].parts
    assert rows[341].values["field"] == "Khiếu nại, tố cáo"


def test_the_national_data_is_read_whole_and_its_one_double_is_refused(national):
    assert len(national.records) == 5664
    assert [(r.code.strip(), r.place.row) for r in national.refused] == [("1.014325", 3177)]
    local = {"code", "summary", "aliases", "replaced_by", "effective_from", "effective_to"}
    fields = set(ProcedureRecord.model_fields) - local
    assert all(set(record.values) <= fields and not record.parts for record in national.records)
    assert set.union(*(set(record.values) for record in national.records)) == fields


def test_a_portal_record_field_by_field(portal):
    values = portal["1.004194"].values
    assert values["name"] == "Đăng ký tạm trú"
    assert values["field"] == "Đăng ký, quản lý cư trú"
    assert (values["kind"], values["levels"]) == ("STANDARD", ("xã", "ngành dọc"))
    assert (values["online_level"], values["online_level_inferred"]) == ("toàn trình", False)
    assert values["non_territorial"] is False
    assert set(values["subjects"]) == {
        "Công dân Việt Nam", "Doanh nghiệp", "Tổ chức (không bao gồm doanh nghiệp, HTX)", "Hợp tác xã",
    }  # fmt: skip
    assert {a.name for a in values["agencies"]} == {"Công an cấp Xã"} and len(
        values["agencies"]
    ) == 2
    assert values["receiving_address"] == "Công an cấp xã"
    assert [m.method for m in values["methods"]] == ["trực tuyến", "trực tiếp"]
    assert [[f.amount for f in m.fees] for m in values["methods"]] == [
        [7000, 5000, None],
        [10000, 15000, None],
    ]
    assert [(c.case, c.time_limit.amount) for c in values["case_time_limits"]] == [
        ("Đăng ký tạm trú", 3)
    ]
    assert [len(case.documents) for case in values["dossier"]] == [3, 2, 3, 1]
    assert len(values["steps"]) == 1 and values["steps"][0].text.startswith("Bước 1: Cá nhân")
    assert (values["conditions"], values["remarks"], values["keywords"]) == ("", (), ())
    assert len(values["results"]) == 4 and len(values["legal_bases"]) == 11
    assert values["decision"] == Decision(
        number="9354/QĐ-BCA-C06", issued_on=date(2025, 11, 20), agency="Bộ Công an"
    )
    assert values["as_of"] == date(2026, 4, 29)
    assert (
        Fee(kind="Phí", amount=7000, text=values["methods"][0].fees[0].text)
        == (values["methods"][0].fees[0])
    )


def test_the_pdf_sample_is_refused_with_advice(shared):
    with pytest.raises(readers.UnknownFormat, match=r"PDF.*\.doc"):
        readers.read_file(shared / "data/samples/chi-tiet-thu-tuc-2.000635.pdf")
