"""Small hand-made procedures that several test modules use. None of them exists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procedures_db.record import (
    Agency,
    CaseTimeLimit,
    Decision,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    ProcedureKind,
    ProcedureRecord,
    Step,
    TimeLimit,
)
from procedures_db.search.catalogue import Entry

# Every field filled, each list with more than one entry, odd amounts among them.
FULL_RECORD = ProcedureRecord(
    code="1.000002",
    name="Cấp giấy chứng nhận nuôi ong lưu động “mật {ngọt}”",
    field="Chăn nuôi",
    summary="Dành cho người đưa đàn ong đi theo mùa hoa.",
    kind="SPECIFIC",
    levels=("xã", "tỉnh"),
    online_level="một phần",
    online_level_inferred=True,
    non_territorial=True,
    subjects=("Công dân Việt Nam", "Hợp tác xã"),
    agencies=(
        Agency(role="cơ quan thực hiện", name="Ủy ban nhân dân cấp xã"),
        Agency(role="cơ quan có thẩm quyền", name="Sở Nông nghiệp và Môi trường"),
        Agency(role="cơ quan được ủy quyền", name="Chi cục Chăn nuôi"),
        Agency(role="cơ quan phối hợp", name="Công an cấp xã"),
    ),
    receiving_address="Số 5, đường Hoa Nhãn\nPhường Mật Ong",
    methods=(
        Method(
            method="trực tuyến",
            time_limit=TimeLimit(amount=Decimal("0.5"), unit="ngày làm việc"),
            note="Nộp sau 15 giờ thì tính sang ngày làm việc tiếp theo.",
            fees=(
                Fee(
                    kind="Lệ phí", amount=Decimal(20000), text="mỗi đàn; người khuyết tật được miễn"
                ),
                Fee(kind="Phí", amount=Decimal("12.5"), currency="USD"),
            ),
        ),
        Method(
            method="trực tiếp",
            time_limit=TimeLimit(amount=Decimal(36), unit="giờ"),
            fees=(Fee(kind="Giá", text="Theo nghị quyết của Hội đồng nhân dân tỉnh"),),
        ),
        Method(method="bưu chính"),
    ),
    case_time_limits=(
        CaseTimeLimit(case="Cấp mới", time_limit=TimeLimit(amount=Decimal(3), unit="tháng")),
        CaseTimeLimit(case="Cấp lại", time_limit=TimeLimit(amount=Decimal(1), unit="năm")),
    ),
    dossier=(
        DossierCase(
            name="Cấp mới",
            documents=(
                Document(
                    name="Tờ khai nuôi ong", originals=1, forms=("Mẫu 01.docx", "Mẫu 02.docx")
                ),
                Document(name="Ảnh đàn ong", originals=0, copies=2),
                Document(name="Lưu ý: ảnh chụp ban ngày.", is_note=True),
            ),
        ),
        DossierCase(documents=(Document(name="Đơn xin cấp lại", originals=1, copies=1),)),
    ),
    steps=(Step(name="Bước 1", text="Nộp hồ sơ."), Step(text="Nhận kết quả.")),
    conditions="Đàn ong không mắc bệnh.",
    remarks=("Mang theo áo bảo hộ.", "Không làm vào ngày mưa."),
    results=("Giấy chứng nhận", "Thẻ đàn ong"),
    legal_bases=(
        LegalBasis(
            number="99/2099/NĐ-CP",
            title="Về nuôi ong",
            issued_on=date(2099, 1, 2),
            issuer="Chính phủ",
        ),
        LegalBasis(number="98/2099/TT-BNN"),
    ),
    decision=Decision(number="77/QĐ-BNN", issued_on=date(2026, 1, 16), agency="Bộ Nông nghiệp"),
    keywords=("ong", "mật"),
    aliases=("làm giấy ong", "giấy nuôi ong"),
    replaced_by=("1.000003", "1.000004"),
    effective_from=date(2026, 2, 1),
    effective_to=date(2026, 12, 31),
    as_of=date(2026, 7, 18),
    source_url="https://example.invalid/ong",
)


def portal_object(**fields: Any) -> dict[str, Any]:
    """A small object as the national portal publishes them; keywords replace what it holds."""
    return {
        "code": "1.000001",
        "name": "Đăng ký nuôi ong",
        "updatedAt": 1_784_000_000_000,  # 14/7/2026
        **fields,
    }


def portal_method(**fields: Any) -> dict[str, Any]:
    return {
        "submissionMethod": "DIRECT",
        "processingTime": 3,
        "processingTimeUnit": "WORKING_DAY",
        **fields,
    }


def portal_fee(**fields: Any) -> dict[str, Any]:
    return {
        "type": "SERVICE_FEE",
        "value": 20000,
        "currencyName": "VND",
        "description": "",
        **fields,
    }


def entry(code: str, name: str) -> Entry:
    """A procedure as the search sees it, with nothing but code and name."""
    return Entry(
        code=code, name=name, field="", kind=ProcedureKind.STANDARD, levels=frozenset(),
        subjects=(), keywords=(), results=(), aliases=(), replaced_by=(), effective_to=None,
    )  # fmt: skip
