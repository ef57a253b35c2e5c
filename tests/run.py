"""``python -m tests.run``: every tier in pytest processes of its own, one line of totals at the end.

The tiers cannot share a process: TensorFlow, the browser's event loop and the fast tests disturb each
other. Two run side by side where the machine has two cores and the memory for it; each is shown as a whole
when it has ended. What has no tests is left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

PROJECT = Path(__file__).parents[1]
_NOTHING_COLLECTED = 5  # pytest's exit code
_MEMORY = 6 << 30  # bytes: two installations, a browser, and one that learns


@dataclass(frozen=True)
class Part:
    """A tier, or those of its tests that a mark chooses (``pytest -m``)."""

    tier: str
    marked: str = ""

    def __str__(self) -> str:
        return f"{self.tier} ({self.marked})" if self.marked else self.tier


# In the order in which they begin: what shows most soon, then the longest.
PARTS = (
    Part("fast"),
    Part("e2e", "installation"),
    Part("e2e_browser"),
    Part("e2e", "not installation"),
    Part("nlu"),
)


@dataclass(frozen=True)
class Totals:
    """How many tests ended how; errors in set-up or collection count as failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run(part: Part, project: Path = PROJECT) -> Totals:
    """Run a part, show its output. A process that ends badly without a failed test counts as one."""
    begun = monotonic()
    print(f"── {part}: begun ──", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        report, output = Path(scratch) / "report.xml", Path(scratch) / "output"
        command = [sys.executable, "-m", "pytest", str(project / "tests" / part.tier), "-q"]
        command += ["-m", part.marked, f"--junitxml={report}"]
        with output.open("wb") as stream:
            code = subprocess.run(
                command, cwd=project, stdout=stream, stderr=subprocess.STDOUT
            ).returncode
        totals = read(report) if report.exists() else Totals()
        said = output.read_text("utf-8", errors="replace")
    if code not in (0, _NOTHING_COLLECTED) and not totals.failed:
        totals += Totals(failed=1)
    print(f"── {part} ──\n{said}── {part}: {monotonic() - begun:.0f} s ──", flush=True)
    return totals


def read(report: Path) -> Totals:
    """Sum a JUnit report."""
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    tests = _sum(suites, "tests")
    failed = _sum(suites, "failures") + _sum(suites, "errors")
    skipped = _sum(suites, "skipped")
    return Totals(max(0, tests - failed - skipped), failed, skipped)


def _sum(suites: Iterable[ElementTree.Element], count: str) -> int:
    return sum(int(suite.get(count, 0)) for suite in suites)


def side_by_side() -> int:
    """How many parts this machine runs at a time."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 2 if len(os.sched_getaffinity(0)) > 1 and memory >= _MEMORY else 1


def main(project: Path = PROJECT) -> int:
    """Run the parts, print the totals; the exit code is 1 when anything failed."""
    parts = [part for part in PARTS if any((project / "tests" / part.tier).rglob("test_*.py"))]
    with ThreadPoolExecutor(side_by_side()) as lanes:
        total = sum(lanes.map(lambda part: run(part, project), parts), start=Totals())
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
