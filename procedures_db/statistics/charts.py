"""The dashboard's charts as SVG documents: without scripts or styles, readable by screen readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from procedures_db.reports.svg import attribute, text_at
from procedures_db.reports.table import grouped
from procedures_db.statistics.questions import Day, Outcomes, Statistics
from procedures_db.statistics.tables import about

# Okabe and Ito's colours, as in the coverage chart; grey for what is neither good nor bad.
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("answered", "Đã trả lời", "#0072b2"),
    ("asked_back", "Hỏi lại", "#56b4e9"),
    ("handed_over", "Chuyển cán bộ", "#009e73"),
    ("unanswered", "Chưa trả lời được", "#d55e00"),
    ("other", "Khác", "#999999"),
)
_WIDTH = 1000
_MOST_BARS = 62  # more days than that are joined to weeks, then to months
_LONGEST_NAME = 52  # characters


@dataclass(frozen=True)
class _Bar:
    name: str  # under the bar, short
    spoken: str  # in full
    outcomes: Outcomes


def days_svg(found: Statistics) -> str:
    """Questions a day (or week, or month when the period is long), by what came of them."""
    bars, unit = _joined(found.days)
    height, top, bottom = 340, 96, 290
    highest = max((bar.outcomes.total for bar in bars), default=0) or 1
    title = f"Câu hỏi theo {unit}"
    lines = [*_opening(title, about(found.scope), _spoken(found.total), height), *_legend()]
    for share in (0.0, 0.5, 1.0):
        y = bottom - share * (bottom - top)
        lines.append(f'<line x1="60" x2="{_WIDTH - 20}" y1="{y}" y2="{y}" stroke="#dddddd"/>')
        lines.append(text_at(52, y + 4, grouped(round(share * highest)), anchor="end"))
    step = (_WIDTH - 80) / max(len(bars), 1)
    every = max(1, -(-len(bars) // 16))
    for number, bar in enumerate(bars):
        x = 60 + number * step
        lines += _column(bar, x, step, bottom, (bottom - top) / highest)
        if number % every == 0:
            lines.append(text_at(x + step / 2, bottom + 18, bar.name, anchor="middle"))
    return "\n".join([*lines, "</svg>", ""])


def asked_svg(found: Statistics) -> str:
    """The procedures answered most often."""
    rows = [(f"{one.code} {one.name}", one.questions) for one in found.asked]
    return _ranking("Thủ tục được hỏi nhiều nhất", found, rows, "#0072b2")


def missed_svg(found: Statistics) -> str:
    """What was asked in vain most often."""
    rows = [(one.sample, one.questions) for one in found.missed]
    return _ranking("Câu hỏi chưa trả lời được nhiều nhất", found, rows, "#d55e00")


def _ranking(title: str, found: Statistics, rows: Sequence[tuple[str, int]], colour: str) -> str:
    height = 80 + 26 * max(len(rows), 1) + 16
    most = max((count for _, count in rows), default=0) or 1
    spoken = "; ".join(f"{name}: {count}" for name, count in rows) or "Chưa có"
    lines = list(_opening(title, about(found.scope), spoken, height))
    if not rows:
        lines.append(text_at(16, 90, "Chưa có câu hỏi nào trong kỳ này."))
    for number, (name, count) in enumerate(rows):
        y = 70 + 26 * number
        short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
        width = 480 * count / most
        lines.append(f"<g><title>{escape(f'{name}: {count}')}</title>")
        lines.append(text_at(420, y + 13, short, anchor="end"))
        lines.append(f'<rect x="430" y="{y}" width="{width:.1f}" height="16" fill="{colour}"/>')
        lines.append(text_at(438 + width, y + 13, grouped(count)) + "</g>")
    return "\n".join([*lines, "</svg>", ""])


def _joined(days: Sequence[Day]) -> tuple[list[_Bar], str]:
    def daily(day: Day) -> tuple[str, str]:
        return f"{day.day:%d/%m}", f"ngày {day.day:%d/%m/%Y}"

    def weekly(day: Day) -> tuple[str, str]:
        year, week, _ = day.day.isocalendar()
        return f"T{week}", f"tuần {week} năm {year}"

    def monthly(day: Day) -> tuple[str, str]:
        return f"{day.day:%m/%y}", f"tháng {day.day:%m/%Y}"

    if len(days) <= _MOST_BARS:
        return _bars(days, daily), "ngày"
    if len(days) <= _MOST_BARS * 7:
        return _bars(days, weekly), "tuần"
    return _bars(days, monthly), "tháng"


def _bars(days: Sequence[Day], named: Callable[[Day], tuple[str, str]]) -> list[_Bar]:
    bars: dict[str, _Bar] = {}
    for day in days:
        name, spoken = named(day)
        bar = bars.setdefault(spoken, _Bar(name, spoken, Outcomes()))
        for part, _, _ in _PARTS:
            bar.outcomes.add(part, getattr(day.outcomes, part))
    return list(bars.values())


def _column(bar: _Bar, x: float, step: float, bottom: float, scale: float) -> Iterator[str]:
    yield f"<g><title>{escape(f'{bar.spoken}: {_spoken(bar.outcomes)}')}</title>"
    y = bottom
    for part, _, colour in _PARTS:
        tall = getattr(bar.outcomes, part) * scale
        y -= tall
        if tall:
            yield (
                f'<rect x="{x + step * 0.1:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}"'
                f' height="{tall:.1f}" fill="{colour}"/>'
            )
    yield "</g>"


def _opening(title: str, subtitle: str, spoken: str, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}" role="img" aria-label="{attribute(title)}"'
        ' font-family="system-ui, sans-serif" font-size="13" fill="#1b1b1b">'
    )
    yield f"<title>{escape(title)}</title><desc>{escape(spoken)}</desc>"
    yield f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
    yield text_at(16, 28, title, size=18, bold=True)
    yield text_at(16, 50, subtitle, fill="#555555")


def _legend() -> Iterator[str]:
    x = 60
    for _, name, colour in _PARTS:
        yield f'<rect x="{x}" y="66" width="12" height="12" fill="{colour}"/>'
        yield text_at(x + 18, 77, name)
        x += 40 + 8 * len(name)


def _spoken(outcomes: Outcomes) -> str:
    parts = [f"{name.lower()} {getattr(outcomes, part)}" for part, name, _ in _PARTS]
    return f"{outcomes.total} câu hỏi; {', '.join(parts)}."
