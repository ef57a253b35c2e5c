"""The dataset's entry for data catalogues: DCAT 2 (W3C Recommendation, 4/2/2020) as JSON-LD."""

from __future__ import annotations

from typing import Any

from procedures_db.exchange.publishing import Extent, Standing

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_VIETNAMESE = "http://publications.europa.eu/resource/authority/language/VIE"
_IRREGULAR = "http://publications.europa.eu/resource/authority/frequency/IRREG"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

# Address, format, media type (none is registered at IANA for JSON Lines), title.
_DISTRIBUTIONS = (
    ("procedures.jsonl", "JSONL", "", "Toàn bộ thủ tục, mỗi dòng một thủ tục (JSON Lines)"),
    ("procedures.csv", "CSV", "text/csv", "Toàn bộ thủ tục, mỗi dòng một thủ tục (CSV)"),
    (
        "procedures.json",
        "JSON",
        "application/json",
        "Từng trang, kể cả phần thay đổi từ lần tải trước (JSON)",
    ),
)


def catalogue(
    base: str, standing: Standing, extent: Extent, *, publisher: str, licence: str
) -> dict[str, Any]:
    """Return the entry; ``base`` is the absolute address of ``/open-data/``.

    publisher, licence: what the operator states; what is empty is left out, not guessed.
    """
    dataset = {
        "@id": f"{base}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _vietnamese("Cơ sở dữ liệu thủ tục hành chính"),
        "dct:description": _vietnamese(
            f"{extent.count} thủ tục hành chính đang công bố: hồ sơ, trình tự, thời hạn, phí, lệ phí, "
            "cơ quan thực hiện, mức độ dịch vụ công trực tuyến, căn cứ pháp lý."
        ),
        "dct:language": {"@id": _VIETNAMESE},
        "dct:accrualPeriodicity": {"@id": _IRREGULAR},
        "dct:identifier": f"motcua-{standing.position.dataset:08x}",
        "dcat:keyword": [_vietnamese(word) for word in ("thủ tục hành chính", "dịch vụ công")],
        "dcat:landingPage": {"@id": base},
        "dct:conformsTo": {"@id": f"{base}schema.json"},
        **_stated(standing, extent, publisher, licence),
        "dcat:distribution": [_distribution(base, *one, licence) for one in _DISTRIBUTIONS],
    }
    return {
        "@context": _CONTEXT,
        "@id": f"{base}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _vietnamese("Dữ liệu mở về thủ tục hành chính"),
        **({"dct:publisher": _publisher(publisher)} if publisher else {}),
        "dcat:dataset": [dataset],
    }


def _stated(standing: Standing, extent: Extent, publisher: str, licence: str) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    if publisher:
        stated["dct:publisher"] = _publisher(publisher)
    if licence:
        stated["dct:license"] = {"@id": licence}
    if standing.modified:
        modified = standing.modified.isoformat(timespec="seconds")
        stated["dct:modified"] = {"@type": "xsd:dateTime", "@value": modified}
    if extent.as_of:
        start, end = ({"@type": "xsd:date", "@value": day.isoformat()} for day in extent.as_of)
        period = {"@type": "dct:PeriodOfTime", "dcat:startDate": start, "dcat:endDate": end}
        stated["dct:temporal"] = period
    return stated


def _distribution(
    base: str, name: str, form: str, media_type: str, title: str, licence: str
) -> dict[str, Any]:
    return {
        "@id": f"{base}#{name}",
        "@type": "dcat:Distribution",
        "dct:title": _vietnamese(title),
        "dcat:downloadURL": {"@id": f"{base}{name}"},
        "dcat:accessURL": {"@id": base},
        "dct:format": form,
        **({"dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{media_type}"}} if media_type else {}),
        **({"dct:license": {"@id": licence}} if licence else {}),
    }


def _publisher(name: str) -> dict[str, str]:
    return {"@type": "foaf:Agent", "foaf:name": name}


def _vietnamese(text: str) -> dict[str, str]:
    return {"@language": "vi", "@value": text}
