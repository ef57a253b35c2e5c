"""Published procedures as open data, ``/open-data/…`` (docs/open-data.md)."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from procedures_db.exchange import publishing
from procedures_db.exchange.catalogue import catalogue
from procedures_db.exchange.csv_form import csv_lines
from procedures_db.exchange.publishing import Extent, Standing
from procedures_db.sync.exported import SCHEMA_VERSION, json_schema

_JSON, _JSON_LINES = "application/json", "application/x-ndjson"
_JSON_LD, _JSON_SCHEMA = "application/ld+json", "application/schema+json"
_CSV = "text/csv; charset=utf-8"
_HEADERS = {
    # May be kept, must be asked for anew: an edited fact is never served from an old copy.
    "Cache-Control": "public, no-cache",
    "Vary": "Accept-Encoding",
    "Access-Control-Allow-Origin": "*",  # public data, no cookies: any site's script may read it
}
_BAD_LIMIT = f"limit phải là số từ 1 đến {publishing.HIGHEST_LIMIT}."
_BAD_CURSOR = "changed_since không đúng: hãy dùng nguyên giá trị cursor của lần tải trước."
_UNKNOWN_CURSOR = (
    "changed_since không thuộc dữ liệu hiện nay: hãy tải lại từ đầu, không kèm changed_since."
)
_NO_SUCH_CODE = "Không có thủ tục nào mang mã này."

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

templates = Jinja2Templates(Path(__file__).parent / "templates")
T = TypeVar("T")


def threads() -> CapacityLimiter:
    """How many downloads may read at one time: others wait, the chat never does."""
    return CapacityLimiter(2)


async def index(request: Request) -> Response:
    """A page for people."""
    settings, standing = request.app.state.settings, await _standing(request)
    extent = await _extent(request)
    facts = {
        "count": f"{extent.count:,}".replace(",", "."),
        "modified": standing.modified and standing.modified.astimezone(_VIETNAM),
        "as_of": extent.as_of,
        "base": _base(request),
        "publisher": settings.publisher,
        "licence": settings.open_data_licence,
        "highest_limit": publishing.HIGHEST_LIMIT,
    }
    return templates.TemplateResponse(request, "open_data.html", facts, headers=_HEADERS)


async def catalog(request: Request) -> Response:
    """The entry for data catalogues."""
    settings, standing = request.app.state.settings, await _standing(request)
    content = catalogue(
        _base(request), standing, await _extent(request),
        publisher=settings.publisher, licence=settings.open_data_licence,
    )  # fmt: skip
    body = publishing.json_bytes(content)
    return await _answer(request, partial(iter, [body]), _JSON_LD, _digest(body), standing.modified)


async def schema(request: Request) -> Response:
    """JSON Schema of one procedure."""
    body = publishing.json_bytes(json_schema())
    return await _answer(request, partial(iter, [body]), _JSON_SCHEMA, _digest(body), None)


async def page(request: Request) -> Response:
    """What changed since a cursor, a page at a time."""
    cursor = request.query_params.get("changed_since", "")
    limit = _limit(request.query_params.get("limit", str(publishing.DEFAULT_LIMIT)))
    if limit is None:
        return _error(_BAD_LIMIT, "bad_limit")
    standing = await _standing(request)
    try:
        publishing.check_cursor(cursor, standing.position)
    except publishing.UnknownCursor:
        return _error(_UNKNOWN_CURSOR, "unknown_cursor")
    except publishing.BadCursor:
        return _error(_BAD_CURSOR, "bad_cursor")
    engine = request.app.state.engine

    def make() -> Iterator[bytes]:
        yield publishing.json_bytes(publishing.page(engine, cursor, limit))

    tag = f"{standing.cursor}-{cursor}-{limit}"
    return await _answer(request, make, _JSON, tag, standing.modified)


async def lines(request: Request) -> Response:
    """All procedures, one a line."""
    return await _whole(request, publishing.json_lines, _JSON_LINES)


async def table(request: Request) -> Response:
    """All procedures as a spreadsheet."""
    return await _whole(request, csv_lines, _CSV)


async def one(request: Request) -> Response:
    """One procedure; 410 with what is left of it once it is withdrawn."""
    engine, code = request.app.state.engine, request.path_params["code"]
    try:
        found = await _in_thread(request, partial(publishing.one, engine, code))
    except publishing.NotPublished:
        return JSONResponse({"error": _NO_SUCH_CODE}, status_code=404)
    body = publishing.json_bytes(found)
    status = 410 if "withdrawn_at" in found else 200
    return await _answer(request, partial(iter, [body]), _JSON, _digest(body), None, status=status)


async def _whole(
    request: Request, make: Callable[..., Iterator[bytes]], media_type: str
) -> Response:
    standing = await _standing(request)
    chunks = partial(make, request.app.state.engine)
    return await _answer(request, chunks, media_type, standing.cursor, standing.modified)


async def _answer(
    request: Request,
    make: Callable[[], Iterator[bytes]],
    media_type: str,
    tag: str,
    modified: datetime | None,
    *,
    status: int = 200,
) -> Response:
    """Send what ``make`` yields, made in threads; nothing of it when the client has it already."""
    # Weak, because packed and unpacked are the same data but not the same bytes.
    headers = {**_HEADERS, "ETag": f'W/"{SCHEMA_VERSION}-{tag}"'}
    if modified:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    if status == 200 and _is_known(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    packed = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    if packed:
        headers["Content-Encoding"] = "gzip"
    if request.method == "HEAD":
        return StreamingResponse(iter(()), status, headers, media_type)
    chunks = _gzip(make()) if packed else make()
    # The first one before the headers go out: what fails at once is an error, not a broken file.
    first = await _in_thread(request, partial(next, chunks, b""))
    sent = _each_in_thread(request, chain([first], chunks))
    return StreamingResponse(sent, status, headers, media_type)


async def _each_in_thread(request: Request, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := await _in_thread(request, partial(next, chunks, b"")):
        yield chunk


async def _in_thread(request: Request, action: Callable[[], T]) -> T:
    return await to_thread.run_sync(action, limiter=request.app.state.open_data_threads)


async def _standing(request: Request) -> Standing:
    return await _in_thread(request, partial(publishing.standing, request.app.state.engine))


async def _extent(request: Request) -> Extent:
    return await _in_thread(request, partial(publishing.extent, request.app.state.engine))


def _gzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Starlette's own middleware would pack on the event loop, up to 0.2 s a page."""
    packer = zlib.compressobj(wbits=31)  # 31: gzip's header and trailer
    for chunk in chunks:
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def _takes_gzip(header: str) -> bool:
    return bool(re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", header))


def _is_known(header: str, tag: str) -> bool:
    """If-None-Match compares weakly: RFC 9110, 13.1.2."""
    known = {one.strip().removeprefix("W/") for one in header.split(",")}
    return tag.removeprefix("W/") in known or "*" in known


def _limit(text: str) -> int | None:
    limit = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
    return limit if 1 <= limit <= publishing.HIGHEST_LIMIT else None


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _base(request: Request) -> str:
    return f"{request.base_url}open-data/"


def _error(message: str, reason: str) -> Response:
    """``reason`` is for programs."""
    return JSONResponse({"error": message, "reason": reason}, status_code=400)


routes = [
    Route("/open-data/", index),
    Route("/open-data/catalog.jsonld", catalog),
    Route("/open-data/schema.json", schema),
    Route("/open-data/procedures.json", page),
    Route("/open-data/procedures.jsonl", lines),
    Route("/open-data/procedures.csv", table),
    Route("/open-data/procedures/{code}.json", one),
]
