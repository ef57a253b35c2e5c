"""One procedure as a value: what every file reader produces and every answer is made from.

Field by field the record follows the national portal's detail form ("Chi tiết thủ tục hành chính").
``None`` or an empty text means "not stated": it must never be shown as zero, free or immediate.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# National codes look like 1.001193; a few real ones do not (1.014955-Xoa, 2.009182739).
_ANY_CODE = re.compile(r"^\d\.\d{3}[\w.\-]{1,35}$", re.ASCII)
_NATIONAL_WITH_SUFFIX = re.compile(r"^(\d\.\d{6})(?:\.\d+)*(?:\.H\d+)?$", re.IGNORECASE)


class BadCode(ValueError):
    """The text is no procedure code (mã thủ tục)."""


def national_code(text: str) -> str:
    """Return the national part of a code: "1.004605.000.00.00.H17" → "1.004605".

    Provinces add suffixes to national codes and exports carry stray spaces. Raises BadCode.
    """
    compact = re.sub(r"\s+", "", text)
    match = _NATIONAL_WITH_SUFFIX.match(compact)
    return match.group(1) if match else _valid_code(compact)


def _valid_code(text: str) -> str:
    if not _ANY_CODE.fullmatch(text):
        raise BadCode(f"không phải mã thủ tục: {text!r}")
    return text


Code = Annotated[str, AfterValidator(_valid_code)]


class OnlineLevel(str, Enum):
    """Online service level, Nghị định 42/2022/NĐ-CP."""

    FULL = "toàn trình"
    PARTIAL = "một phần"
    INFORMATION_ONLY = "cung cấp thông tin"
    UNCLEAR = "không rõ"  # the record contradicts itself: flag set, no online method


class SubmissionMethod(str, Enum):
    """Cách thức thực hiện."""

    ONLINE = "trực tuyến"
    DIRECT = "trực tiếp"
    POSTAL = "bưu chính"


class TimeUnit(str, Enum):
    """Unit of a time limit (thời hạn giải quyết)."""

    HOUR = "giờ"
    DAY = "ngày"
    WORKING_DAY = "ngày làm việc"
    MONTH = "tháng"
    YEAR = "năm"


class FeeKind(str, Enum):
    """The record's own label; ministries use the first two inconsistently, so it is repeated, not judged."""

    FEE = "Phí"
    SERVICE_FEE = "Lệ phí"
    PRICE_LEVEL = "Giá"


class AgencyRole(str, Enum):
    """What an agency does for the procedure."""

    EXECUTING = "cơ quan thực hiện"
    COMPETENT = "cơ quan có thẩm quyền"
    AUTHORIZED = "cơ quan được ủy quyền"
    COORDINATING = "cơ quan phối hợp"


class GovernmentLevel(str, Enum):
    """Cấp thực hiện. There is no district level since 1/7/2025."""

    MINISTRY = "bộ"
    PROVINCE = "tỉnh"
    COMMUNE = "xã"
    VERTICAL = "ngành dọc"
    OTHER = "cơ quan khác"


class ProcedureKind(str, Enum):
    """Loại thủ tục on the portal; SPECIFIC is one province's own."""

    STANDARD = "STANDARD"
    SPECIFIC = "SPECIFIC"
    STANDARD_INTERNAL = "STANDARD_INTERNAL"


class _Value(BaseModel):
    # Lengths are those of the columns: PostgreSQL refuses longer texts, SQLite would take them.
    model_config = ConfigDict(frozen=True, extra="forbid")


class TimeLimit(_Value):
    """Amount and unit as published; half days occur (0.5 ngày làm việc)."""

    amount: Decimal = Field(gt=0, le=10_000, max_digits=18)
    unit: TimeUnit


class Fee(_Value):
    """A fee (phí, lệ phí). ``amount`` None: only ``text`` says anything, verbatim with its conditions."""

    kind: FeeKind
    amount: Decimal | None = Field(default=None, gt=0, max_digits=18)
    currency: str = Field(default="VND", max_length=3)
    text: str = ""


class Method(_Value):
    """One way to submit; ``note`` may hold the time in words when ``time_limit`` is None."""

    method: SubmissionMethod
    time_limit: TimeLimit | None = None
    note: str = ""
    fees: tuple[Fee, ...] = ()


class CaseTimeLimit(_Value):
    """A time limit that holds for one case (trường hợp) of the procedure."""

    case: str
    time_limit: TimeLimit


class Document(_Value):
    """A row of the dossier (thành phần hồ sơ). ``is_note``: the row explains, it is no paper."""

    name: str = Field(min_length=1)
    originals: int = Field(default=0, ge=0, le=10_000)
    copies: int = Field(default=0, ge=0, le=10_000)
    forms: tuple[str, ...] = ()
    is_note: bool = False


class DossierCase(_Value):
    """The papers for one case; ``name`` is empty when there is only one case."""

    name: str = ""
    documents: tuple[Document, ...] = ()


class Step(_Value):
    """A step (trình tự thực hiện)."""

    name: str = ""
    text: str = ""


class Agency(_Value):
    role: AgencyRole
    name: str = Field(min_length=1)


class LegalBasis(_Value):
    """A legal document (căn cứ pháp lý): số ký hiệu and trích yếu."""

    number: str = Field(max_length=200)
    title: str = ""
    issued_on: date | None = None
    issuer: str = ""


class Decision(_Value):
    """The publishing decision (quyết định công bố); the date is of publication, not of the law."""

    number: str = Field(default="", max_length=120)
    issued_on: date | None = None
    agency: str = Field(default="", max_length=300)


class ProcedureRecord(_Value):
    """Everything published about one procedure."""

    code: Code
    name: str = Field(min_length=1)
    field: str = Field(default="", max_length=300)
    summary: str = ""
    kind: ProcedureKind = ProcedureKind.STANDARD
    levels: tuple[GovernmentLevel, ...] = ()
    online_level: OnlineLevel = OnlineLevel.UNCLEAR
    online_level_inferred: bool = False
    non_territorial: bool = False
    subjects: tuple[str, ...] = ()
    agencies: tuple[Agency, ...] = ()
    receiving_address: str = ""
    methods: tuple[Method, ...] = ()
    case_time_limits: tuple[CaseTimeLimit, ...] = ()
    dossier: tuple[DossierCase, ...] = ()
    steps: tuple[Step, ...] = ()
    conditions: str = ""
    remarks: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    decision: Decision = Decision()
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    replaced_by: tuple[Code, ...] = ()
    effective_from: date | None = None  # first day in force, hiệu lực từ
    effective_to: date | None = None  # last day in force, hiệu lực đến; past: bãi bỏ
    as_of: date
    source_url: str = ""

    def agencies_of(self, role: AgencyRole) -> list[str]:
        return [agency.name for agency in self.agencies if agency.role is role]

    @property
    def online_level_not_stated(self) -> bool:
        """Unclear because no source says anything; an inferred UNCLEAR is one that contradicts itself."""
        return self.online_level is OnlineLevel.UNCLEAR and not self.online_level_inferred

    def is_abolished(self, today: date) -> bool:
        """Whether it is no longer in force (bãi bỏ): it is still answered from, as abolished."""
        return self.effective_to is not None and self.effective_to < today

    def methods_of(self, method: SubmissionMethod) -> list[Method]:
        return [entry for entry in self.methods if entry.method is method]


def infer_online_level(*, full_process: bool, has_online_method: bool) -> tuple[OnlineLevel, bool]:
    """Return the level and whether it is inferred (the portal only flags toàn trình)."""
    if full_process:
        return (OnlineLevel.FULL, False) if has_online_method else (OnlineLevel.UNCLEAR, True)
    if has_online_method:
        return OnlineLevel.PARTIAL, True
    return OnlineLevel.INFORMATION_ONLY, True


def portal_url(code: str) -> str:
    """The procedure's page on the national portal, the one door for citizens since 1/7/2025."""
    return (
        f"https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc={code}"
    )


def as_json(record: ProcedureRecord) -> dict[str, Any]:
    """JSON-ready dict with the defaults left out: the stable form for hashing, diffs and export."""
    return record.model_dump(mode="json", exclude_defaults=True)
