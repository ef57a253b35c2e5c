"""Cut a long text into messages where paragraphs end: a channel may refuse long ones."""

from __future__ import annotations

from collections.abc import Iterator

_GAPS = ("\n\n", "\n", ". ", "; ", ", ", " ")  # the best place to cut first


def split_at_paragraphs(text: str, limit: int) -> list[str]:
    """Return parts of at most ``limit`` characters that joined hold every word, in order.

    Paragraphs stay whole where they fit; one that does not is cut at a line, else a sentence, else a
    word, else anywhere. Blank parts are left out. Raises ValueError when ``limit`` is below 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1: {limit}")
    return list(_parts(text.strip(), limit))


def _parts(text: str, limit: int) -> Iterator[str]:
    while len(text) > limit:
        end = _cut(text, limit)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _cut(text: str, limit: int) -> int:
    """Where the last good gap within the limit ends; a gap in the first third makes too small a part."""
    for gap in _GAPS:
        at = text.rfind(gap, limit // 3, limit + 1)
        if at > 0:
            return min(at + len(gap.rstrip()), limit)
    return limit
