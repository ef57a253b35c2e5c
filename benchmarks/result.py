"""What a benchmark hands back, and how it is printed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable


class Skipped(RuntimeError):
    """The benchmark cannot run here; the message says why."""


@dataclass(frozen=True)
class Figure:
    """One measured number beside its target."""

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    at_least: bool = False  # the target is a floor; otherwise a ceiling

    @property
    def meets(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def value_text(self) -> str:
        return f"{_short(self.value)} {self.unit}".strip()

    @property
    def target_text(self) -> str:
        if self.target is None:
            return ""
        return f"{'≥' if self.at_least else '≤'} {_short(self.target)} {self.unit}".strip()

    @property
    def mark(self) -> str:
        return {True: "✓", False: "✗", None: ""}[self.meets]


@dataclass(frozen=True)
class Table:
    """Rows for the reader; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Result:
    """Figures first, then what explains them; ``data`` is for machines and plots."""

    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        figures = [{**asdict(figure), "meets": figure.meets} for figure in self.figures]
        return {**asdict(self), "figures": figures}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Result:
        names = Figure.__dataclass_fields__
        return cls(
            figures=tuple(
                Figure(**{name: raw[name] for name in names}) for raw in content["figures"]
            ),
            tables=tuple(
                Table(raw["title"], tuple(raw["columns"]), tuple(map(tuple, raw["rows"])))
                for raw in content["tables"]
            ),
            notes=tuple(content["notes"]),
            data=content["data"],
        )


def show(name: str, result: Result, console: Console) -> None:
    """Print the figures with their targets, then the tables and notes."""
    figures = RichTable("figure", "measured", "target", "", title=name, title_justify="left")
    for figure in result.figures:
        figures.add_row(figure.name, figure.value_text, figure.target_text, figure.mark)
    console.print(figures)
    for table in result.tables:
        shown = RichTable(*table.columns, title=table.title, title_justify="left")
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown)
    for note in result.notes:
        console.print(note, markup=False)


def _short(value: float) -> str:
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    if abs(value) < 0.1:
        return f"{value:.3f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.1f}"
