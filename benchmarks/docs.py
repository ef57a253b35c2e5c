"""``--write-docs``: docs/benchmarks.md and its plots from the last result of every benchmark."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.result import Result, Table
from benchmarks.workbench import PROJECT

DOCS = PROJECT / "docs"
_KEPT = "benchmarks.json"  # the last result of each, so that one can be run again alone
_INTRODUCTION = """# Benchmarks

Written by `python -m benchmarks --write-docs`; every table says when it was measured. Times depend on the
machine: trust ratios over 1.5, not milliseconds. The questions are benchmarks/questions, no training data
holds any of them. ✓ and ✗ say whether a target is met.
"""


def write(results: dict[str, tuple[str, Result]], folder: Path = DOCS) -> None:
    """``results``: benchmark → (its docstring's first line, result). Others keep their last one."""
    kept_file = folder / _KEPT
    kept: dict[str, Any] = json.loads(kept_file.read_text("utf-8")) if kept_file.exists() else {}
    for name, (about, result) in results.items():
        machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        measured = {"on": date.today().isoformat(), "machine": machine, "about": about}
        kept[name] = {**measured, "result": result.as_json()}
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    kept_file.write_text(text, encoding="utf-8")
    sections = [_section(name, entry) for name, entry in kept.items()]
    (folder / "benchmarks.md").write_text("\n".join([_INTRODUCTION, *sections]), encoding="utf-8")
    if "quality" in kept:
        _plot_quality(kept["quality"]["result"]["data"]["engines"], folder)
    if "reliability" in kept:
        _plot_reliability(kept["reliability"]["result"]["data"]["bins"], folder)


def _section(name: str, entry: dict[str, Any]) -> str:
    result = Result.from_json(entry["result"])
    rows = tuple((f.name, f.value_text, f.target_text, f.mark) for f in result.figures)
    figures = Table("", ("figure", "measured", "target", ""), rows)
    parts = [f"## {name}", entry["about"], f"Measured on {entry['on']}, {entry['machine']}."]
    parts.append(_markdown(figures))
    parts += [f"{table.title}:\n\n{_markdown(table)}" for table in result.tables]
    if name in ("quality", "reliability"):
        parts.append(f"![{name}](benchmarks-{name}.svg)")
    return "\n\n".join([*parts, *result.notes]) + "\n"


def _markdown(table: Table) -> str:
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plot_quality(engines: dict[str, dict[str, float]], folder: Path) -> None:
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(figsize=(7.5, 3.2))
    names = list(engines)[::-1]
    for offset, key, label in ((0.2, "top_1", "first"), (-0.2, "top_5", "among five")):
        bars = axes.barh(
            [place + offset for place in range(len(names))],
            [engines[name][key] for name in names], 0.38, label=f"right procedure {label}",
        )  # fmt: skip
        axes.bar_label(bars, fmt="%.0f %%", padding=2, fontsize=8)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(0, 105)
    axes.set_xlabel("% of questions (everyday and long tail)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncol=2, fontsize=8, frameon=False)
    _save(figure, folder / "benchmarks-quality.svg")


def _plot_reliability(bins: list[dict[str, float]], folder: Path) -> None:
    figure, axes = _pyplot().subplots(figsize=(4.5, 4))
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey", label="perfectly calibrated")
    scores, right = [b["score"] for b in bins], [b["right"] for b in bins]
    axes.plot(scores, right, marker="o", label="motcua")
    for b in bins:
        where = {"textcoords": "offset points", "xytext": (5, -10), "fontsize": 7}
        axes.annotate(f"{b['count']:.0f}", (b["score"], b["right"]), **where)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.05))
    axes.set(xlabel="mean score of the first candidate", ylabel="share right (with count)")
    axes.legend(loc="upper left", fontsize=8)
    _save(figure, folder / "benchmarks-reliability.svg")


def _pyplot():  # type: ignore[no-untyped-def]
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "motcua"  # the same file for the same figures
    from matplotlib import pyplot

    return pyplot


def _save(figure, path: Path) -> None:  # type: ignore[no-untyped-def]
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
