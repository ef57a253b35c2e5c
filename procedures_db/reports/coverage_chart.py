"""The coverage report as an SVG picture: one bar a row, its parts the online levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from procedures_db.reports.coverage import Counts, Coverage, Row
from procedures_db.reports.coverage_table import TOTAL, subtitle, title
from procedures_db.reports.svg import text_at
from procedures_db.reports.table import grouped

MOST_ROWS = 30  # a picture of 235 fields is no picture; the table has them all

_WIDTH, _NAMES, _BAR = 1000, 310, 450  # pixels; names, bars, and figures in what is left
_LINE, _HEIGHT, _TOP = 26, 16, 96
_LONGEST_NAME = 38  # characters at 13 px, in a wide typeface
# Okabe and Ito's colours, told apart by colour-blind readers too; grey for what is not known.
_PARTS = (
    ("full", "Toàn trình", "#0072b2"),
    ("partial", "Một phần", "#56b4e9"),
    ("information", "Cung cấp thông tin", "#e69f00"),
    ("unclear", "Không rõ", "#999999"),
)


def coverage_svg(report: Coverage) -> str:
    """A complete SVG document without scripts or styles, readable by screen readers."""
    shown = report.rows[:MOST_ROWS]
    rows = [*shown, Row(TOTAL, report.total)]
    height = _TOP + _LINE * len(rows) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}" role="img" aria-labelledby="t d"'
        ' font-family="system-ui, sans-serif" font-size="13" fill="#1b1b1b">',
        f'<title id="t">{escape(title(report))}</title>',
        f'<desc id="d">{escape(_spoken(report.total))}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        text_at(16, 28, title(report), size=18, bold=True),
        text_at(16, 50, subtitle(report), fill="#555555"),
        *_legend(),
    ]
    for number, row in enumerate(rows):
        lines += _bar(row, _TOP + _LINE * number, bold=number == len(rows) - 1)
    left = len(report.rows) - len(shown)
    if left:
        note = f"{left} dòng nhỏ hơn không có trong hình; dòng {TOTAL} tính tất cả."
        lines.append(text_at(16, height - 14, note, fill="#555555"))
    return "\n".join([*lines, "</svg>", ""])


def _legend() -> Iterator[str]:
    x = _NAMES
    for _, name, colour in _PARTS:
        yield f'<rect x="{x}" y="66" width="12" height="12" fill="{colour}"/>'
        yield text_at(x + 18, 77, name)
        x += 40 + 8 * len(name)


def _bar(row: Row, y: int, *, bold: bool) -> Iterator[str]:
    name = row.name if len(row.name) <= _LONGEST_NAME else row.name[: _LONGEST_NAME - 1] + "…"
    spoken = f"{row.name}: {_spoken(row.counts)}"
    yield f"<g><title>{escape(spoken)}</title>"
    yield text_at(_NAMES - 10, y + 13, name, bold=bold, anchor="end")
    for segment in _segments(row.counts):
        yield (
            f'<rect x="{_NAMES + segment.start:.1f}" y="{y}" width="{segment.width:.1f}"'
            f' height="{_HEIGHT}" fill="{segment.colour}"/>'
        )
    counts = row.counts
    figures = (
        f"{grouped(counts.total)} · toàn trình {vietnamese(counts.rate(counts.full))} %"
        if counts.total
        else "0"
    )
    yield text_at(_NAMES + _BAR + 8, y + 13, figures, bold=bold) + "</g>"


@dataclass(frozen=True)
class _Segment:
    start: float
    width: float
    colour: str


def _segments(counts: Counts) -> Iterator[_Segment]:
    start = 0.0
    for part, _, colour in _PARTS:
        width = _BAR * getattr(counts, part) / (counts.total or 1)
        if width:
            yield _Segment(start, width, colour)
        start += width


def _spoken(counts: Counts) -> str:
    parts = [f"{name.lower()} {getattr(counts, part)}" for part, name, _ in _PARTS]
    return f"{counts.total} thủ tục; {', '.join(parts)}."


def vietnamese(rate: Decimal | None) -> str:
    """92.99 → "92,99"; a rate of nothing is a dash."""
    return "–" if rate is None else str(rate).replace(".", ",")
