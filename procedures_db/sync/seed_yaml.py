"""Read the built-in procedures: YAML with the labels of the official form, in Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from procedures_db.record import (
    Agency,
    AgencyRole,
    CaseTimeLimit,
    Decision,
    Document,
    DossierCase,
    Fee,
    LegalBasis,
    Method,
    OnlineLevel,
    ProcedureRecord,
    Step,
    TimeLimit,
    TimeUnit,
    portal_url,
)
from procedures_db.yaml_file import read_yaml

SEED_FOLDER = Path(__file__).parents[1] / "seed"

_TIME_LIMIT = re.compile(r"^(\d+(?:[.,]\d+)?) (giờ|ngày làm việc|ngày|tháng|năm)$")

_KNOWN_LABELS = {
    "mã", "tên", "tóm tắt", "loại", "lĩnh vực", "cấp thực hiện", "mức trực tuyến",
    "mức trực tuyến suy ra", "phi địa giới", "đối tượng", "quyết định", "cách nộp",
    "thời hạn theo trường hợp", "hồ sơ", "các bước", "điều kiện", "lưu ý", "kết quả",
    "cơ quan thực hiện", "cơ quan có thẩm quyền", "cơ quan được ủy quyền", "cơ quan phối hợp",
    "nơi nộp", "căn cứ", "thay bằng", "hiệu lực đến", "tên gọi khác", "dữ liệu đến ngày",
}  # fmt: skip


class SeedError(ValueError):
    """A built-in file is wrong; the message names file, procedure and label."""


def read_seed(folder: Path = SEED_FOLDER) -> list[ProcedureRecord]:
    """Return all built-in procedures. Raises SeedError (bad value, unknown label, a code twice)."""
    records: dict[str, ProcedureRecord] = {}
    for path in sorted(folder.glob("*.yml")):
        for record in read_seed_file(path):
            if record.code in records:
                raise SeedError(f"{path.name}: mã {record.code} đã có trong tệp khác")
            records[record.code] = record
    return list(records.values())


def read_seed_file(path: Path) -> Iterator[ProcedureRecord]:
    """Yield the procedures of one file. Raises SeedError."""
    content = read_yaml(path)
    for raw in content["thủ tục"]:
        code = raw.get("mã", "?")
        unknown = set(raw) - _KNOWN_LABELS
        if unknown:
            raise SeedError(f"{path.name}, {code}: nhãn không biết: {', '.join(sorted(unknown))}")
        try:
            yield _record(raw, field=content["lĩnh vực"], as_of=content["dữ liệu đến ngày"])
        except (KeyError, TypeError, ValueError) as error:
            raise SeedError(f"{path.name}, {code}: {error}") from error


def _record(raw: dict[str, Any], *, field: str, as_of: date) -> ProcedureRecord:
    return ProcedureRecord(
        code=raw["mã"],
        name=raw["tên"],
        field=raw.get("lĩnh vực", field),
        summary=raw.get("tóm tắt", ""),
        kind=raw.get("loại", "STANDARD"),
        levels=raw.get("cấp thực hiện", ()),
        online_level=_online_level(raw["mức trực tuyến"]),
        online_level_inferred=raw.get("mức trực tuyến suy ra", False)
        or raw["mức trực tuyến"] in ("không trực tuyến", "không rõ"),
        non_territorial=raw.get("phi địa giới", False),
        subjects=raw.get("đối tượng", ()),
        agencies=tuple(
            Agency(role=role, name=name) for role in AgencyRole for name in raw.get(role.value, ())
        ),
        receiving_address=raw.get("nơi nộp", ""),
        methods=tuple(_method(entry) for entry in raw.get("cách nộp", ())),
        case_time_limits=tuple(
            CaseTimeLimit(case=entry["trường hợp"], time_limit=_time_limit(entry["thời hạn"]))
            for entry in raw.get("thời hạn theo trường hợp", ())
        ),
        dossier=tuple(_dossier_case(entry) for entry in raw.get("hồ sơ", ())),
        steps=tuple(Step(text=text) for text in raw.get("các bước", ())),
        conditions=raw.get("điều kiện", ""),
        remarks=raw.get("lưu ý", ()),
        results=raw.get("kết quả", ()),
        legal_bases=tuple(
            LegalBasis(number=str(entry["số"]), title=entry.get("tên", ""))
            for entry in raw.get("căn cứ", ())
        ),
        decision=_decision(raw.get("quyết định", {})),
        aliases=raw.get("tên gọi khác", ()),
        replaced_by=raw.get("thay bằng", ()),
        effective_to=raw.get("hiệu lực đến"),
        as_of=raw.get("dữ liệu đến ngày", as_of),
        source_url=portal_url(raw["mã"]),
    )


def _online_level(label: str) -> OnlineLevel:
    return OnlineLevel.INFORMATION_ONLY if label == "không trực tuyến" else OnlineLevel(label)


def _time_limit(text: str) -> TimeLimit:
    match = _TIME_LIMIT.match(text)
    if not match:
        raise ValueError(f"thời hạn không đọc được: {text!r}")
    return TimeLimit(
        amount=Decimal(match.group(1).replace(",", ".")), unit=TimeUnit(match.group(2))
    )


def _method(entry: dict[str, Any]) -> Method:
    return Method(
        method=entry["hình thức"],
        time_limit=_time_limit(entry["thời hạn"]) if "thời hạn" in entry else None,
        note=entry.get("ghi chú", ""),
        fees=tuple(_fee(fee) for fee in entry.get("phí", ())),
    )


def _fee(entry: dict[str, Any]) -> Fee:
    return Fee(
        kind=entry["loại"],
        amount=entry.get("mức"),
        currency=entry.get("tiền", "VND"),
        text=entry.get("điều kiện", ""),
    )


def _dossier_case(entry: dict[str, Any]) -> DossierCase:
    documents = tuple(_document(paper) for paper in entry.get("giấy tờ", ()))
    return DossierCase(name=entry.get("trường hợp", ""), documents=documents)


def _document(entry: dict[str, Any]) -> Document:
    forms = entry.get("mẫu", ())
    return Document(
        name=entry["tên"],
        originals=entry.get("bản chính", 0),
        copies=entry.get("bản sao", 0),
        forms=(forms,) if isinstance(forms, str) else tuple(forms),
        is_note=entry.get("ghi chú", False),
    )


def _decision(entry: dict[str, Any]) -> Decision:
    return Decision(
        number=str(entry.get("số", "")),
        issued_on=entry.get("ngày"),
        agency=entry.get("cơ quan", ""),
    )
