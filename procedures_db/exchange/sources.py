"""What a source has to say, a page at a time: another installation, or an endpoint of portal details.

Which of them an address is shows in what it answers. An installation goes on from a cursor; anything
else is one document, fetched as a whole (and not again while its ETag stays the same); an address
with ``{code}`` in it is asked for each procedure that we have.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from procedures_db.exchange.errors import (
    BrokenJson,
    CursorLost,
    NotData,
    SourceRefused,
    StuckSource,
    TooLarge,
    WrongSchema,
)
from procedures_db.exchange.fetching import Fetched, Fetcher, check_address
from procedures_db.sync.exported import WrongSchemaVersion, check_schema_version

PAGE = 500  # procedures applied in one transaction
PER_CODE_PAGE = 20
CODE = "{code}"
_LONGEST_DOCUMENT = 64 << 20  # bytes of JSON that are parsed at once
_LONGEST_CURSOR = 200
_ETAG = "etag:"
_HOMES = ("", "/", "/open-data", "/open-data/")


@dataclass(frozen=True)
class Page:
    """Objects as sent; once they are applied, ``cursor`` says where the next run goes on."""

    objects: Sequence[object]
    cursor: str
    last: bool


def pages(fetcher: Fetcher, address: str, cursor: str, codes: Sequence[str]) -> Iterator[Page]:
    """Yield what the source has after a cursor ("": everything).

    codes: the procedures that we have, in order, for addresses with ``{code}``. Raises SyncError.
    """
    if CODE in address:
        yield from _per_code(fetcher, address, cursor, codes)
        return
    is_document = cursor.startswith(_ETAG)
    is_installation = not is_document and (bool(cursor) or address.endswith("/procedures.json"))
    etag = cursor.removeprefix(_ETAG) if is_document else ""
    fetched = _fetch(fetcher, address, cursor if is_installation else None, etag)
    if fetched.status == 304:
        return
    content = _content(fetched.body, address)
    if isinstance(content, dict) and {"cursor", "procedures"} <= content.keys():
        yield from _installation(fetcher, address, content, "" if is_document else cursor)
    else:
        yield from _document(content, _ETAG + fetched.etag if fetched.etag else "", address)


def data_address(url: str) -> str:
    """Where the data of a source is: an installation may be named by its own address alone.

    Raises BadAddress.
    """
    parsed = check_address(url.replace(CODE, "code"))
    return str(parsed.join("/open-data/procedures.json")) if parsed.path in _HOMES else url


def _fetch(fetcher: Fetcher, address: str, cursor: str | None, etag: str = "") -> Fetched:
    params: dict[str, str | int] = {} if cursor is None else {"limit": PAGE}
    if cursor:
        params["changed_since"] = cursor
    try:
        return fetcher.get(address, params=params, etag=etag)
    except SourceRefused as error:
        if cursor and error.status == 400 and b'"unknown_cursor"' in error.body:
            raise CursorLost(f"{address} không còn biết con trỏ đã lưu") from error
        raise


def _installation(
    fetcher: Fetcher, address: str, content: dict[str, Any], cursor: str
) -> Iterator[Page]:
    seen = {cursor}
    while True:
        page = _page(content, address)
        if not page.last and page.cursor in seen:
            raise StuckSource(f"{address} báo còn dữ liệu nhưng con trỏ không tiến")
        yield page
        if page.last:
            return
        seen.add(page.cursor)
        content = _content(_fetch(fetcher, address, page.cursor).body, address)


def _page(content: object, address: str) -> Page:
    if not isinstance(content, dict):
        raise NotData(f"{address} không trả về trang dữ liệu của motcua")
    try:
        check_schema_version(content)
    except WrongSchemaVersion as error:
        raise WrongSchema(f"{address}: {error}") from error
    objects, cursor, more = content.get("procedures"), content.get("cursor"), content.get("more")
    if not isinstance(objects, list) or not isinstance(more, bool) or not _is_cursor(cursor):
        raise NotData(f"{address} không trả về trang dữ liệu của motcua")
    return Page(objects, str(cursor), last=not more)


def _is_cursor(value: object) -> bool:
    text = isinstance(value, str) and 0 < len(value) <= _LONGEST_CURSOR
    return text and not str(value).startswith(_ETAG)


def _document(content: object, cursor: str, address: str) -> Iterator[Page]:
    """Only the last page carries the cursor: a run that stops before reads all of it again."""
    objects = iter(content if isinstance(content, (list, Iterator)) else [content])
    batch = list(islice(objects, PAGE))
    if not any(isinstance(obj, dict) and "code" in obj for obj in batch):
        raise NotData(f"{address} trả về JSON nhưng không có thủ tục nào")
    while batch:
        following = list(islice(objects, PAGE))
        yield Page(batch, "" if following else cursor, last=not following)
        batch = following


def _per_code(fetcher: Fetcher, address: str, cursor: str, codes: Sequence[str]) -> Iterator[Page]:
    """The cursor is the last code done; after the last one it starts anew."""
    left = [code for code in codes if code > cursor]
    for start in range(0, len(left), PER_CODE_PAGE):
        part = left[start : start + PER_CODE_PAGE]
        found = [obj for code in part for obj in _one(fetcher, address.replace(CODE, code))]
        last = start + PER_CODE_PAGE >= len(left)
        yield Page(found, "" if last else part[-1], last)


def _one(fetcher: Fetcher, address: str) -> list[object]:
    try:
        content = _content(fetcher.get(address, longest=_LONGEST_DOCUMENT).body, address)
    except SourceRefused as error:
        if error.status in (404, 410):  # the source does not have it: no reason to drop ours
            return []
        raise
    return list(content) if isinstance(content, (list, Iterator)) else [content]


def _content(body: IO[bytes], address: str) -> Any:
    """A JSON document, or an iterator over the objects of JSON lines."""
    first, second = _full_line(body), _full_line(body)
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise NotData(f"{address} trả về trang web (HTML/XML), không phải dữ liệu JSON")
    if not first:
        raise NotData(f"{address} trả về nội dung rỗng")
    try:
        parsed = json.loads(first)
    except (ValueError, RecursionError):
        return _whole(body, address)
    return _lines(body, address) if second and isinstance(parsed, dict) else parsed


def _full_line(body: IO[bytes]) -> bytes:
    """The next line that is not blank; b"" at the end."""
    while line := body.readline(_LONGEST_DOCUMENT):
        if line.strip():
            return line
    return b""


def _whole(body: IO[bytes], address: str) -> Any:
    body.seek(0)
    text = body.read(_LONGEST_DOCUMENT + 1)
    if len(text) > _LONGEST_DOCUMENT:
        raise TooLarge(f"{address}: tài liệu JSON lớn hơn {_LONGEST_DOCUMENT >> 20} MB")
    return _parsed(text, address)


def _lines(body: IO[bytes], address: str) -> Iterator[Any]:
    """Checked to the end before the first one is handed out: a broken document changes nothing."""
    body.seek(0)
    for line in body:
        if line.strip():
            _parsed(line, address)
    body.seek(0)
    return (json.loads(line) for line in body if line.strip())


def _parsed(text: bytes, address: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenJson(f"{address}: JSON bị cắt cụt hoặc hỏng ({error})") from error
