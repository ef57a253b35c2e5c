"""``python -m benchmarks [name …] [--json FILE] [--write-docs]``; no name runs all but the slow ones."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import (
    console_speed,
    docs,
    exchange_speed,
    import_speed,
    long_conversation,
    nlu_speed,
    quality,
    question_speed,
    rasa_default,
    reliability,
    resolve_speed,
    turn_speed,
    widget_start,
    workbench,
)
from benchmarks.result import Result, Skipped, show

_MODULES = (
    quality, reliability, resolve_speed, nlu_speed, question_speed, turn_speed, long_conversation,
    import_speed, exchange_speed,
    widget_start,
    console_speed,
    rasa_default,
)  # fmt: skip
BENCHMARKS: dict[str, Any] = {module.__name__.split(".")[-1]: module for module in _MODULES}
SLOW = ("rasa_default",)  # only when named


def main() -> None:
    """Run, print, and write what was asked for. Slow figures never make it fail."""
    chosen = _arguments()
    file = chosen.json and chosen.json.resolve()
    os.chdir(workbench.PROJECT)  # the default paths want the project folder
    console = Console(highlight=False)
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start"
    console.print(f"Measuring on {load}: a busy machine shows slower figures.", markup=False)
    content: dict[str, Any] = {}
    results: dict[str, tuple[str, Result]] = {}
    for name in chosen.names or [name for name in BENCHMARKS if name not in SLOW]:
        outcome = _run(BENCHMARKS[name].run)
        if isinstance(outcome, Result):
            show(name, outcome, console)
            results[name] = (_about(name), outcome)
            content[name] = outcome.as_json()
        else:
            console.print(f"{name}: skipped, {outcome}", markup=False)
            content[name] = {"skipped": outcome}
    if file:
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    if chosen.write_docs:
        docs.write(results)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure speed and quality.",
        epilog="; ".join(f"{name}: {_about(name)}" for name in BENCHMARKS),
    )
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--write-docs", action="store_true", help="update docs/benchmarks.md")
    chosen = parser.parse_args()
    for name in chosen.names:
        if name not in BENCHMARKS:
            parser.error(f"unknown benchmark: {name} (known: {', '.join(BENCHMARKS)})")
    return chosen


def _about(name: str) -> str:
    return BENCHMARKS[name].__doc__.partition("\n")[0]


def _run(benchmark: Callable[[], Result]) -> Result | str:
    try:
        return benchmark()
    except Skipped as reason:
        return str(reason)


if __name__ == "__main__":
    main()
